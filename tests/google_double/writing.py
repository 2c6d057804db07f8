"""events.insert, import, patch, update, delete, move: what a write may do, and what it leaves behind."""

from tests.google_double.calls import Answer, Call
from tests.google_double.copies import decline, is_home, keep
from tests.google_double.expanding import found, tombstone
from tests.google_double.refusals import Json, Refused, invalid
from tests.google_double.shaping import (
    MAIN,
    OWNED,
    checked_id,
    checked_kind,
    coloured,
    fitting,
    merged,
    settable,
)
from tests.google_double.state import Shelf
from tests.google_double.times import instant
from tests.google_double.viewing import shown


def get(call: Call) -> Answer:
    """One event, deleted or not; 304 when it is the one the client has."""
    shelf, role = call.shelf("reader")
    event, _ = found(shelf, call.path["eventId"])
    event = {"kind": "calendar#event"} | event
    if call.headers.get("If-None-Match") == event["etag"]:
        return Answer(None, 304, event["etag"])
    return _told(call, role, event)


def insert(call: Call) -> Answer:
    """A new event, under the client's id where one is given."""
    shelf, role = call.shelf("writer")
    _invites(call, call.body)
    wanted = call.body.get("id")
    event_id = checked_id(wanted) if wanted else f"dbl{call.state.number:08d}"
    if event_id in shelf.rows:
        raise Refused(409, "duplicate")
    event = _born(call, shelf, event_id)
    if call.body.get("status") == "cancelled":
        raise invalid("A new event cannot be cancelled.", "status")
    return _told(call, role, _written(call, shelf, None, event, call.body))


def import_event(call: Call) -> Answer:
    """A private copy of an event organised elsewhere, under its iCalUID."""
    shelf, role = call.shelf("writer")
    uid = call.body.get("iCalUID")
    if not uid:
        raise Refused(400, "required", "Missing iCalUID.", "iCalUID")
    if call.body.get("eventType", "default") != "default":
        raise Refused(400, "eventTypeRestriction", "Only default events can be imported.", "eventType")
    for row in shelf.rows.values():
        if row.event().get("iCalUID") == uid:
            event = row.event()
            base = {name: event[name] for name in OWNED if name in event}
            return _told(call, role, _written(call, shelf, event, base, call.body))
    event = _born(call, shelf, f"imp{call.state.number:08d}") | {"iCalUID": uid}
    if call.body.get("organizer"):
        event["organizer"] = {k: v for k, v in call.body["organizer"].items() if k != "self"}
        event["organizer"] |= {"self": True} if is_home(shelf, event) else {}
    return _told(call, role, _written(call, shelf, None, event, call.body))


def patch(call: Call) -> Answer:
    """Fields that are not sent stay; an instance becomes an exception."""
    shelf, role = call.shelf("writer")
    event, _ = found(shelf, call.path["eventId"])
    call.unmodified(event["etag"])
    _allowed(call, shelf, event)
    return _told(call, role, _written(call, shelf, event, event, call.body))


def update(call: Call) -> Answer:
    """Fields that are not sent are gone."""
    shelf, role = call.shelf("writer")
    event, _ = found(shelf, call.path["eventId"])
    call.unmodified(event["etag"])
    _allowed(call, shelf, event)
    base = {name: event[name] for name in OWNED if name in event}
    body = {name: value for name, value in call.body.items() if value is not None}
    if call.given.get("eventLabelVersion", 0) == 0 and "eventLabelId" in event:
        base["eventLabelId"] = event["eventLabelId"]
    return _told(call, role, _written(call, shelf, event, {"status": "confirmed"} | base, body))


def delete(call: Call) -> Answer:
    """Cancelled; of a series the instance or all of it. Raises Refused(410) the second time."""
    shelf, _ = call.shelf("writer")
    event, _ = found(shelf, call.path["eventId"])
    if event.get("status") == "cancelled":
        raise Refused(410, "deleted")
    call.unmodified(event["etag"])
    _cancel(call, shelf, event)
    return Answer(None, 204)


