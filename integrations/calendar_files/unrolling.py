"""One series unrolled inside a window (RFC 5545 3.8.5): wall-clock time holds across clock changes."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from integrations.calendar_files.encodings import text
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.moments import (
    Length,
    Moment,
    dated,
    duration,
    instant,
    moment,
    moment_of,
    placed,
)
from integrations.calendar_files.properties import parameters, split
from integrations.calendar_files.rules import Rule, read_rule
from integrations.calendar_files.vevent import Vevent
from scheduler_app.domain.events import CalendarEvent

MOST_INSTANCES = 20_000  # of one series in one window: 54 years of every day
CUT = f"repeats more than {MOST_INSTANCES} times in the time looked at: only the first ones were read"
_DAY = timedelta(days=1)
_LATEST = datetime(9990, 1, 1, tzinfo=UTC)  # some programs write the year 9999 for "no end"
_FARTHEST = timedelta(days=366)
_TOO_FAR = "is a series moved by more than a year (RECURRENCE-ID)"

Window = tuple[date, date]
Key = datetime | date
"""What tells the instances of a series apart: the instant of a timed one, the day of a whole-day one."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A VEVENT that replaces one instance, or with `onwards` that one and all later ones."""

    vevent: Vevent
    key: Key
    original: datetime  # local to the series
    onwards: bool

    @property
    def shift(self) -> timedelta:
        """How far it moves what it replaces."""
        return self.vevent.start.local - self.original


