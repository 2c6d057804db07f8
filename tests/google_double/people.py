"""A second person who works in the same calendar, without HTTP and with their own account."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any

from tests.google_double.accounts import Account
from tests.google_double.expanding import found
from tests.google_double.recurrence import Series, suffix
from tests.google_double.refusals import Json
from tests.google_double.state import Shelf
from tests.google_double.times import When, when

Moment = datetime | date | str
Acting = Callable[[Account, str, dict[str, str], Json, Json], Json]


def said(at: Moment, zone: str | None = None) -> Json:
    """A start or end for a body: a day, or a moment (a naive one needs the zone)."""
    if isinstance(at, str):
        at = date.fromisoformat(at) if len(at) == 10 else datetime.fromisoformat(at)
    if isinstance(at, datetime):
        return {"dateTime": at.isoformat(), "date": None} | ({"timeZone": zone} if zone else {})
    return {"date": at.isoformat(), "dateTime": None}


@dataclass(frozen=True, slots=True)
class Person:
    """What a receptionist does; every method returns the event as it is afterwards (book: its id)."""

    account: Account
    act: Acting
    shelf_of: Callable[[str], Shelf]

    def book(self, calendar: str, summary: str, start: Moment, end: Moment, **fields: Any) -> str:
        """A new event; fields are those of the API (recurrence, attendees, id, colorId, ...)."""
        zone = self.shelf_of(calendar).zone
        body = {"summary": summary, "start": said(start, zone), "end": said(end, zone)} | fields
        event_id: str = self._do("events.insert", calendar, None, body)["id"]
        return event_id

    def patch(self, calendar: str, event_id: str, **fields: Any) -> Json:
        """Any fields of the API."""
        return self._do("events.patch", calendar, event_id, fields)

    def move(self, calendar: str, event_id: str, start: Moment, end: Moment) -> Json:
        """To another time; also of one instance."""
        zone = self.shelf_of(calendar).zone
        return self.patch(calendar, event_id, start=said(start, zone), end=said(end, zone))

    def retitle(self, calendar: str, event_id: str, summary: str) -> Json:
        """Another title."""
        return self.patch(calendar, event_id, summary=summary)

    def describe(self, calendar: str, event_id: str, description: str) -> Json:
        """Another description."""
        return self.patch(calendar, event_id, description=description)

    def recolour(self, calendar: str, event_id: str, color: str | None) -> Json:
        """Another colour; None: the calendar's."""
        return self.patch(calendar, event_id, colorId=color)

    def label(self, calendar: str, event_id: str, label: str | None) -> Json:
        """A label of the calendar; None: none."""
        return self._do("events.patch", calendar, event_id, {"eventLabelId": label}, {"eventLabelVersion": 1})

    def free(self, calendar: str, event_id: str, free: bool = True) -> Json:
        """Shown as free, or as busy."""
        return self.patch(calendar, event_id, transparency="transparent" if free else "opaque")

    def delete(self, calendar: str, event_id: str) -> None:
        """An event, an instance or a whole series."""
        self._do("events.delete", calendar, event_id, {})

    def restore(self, calendar: str, event_id: str) -> Json:
        """Out of the bin again."""
        return self.patch(calendar, event_id, status="confirmed")

    def send_to(self, calendar: str, event_id: str, destination: str) -> Json:
        """Another calendar."""
        return self._do("events.move", calendar, event_id, {}, {"destination": destination})

    def save_in_editor(self, calendar: str, event_id: str) -> Json:
        """Open and save it: the editor writes the description as HTML of its own."""
        text = found(self.shelf_of(calendar), event_id)[0].get("description", "")
        return self.describe(calendar, event_id, _rewritten(text))

    def split_series(self, calendar: str, series: str, at: Moment, **fields: Any) -> str:
        """ "This and following": the series ends before `at`, a new one with these fields begins there."""
        shelf = self.shelf_of(calendar)
        master = shelf.rows[series].event()
        first = next(each for each in Series.of(master, shelf.zone).instances() if _from(each, at, shelf))
        before = _until(master["recurrence"], first)
        start, end = (when(master[name], name, shelf.zone) for name in ("start", "end"))
        moved = _distance(start, first)
        self.patch(calendar, series, recurrence=before)
        body = {
            "start": first.said(shelf.zone),
            "end": end.shifted(moved).said(shelf.zone),
            "recurrence": _following(master, first, shelf),
        }
        kept = ("summary", "description", "colorId", "attendees", "extendedProperties", "location")
        body |= {name: master[name] for name in kept if name in master} | fields
        following: str = self._do("events.insert", calendar, None, body)["id"]
        return following

    def _do(
        self, method: str, calendar: str, event_id: str | None, body: Json, given: Json | None = None
    ) -> Json:
        path = {"calendarId": calendar} | ({"eventId": event_id} if event_id else {})
        return self.act(self.account, method, path, given or {}, body)


def _rewritten(text: str) -> str:
    plain = text if re.search(r"</?[a-z]|&[a-z]+;", text) else html.escape(text, quote=False)
    return plain.replace("\r\n", "\n").replace("\n", "<br>").replace("  ", "&nbsp; ")


def _from(at: When, moment: Moment, shelf: Shelf) -> bool:
    return at.instant >= when(said(moment, shelf.zone), "at", shelf.zone).instant


def _distance(start: When, later: When) -> timedelta:
    if start.day is not None and later.day is not None:
        return later.day - start.day
    assert start.at is not None
    assert later.at is not None
    return later.at.replace(tzinfo=None) - start.at.replace(tzinfo=None)


def _until(lines: list[str], first: When) -> list[str]:
    """The rules, ending just before that instance."""
    if first.day is not None:
        bound = suffix(When(first.day - timedelta(days=1), None, None))
    else:
        assert first.at is not None
        bound = suffix(When(None, first.at.astimezone(UTC) - timedelta(seconds=1), None))
    kept = []
    for line in lines:
        if line.startswith("RRULE"):
            parts = [p for p in line.split(";") if not p.startswith(("UNTIL=", "COUNT="))]
            line = ";".join([*parts, f"UNTIL={bound}"])
        kept.append(line)
    return kept


def _following(master: Json, first: When, shelf: Shelf) -> list[str]:
    """The rules from that instance on: of a counted series as many as are left."""
    rules = [line for line in master["recurrence"] if line.startswith("RRULE")]
    ruled = Series.of(master | {"recurrence": rules}, shelf.zone).instances()
    passed = sum(1 for _ in takewhile(lambda each: each.instant < first.instant, ruled))
    return [re.sub(r"COUNT=(\d+)", lambda found: f"COUNT={int(found[1]) - passed}", line) for line in rules]
