"""ingest: deliveries become appointments, in chunks; one that means nothing never stops the rest."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Invalid, SchedulerError, Unavailable
from scheduler_app.flow.flow import JUDGE, Flow, plan_name
from scheduler_app.flow.take import normal_clues, take
from scheduler_app.flow.treatments import with_known_treatments
from scheduler_app.ports import BookingSource, Transaction

log = logging.getLogger(__name__)

CHUNK = 25  # deliveries a transaction: those that arrive meanwhile wait for its end
WHOLE_WITHIN = 120.0  # seconds: a run that dies between two chunks is judged after that


@dataclass(frozen=True, slots=True)
class Ingested:
    """How many deliveries were settled, and how many of them could not be understood."""

    settled: int = 0
    unreadable: int = 0


def ingest(flow: Flow, source: str) -> Ingested:
    """Bring the book up to whatever the sender has told us. What changed wants judging under one plan."""
    if source not in flow.sources:
        log.warning("deliveries of %s wait: no sender of this name is configured", source)
        return Ingested()
    keys: set[str] = set()
    total = Ingested()
    plan = ""
    while True:
        with flow.store.reading() as tx:
            pending = tx.deliveries.pending(source, CHUNK)
        if not pending:
            break
        plan = plan or plan_name("ingest", source, pending[0].key)
        unreadable = _take_all(flow, source, pending, keys, plan)
        total = Ingested(total.settled + len(pending), total.unreadable + unreadable)
    if not keys:
        return total
    with flow.store.transaction() as tx:
        # only now is the plan whole: judged earlier, its first marks would go out before it is weighed
        tx.work.touch_all(JUDGE, keys, plan=plan)
    return total


def _take_all(flow: Flow, source: str, deliveries: Sequence[Delivery], keys: set[str], plan: str) -> int:
    """One chunk in one transaction; how many could not be understood.

    Where the chunk as a whole is refused, halves of it are tried, down to the one at fault.
    """
    told = [_understood(flow.sources[source], delivery) for delivery in deliveries]
    now = flow.clock()
    found: set[str] = set()
    try:
        understood = [with_known_treatments(flow, report) for reports, _ in told for report in reports]
        with flow.store.transaction() as tx:
            _expect(tx, understood)
            for report in understood:
                found |= take(tx, report, now)
            for delivery, (_, unread) in zip(deliveries, told, strict=True):
                tx.deliveries.settle(delivery, unread)
            tx.work.touch_all(JUDGE, found, delay=WHOLE_WITHIN, plan=plan)
    except Unavailable:
        raise
    except SchedulerError as fault:
        if len(deliveries) == 1:
            return _give_up(flow, deliveries[0], fault)
        middle = len(deliveries) // 2
        first = _take_all(flow, source, deliveries[:middle], keys, plan)
        return first + _take_all(flow, source, deliveries[middle:], keys, plan)
    keys |= found
    return sum(1 for _, unread in told if unread)


def _expect(tx: Transaction, reports: Sequence[Report]) -> None:
    """Have the book read beforehand for all of them, as far as they name one source."""
    for source in {report.source for report in reports[:1]}:
        ids = [report.source_id for report in reports]
        ids += [report.previous_id for report in reports if report.previous_id]
        tx.expect(source, ids, {normal_clues(report.clues) for report in reports})


def _understood(source: BookingSource, delivery: Delivery) -> tuple[tuple[Report, ...], str]:
    try:
        return source.reports(delivery), ""
    except Invalid as fault:
        log.warning("a delivery of %s could not be read: %s", delivery.source, fault.code)
        return (), f"{fault.code}: {fault.message}"
    except Exception as fault:  # noqa: BLE001 - a translation that trips over one body must not stop the rest
        log.error("a delivery of %s broke its translation: %s", delivery.source, type(fault).__name__)
        return (), f"not-translated: {type(fault).__name__}"


def _give_up(flow: Flow, delivery: Delivery, fault: SchedulerError) -> int:
    log.error("a delivery of %s could not be kept: %s", delivery.source, type(fault).__name__)
    with flow.store.transaction() as tx:
        tx.deliveries.settle(delivery, f"not-kept: {type(fault).__name__}")
    return 1
