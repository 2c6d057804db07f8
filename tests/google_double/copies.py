"""What a change does elsewhere: the guests' copies, and the instances of a series."""

from tests.google_double.calls import Quirks
from tests.google_double.expanding import ahead
from tests.google_double.recurrence import Series
from tests.google_double.refusals import Json
from tests.google_double.state import Row, Shelf, State, encode

_SHARED = frozenset(
    "kind id status created creator organizer iCalUID sequence eventType recurringEventId originalStartTime "
    "summary description location start end recurrence attendees visibility guestsCanModify locked "
    "guestsCanInviteOthers guestsCanSeeOtherGuests anyoneCanAddSelf source htmlLink".split()
)


def is_home(shelf: Shelf, event: Json) -> bool:
    """Whether the event is organised on this calendar."""
    return bool(event.get("organizer", {}).get("email") == shelf.id)


def keep(state: State, quirks: Quirks, shelf: Shelf, before: Json | None, after: Json) -> Json:
    """Write an event and everything that follows from it; returns what is stored now."""
    lost = _lost(state, quirks, shelf, before, after)
    row = state.put(shelf, after, updated=not _only_reminders(before, after))
    if lost:
        shelf.vanished.setdefault(row.id, []).extend((row.number, told) for told in lost)
    if row.recurs or row.cancelled or (before or {}).get("recurrence"):
        _thin(state, quirks, shelf, row)
    if is_home(shelf, after):
        _spread(state, shelf, before or {}, row.event())
    return row.event()


def _only_reminders(before: Json | None, after: Json) -> bool:
    if before is None:
        return False
    skipped = ("reminders", "etag", "updated")
    same = {k: v for k, v in before.items() if k not in skipped} == {
        k: v for k, v in after.items() if k not in skipped
    }
    return same and before.get("reminders") != after.get("reminders")


def _lost(state: State, quirks: Quirks, shelf: Shelf, before: Json | None, after: Json) -> list[Json]:
    if before is None or not before.get("recurrence") or after["status"] == "cancelled":
        return []
    old = ahead(state, shelf, before, quirks.recurring_ahead)
    new = ahead(state, shelf, after, quirks.recurring_ahead)
    return [told for name, told in old.items() if name not in new]


def _thin(state: State, quirks: Quirks, shelf: Shelf, master: Row) -> None:
    """Exceptions of instances that the series no longer has go with them."""
    series = None if master.cancelled or not master.recurs else Series.of(master.event(), shelf.zone)
    for row in shelf.exceptions.get(master.id, {}).values():
        original = row.id.rpartition("_")[2]
        if row.cancelled or (series is not None and series.has(original)):
            continue
        event = row.event() | {"status": "cancelled"}
        if quirks.tombstones_for_exceptions or not master.cancelled:
            state.put(shelf, event)
        else:
            row.cancelled, row.raw = True, encode(event)


def _spread(state: State, shelf: Shelf, before: Json, after: Json) -> None:
    """The guests who have a calendar here see what the organizer changed."""
    was = {each["email"] for each in before.get("attendees", ())}
    now = {each["email"] for each in after.get("attendees", ())}
    for email in sorted((was | now) - {shelf.id}):
        there = state.shelves.get(email)
        if there is None:
            continue
        row = there.rows.get(after["id"])
        if email not in now or after["status"] == "cancelled":
            if row is not None and not row.cancelled:
                state.put(there, row.event() | {"status": "cancelled"})
            continue
        current = row.event() if row is not None else {}
        changed = {
            name: after[name]
            for name in _SHARED & set(after)
            if after[name] != before.get(name) or not current
        }
        if changed or row is None:
            state.put(there, _seen_from(there, _without(current, before, after) | changed))


def _without(current: Json, before: Json, after: Json) -> Json:
    removed = {name for name in _SHARED if name in before and name not in after}
    return {name: value for name, value in current.items() if name not in removed}


def _seen_from(shelf: Shelf, event: Json) -> Json:
    event = dict(event)
    for name in ("organizer", "creator"):
        person = {key: value for key, value in event[name].items() if key != "self"}
        event[name] = person | ({"self": True} if person.get("email") == shelf.id else {})
    if "attendees" in event:
        event["attendees"] = [
            {key: value for key, value in each.items() if key != "self"}
            | ({"self": True} if each["email"] == shelf.id else {})
            for each in event["attendees"]
        ]
    event.setdefault("reminders", {"useDefault": True})
    return event


def decline(state: State, shelf: Shelf, event: Json) -> None:
    """A guest deleted their copy: the organizer sees them decline."""
    home = state.shelves.get(event.get("organizer", {}).get("email", ""))
    row = home.rows.get(event["id"]) if home is not None else None
    if home is None or row is None or row.cancelled:
        return
    theirs = row.event()
    for guest in theirs.get("attendees", ()):
        if guest["email"] == shelf.id:
            guest["responseStatus"] = "declined"
    state.put(home, theirs)
