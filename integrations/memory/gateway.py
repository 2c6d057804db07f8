"""A program that keeps calendars, as small as one can be: nothing outlives the process."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from scheduler_app.domain.events import (
    BusyTime,
    CalendarEvent,
    Changes,
    EventDraft,
    Mark,
    check_times,
    takes_time,
)
from scheduler_app.errors import Conflict, Expired, NotFound
from scheduler_app.ports import Clock

PAGE = 250


@dataclass
class _Calendar:
    """Events by id in the order of their newest change, which is also their etag."""

    events: dict[str, CalendarEvent] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    newest: int = 0
    floor: int = 0


class MemoryCalendarGateway:
    """Implements ports.BookableCalendar. Threads may share it. page: events in one page of changes."""

    def __init__(self, clock: Clock, page: int = PAGE) -> None:
        self._clock = clock
        self._page = page
        self._calendars: dict[str, _Calendar] = {}
        self._lock = threading.Lock()

    def keep(self, calendar: str) -> None:
        """Let there be this calendar; once it is there nothing changes."""
        with self._lock:
            self._calendars.setdefault(calendar, _Calendar())

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """As the port says. A full reading tells of called off events too."""
        with self._lock:
            kept = self._kept(calendar)
            since = 0 if cursor is None else _number(cursor, kept.floor, kept.newest)
            after = since if page is None else max(since, _number(page, 0, kept.newest))
            later = [id for id, number in kept.changed.items() if number > after]
            shown = tuple(kept.events[id] for id in later[: self._page])
            if len(later) > self._page:
                return Changes(shown, str(kept.changed[later[self._page - 1]]), None, cursor is None)
            return Changes(shown, None, str(kept.newest), cursor is None)

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """The event as it is now. Raises NotFound."""
        with self._lock:
            return _found(self._kept(calendar), event_id)

    def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        """Events that overlap [start, end) and were not called off, in order of start. Raises NotFound."""
        with self._lock:
            events = self._kept(calendar).events.values()
            shown = [e for e in events if e.start < end and e.end > start and not e.cancelled]
            return sorted(shown, key=lambda e: (e.start, e.id))

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes the calendar's time in [start, end), in order of start. Raises NotFound."""
        return [BusyTime(e.id, e.start, e.end) for e in self.between(calendar, start, end) if takes_time(e)]

    def book(self, calendar: str, draft: EventDraft) -> CalendarEvent:
        """Add an event. Raises NotFound for the calendar, Invalid for times that are none."""
        check_times(draft.start, draft.end, draft.zone)
        with self._lock:
            kept = self._kept(calendar)
            id = uuid4().hex
            bare = CalendarEvent(id, "", "confirmed", draft.start, draft.end, draft.zone, uid=id)
            return self._put(kept, replace(_worded(bare, draft), created=self._clock()))

    def move(
        self, calendar: str, event_id: str, start: datetime, end: datetime, etag: str | None = None
    ) -> CalendarEvent:
        """Another time, the same zone. Raises Conflict, NotFound, Invalid."""
        check_times(start, end)
        begin, over = start.astimezone(UTC), end.astimezone(UTC)
        return self._change(calendar, event_id, etag, lambda event: replace(event, start=begin, end=over))

    def edit(self, calendar: str, event_id: str, draft: EventDraft, etag: str | None = None) -> CalendarEvent:
        """Put these words and times in place of what a person wrote; our mark stays. Raises as `move`."""
        check_times(draft.start, draft.end, draft.zone)
        return self._change(calendar, event_id, etag, lambda event: _worded(event, draft))

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Call it off. Cancelling twice is success."""
        with self._lock:
            event = _found(self._kept(calendar), event_id)
            if event.cancelled:
                return event
        return self._change(calendar, event_id, etag, lambda event: replace(event, status="cancelled"))

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Write the mark beside the event. Raises Conflict for an old etag, NotFound for one called off."""
        return self._change(calendar, event_id, etag, lambda event: replace(event, mark=mark))

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Take the mark off. Raises as `mark`."""
        return self._change(calendar, event_id, etag, lambda event: replace(event, mark=None))

    def expire(self, calendar: str) -> None:
        """Every cursor handed out so far is too old from now on."""
        with self._lock:
            kept = self._kept(calendar)
            kept.newest += 1
            kept.floor = kept.newest

    def _change(
        self,
        calendar: str,
        event_id: str,
        etag: str | None,
        change: Callable[[CalendarEvent], CalendarEvent],
    ) -> CalendarEvent:
        with self._lock:
            kept = self._kept(calendar)
            event = _found(kept, event_id)
            if event.cancelled:
                raise NotFound("there is no such event any more")
            if etag is not None and etag != event.etag:
                raise Conflict("the event changed since it was read")
            changed = change(event)
            return event if changed == event else self._put(kept, changed)

    def _kept(self, calendar: str) -> _Calendar:
        if calendar not in self._calendars:
            raise NotFound("no such calendar is kept here")
        return self._calendars[calendar]

    def _put(self, kept: _Calendar, event: CalendarEvent) -> CalendarEvent:
        kept.newest += 1
        event = replace(event, etag=f'"{kept.newest}"', updated=self._clock())
        kept.changed.pop(event.id, None)  # to the end: the order is that of the newest change
        kept.changed[event.id] = kept.newest
        kept.events[event.id] = event
        return event


def _found(kept: _Calendar, event_id: str) -> CalendarEvent:
    event = kept.events.get(event_id)
    if event is None:
        raise NotFound("there is no such event")
    return event


def _number(cursor: str, floor: int, newest: int) -> int:
    if not (cursor.isascii() and cursor.isdecimal()) or not floor <= int(cursor) <= newest:
        raise Expired("this cursor is too old: read the calendar again from the start")
    return int(cursor)


def _worded(event: CalendarEvent, draft: EventDraft) -> CalendarEvent:
    return replace(
        event,
        title=draft.title,
        description=draft.description,
        start=draft.start.astimezone(UTC),
        end=draft.end.astimezone(UTC),
        zone=draft.zone,
        colour=draft.colour,
        attendees=draft.attendees,
    )