class Series:
    """A master VEVENT and the days it falls on."""

    def __init__(self, master: Vevent, window: Window) -> None:
        self._master = master
        self._window = window
        self._zone = master.start.zone
        self._days = master.start.date_only
        # Times without a zone beside a zoned DTSTART mean the same clocks.
        self._calendar = replace(master.calendar, home=self._zone)

    def exceptional(self, vevent: Vevent) -> Exceptional:
        """Match an exception to the instance it replaces.

        Raises Fault when its RECURRENCE-ID cannot be read.
        """
        line = vevent.once[b"RECURRENCE-ID"]
        replaced = moment(line, replace(vevent.calendar, home=self._zone))
        onwards = parameters(split(line)[0]).get("RANGE", "").upper() == "THISANDFUTURE"
        local = self._local(replaced)
        if replaced.date_only and not self._days:
            # Some programs name only the day of a timed instance.
            local = datetime.combine(local.date(), self._master.start.local.time())
        return Exceptional(vevent, self._key(local), local, onwards and self._repeats)

    def events(self, exceptions: Sequence[Exceptional]) -> Generator[CalendarEvent, None, str]:
        """Its events in the window, exceptions in place; then why it was cut short, or "".

        Raises Fault when it cannot be unrolled.
        """
        turns = sorted((e for e in exceptions if e.onwards), key=lambda e: e.original)
        reach = max((abs(turn.shift) for turn in turns), default=timedelta()) + _DAY
        if reach > _FARTHEST:
            raise Fault(_TOO_FAR)
        first, last = _midnight(self._window[0], -reach), _midnight(self._window[1], reach + _DAY)
        left_out = self._left_out(first, last)
        replaced = {exception.key for exception in exceptions}
        bases = [vevent.event("", recurring=True) for vevent in (self._master, *(t.vevent for t in turns))]
        given, cut = 0, ""
        for key, local, length in self._instances(first, last):
            if key in replaced or key in left_out or local.date() in left_out:
                continue
            passed = sum(turn.original <= local for turn in turns)
            start = Moment(local, self._zone, self._days)
            if passed:
                turn = turns[passed - 1]
                start = turn.vevent.start._replace(local=local + turn.shift)
                length = length or turn.vevent.length
            if not self._shows(start):
                continue
            if given == MOST_INSTANCES:
                cut = CUT
                break
            given += 1
            end = (length or self._master.length).after(start)
            yield replace(bases[passed], id=self._id(key), start=start.instant(), end=end)
        for exception in exceptions:
            # An instance left out stays so, though a program forgot to remove its exception.
            gone = exception.key in left_out or exception.original.date() in left_out
            if not gone and self._shows(exception.vevent.start):
                yield exception.vevent.event(self._id(exception.key), recurring=True)
        return cut

    def _id(self, key: Key) -> str:
        return f"{self._master.uid}_{stamp_of(key)}"

    def _shows(self, start: Moment) -> bool:
        first, last = self._window
        return not self._repeats or first <= start.local.date() <= last

    @property
    def _repeats(self) -> bool:
        return b"RRULE" in self._master.serial or b"RDATE" in self._master.serial

    def _instances(self, first: datetime, last: datetime) -> Iterator[tuple[Key, datetime, Length | None]]:
        """Key, local start and own length of every instance that may show, in order of time."""
        found: dict[Key, tuple[datetime, Length | None]] = {}
        rules = [read_rule(text(split(raw)[1])) for raw in self._master.serial.get(b"RRULE", ())]
        start = self._master.start.local
        if not rules or any(self._lasts(rule, start) for rule in rules):
            found[self._key(start)] = (start, None)
        for rule in rules:
            for local in self._unrolled(rule, first, last):
                found[self._key(local)] = (local, None)
        for local, length in self._dates(b"RDATE"):
            found[self._key(local)] = (local, length)
        for key in sorted(found, key=lambda key: found[key][0]):
            local, length = found[key]
            if first <= local <= last or not self._repeats:
                yield key, local, length

    def _unrolled(self, rule: Rule, first: datetime, last: datetime) -> Iterator[datetime]:
        until = last
        if rule.until is not None:
            # UNTIL may be an instant: days of slack here, the exact comparison below.
            until = min(last, min(last, rule.until.replace(tzinfo=None)) + 2 * _DAY)
        for local in rule.times(self._master.start.local, until):
            if not self._lasts(rule, local):
                return
            if local >= first:
                yield local

    def _lasts(self, rule: Rule, local: datetime) -> bool:
        if rule.until is None:
            return True
        if not rule.until_utc:
            return (local.date() <= rule.until.date()) if self._days else (local <= rule.until)
        if not self._days:
            return instant(local, self._zone) <= rule.until
        # A whole-day series whose end is an instant: that day in UTC, or the one whose midnight it is.
        here = placed(min(rule.until, _LATEST), self._zone)
        return local.date() <= (here if here.time() == time() else rule.until).date()

    def _left_out(self, first: datetime, last: datetime) -> set[Key]:
        """Instances removed by EXDATE or EXRULE, by key, or by day for a timed one."""
        gone: set[Key] = set()
        for raw in self._master.serial.get(b"EXRULE", ()):
            rule = read_rule(text(split(raw)[1]))
            gone.update(self._key(local) for local in self._unrolled(rule, first, last))
        for value, tzid in self._values(b"EXDATE"):
            when = moment_of(value, tzid, self._calendar)
            local = self._local(when)
            gone.add(local.date() if when.date_only else self._key(local))
        return gone

    def _dates(self, name: bytes) -> Iterator[tuple[datetime, Length | None]]:
        for value, tzid in self._values(name):
            begins, period, ends = value.partition("/")
            start = moment_of(begins, tzid, self._calendar)
            length = None
            if period and ends[:1] in ("P", "p", "+"):
                length = duration(ends)
            elif period:
                length = Length(
                    timedelta(), moment_of(ends, tzid, self._calendar).instant() - start.instant()
                )
            if length is not None and length.negative:
                raise Fault("has a period that ends before it starts (RDATE)")
            yield self._local(start), length

    def _values(self, name: bytes) -> Iterator[tuple[str, str]]:
        for raw in self._master.serial.get(name, ()):
            values, tzid = dated(raw)
            yield from ((value.strip(), tzid) for value in values.split(",") if value.strip())

    def _local(self, when: Moment) -> datetime:
        if when.date_only or when.zone == self._zone:
            return when.local
        return placed(when.instant(), self._master.calendar.home if self._days else self._zone)

    def _key(self, local: datetime) -> Key:
        return local.date() if self._days else instant(local, self._zone)


def stamp_of(when: Key | Moment) -> str:
    """An instant or a day as part of an id: 20260314T100000Z or 20260314."""
    if isinstance(when, Moment):
        when = when.local.date() if when.date_only else when.instant()
    if not isinstance(when, datetime):
        return when.isoformat().replace("-", "")
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _midnight(day: date, away: timedelta) -> datetime:
    # A window may be as wide as the calendar.
    day = min(max(day, date(10, 1, 1)), date(9990, 1, 1))
    return datetime.combine(day, time()) + away
