"""A calendar that keeps series, for tests: as small as one can be, with pages, cursors and exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes, Mark, Person, takes_time
from scheduler_app.errors import Conflict, Expired, NotFound
from scheduler_app.ports import Clock

HISTORY = timedelta(days=396)


@dataclass
class _Series:
    first: CalendarEvent
    every: timedelta
    count: int
    exceptions: dict[str, CalendarEvent] = field(default_factory=dict)
    taken_out: set[str] = field(default_factory=set)


class SeriesCalendar:
    """Implements ports.CalendarGateway. page: how many changes, or instances, are told at once."""

    def __init__(self, clock: Clock, page: int = 3) -> None:
        self._clock = clock
        self._page = page
        self._events: dict[str, CalendarEvent] = {}
        self._series: dict[str, _Series] = {}
        self._changed: dict[str, int] = {}
        self._number = 0
        self._floor = 0
        self.asked: list[str] = []

    # what receptionists do

    def book(self, id: str, title: str, start: datetime, email: str = "ann.lee@example.com") -> None:
        """One event; one of this id takes its place, a series too."""
        self._series.pop(id, None)
        guests = (Person(email),) if email else ()
        bare = CalendarEvent(id, "", "confirmed", start, start + timedelta(hours=1), "Europe/London", id)
        self._put(replace(bare, title=title, attendees=guests, created=self._clock()))

    def book_series(
        self,
        id: str,
        title: str,
        start: datetime,
        count: int,
        days: int = 7,
        email: str = "ann.lee@example.com",
    ) -> None:
        """That many, so many days apart."""
        self.book(id, title, start, email)
        self._series[id] = _Series(self._events.pop(id), timedelta(days=days), count)

    def end_series(self, id: str, count: int) -> None:
        """Only the first so many take place."""
        self._series[id].count = count
        self._touch(id)

    def change(self, series: str, number: int, **changes: object) -> str:
        """One instance is made an exception; its id."""
        kept = self._series[series]
        event = self._instance(kept, number)
        kept.exceptions[event.id] = replace(event, **changes)  # type: ignore[arg-type]
        self._touch(series)
        return event.id

    def take_out(self, series: str, number: int) -> str:
        """One instance is deleted for good, without a trace; its id."""
        event = self._instance(self._series[series], number)
        self._series[series].taken_out.add(event.id)
        self._touch(series)
        return event.id

    def delete(self, id: str) -> None:
        """An event or a whole series: nothing but its id is left."""
        self._series.pop(id, None)
        bare = CalendarEvent(id, "", "cancelled", self._clock(), self._clock(), "UTC")
        self._put(bare)

    def forget(self, id: str) -> None:
        """Gone, and the calendar does not say so."""
        self._series.pop(id, None)
        self._events.pop(id, None)
        self._changed.pop(id, None)

    def expire(self) -> None:
        """No cursor handed out so far is good any more."""
        self._number += 1
        self._floor = self._number

    # ports.CalendarGateway

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """Full readings reach back 13 months."""
        self.asked.append(f"changes {calendar}")
        since = None if cursor is not None else self._clock() - HISTORY
        after = int(page or cursor or 0)
        if cursor is not None and int(cursor) < self._floor:
            raise Expired("too old")
        later = sorted((number, id) for id, number in self._changed.items() if number > after)
        shown = later[: self._page]
        ids = [id for _, id in shown]
        events = [self._events[id] for id in ids if id in self._events]
        if since is not None:
            events = [event for event in events if not event.cancelled and event.end > since]
        gone = [event.id for event in events if event.cancelled]
        series = tuple(id for id in ids if id in self._series or id in gone)
        rest = len(later) > self._page
        onward = str(shown[-1][0]) if rest else None
        return Changes(
            tuple(events), onward, None if rest else str(self._number), cursor is None, series, since
        )

    def instances(
        self, calendar: str, series: str, since: datetime, until: datetime, page: str | None = None
    ) -> Changes:
        """A page of them. Raises NotFound for what is no series (any more)."""
        self.asked.append(f"instances {calendar} {series}")
        kept = self._series.get(series)
        if kept is None:
            raise NotFound("no such series")
        found = [
            event
            for number in range(kept.count)
            if (event := self._shown(kept, number)) is not None and event.end > since and event.start < until
        ]
        first = int(page or 0)
        last = first + self._page
        more = str(last) if last < len(found) else None
        return Changes(tuple(found[first:last]), more, None, True, (), since)

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """As it is. Raises NotFound."""
        if event_id in self._events:
            return self._events[event_id]
        for kept in self._series.values():
            for number in range(kept.count):
                event = self._shown(kept, number)
                if event is not None and event.id == event_id:
                    return event
        raise NotFound(f"no such event in {calendar}")

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Written on an event, or on an instance, which makes it an exception."""
        return self._marked(calendar, event_id, mark, etag)

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Taken off."""
        return self._marked(calendar, event_id, None, etag)

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Called off."""
        event = self.event(calendar, event_id)
        if etag is not None and etag != event.etag:
            raise Conflict("it changed")
        return self._write(replace(event, status="cancelled"))

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes time, instances too."""
        assert calendar
        every = [*self._events.values()]
        every += [
            event
            for kept in self._series.values()
            for number in range(kept.count)
            if (event := self._shown(kept, number)) is not None
        ]
        shown = [event for event in every if event.start < end and event.end > start and takes_time(event)]
        return [BusyTime(event.id, event.start, event.end) for event in sorted(shown, key=lambda e: e.start)]

    def _marked(self, calendar: str, event_id: str, mark: Mark | None, etag: str) -> CalendarEvent:
        event = self.event(calendar, event_id)
        if event.cancelled:
            raise NotFound("it was called off")
        if event.etag != etag:
            raise Conflict("it changed")
        return event if event.mark == mark else self._write(replace(event, mark=mark))

    def _write(self, event: CalendarEvent) -> CalendarEvent:
        if not event.series:
            return self._put(event)
        self._touch(event.series)
        written = replace(event, etag=f'"{self._number}"', updated=self._clock())
        self._series[event.series].exceptions[event.id] = written
        return written

    def _put(self, event: CalendarEvent) -> CalendarEvent:
        self._touch(event.id)
        written = replace(event, etag=f'"{self._number}"', updated=self._clock())
        self._events[event.id] = written
        return written

    def _touch(self, id: str) -> None:
        self._number += 1
        self._changed[id] = self._number

    def _instance(self, kept: _Series, number: int) -> CalendarEvent:
        first = kept.first
        start = first.start + number * kept.every
        id = f"{first.id}_{start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return replace(
            first, id=id, start=start, end=start + (first.end - first.start), series=first.id, recurring=True
        )

    def _shown(self, kept: _Series, number: int) -> CalendarEvent | None:
        event = self._instance(kept, number)
        return None if event.id in kept.taken_out else kept.exceptions.get(event.id, event)
