"""What was done about bookings on their platforms, as the audit log keeps it, and what clients were told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler_app.domain.actions import Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.flow.platforms.wishes import CALL_OFF, CONFIRM, DECLINE
from scheduler_app.ports import Transaction

CONFIRMING = "confirming"
INTENDED = {CONFIRM: CONFIRMING, DECLINE: "declining", CALL_OFF: "cancelling"}  # in the audit log, before
ACTED = {CONFIRM: "booking-confirmed", DECLINE: "booking-declined", CALL_OFF: "booking-cancelled"}


def write_intended(tx: Transaction, action: Action, start: datetime, now: datetime) -> None:
    """We set about it, once."""
    if not was_intended(tx, action):
        tx.audit.write(now, "scheduler", INTENDED[action.kind], action.target, _detail(action, start))


def was_intended(tx: Transaction, action: Action) -> bool:
    """Whether we set about it."""
    return any(
        entry["what"] == INTENDED.get(action.kind) and entry.get("action") == action.key
        for entry in tx.audit.entries(action.target)
    )


def write_acted(tx: Transaction, action: Action, start: datetime, now: datetime) -> None:
    """We did it, to a visit that was to start then."""
    tx.audit.write(now, "scheduler", ACTED[action.kind], action.target, _detail(action, start))


def confirmed_by_us(tx: Transaction, ref: str, start: datetime) -> bool:
    """Whether we set about confirming it as it stood with that start."""
    return _about(tx, ref, start, (CONFIRMING,)) is not None


def ended_by_us(tx: Transaction, ref: str, start: datetime) -> bool:
    """Whether we turned it down or called it off as it stood with that start."""
    return _about(tx, ref, start, (ACTED[DECLINE], ACTED[CALL_OFF])) is not None


def told_about(tx: Transaction, visit: Appointment) -> str:
    """What the client was to be told when we called the visit off as it stands; "" where we did not."""
    # the intention will do: our act may be seen in the booking before its own answer is
    entry = _about(tx, visit.ref, visit.start, (INTENDED[DECLINE], INTENDED[CALL_OFF]))
    return entry.get("message", "") if entry is not None else ""


def _about(tx: Transaction, ref: str, start: datetime, words: Sequence[str]) -> Mapping[str, str] | None:
    entries = (entry for entry in tx.audit.entries(ref) if entry["what"] in words)
    return next((entry for entry in entries if entry.get("start") == start.isoformat()), None)


def _detail(action: Action, start: datetime) -> dict[str, str]:
    return {"action": action.key, "start": start.isoformat(), "message": action.message}
