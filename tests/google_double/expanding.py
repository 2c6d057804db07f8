"""Series into instances, and what is told of instances that are gone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.google_double.recurrence import Series, suffix
from tests.google_double.refusals import Json, unknown
from tests.google_double.state import FOREVER, Row, Shelf, State, ends, length
from tests.google_double.times import When, when

_DAY = 86_400.0


def instance(master: Json, at: When, zone: str | None) -> Json:
    """One instance as the rules give it; it has the etag of its master."""
    made = {name: value for name, value in master.items() if name != "recurrence"}
    return made | {
        "id": f"{master['id']}_{suffix(at)}",
        "recurringEventId": master["id"],
        "originalStartTime": at.said(zone),
        "start": at.said(zone),
        "end": ends(at, length(master, zone)).said(zone),
    }


def instances(shelf: Shelf, master: Row, since: float = -FOREVER, until: float = FOREVER) -> Iterator[Json]:
    """Those the rules give and no exception replaces, overlapping (since, until)."""
    if master.cancelled:
        return
    event = master.event()
    taken = shelf.exceptions.get(master.id, {})
    series, lasting = Series.of(event, shelf.zone), length(event, shelf.zone).total_seconds()
    starts = series.instances() if until == FOREVER else series.between(since - _DAY, until + _DAY, lasting)
    for at in starts:
        if f"{master.id}_{suffix(at)}" in taken:
            continue
        begins = at.midnight(shelf.zone)
        if begins < until and begins + lasting > since:
            yield instance(event, at, shelf.zone)


def found(shelf: Shelf, event_id: str) -> tuple[Json, Row]:
    """An event or an instance, and the row it comes from. Raises Refused(404)."""
    row = shelf.rows.get(event_id)
    if row is not None:
        return row.event(), row
    name, _, original = event_id.rpartition("_")
    master = shelf.rows.get(name)
    if master is None or not master.recurs or not _looks_original(original):
        raise unknown()
    event = master.event()
    at = Series.of(event, shelf.zone).has(original)
    if at is None:
        raise unknown()
    return instance(event, at, shelf.zone), master


def _looks_original(text: str) -> bool:
    return len(text) in (8, 16) and text.replace("T", "").replace("Z", "").isdigit()


def tombstone(event: Json) -> Json:
    """All that is promised of a deleted event."""
    kept = ("id", "status", "recurringEventId", "originalStartTime")
    return {name: event[name] for name in kept if name in event}


def gone(event: Json, at: When, zone: str | None) -> Json:
    """A cancelled instance."""
    return tombstone(instance(event, at, zone)) | {"status": "cancelled"}


def ahead(state: State, shelf: Shelf, event: Json, days: int) -> dict[str, Json]:
    """The instances from today on, as they are told when they are gone."""
    if not event.get("recurrence"):
        return {}
    since = state.clock.now.timestamp()
    until = since + timedelta(days=days).total_seconds()
    series, lasting = Series.of(event, shelf.zone), length(event, shelf.zone).total_seconds()
    told = [gone(event, at, shelf.zone) for at in series.between(since, until, lasting)]
    return {each["id"]: each for each in told}


def spoken(event: Json, zone: str) -> Json:
    """The same with its times in another zone."""
    changed: dict[str, Any] = {}
    for name in ("start", "end", "originalStartTime"):
        if "dateTime" in event.get(name, {}):
            said = when(event[name], name, None).said(zone)
            changed[name] = said | {key: event[name][key] for key in ("timeZone",) if key in event[name]}
    return event | changed
