"""planning: what the verdicts on a client's bookings want done on their platforms is written down."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from scheduler_app.domain.actions import SUPERSEDED, Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.flow import RELEASE, Flow
from scheduler_app.flow.platforms.told import was_intended
from scheduler_app.flow.platforms.wishes import CONFIRM, Reach, is_done, refusing, wanted
from scheduler_app.ports import Transaction
from scheduler_app.texts.sentences import refusal

DESK = "desk"  # begins the plan of what a person decided


def plan_acts(
    tx: Transaction,
    flow: Flow,
    book: Sequence[Appointment],
    verdicts: Mapping[str, Verdict],
    plan: str,
    now: datetime,
) -> int:
    """Plan what no longer fits how the bookings stand, under `plan`; how many actions were planned.

    What was done once for one state of a booking is never planned again: whoever brought it back meant it.
    """
    planned = 0
    for visit in book:
        reach = reach_of(flow, visit)
        if reach is not None:
            planned += _plan_one(tx, flow, visit, verdicts.get(visit.ref), reach, plan, now)
    if planned:
        tx.work.touch(RELEASE, plan)
    return planned


def reach_of(flow: Flow, visit: Appointment) -> Reach | None:
    """How far a booking's platform goes; None for a visit that was not booked on one."""
    platform, kept = flow.platforms.get(visit.source), flow.clinic.platforms.get(visit.source)
    return Reach(platform.capabilities, kept.terms) if platform and kept else None


def _plan_one(
    tx: Transaction,
    flow: Flow,
    visit: Appointment,
    verdict: Verdict | None,
    reach: Reach,
    plan: str,
    now: datetime,
) -> bool:
    kind = wanted(visit, verdict, reach, now)
    stands = tx.outbox.open_for(visit.ref)
    if stands is not None and _still_theirs(tx, stands, visit, verdict):
        return False
    if not kind or verdict is None:
        if stands is not None:
            tx.outbox.settle(stands.key, SUPERSEDED)
        return False
    message = "" if kind == CONFIRM else message_to(tx, flow, visit, verdict)
    if stands is not None and stands.key == key_of(visit, kind, message):
        return False
    return tx.outbox.plan(
        Action(key_of(visit, kind, message), kind, visit.ref, plan, None, now, message=message)
    )


def _still_theirs(tx: Transaction, stands: Action, visit: Appointment, verdict: Verdict | None) -> bool:
    """Whether it is left to whoever does it: it is done already and only not settled, or a person decided
    it about the booking as it stands, and what is blocked since is not confirmed."""
    if is_done(stands.kind, visit.status) and was_intended(tx, stands):
        return True
    if not stands.plan.startswith(DESK) or not decided_about(visit, stands):
        return False
    return stands.kind != CONFIRM or (verdict is not None and not refusing(verdict))


def message_to(tx: Transaction, flow: Flow, visit: Appointment, verdict: Verdict | None) -> str:
    """What the client reads about the end of a booking, in their language; a date at most."""
    known = tx.clients.get(visit.client) if visit.client else None
    return refusal(verdict, (known.language if known else "") or flow.language, flow.clinic)


def key_of(visit: Appointment, kind: str, message: str, plan: str = "") -> str:
    """The key of what was decided about the booking as it stands; plan: of what a person decided."""
    what = (visit.client or "", *visit.treatments)
    state = (plan, visit.ref, visit.start.isoformat(), visit.status, kind, message, *what)
    return sha256("\0".join(state).encode()).hexdigest()[:40]


def decided_about(visit: Appointment, action: Action) -> bool:
    """Whether the action was decided about the booking as it stands."""
    plan = action.plan if action.plan.startswith(DESK) else ""
    return action.key == key_of(visit, action.kind, action.message, plan)
