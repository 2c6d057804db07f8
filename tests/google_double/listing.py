"""events.list and events.instances: full, by window, by sync token; a page costs what is on it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from tests.google_double.calls import Answer, Call
from tests.google_double.discovery import Given
from tests.google_double.expanding import ahead, instances, tombstone
from tests.google_double.filters import wanted_events, wanted_rows, window
from tests.google_double.refusals import Json, invalid, unknown
from tests.google_double.state import Row, Shelf, encode, etag
from tests.google_double.times import instant, when
from tests.google_double.tokens import page_token, paged, sync_token, synced
from tests.google_double.viewing import View, read, view

Placed = tuple[int, bytes]  # where the next page would begin after it, and the event
_NO_TOKEN_WITH = (
    "orderBy",
    "q",
    "updatedMin",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "iCalUID",
)


def list_events(call: Call) -> Answer:
    """One page of a calendar's events; the sync token stands on the last one only."""
    shelf, role = call.shelf("reader")
    given, turn = call.given, view(call, role)
    token = paged(given)
    until = token.until if token else shelf.latest()
    if given.get("orderBy") == "startTime" and not given.get("singleEvents"):
        raise invalid("The requested ordering is not available for the particular query.", "orderBy")
    if "syncToken" in given:
        since = synced(shelf, given)
        source = _delta(call, shelf, since, token.at if token else since, until)
    elif given.get("singleEvents") or "orderBy" in given:
        source = _sorted(call, shelf, token.at if token else 0)
    else:
        source = _stored(call, shelf, token.at if token else 0)
    page, following = _page(call, source)
    foot: Json = {}
    if following is not None:
        foot["nextPageToken"] = page_token(given, following, until)
    elif not any(name in given for name in _NO_TOKEN_WITH):
        foot["nextSyncToken"] = sync_token(shelf, given, until)
    return _answer(call, shelf, role, _turned(page, turn), foot)


def list_instances(call: Call) -> Answer:
    """One page of a series' instances, by start. Raises Refused(404) for what is no series."""
    shelf, role = call.shelf("reader")
    master = shelf.rows.get(call.path["eventId"])
    if master is None or master.cancelled or not master.recurs:
        raise unknown()
    token = paged(call.given)
    found = _instances(call.given, shelf, master)
    original = call.given.get("originalStart")
    if original is not None:
        found = [each for each in found if original in _spellings(each["originalStartTime"])]
    at = token.at if token else 0
    page, following = _page(call, ((place + 1, encode(each)) for place, each in _from(found, at)))
    foot = {} if following is None else {"nextPageToken": page_token(call.given, following, 0)}
    return _answer(call, shelf, role, _turned(page, view(call, role)), foot)


def _spellings(said: Json) -> set[str]:
    return {said.get("date", ""), said.get("dateTime", "")}


def _from(found: list[Json], at: int) -> Iterator[tuple[int, Json]]:
    return islice(enumerate(found), at, None)


def _instances(given: Given, shelf: Shelf, master: Row) -> list[Json]:
    since, until = window(given)
    found = list(instances(shelf, master, since, until))
    for row in shelf.exceptions.get(master.id, {}).values():
        if row.start < until and row.end > since and (given.get("showDeleted") or not row.cancelled):
            found.append(row.event())
    return _by_start(found, shelf)


def _by_start(events: list[Json], shelf: Shelf) -> list[Json]:
    return sorted(events, key=lambda event: when(event["start"], "start", shelf.zone).midnight(shelf.zone))


def _page(call: Call, source: Iterable[Placed]) -> tuple[list[bytes], int | None]:
    size = min(call.given.get("maxResults", 250), 2500, call.quirks.page_limit)
    page: list[bytes] = []
    place = -1
    for following, raw in source:
        if len(page) >= size and following != place:
            return page, place
        page.append(raw)
        place = following
    return page, None


def _stored(call: Call, shelf: Shelf, at: int) -> Iterator[Placed]:
    row_wanted, event_wanted = wanted_rows(call.given), wanted_events(call.given)
    deleted_too = bool(call.given.get("showDeleted"))
    for place in range(at, len(shelf.order)):
        row = shelf.order[place]
        if not row_wanted(row) or not (
            deleted_too or not row.cancelled or _still_told(shelf, row, call.given)
        ):
            continue
        if event_wanted is None or event_wanted(row.event()):
            yield place + 1, encode(tombstone(row.event())) if row.cancelled else row.raw


def _still_told(shelf: Shelf, row: Row, given: Given) -> bool:
    """A cancelled instance of a series that lives is always told; a cancelled event since updatedMin too."""
    if "updatedMin" in given and "showDeleted" not in given:
        return True
    master = shelf.rows.get(row.master or "")
    return master is not None and not master.cancelled


def _sorted(call: Call, shelf: Shelf, at: int) -> Iterator[Placed]:
    """With instances instead of series, or in an order: all of it is made for every page."""
    given, found = call.given, list[Json]()
    row_wanted, event_wanted = wanted_rows(given), wanted_events(given)
    since, until = window(given)
    for row in shelf.order:
        if not row_wanted(row) or (row.cancelled and not given.get("showDeleted")):
            continue
        if row.recurs and given.get("singleEvents"):
            found += instances(shelf, row, since, until)
        else:
            found.append(row.event())
    if event_wanted is not None:
        found = [event for event in found if event_wanted(event)]
    if given.get("orderBy") == "updated":
        found.sort(key=lambda event: event["updated"])
    else:
        found = _by_start(found, shelf)
    for place, event in _from(found, at):
        yield place + 1, encode(tombstone(event) if event.get("status") == "cancelled" else event)


def _delta(call: Call, shelf: Shelf, since: int, after: int, until: int) -> Iterator[Placed]:
    """What changed in (since, until]; with instances, a page may only end between two changes."""
    kinds = frozenset(call.given.get("eventTypes", ()))
    for row in shelf.changed_since(after, until):
        if kinds and row.kind not in kinds:
            continue
        if row.recurs and call.given.get("singleEvents"):
            for event in _touched(call, shelf, row, since):
                yield row.number, encode(event)
        else:
            yield row.number, encode(tombstone(row.event())) if row.cancelled else row.raw


def _touched(call: Call, shelf: Shelf, row: Row, since: int) -> Iterator[Json]:
    if row.cancelled:
        yield from ahead(call.state, shelf, row.event(), call.quirks.recurring_ahead).values()
        return
    yield from (told for number, told in shelf.vanished.get(row.id, ()) if number > since)
    yield from instances(shelf, row)


def _turned(page: list[bytes], turn: View | None) -> list[bytes]:
    return page if turn is None else [encode(read(raw, turn)) for raw in page]


def _answer(call: Call, shelf: Shelf, role: str, page: list[bytes], foot: Json) -> Answer:
    head: Json = {
        "kind": "calendar#events",
        "etag": etag(shelf.latest()).replace('"', '"p', 1),
        "summary": shelf.summary,
        "updated": instant(call.state.clock.now),
        "accessRole": role,
        "defaultReminders": [],
    }
    if shelf.zone is not None:
        head["timeZone"] = call.given.get("timeZone", shelf.zone)
    body = encode(head | foot)[:-1] + b',"items":[' + b",".join(page) + b"]}"
    return Answer(body)
