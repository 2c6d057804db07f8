"""calling_off: an event is called off by us, and it is never forgotten that it was us.

The intention is written down before the calendar is asked. Whoever finds the event called off after a
crash can tell from it whether a person did that, or we.
"""

from dataclasses import replace

from scheduler_app.domain.actions import DONE, Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.take import judge_key
from scheduler_app.flow.undone import CALLED_OFF
from scheduler_app.ports import Transaction

INTENDED = "cancelling"
WE = "scheduler"


def intended(flow: Flow, action: Action) -> bool:
    """Write the intention down; False when the action is not the one to do any more."""
    with flow.store.transaction() as tx:
        due = tx.outbox.due(action.target)
        if due is None or due.key != action.key:
            return False
        if not _was_intended(tx, action):
            tx.audit.write(flow.clock(), WE, INTENDED, action.target, {"action": action.key})
    return True


def was_ours(flow: Flow, action: Action) -> bool:
    """Whether we had set about it when the event was still to be seen."""
    with flow.store.reading() as tx:
        return _was_intended(tx, action)


def settle(flow: Flow, action: Action, visit: Appointment, event: CalendarEvent) -> None:
    """It is called off: in the book too, so that nobody plans it once more before the calendar is read.

    event: as it is now.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        held = tx.appointments.get(visit.ref) or visit
        tx.appointments.put(
            replace(held, status="cancelled", reported_at=event.updated or now), by=WE, at=now
        )
        tx.audit.write(now, WE, CALLED_OFF, visit.ref, {"start": visit.start.isoformat()})
        tx.outbox.drop_written(visit.ref)
        tx.outbox.settle(action.key, DONE)
        tx.work.touch(JUDGE, judge_key(held))


def _was_intended(tx: Transaction, action: Action) -> bool:
    return any(
        entry["what"] == INTENDED and entry.get("action") == action.key
        for entry in tx.audit.entries(action.target)
    )
