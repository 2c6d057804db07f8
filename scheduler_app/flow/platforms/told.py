"""What was done about bookings on their platforms, as the audit log keeps it, and what clients were told."""

from datetime import datetime

from scheduler_app.domain.actions import Action
from scheduler_app.domain.appointments import Appointment
from scheduler_app.flow.platforms.wishes import CALL_OFF, CONFIRM, DECLINE
from scheduler_app.ports import Transaction

ACTED = {CONFIRM: "booking-confirmed", DECLINE: "booking-declined", CALL_OFF: "booking-cancelled"}


def write_acted(tx: Transaction, action: Action, start: datetime, now: datetime) -> None:
    """We did it, to a visit that was to start then."""
    detail = {"action": action.key, "start": start.isoformat(), "message": action.message}
    tx.audit.write(now, "scheduler", ACTED[action.kind], action.target, detail)


def told_about(tx: Transaction, visit: Appointment) -> str:
    """What the client was to be told when we called the visit off as it stands; "" where we did not."""
    ended, start = (ACTED[DECLINE], ACTED[CALL_OFF]), visit.start.isoformat()
    for entry in tx.audit.entries(visit.ref):
        if entry["what"] in ended and entry.get("start") == start:
            return entry.get("message", "")
    return ""
