"""Clinic calendars that are kept at Google."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from integrations.google_calendar.ledger import INPUTS, OUTPUT, output_hash
from integrations.google_calendar.marks import fold, unfold
from integrations.google_calendar.reading import GoogleReader
from integrations.google_calendar.shapes import EVENT, Event, watched_decoder
from integrations.google_calendar.translate import inputs_hash, shown
from scheduler_app.domain.events import CalendarEvent, Mark
from scheduler_app.errors import Conflict, Denied, NotFound, Unavailable

_Fold = Callable[[Event], dict[str, Any]]


class GoogleCalendarGateway(GoogleReader):
    """Implements ports.WatchableCalendar: GoogleReader, and writing.

    Every write says which state it is written over (If-Match) and never touches who is invited. Where an
    answer was lost, what stands there is read before anybody is told of a conflict.
    """

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Write the mark. Raises as the port says, Denied on an event that is not ours to change."""

        def wanted(item: Event) -> dict[str, Any]:
            return fold(shown(item), mark, inputs_hash(self._ours(calendar, item)))

        def done(item: Event) -> bool:
            inputs = inputs_hash(self._ours(calendar, item))
            written = item.private.get(OUTPUT), item.private.get(INPUTS)
            return written == (output_hash(mark), inputs) and not wanted(item)

        return self._write(calendar, event_id, etag, wanted, done)

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Take off whatever is left of our mark, also of one that a person undid. Raises as `mark`."""

        def wanted(item: Event) -> dict[str, Any]:
            return unfold(shown(item))

        return self._write(calendar, event_id, etag, wanted, lambda item: not wanted(item))

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Call it off, telling whom the calendar's terms say; cancelling twice is success.

        Raises Conflict, NotFound for one that never was, Denied on what is not ours to change.
        """
        google = self._google(calendar)
        event = self.event(calendar, event_id)
        if event.cancelled:
            return event
        if not event.writable:
            raise Denied("this event is not ours to call off")
        if etag is not None and event.etag != etag:
            raise Conflict("the event changed since it was read")
        changed = None
        try:
            self._client.delete(google.id, event_id, event.etag, sendUpdates=google.terms.notify)
        except NotFound:
            pass
        except Conflict as conflict:
            changed = conflict
        try:
            after = self.event(calendar, event_id)
        except NotFound:
            after = replace(event, status="cancelled")
        if after.cancelled:
            return after
        raise changed or Unavailable("Google Calendar called the event off, and still shows it")

    def watch(self, calendar: str, channel: str, token: str, address: str) -> tuple[str, datetime]:
        """As the port says. Google decides how long it lasts."""
        body = {"id": channel, "type": "web_hook", "address": address, "token": token}
        content = self._client.watch(self._google(calendar).id, body)
        try:
            granted = watched_decoder.decode(content)
            expires = datetime.fromtimestamp(int(granted.expiration) / 1000, UTC)
        except (msgspec.MsgspecError, ValueError, OverflowError, OSError):
            fault = Unavailable("Google Calendar granted a channel and did not say until when")
        else:
            return granted.resource_id, expires
        raise fault

    def stop(self, calendar: str, channel: str, resource: str) -> None:  # noqa: ARG002  ids are enough
        """No more notices. Stopping one that is gone is success."""
        with contextlib.suppress(NotFound):
            self._client.stop({"id": channel, "resourceId": resource})

    def _write(
        self, calendar: str, event_id: str, etag: str, wanted: _Fold, done: Callable[[Event], bool]
    ) -> CalendarEvent:
        """Patch what differs; over what was read last where that is the state the caller means."""
        item = self._recalled(calendar, event_id, etag)
        if item is None or not wanted(item):
            item = self._current(calendar, event_id, etag)
        body = wanted(item)
        event = self._ours(calendar, item)
        if not body:
            return event
        if not event.writable:
            raise Denied("this event is not ours to write on: somebody else organises it, or it is locked")
        query: dict[str, Any] = {"sendUpdates": "none", "fields": EVENT}
        if "eventLabelId" in body:
            query["eventLabelVersion"] = 1
        try:
            content = self._client.patch(self._google(calendar).id, event_id, body, etag, **query)
        except Conflict:
            content = None
        if content is not None:
            return self._ours(calendar, self._remember(calendar, content))
        item = self._read(calendar, event_id)
        if item.status == "cancelled":
            raise NotFound("there is no such event any more")
        if not done(item):
            raise Conflict("the event changed since it was read")
        return self._ours(calendar, item)  # our own write: its answer was lost