def move(call: Call) -> Answer:
    """Another calendar organises it from now on; a stub with nothing but its id stays behind."""
    shelf, _ = call.shelf("writer")
    there, role = call.state.shelf(call.given["destination"], call.account)
    if role not in ("writer", "owner"):
        raise Refused(403, "requiredAccessLevel")
    event, _ = found(shelf, call.path["eventId"])
    if event.get("status") == "cancelled":
        raise Refused(410, "deleted")
    if "recurringEventId" in event:
        raise Refused(403, "cannotChangeOrganizerOfInstance")
    if not is_home(shelf, event):
        raise Refused(403, "forbiddenForNonOrganizer")
    creator = {name: value for name, value in event["creator"].items() if name != "self"}
    home = {"email": there.id, "displayName": there.summary, "self": True}
    moved = keep(call.state, call.quirks, there, None, event | {"organizer": home, "creator": creator})
    for row in list(shelf.exceptions.get(event["id"], {}).values()):
        call.state.put(there, row.event() | {"organizer": home})
        call.state.put(shelf, _stub(row.event()))
    call.state.put(shelf, _stub(event))
    return _told(call, role, moved)


def _stub(event: Json) -> Json:
    return {"kind": "calendar#event"} | tombstone(event) | {"status": "cancelled"}


def _told(call: Call, role: str, event: Json) -> Answer:
    return Answer(shown(call, role, event), etag=event["etag"])


def _born(call: Call, shelf: Shelf, event_id: str) -> Json:
    creator: Json = {"email": call.account.email}
    home: Json = {"email": shelf.id, "self": True}
    return {
        "kind": "calendar#event",
        "id": event_id,
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={event_id}",
        "created": instant(call.state.clock.now.replace(microsecond=0)),  # the real one tells no more
        "creator": creator | ({"self": True} if creator["email"] == shelf.id else {}),
        "organizer": home if shelf.id == creator["email"] else home | {"displayName": shelf.summary},
        "iCalUID": call.body.get("iCalUID") or f"{event_id}@google.com",
        "sequence": 0,
        "eventType": checked_kind(call.body.get("eventType") or "default"),
        "reminders": {"useDefault": True},
    }


def _written(call: Call, shelf: Shelf, before: Json | None, base: Json, body: Json) -> Json:
    kind = body.get("eventType") or base["eventType"]
    if kind != base["eventType"]:
        raise invalid("The event type cannot be changed.", "eventType")
    after = merged(base, coloured(call, shelf, settable(body), base))
    if before is not None and after.get("status") == "cancelled" and before.get("status") != "cancelled":
        return _cancel(call, shelf, before)
    if "start" not in after and after.get("status") == "cancelled":
        raise Refused(404, "notFound")
    after = fitting(after, shelf)
    if before is not None and any(before.get(n) != after.get(n) for n in ("start", "end", "recurrence")):
        after["sequence"] = after.get("sequence", 0) + 1
    return keep(call.state, call.quirks, shelf, before, after)


def _cancel(call: Call, shelf: Shelf, event: Json) -> Json:
    if not is_home(shelf, event):
        decline(call.state, shelf, event)
    return keep(call.state, call.quirks, shelf, event, event | {"status": "cancelled"})


def _invites(call: Call, body: Json) -> None:
    if call.account.service and body.get("attendees"):
        raise Refused(403, "forbiddenForServiceAccounts")


def _allowed(call: Call, shelf: Shelf, event: Json) -> None:
    """Raises Refused(403) for what only the organizer may change, or nobody."""
    body = settable(call.body)
    _invites(call, body)
    guests = call.account.service and event.get("attendees")
    if guests and not call.quirks.service_may_patch_guests:
        raise Refused(403, "forbiddenForServiceAccounts")
    changed = {name for name, value in body.items() if value != event.get(name)}
    if event.get("locked") and changed & MAIN:
        raise Refused(403, "forbidden", "The main fields of a locked event copy cannot be changed.")
    if is_home(shelf, event):
        return
    if any(name.startswith("guestsCan") or name == "anyoneCanAddSelf" for name in changed):
        raise Refused(403, "forbiddenForNonOrganizer")
    private_only = set(body) == {"extendedProperties"} and set(body["extendedProperties"] or ()) == {
        "private"
    }
    shared = "shared" in (body.get("extendedProperties") or ())
    if shared or (private_only and call.quirks.refuse_private_only_patches):
        raise Refused(403, "forbiddenForNonOrganizer")
