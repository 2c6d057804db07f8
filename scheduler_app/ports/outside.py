"""Ports at the street: calendars, senders of webhooks, and the two hot paths in and out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.domain.entries import FeedBytes
from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes, EventDraft, Mark
from scheduler_app.ports.platforms import Receiver
from scheduler_app.ports.records import ApiKey

Clock = Callable[[], datetime]  # aware, UTC


class CalendarGateway(Protocol):
    """A program that keeps clinic calendars. Contract: tests/contracts/calendar_gateway.py."""

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """One page of what changed since cursor; None reads everything.

        Raises Expired for a cursor that is too old, NotFound for a calendar that is gone.
        """
        ...

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """The event as it is now, our own mark taken off its title and text. Raises NotFound."""
        ...

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Write the mark, replacing ours if there is one; the person's own words are kept.

        Raises Conflict when etag is not current, NotFound when the event is gone. Marking twice with
        the same mark changes nothing.
        """
        ...

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Take our mark off: exactly what the person wrote stands there again. Raises as `mark`."""
        ...

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Call it off. Cancelling twice is success. Raises Conflict when etag is given and not current."""
        ...

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes the calendar's time in [start, end), in order of start; of a series its instances."""
        ...


@runtime_checkable
class SeriesCalendar(CalendarGateway, Protocol):
    """A program that keeps series: whatever names one in `Changes.series` lets its instances be read."""

    def instances(
        self, calendar: str, series: str, since: datetime, until: datetime, page: str | None = None
    ) -> Changes:
        """One page of the instances of a series that overlap [since, until), called off ones too.

        `cursor` stays None; `full` is True: what is missing from the pages is no instance (any more).
        Raises NotFound for a series that is gone.
        """
        ...


@runtime_checkable
class WatchableCalendar(CalendarGateway, Protocol):
    """A program that promises to tell us when a calendar changes (Google's push channels)."""

    def watch(self, calendar: str, channel: str, token: str, address: str) -> tuple[str, datetime]:
        """Ask for notices to address, each showing channel and token; the resource, and when it expires.

        Raises Invalid when the program refuses the address, Unavailable.
        """
        ...

    def stop(self, calendar: str, channel: str, resource: str) -> None:
        """No more notices through it. Stopping one that is gone is success."""
        ...


class RequestBudget(Protocol):
    """How many requests may still be made, shared by everybody who works on one database."""

    def spend(self, account: str, units: int = 1) -> None:
        """Take so many units of one account's budget and of everybody's.

        Raises Unavailable with retry_in, and takes nothing, when either has not enough left.
        """
        ...


class BookableCalendar(CalendarGateway, Protocol):
    """A calendar that people book in through us (the embedded one, the memory one)."""

    def book(self, calendar: str, draft: EventDraft) -> CalendarEvent:
        """Add an event."""
        ...

    def move(
        self, calendar: str, event_id: str, start: datetime, end: datetime, etag: str | None = None
    ) -> CalendarEvent:
        """Move it; with etag only if nobody changed it since. Raises Conflict, NotFound."""
        ...

    def edit(self, calendar: str, event_id: str, draft: EventDraft, etag: str | None = None) -> CalendarEvent:
        """Put these words and times in place of what a person wrote; our mark stays. Raises as `move`."""
        ...

    def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        """Events that overlap [start, end) and were not called off, in order of start. Raises NotFound."""
        ...


class BookingSource(Receiver, Protocol):
    """A sender whose webhooks say all there is to know. Contract: tests/contracts/booking_source.py."""

    def reports(self, delivery: Delivery) -> tuple[Report, ...]:
        """What the delivery says, in our words; none for events that do not concern us. Raises Invalid."""
        ...


class Inbox(Protocol):
    """Where webhooks are put before they are answered."""

    def accept(self, delivery: Delivery) -> bool:
        """Return once it is on disk for good: True when new, False for a duplicate.

        Raises Unavailable when it cannot be kept; then nothing was promised.
        """
        ...


class KeyShelf(Protocol):
    """The hot path of programs that ask with a key."""

    def find(self, sha256: bytes) -> ApiKey | None:
        """The key with this hash, unless it was revoked. Raises Unavailable."""
        ...


class FeedShelf(Protocol):
    """The hot path of polls."""

    def find(self, token_sha256: bytes) -> FeedBytes | None:
        """What the token opens, with revoked=True for one that did. Raises Unavailable."""
        ...
