"""marking: what the verdicts on a client's visits want done is compared with what stands, and planned."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler_app.domain.actions import SUPERSEDED, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.connections import CalendarState
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.flow import RELEASE, Flow
from scheduler_app.flow.foresee import desk_link
from scheduler_app.flow.plan import (
    CLASH,
    NOTHING,
    Setting,
    Standing,
    Wish,
    action,
    begun,
    concerns,
    terms_for,
    wants_nothing,
    wish,
)
from scheduler_app.flow.slots import is_free, moved_at, restarted
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.flow.undone import left_alone, restored
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
    states: dict[str, CalendarState] = {}
    for visit in book:
        calendar = visit.calendar or ""
        if calendar not in flow.gateways or not concerns(visit, now):
            continue
        if calendar not in states:
            states[calendar] = state_of(tx, flow, calendar)
        # what was called off has no verdict, and nothing of ours may stand on what is left of it
        planned += _plan_one(tx, flow, states[calendar], visit, verdicts.get(visit.ref), plan, now)
    if planned:
        tx.work.touch(RELEASE, plan)
    return planned


def _plan_one(
    tx: Transaction,
    flow: Flow,
    state: CalendarState,
    visit: Appointment,
    verdict: Verdict | None,
    plan: str,
    now: datetime,
) -> bool:
    standing = Standing(tx.outbox.written(visit.ref), tx.outbox.open_for(visit.ref))
    if wants_nothing(verdict) and standing.bare:
        return False  # nearly always, and the same as what follows
    if not may_write(flow, state, visit):
        return _leave(tx, standing)
    written = restarted(tx, flow, visit, standing.written, now)
    wanted = wish(verdict, setting_of(tx, flow, visit, written, now))
    if standing.grants(wanted) or _waits_for_its_slot(tx, visit, standing, wanted):
        return False
    if wanted.kind == "cancel":
        restored(tx, visit, now)
    if wanted != NOTHING and left_alone(tx, visit, now):
        return _leave(tx, standing)
    _write_down(tx, visit, wanted, plan, now)
    return True


def setting_of(
    tx: Transaction, flow: Flow, visit: Appointment, written: WrittenMark | None, now: datetime
) -> Setting:
    """How the visit's verdict would be shown in its calendar."""
    kept = flow.clinic.calendars.get(visit.calendar or "")
    terms = terms_for(visit, kept.marks if kept else MarkTerms())
    over = begun(visit, now)
    # a visit under way is annotated only: busy or free stays as it is
    free = bool(written and written.mark.free) if over else is_free(tx, visit, written, terms, now)
    return Setting(over, terms, flow.language, flow.catalogue, desk_link(flow, visit.ref), free)


def _leave(tx: Transaction, standing: Standing) -> bool:
    """Nothing may be written: what was planned while it might have been is dropped, what stands stays."""
    if standing.open is not None:
        tx.outbox.settle(standing.open.key, SUPERSEDED)
    return False


def _waits_for_its_slot(tx: Transaction, visit: Appointment, standing: Standing, wanted: Wish) -> bool:
    """Whether all there is to do is to wait until somebody else's booking leaves the slot: the sweep
    looks for that. A visit that moved has another slot, which may be free."""
    written = standing.written
    if wanted != NOTHING or standing.open is not None or written is None or written.mark.kind != CLASH:
        return False
    moved = moved_at(tx, visit.ref)
    return (moved is None or moved <= written.written_at) and visit.status != "cancelled"


def _write_down(tx: Transaction, visit: Appointment, wanted: Wish, plan: str, now: datetime) -> None:
    for repeat in range(10_000):
        if tx.outbox.plan(action(visit, wanted, plan, now, repeat)):
            return
    raise AssertionError("one visit was marked ten thousand times the same way")
