"""deciding: a person at the desk says what should become of a booking on its platform.

A person may turn down what a rule lets stand, or confirm what waits for one. What a rule blocks is not
confirmed that way: only a practitioner's override lets it stand, and then it is confirmed by itself.
"""

from scheduler_app.domain.actions import DUE, Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.platforms import CANCEL, HOLD
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import DISPATCH, Flow, plan_name
from scheduler_app.flow.plan import begun
from scheduler_app.flow.platforms.planning import DESK, key_of, message_to, reach_of
from scheduler_app.flow.platforms.wishes import CALL_OFF, CONFIRM, DECLINE, WAITS, refusing
from scheduler_app.ports import Transaction

NEEDS = {CONFIRM: HOLD, DECLINE: HOLD, CALL_OFF: CANCEL}
SAID = {CONFIRM: "confirm-decided", DECLINE: "decline-decided", CALL_OFF: "cancel-decided"}


def open_to_people(tx: Transaction, flow: Flow, visit: Appointment) -> tuple[str, ...]:
    """What a person may decide about the booking now: some of `confirm`, `decline` and `cancel`."""
    reach = reach_of(flow, visit)
    if reach is None or begun(visit, flow.clock()):
        return ()
    if visit.status in WAITS:
        known = tx.verdicts.get(visit.ref)
        blocked = known is None or bool(refusing(known.verdict))
        kinds: tuple[str, ...] = (DECLINE,) if blocked else (CONFIRM, DECLINE)
    else:
        kinds = (CALL_OFF,) if visit.status == "booked" else ()
    return tuple(kind for kind in kinds if NEEDS[kind] in reach.capabilities)


def decide(flow: Flow, ref: str, kind: str, by: str) -> None:
    """Have it done, once, and remember who said so.

    Raises NotFound for no such appointment, Invalid where that is not (any more) to be decided.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        visit = tx.appointments.get(ref)
        if visit is None:
            raise NotFound("no appointment goes by this ref")
        if kind not in open_to_people(tx, flow, visit):
            raise Invalid("not-to-decide", "this cannot be done with the booking as it stands now", "do")
        known = tx.verdicts.get(ref)
        message = "" if kind == CONFIRM else message_to(tx, flow, visit, known.verdict if known else None)
        plan = plan_name(DESK, ref, now.isoformat())
        key = key_of(visit, kind, message, plan)
        tx.outbox.plan(Action(key, kind, ref, plan, None, now, DUE, message=message))
        tx.audit.write(now, by, SAID[kind], ref, {"platform": visit.source})
        tx.work.touch(DISPATCH, ref)
