"""overdue: marks that want looking at because time has passed or somebody else has moved.

Signals may be lost; what stands in the book may not. So every round looks for holds whose slot is due to
be given back, and for clashes whose slot may be free again.
"""

from datetime import datetime, timedelta

from scheduler_app.domain.actions import WrittenMark
from scheduler_app.flow.flow import DISPATCH, JUDGE, Flow
from scheduler_app.flow.plan import begun, concerns
from scheduler_app.flow.slots import is_free, left_to_hold
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.flow.take import judge_key
from scheduler_app.ports import Transaction


def look_at_hold(flow: Flow, ref: str) -> float | None:
    """Have one held visit judged when its time is up, so that its slot is given back.

    Seconds until its time is up, where it moved and its time began again; None when that is done.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        written = tx.outbox.written(ref)
        visit = tx.appointments.get(ref)
        if written is None or visit is None:
            return None
        if key := _due(tx, flow, written, now):
            tx.work.touch(JUDGE, key)
            return None
        left = left_to_hold(tx, flow, visit, written, now)
    return left if left is not None and left > 0 else None


def look_at_marks(flow: Flow) -> None:
    """Say of every hold whose time is up, and of every clash, that it wants looking at."""
    now = flow.clock()
    with flow.store.reading() as tx:
        held = tx.outbox.held_before(now - _shortest(flow))
        due = {key for written in held if (key := _due(tx, flow, written, now))}
        clashing = [written.appointment for written in tx.outbox.clashing() if _ahead(tx, written, now)]
    with flow.store.transaction() as tx:
        for key in sorted(due):
            tx.work.touch(JUDGE, key)
        for ref in sorted(clashing):
            tx.work.touch(DISPATCH, ref)


def _due(tx: Transaction, flow: Flow, written: WrittenMark, now: datetime) -> str:
    """The key under which the visit is judged, where its slot is to be given back now; else ""."""
    visit = tx.appointments.get(written.appointment)
    kept = flow.clinic.calendars.get((visit.calendar or "") if visit else "")
    if visit is None or kept is None or begun(visit, now) or written.mark.free:
        return ""
    if not may_write(flow, state_of(tx, flow, kept.id), visit):
        return ""
    return judge_key(visit) if is_free(tx, visit, written, kept.marks, now) else ""


def _ahead(tx: Transaction, written: WrittenMark, now: datetime) -> bool:
    visit = tx.appointments.get(written.appointment)
    return visit is not None and concerns(visit, now) and not begun(visit, now)


def _shortest(flow: Flow) -> timedelta:
    """After how long the first of the clinic's calendars gives a slot back.

    A hold that a person gave back is found by its own row of work; a calendar that gives none back by
    itself is looked through too, because that row may be lost.
    """
    return min(
        (timedelta(minutes=each.marks.release_after or 0) for each in flow.clinic.calendars.values()),
        default=timedelta(),
    )
