"""An event as one account sees it."""

from collections.abc import Callable

from tests.google_double.calls import Call
from tests.google_double.expanding import spoken
from tests.google_double.refusals import Json
from tests.google_double.state import decode
from tests.google_double.times import zone_named

_BUSY_ONLY = frozenset(
    "kind etag id status htmlLink created updated start end recurringEventId originalStartTime recurrence "
    "iCalUID eventType visibility organizer transparency".split()
)
View = Callable[[Json], Json]


def view(call: Call, role: str) -> View | None:
    """What turns a stored event into a shown one; None when nothing is turned."""
    zone, most = call.given.get("timeZone"), call.given.get("maxAttendees")
    if zone is not None:
        zone_named(zone)
    if zone is None and most is None and role not in ("reader", "writerWithoutPrivateAccess"):
        return None

    def seen(event: Json) -> Json:
        if role in ("reader", "writerWithoutPrivateAccess") and event.get("visibility") in (
            "private",
            "confidential",
        ):
            event = {name: value for name, value in event.items() if name in _BUSY_ONLY}
        if most is not None and len(event.get("attendees", ())) > most:
            kept = [each for each in event["attendees"] if each.get("self")][:most]
            event = event | {"attendees": kept, "attendeesOmitted": True}
        return spoken(event, zone) if zone is not None else event

    return seen


def shown(call: Call, role: str, event: Json) -> Json:
    """One event for this account."""
    turn = view(call, role)
    return turn(event) if turn else event


def read(raw: bytes, turn: View | None) -> Json:
    """Stored bytes as shown."""
    event = decode(raw)
    return turn(event) if turn else event
