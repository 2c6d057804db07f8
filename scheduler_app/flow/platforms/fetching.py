"""fetching: a hint says that something happened to a booking; how it stands is asked of the platform.

The row of work is leased by booking, so that of many hints one reading comes, and no older one after it.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeGuard

from scheduler_app.domain.appointments import Appointment, Report
from scheduler_app.domain.platforms import LeftOut
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Disconnected, Invalid, NotFound
from scheduler_app.flow.flow import FETCH, JUDGE, Flow, plan_name
from scheduler_app.flow.news import ref_of
from scheduler_app.flow.pairing import keys_of_copies
from scheduler_app.flow.platforms.standing import closed, opened, tell_unreadable
from scheduler_app.flow.platforms.strange import STRANGE, looks_strange
from scheduler_app.flow.platforms.told import confirmed_by_us, ended_by_us
from scheduler_app.flow.platforms.wishes import WAITS
from scheduler_app.flow.take import judge_key, normal_clues, take
from scheduler_app.flow.treatments import with_known_treatments
from scheduler_app.ports import Transaction

log = logging.getLogger(__name__)

VANISHED = "booking-vanished"


def fetch_key(platform: str, booking_id: str) -> str:
    """The key of the row of work that reads the booking."""
    return f"{platform} {booking_id}"


def fetch_booking(flow: Flow, key: str, turn: int = 0) -> int:
    """Read one booking and bring the book up to it; how many stories want judging anew.

    turn tells apart the times the same booking was read, and names the plan of each. Raises Unavailable,
    Disconnected: both are tried again.
    """
    name, _, booking_id = key.partition(" ")
    platform = flow.platforms.get(name)
    if platform is None:
        return 0
    now = flow.clock()
    try:
        reports = platform.fetch(booking_id)
    except NotFound:
        if _stands_ahead(flow, name, booking_id, now) and looks_strange(flow, name, platform):
            closed(flow, name, STRANGE)
            raise Disconnected(STRANGE, "it knows none of the next bookings we hold of it") from None
        return _vanished(flow, name, booking_id, now)
    except Disconnected as fault:
        closed(flow, name, fault.code)
        raise
    except Invalid as fault:
        _unreadable(flow, name, booking_id, fault, now)
        return 0
    opened(flow, name)
    with flow.store.transaction() as tx:
        keys = take_reports(tx, flow, reports, now)
        tx.work.touch_all(JUDGE, keys, plan=plan_name(FETCH, key, str(turn)))
    return len(keys)


def take_reports(tx: Transaction, flow: Flow, reports: Iterable[Report], now: datetime) -> frozenset[str]:
    """Bring the book up to bookings as they stand; the keys that want judging now."""
    known = [with_known_treatments(flow, report) for report in reports]
    for source in {report.source for report in known}:
        ids = [report.source_id for report in known]
        ids += [report.previous_id for report in known if report.previous_id]
        tx.expect(source, ids, {normal_clues(report.clues) for report in known})
    keys: set[str] = set()
    changed = []
    for report in known:
        held = tx.appointments.by_source(report.source, report.source_id)
        if held is None or not _older(report, held):
            judged = take(tx, _let_through(tx, report, held), now, current=True)
            keys |= judged
            both = (report.source_id, report.previous_id) if judged else ()
            changed += [fetch_key(report.source, id) for id in both if id]
    return frozenset(keys | keys_of_copies(tx, changed))


def _older(report: Report, held: Appointment) -> bool:
    """Whether the platform answered from a state before the one we hold: what is over stays over."""
    if report.version is not None and held.version is not None:
        return report.version < held.version
    return report.reported_at < held.reported_at


def _let_through(tx: Transaction, report: Report, held: Appointment | None) -> Report:
    """A booking that waited and stands now, without us having confirmed it, was let through by a person, and
    so was one that we had called off: it is theirs from then on, until it is moved."""
    same = held if held is not None and held.start == report.start else None
    if report.by_staff or (same is not None and same.by_staff):
        return replace(report, by_staff=True)
    stands = report.status == "booked" and _let_by_a_person(tx, report, same)
    return replace(report, by_staff=True) if stands else report


def _let_by_a_person(tx: Transaction, report: Report, held: Appointment | None) -> bool:
    """held: as it stood at the same time, None where we know of nothing."""
    ref = ref_of(report.source, report.source_id)
    if report.waited or (held is not None and held.status in WAITS):
        return not confirmed_by_us(tx, ref, report.start)
    return held is not None and held.status in NOT_HELD and ended_by_us(tx, ref, held.start)


def _stands_ahead(flow: Flow, name: str, booking_id: str, now: datetime) -> bool:
    with flow.store.reading() as tx:
        return _would_end(tx.appointments.by_source(name, booking_id), now)


def _would_end(held: Appointment | None, now: datetime) -> TypeGuard[Appointment]:
    return held is not None and held.status not in NOT_HELD and held.start >= now


def _vanished(flow: Flow, name: str, booking_id: str, now: datetime) -> int:
    """The platform knows it no more. A visit ahead is off; one that is over stays in the story."""
    with flow.store.transaction() as tx:
        held = tx.appointments.by_source(name, booking_id)
        if not _would_end(held, now):
            return 0
        tx.appointments.put(replace(held, status="cancelled"), by=name, at=now)
        tx.audit.write(now, "scheduler", VANISHED, held.ref, {"platform": name})
        tx.work.touch_all(JUDGE, {judge_key(held), *keys_of_copies(tx, [fetch_key(name, booking_id)])})
    return 1


def _unreadable(flow: Flow, name: str, booking_id: str, fault: Invalid, now: datetime) -> None:
    """What we hold stays as it was, and a person is told: the booking may have changed."""
    log.warning("a booking of %s cannot be told in our words: %s", name, fault.code)
    with flow.store.transaction() as tx:
        tell_unreadable(tx, name, [LeftOut(booking_id, fault.code, fault.message)], now)
