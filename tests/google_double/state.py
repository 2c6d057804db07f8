"""Everything the double holds: accounts, calendars, and the events in them as bytes."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from tests.google_double.accounts import Account, Accounts, role_of
from tests.google_double.clock import Clock
from tests.google_double.recurrence import Series
from tests.google_double.refusals import Json, unknown
from tests.google_double.times import When, instant, when

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Json).decode
ETAGS = 3_400_000_000_000_000
FOREVER = float("inf")


def etag(number: int) -> str:
    """The etag of whatever changed last in that change."""
    return f'"{ETAGS + number}"'


@dataclass(slots=True)
class Row:
    """One event of one calendar: its JSON, and what lists are filtered by."""

    id: str
    raw: bytes
    number: int  # of its last change
    start: float
    end: float  # of its last instance
    kind: str
    cancelled: bool
    master: str | None
    recurs: bool
    updated: float

    def event(self) -> Json:
        """A copy of it, to change."""
        return decode(self.raw)


@dataclass(slots=True)
class Shelf:
    """A calendar: who may use it, and its events in order of arrival and of change."""

    id: str
    summary: str
    zone: str | None
    acl: dict[str, str]
    labels: list[Json] = field(default_factory=list)
    listed_by: set[str] = field(default_factory=set)  # the e-mails in whose calendar list it is
    rows: dict[str, Row] = field(default_factory=dict)
    order: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    logged: list[Row] = field(default_factory=list)
    exceptions: dict[str, dict[str, Row]] = field(default_factory=dict)
    vanished: dict[str, list[tuple[int, Json]]] = field(default_factory=dict)
    generation: int = 0  # sync tokens of an older one are expired
    number: int = 0

    def changed_since(self, number: int, until: int) -> Iterator[Row]:
        """The rows whose last change lies in (number, until], in that order."""
        for at in range(bisect_right(self.numbers, number), bisect_right(self.numbers, until)):
            row = self.logged[at]
            if row.number == self.numbers[at]:
                yield row

    def latest(self) -> int:
        """The number of its last change."""
        return self.numbers[-1] if self.numbers else 0

    def keep(self, event: Json, number: int, updated: float) -> Row:
        """Put an event in its place, and in the log of changes."""
        start, end, recurs = self._span(event)
        row = self.rows.get(event["id"])
        fresh = Row(
            event["id"], encode(event), number, start, end, event.get("eventType", "default"),
            event.get("status") == "cancelled", event.get("recurringEventId"), recurs, updated,
        )  # fmt: skip
        if row is None:
            row = self.rows[fresh.id] = fresh
            self.order.append(row)
            if row.master is not None:
                self.exceptions.setdefault(row.master, {})[row.id] = row
        else:
            for name in Row.__slots__:
                setattr(row, name, getattr(fresh, name))
        self.numbers.append(number)
        self.logged.append(row)
        return row

    def _span(self, event: Json) -> tuple[float, float, bool]:
        if "start" not in event:
            return 0.0, FOREVER, False
        start = when(event["start"], "start", self.zone)
        end = when(event["end"], "end", self.zone).midnight(self.zone)
        if not event.get("recurrence"):
            return start.midnight(self.zone), end, False
        last = Series.of(event, self.zone).last()
        lasting = FOREVER if last is None else last.midnight(self.zone) + end - start.midnight(self.zone)
        return start.midnight(self.zone), lasting, True

    def series(self, master: Row) -> Series:
        """The rules of a recurring event."""
        return Series.of(master.event(), self.zone)


class State:
    """What `reset` forgets. Whoever reads or writes it holds `lock`."""

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.changed: Callable[[Shelf, Row], None] = lambda _shelf, _row: None
        self.forget()

    def forget(self) -> None:
        """Everything, but who listens to changes."""
        self.accounts = Accounts()
        self.shelves: dict[str, Shelf] = {}
        self.number = 0

    def next_number(self) -> int:
        """Of a change; no two are equal."""
        self.number += 1
        return self.number

    def shelf(self, calendar: str, account: Account) -> tuple[Shelf, str]:
        """A calendar and the account's role there. Raises Refused(404) when it has none."""
        found = self.shelves.get(account.email if calendar == "primary" else calendar)
        role = role_of(account, found.acl) if found else "none"
        if found is None or role == "none":
            raise unknown()
        return found, role

    def put(self, shelf: Shelf, event: Json, updated: bool = True) -> Row:
        """Write an event: a new etag every time, a new `updated` unless only reminders changed."""
        now, number = self.clock.now, self.next_number()
        event["etag"] = etag(number)
        if updated or "updated" not in event:
            event["updated"] = instant(now)
        row = shelf.keep(event, number, datetime.fromisoformat(event["updated"]).timestamp())
        self.changed(shelf, row)
        return row


def length(event: Json, zone: str | None) -> timedelta:
    """How long it lasts: in days for days, in elapsed time otherwise."""
    start, end = when(event["start"], "start", zone), when(event["end"], "end", zone)
    if start.day is not None and end.day is not None:
        return end.day - start.day
    return timedelta(seconds=end.instant - start.instant)


def ends(start: When, lasting: timedelta) -> When:
    """The end of an instance: elapsed time after a moment, days after a day."""
    if start.day is not None:
        return start.shifted(lasting)
    assert start.at is not None
    zone = start.at.tzinfo
    return When(None, (start.at.astimezone(UTC) + lasting).astimezone(zone), start.zone)
