"""marking: what the verdicts on a client's visits want written is compared with what stands, and planned."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import Mark
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.flow import RELEASE, Flow
from scheduler_app.flow.plan import Standing, action, concerns, wanted_mark
from scheduler_app.ports import Transaction


def plan_marks(
    tx: Transaction,
    flow: Flow,
    book: Sequence[Appointment],
    verdicts: Mapping[str, Verdict],
    plan: str,
    now: datetime,
) -> int:
    """Plan what no longer fits what stands outside, under `plan`; how many actions were planned."""
    planned = 0
    for appointment in book:
        if appointment.calendar not in flow.gateways or not concerns(appointment, now):
            continue
        standing = Standing(tx.outbox.written(appointment.ref), tx.outbox.open_for(appointment.ref))
        # what was called off has no verdict, and nothing of ours may stand on what is left of it
        wanted = wanted_mark(verdicts.get(appointment.ref), appointment.start <= now, flow.language)
        if wanted != standing.mark:
            _write_down(tx, appointment, wanted, plan, now)
            planned += 1
    if planned:
        tx.work.touch(RELEASE, plan)
    return planned


def _write_down(
    tx: Transaction, appointment: Appointment, wanted: Mark | None, plan: str, now: datetime
) -> None:
    for repeat in range(10_000):
        wish = action(appointment, wanted, plan, now, repeat)
        if tx.outbox.plan(wish):
            return
    raise AssertionError("one visit was marked ten thousand times the same way")
