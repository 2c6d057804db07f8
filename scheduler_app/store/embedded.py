"""A clinic calendar kept in our own database, for a clinic that has none or wants no other.

Marks lie in a column of their own, beside the words a person wrote and never among them. So unmarking is
exact by construction, and somebody who edits the title of a marked event cannot damage the mark.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.engine import Connection

from scheduler_app.domain.events import (
    BusyTime,
    CalendarEvent,
    Changes,
    EventDraft,
    Mark,
    Person,
    check_times,
    takes_time,
)
from scheduler_app.errors import Conflict, Expired, NotFound
from scheduler_app.store import embedded_sql as sql
from scheduler_app.store.database import SqlStore

PAGE = 250


class EmbeddedCalendar:
    """Implements ports.BookableCalendar. Every call is a transaction of its own.

    A change takes the calendar's next number, which becomes the event's etag; a cursor is the number
    read so far. The calendar's row is locked while it happens, so that numbers appear in order.
    """

    def __init__(self, store: SqlStore, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    def keep(self, calendar: str) -> None:
        """Let there be this calendar; once it is there nothing changes."""
        with self._store.writing() as connection:
            values = {"id": calendar, "sequence": 0, "floor": 0, "kept_since": self._store.clock()}
            connection.execute(sql.keep(connection.dialect.name), values)

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """As the port says. A full reading tells of called off events too, until they are pruned."""
        with self._store.looking() as connection:
            newest, floor = _position(connection, calendar)
            since = 0 if cursor is None else _number(cursor, floor, newest)
            after = since if page is None else max(since, _number(page, 0, newest))
            values = {"of": calendar, "after": after, "most": self._page + 1}
            rows = connection.execute(sql.SINCE, values).all()
        events = tuple(_event(row) for row in rows[: self._page])
        if len(rows) > self._page:
            return Changes(events, str(rows[self._page - 1].sequence), None, cursor is None)
        return Changes(events, None, str(newest), cursor is None)

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """As it is now. Raises NotFound for one that never was, or was pruned."""
        with self._store.looking() as connection:
            return _read(connection, calendar, event_id)

    def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        """Events that overlap [start, end) and were not called off, in order of start. Raises NotFound."""
        with self._store.looking() as connection:
            _position(connection, calendar)
            rows = connection.execute(sql.BETWEEN, {"of": calendar, "first": start, "last": end})
            return [_event(row) for row in rows]

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes the calendar's time in [start, end), in order of start. Raises NotFound."""
        return [BusyTime(e.id, e.start, e.end) for e in self.between(calendar, start, end) if takes_time(e)]

    def book(self, calendar: str, draft: EventDraft) -> CalendarEvent:
        """Add an event. Raises NotFound for the calendar, Invalid for times that are none."""
        now = self._store.clock()
        row = _drafted(draft) | {"calendar": calendar, "id": uuid4().hex, "status": "confirmed"}
        with self._store.writing() as connection:
            _locked(connection, calendar)
            row |= {"sequence": _next(connection, calendar), "created": now, "updated": now, "mark": None}
            connection.execute(sql.ADD, row)
            return _read(connection, calendar, row["id"])

    def move(
        self, calendar: str, event_id: str, start: datetime, end: datetime, etag: str | None = None
    ) -> CalendarEvent:
        """Another time, the same zone. Raises Conflict, NotFound, Invalid."""
        check_times(start, end)
        return self._change(calendar, event_id, etag, {"start": start, "end": end})

    def edit(self, calendar: str, event_id: str, draft: EventDraft, etag: str | None = None) -> CalendarEvent:
        """Put these words and times in place of what a person wrote; our mark stays. Raises as `move`."""
        return self._change(calendar, event_id, etag, _drafted(draft))

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Call it off. Cancelling twice is success."""
        return self._change(calendar, event_id, etag, {"status": "cancelled"}, gone_too=True)

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Write the mark beside the event. Raises Conflict for an old etag, NotFound for one called off."""
        return self._change(calendar, event_id, etag, {"mark": asdict(mark)})

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Take the mark off. Raises as `mark`."""
        return self._change(calendar, event_id, etag, {"mark": None})

    def prune(self, calendar: str, before: datetime) -> int:
        """Forget called off events nobody touched since; how many. Cursors older than them expire."""
        with self._store.writing() as connection:
            _locked(connection, calendar)
            values = {"of": calendar, "before": before}
            gone = connection.execute(sql.PRUNE, values).scalars().all()
            if gone:
                connection.execute(sql.RAISE_FLOOR, {"named": calendar, "to": max(gone)})
            return len(gone)

    def _change(
        self,
        calendar: str,
        event_id: str,
        etag: str | None,
        values: dict[str, Any],
        gone_too: bool = False,
    ) -> CalendarEvent:
        with self._store.writing() as connection:
            _locked(connection, calendar)
            row = connection.execute(sql.EVENT, {"of": calendar, "is": event_id}).first()
            if row is None or (row.status == "cancelled" and not gone_too):
                raise NotFound("there is no such event any more")
            if etag is not None and etag != _etag(row.sequence) and row.status != "cancelled":
                raise Conflict("the event changed since it was read")
            if all(getattr(row, name) == value for name, value in values.items()):
                return _event(row)
            fresh = values | {"sequence": _next(connection, calendar), "updated": self._store.clock()}
            connection.execute(sql.CHANGE.values(fresh), {"of": calendar, "is": event_id})
            return _read(connection, calendar, event_id)


def _locked(connection: Connection, calendar: str) -> None:
    if connection.execute(sql.LOCK, {"named": calendar}).first() is None:
        raise NotFound("no such calendar is kept here")


def _next(connection: Connection, calendar: str) -> int:
    return int(connection.execute(sql.NEXT, {"named": calendar}).scalar_one())


def _position(connection: Connection, calendar: str) -> tuple[int, int]:
    row = connection.execute(sql.POSITION, {"named": calendar}).first()
    if row is None:
        raise NotFound("no such calendar is kept here")
    return row.sequence, row.floor


def _number(cursor: str, floor: int, newest: int) -> int:
    """Where the cursor stands. One from before what was pruned, or ahead of us (the database was put
    back from a copy), tells nothing any more."""
    if not (cursor.isascii() and cursor.isdecimal()) or not floor <= int(cursor) <= newest:
        raise Expired("this cursor is too old: read the calendar again from the start")
    return int(cursor)


def _read(connection: Connection, calendar: str, event_id: str) -> CalendarEvent:
    row = connection.execute(sql.EVENT, {"of": calendar, "is": event_id}).first()
    if row is None:
        raise NotFound("there is no such event")
    return _event(row)


def _drafted(draft: EventDraft) -> dict[str, Any]:
    check_times(draft.start, draft.end, draft.zone)
    return {
        "title": draft.title,
        "description": draft.description,
        "start": draft.start.astimezone(UTC),
        "end": draft.end.astimezone(UTC),
        "zone": draft.zone,
        "colour": draft.colour,
        "attendees": [asdict(person) for person in draft.attendees],
    }


def _etag(sequence: int) -> str:
    return f'"{sequence}"'


def _event(row: Any) -> CalendarEvent:
    return CalendarEvent(
        id=row.id,
        etag=_etag(row.sequence),
        status=row.status,
        start=row.start,
        end=row.end,
        zone=row.zone,
        uid=row.id,
        title=row.title,
        description=row.description,
        colour=row.colour,
        attendees=tuple(Person(**person) for person in row.attendees),
        created=row.created,
        updated=row.updated,
        mark=None if row.mark is None else Mark(**row.mark),
    )
