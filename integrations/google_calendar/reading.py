"""Clinic calendars at Google, read: changes, instances, single events, and what takes time."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.google_calendar import places
from integrations.google_calendar.client import GoogleClient
from integrations.google_calendar.colours import check_colour
from integrations.google_calendar.moments import Home
from integrations.google_calendar.pages import busy_of, event_in, reading_of
from integrations.google_calendar.shapes import EVENT, PAGE, TIMES, Event
from integrations.google_calendar.translate import event_of
from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes
from scheduler_app.errors import Conflict, Expired, Invalid, NotFound, Unavailable
from scheduler_app.ports import Clock

PAGE_SIZE = 250
HISTORY = timedelta(days=397)  # 13 months: gaps reach back a year, courses longer still by facts
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class GoogleCalendar:
    """One clinic calendar. id: Google's name for it, an e-mail address. terms: how far we may go on it."""

    id: str
    terms: MarkTerms = field(default_factory=MarkTerms)


class GoogleReader:
    """The reading half of GoogleCalendarGateway. Threads may share it.

    calendars: by our own id. history: how far back a full reading reads. Raises Invalid for a colour that
    Google does not know.
    """

    def __init__(
        self,
        client: GoogleClient,
        calendars: Mapping[str, GoogleCalendar],
        clock: Clock,
        *,
        history: timedelta = HISTORY,
        page_size: int = PAGE_SIZE,
    ) -> None:
        for id, calendar in calendars.items():
            for kind, colour in calendar.terms.colours.items():
                check_colour(colour, f"calendar.{id}.marks.colours.{kind}")
        self._client, self._calendars, self._clock = client, dict(calendars), clock
        self._history, self._size = history, page_size
        self._homes: dict[str, Home] = {}
        self._lately: dict[tuple[str, str], Event] = {}
        self._lock = threading.Lock()

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """As the port says: masters of series are in `series`, and a deletion of which only its id is left is
        in both. Raises Disconnected for a calendar closed to us, Expired too when we were given the right to
        write in it, or lost it.
        """
        google = self._google(calendar)
        query: dict[str, object] = {"singleEvents": False, "maxResults": self._size, "fields": PAGE}
        since, token, could_write = None, None, None
        if page is not None:
            token, since = places.page_in(page)
        elif cursor is None:
            since = (self._clock() - self._history).astimezone(UTC).replace(hour=0, minute=0, second=0)
            since = since.replace(microsecond=0)
        if cursor is not None:
            query["syncToken"], could_write = places.sync_token_in(cursor, self._size)
        if since is not None:
            query["timeMin"] = places.moment(since)
        if token is not None:
            query["pageToken"] = token
        before = self._homes.get(calendar) or Home(address=google.id)
        read = reading_of(self._client.page(google.id, begun=token is not None, **query), before)
        self._homes[calendar] = read.home
        if could_write is not None and could_write != read.home.writable:
            raise Expired("what we may do in this calendar changed: read it again from the start")
        following = places.page_for(read.next_page, since) if read.next_page else None
        if following is None and not read.next_sync:
            raise Unavailable("Google Calendar ended its answer without saying from where to go on")
        may_write = read.home.writable
        onward = places.cursor_for(read.next_sync, self._size, writable=may_write) if read.next_sync else None
        return Changes(
            read.events,
            following,
            None if following else onward,
            cursor is None,
            read.series,
            since,
            read.unreadable,
            may_write,
        )

    def instances(
        self, calendar: str, series: str, since: datetime, until: datetime, page: str | None = None
    ) -> Changes:
        """As the port says. Raises NotFound for a series that is gone, and for what is none.

        Raises Unavailable where Google has the series and does not show its instances: taken for a series
        that is gone, all that is ahead of it would be called off. Where it shows all of them as cancelled the
        series itself is looked at: of one that was deleted, what took place did so.
        """
        google, home = self._google(calendar), self._home(calendar)
        query: dict[str, object] = {
            "timeMin": places.moment(since),
            "timeMax": places.moment(until),
            "showDeleted": True,
            "maxResults": self._size,
            "fields": PAGE,
        }
        if page is not None:
            query["pageToken"] = page
        found = None
        try:
            read = reading_of(self._client.instances(google.id, series, **query), home)
        except (NotFound, Invalid):
            pass
        else:
            found = Changes(read.events, read.next_page, None, True, (), since, read.unreadable)
            if page is not None or read.unreadable or any(not event.cancelled for event in read.events):
                return found
        master = self._read(calendar, series, begun=True)  # whether nothing is there, or nothing any more
        if master.status == "cancelled" or not master.recurrence:
            raise NotFound("there is no such series any more")
        if found is None:
            raise Unavailable("Google Calendar has a series and does not show its instances")
        return found

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """As it is now, our mark taken off; a deleted one comes as cancelled. Raises NotFound."""
        return self._ours(calendar, self._read(calendar, event_id))

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes the calendar's time in [start, end), in order of start: what we gave back is free."""
        google, home = self._google(calendar), self._home(calendar)
        query: dict[str, Any] = {
            "singleEvents": True,
            "timeMin": places.moment(start),
            "timeMax": places.moment(end + timedelta(seconds=1)) if end.microsecond else places.moment(end),
            "maxResults": self._size,
            "fields": TIMES,
        }
        taken: list[BusyTime] = []
        while True:
            found = busy_of(self._client.page(google.id, **query), home)
            taken += [time for time in found.times if time.start < end and time.end > start]
            if found.next_page is None:
                return sorted(taken, key=lambda time: (time.start, time.id))
            query["pageToken"] = found.next_page

    def _google(self, calendar: str) -> GoogleCalendar:
        known = self._calendars.get(calendar)
        if known is None:
            raise NotFound("no such calendar is kept here")
        return known

    def _home(self, calendar: str) -> Home:
        """What the calendar says of itself, asked once where no page has told it yet."""
        return self._homes.get(calendar) or self._home_now(calendar)

    def _home_now(self, calendar: str) -> Home:
        google = self._google(calendar)
        content = self._client.page(google.id, maxResults=1, fields="timeZone,accessRole")
        home = self._homes[calendar] = reading_of(content, Home(address=google.id)).home
        return home

    def _ours(self, calendar: str, item: Event) -> CalendarEvent:
        home = self._home(calendar)
        if not home.writable:
            home = self._home_now(calendar)  # another process may have read since that we may write
        try:
            return event_of(item, home)
        except (ValueError, OverflowError):
            fault = Invalid("event-unreadable", "Google's times of this event cannot be understood", "start")
        raise fault

    def _read(self, calendar: str, event_id: str, *, begun: bool = False) -> Event:
        """The event as Google has it. Raises NotFound, or Disconnected where the calendar itself is gone."""
        google = self._google(calendar)
        try:
            content = self._client.event(google.id, event_id, begun=begun, fields=EVENT)
        except NotFound:
            content = None
        if content is None:
            self._client.page(google.id, begun=begun, maxResults=1, fields="timeZone")
            raise NotFound("there is no such event")
        return self._remember(calendar, content)

    def _remember(self, calendar: str, content: bytes) -> Event:
        """The event in an answer; kept a while, so that writing on what was just read asks once less."""
        item = event_in(content)
        with self._lock:
            self._lately.pop((calendar, item.id), None)
            self._lately[calendar, item.id] = item
            while len(self._lately) > _REMEMBERED:
                self._lately.pop(next(iter(self._lately)))
        return item

    def _recalled(self, calendar: str, event_id: str, etag: str) -> Event | None:
        with self._lock:
            item = self._lately.get((calendar, event_id))
        return item if item is not None and item.etag == etag and item.status != "cancelled" else None

    def _current(self, calendar: str, event_id: str, etag: str | None) -> Event:
        """The event as it is, at this very state. Raises Conflict, NotFound for one called off."""
        item = self._read(calendar, event_id)
        if item.status == "cancelled":
            raise NotFound("there is no such event any more")
        if etag is not None and item.etag != etag:
            raise Conflict("the event changed since it was read")
        return item
