"""What a body makes of an event: merged, limited and held against Google's rules for values."""

import re
from typing import Any

from tests.google_double.calls import Call
from tests.google_double.recurrence import Series
from tests.google_double.refusals import Json, Refused, invalid
from tests.google_double.state import Shelf, encode
from tests.google_double.times import When, when

OWNED = frozenset(
    "kind etag id htmlLink created updated creator organizer iCalUID sequence recurringEventId eventType "
    "originalStartTime hangoutLink locked privateCopy attendeesOmitted endTimeUnspecified".split()
)  # a client sends them back; Google takes no notice
MAIN = frozenset("summary description location start end recurrence".split())
COLORS = frozenset(str(number) for number in range(1, 12))
_ID = re.compile(r"[a-v0-9]{5,1024}")
_ALLOWED = {
    "status": {"confirmed", "tentative", "cancelled"},
    "transparency": {"opaque", "transparent"},
    "visibility": {"default", "public", "private", "confidential"},
}
_UNSAID = {"transparency": "opaque", "visibility": "default", "colorId": "", "eventLabelId": ""}
_KINDS = {"default", "birthday", "focusTime", "outOfOffice", "workingLocation"}


def merged(current: Json, body: Json) -> Json:
    """JSON merge: nested objects by key, null removes, arrays are replaced whole."""
    found = dict(current)
    for name, value in body.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, dict):
            below = found.get(name)
            found[name] = merged(below if isinstance(below, dict) else {}, value)
        else:
            found[name] = value
    return found


def settable(body: Json) -> Json:
    """What of a body a client may decide."""
    return {name: value for name, value in body.items() if name not in OWNED}


def checked_id(wanted: str) -> str:
    """A client's own id. Raises Refused(400)."""
    if not _ID.fullmatch(wanted):
        raise invalid("Invalid resource id value.", "id")
    return wanted


def checked_kind(kind: str) -> str:
    """An event type that can be created. Raises Refused(400)."""
    if kind not in _KINDS:
        raise Refused(400, "eventTypeRestriction", "The specified event type cannot be created.", "eventType")
    return kind


def coloured(call: Call, shelf: Shelf, body: Json, current: Json) -> Json:
    """Colour or label, as the client's version of labels decides. Raises Refused(400)."""
    body = dict(body)
    if call.given.get("eventLabelVersion", 0) == 1:
        body.pop("colorId", None)
        label = body.get("eventLabelId") or None
        if label is not None and label not in {each["id"] for each in shelf.labels}:
            raise invalid("Invalid event label.", "eventLabelId")
        body["eventLabelId"] = label
        return body
    body.pop("eventLabelId", None)
    if body.get("colorId") and body["colorId"] not in COLORS:
        raise invalid(f"Invalid color id: {body['colorId']}", "colorId")
    return body


def limited(event: Json) -> Json:
    """Extended properties as they are kept: long keys dropped, long values cut, without a word."""
    kept: dict[str, Any] = {}
    for kind, pairs in event.get("extendedProperties", {}).items():
        fitting = {name: value[:1024] for name, value in pairs.items() if len(name) <= 44}
        if fitting:
            kept[kind] = fitting
    if sum(len(pairs) for pairs in kept.values()) > 300 or len(encode(kept)) > 32_768:
        raise invalid("Too many extended properties.", "extendedProperties")
    found = {name: value for name, value in event.items() if name != "extendedProperties"}
    return found | ({"extendedProperties": kept} if kept else {})


def fitting(event: Json, shelf: Shelf) -> Json:
    """The event as it is stored. Raises Refused(400) for values Google does not take."""
    for name, allowed in _ALLOWED.items():
        if name in event and event[name] not in allowed:
            raise invalid(f"Invalid {name} value: {event[name]}", name)
    found = limited(event) | _times(event, shelf)
    for name, usual in _UNSAID.items():
        if found.get(name) == usual:
            del found[name]
    if "attendees" in found:
        found["attendees"] = _guests(found, shelf)
    if not found.get("recurrence"):
        found.pop("recurrence", None)
    elif "recurringEventId" in found:
        raise invalid("An instance cannot recur.", "recurrence")
    else:
        Series.of(found, shelf.zone)
    return found


def _times(event: Json, shelf: Shelf) -> Json:
    start, end = when(event.get("start"), "start", shelf.zone), when(event.get("end"), "end", shelf.zone)
    if (start.day is None) != (end.day is None):
        raise invalid("Start and end times must either both be date or both be dateTime.", "end")
    if end.instant < start.instant or (start.day is not None and end.day == start.day):
        raise Refused(400, "timeRangeEmpty", location="end")
    recurs = bool(event.get("recurrence"))
    return {
        "start": _said(start, event["start"], recurs, shelf),
        "end": _said(end, event["end"], recurs, shelf),
    }


def _said(at: When, given: Json, recurs: bool, shelf: Shelf) -> Json:
    if recurs and at.day is None and not given.get("timeZone"):
        raise Refused(400, "required", "Missing time zone definition for start time.", "start.timeZone")
    return at.said(shelf.zone)


def _guests(event: Json, shelf: Shelf) -> list[Json]:
    home = event.get("organizer", {}).get("email")
    guests = []
    for each in event["attendees"]:
        email = each.get("email", "")
        if "@" not in email:
            raise Refused(400, "required", "Missing attendee email.", "attendees")
        guest = {name: value for name, value in each.items() if name not in ("self", "organizer")}
        guest.setdefault("responseStatus", "needsAction")
        guest |= {"organizer": True} if email == home else {}
        guests.append(guest | ({"self": True} if email == shelf.id else {}))
    return guests
