"""Recurring events: RRULE, RDATE and EXDATE in wall time, so that a clock change moves nothing.

Source: RFC 5545 3.8.5; instance ids are Google's `<master>_<original start>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrule, rruleset, rrulestr

from tests.google_double.refusals import Json, invalid
from tests.google_double.times import When, at_wall, when, zone_named

MOST = 730  # instances shown of a series without an end: measured at about 700 for a weekly one
_LINE = re.compile(r"(RRULE|RDATE|EXDATE|EXRULE)((?:;[A-Z-]+=[^:;]+)*):(.+)")
_UNTIL = re.compile(r"UNTIL=(\d{8}(?:T\d{6}Z?)?)")


@dataclass(frozen=True, slots=True)
class Series:
    """The rules of one recurring event."""

    id: str
    start: When
    lines: tuple[str, ...]

    @classmethod
    def of(cls, master: Json, calendar_zone: str | None) -> "Series":
        """Raises Refused(400) for lines that are no recurrence."""
        start = when(master["start"], "start", calendar_zone)
        lines = tuple(master["recurrence"])
        series = cls(master["id"], start, lines)
        series._rules()
        return series

    def instances(self) -> Iterator[When]:
        """Their starts, in order: all, or the first of a series without an end."""
        for count, wall in enumerate(self._rules()):
            if count >= MOST and self.endless():
                return
            yield self._start(wall)

    def between(self, start: float, end: float, lasting: float) -> Iterator[When]:
        """Those that end after start and begin before end (seconds since 1970)."""
        for count, wall in enumerate(self._rules()):
            at = self._start(wall)
            if at.instant >= end or (count >= MOST * 20):
                return
            if at.instant + lasting > start:
                yield at

    def has(self, original: str) -> When | None:
        """The instance whose id ends so, if the rules give it."""
        for at in self.between(*_around(original), 1.0):
            if suffix(at) == original:
                return at
        return None

    def endless(self) -> bool:
        """Neither COUNT nor UNTIL."""
        return any(x.startswith("RRULE") and "COUNT=" not in x and "UNTIL=" not in x for x in self.lines)

    def last(self) -> When | None:
        """The start of the last instance; None when there is no end."""
        if self.endless():
            return None
        found = self.start
        for wall in self._rules():
            found = self._start(wall)
        return found

    def _start(self, wall: datetime) -> When:
        if self.start.day is not None:
            return When(wall.date(), None, self.start.zone)
        return at_wall(wall, self.start.zone)

    def _rules(self) -> rruleset:
        if self.start.day is not None:
            first = datetime.combine(self.start.day, time())
        else:
            assert self.start.at is not None
            first = self.start.at.replace(tzinfo=None)
        return _parsed(self.lines, first, None if self.start.day is not None else self.start.zone or "UTC")


def suffix(original: When) -> str:
    """What an instance's id ends with: its original start, in UTC."""
    if original.day is not None:
        return original.day.strftime("%Y%m%d")
    assert original.at is not None
    return original.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _around(original: str) -> tuple[float, float]:
    if len(original) == 8:
        at = datetime.combine(date.fromisoformat(original), time(), UTC).timestamp()
    else:
        at = datetime.strptime(original, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    return at, at + 1


@lru_cache(maxsize=512)
def _parsed(lines: tuple[str, ...], first: datetime, zone: str | None) -> rruleset:
    found = rruleset(cache=True)
    for line in lines:
        read = _LINE.fullmatch(line)
        if read is None:
            raise invalid(f"Invalid recurrence rule: {line}", "recurrence")
        name, told, value = read.groups()
        try:
            if name in ("RRULE", "EXRULE"):
                rule = rrulestr(_local_until(value, zone), dtstart=first)
                assert isinstance(rule, rrule)
                (found.rrule if name == "RRULE" else found.exrule)(rule)
            else:
                for each in value.split(","):
                    (found.rdate if name == "RDATE" else found.exdate)(_wall(each, told, zone))
        except (ValueError, KeyError) as fault:
            raise invalid(f"Invalid recurrence rule: {line}: {fault}", "recurrence") from None
    if not any(line.startswith("RRULE") for line in lines):
        found.rdate(first)
    return found


def _local_until(rule: str, zone: str | None) -> str:
    read = _UNTIL.search(rule)
    if read is None:
        return rule
    raw = read.group(1)
    if len(raw) == 8 and zone is not None:  # a day bounds moments by its end
        raw += "T235959"
    wall = _wall(raw, "", zone)
    return rule.replace(read.group(0), f"UNTIL={wall:%Y%m%dT%H%M%S}")


def _wall(raw: str, told: str, zone: str | None) -> datetime:
    """A date, a wall time, or a moment, as wall time where the series is."""
    if len(raw) == 8:
        return datetime.combine(date.fromisoformat(raw), time())
    read = datetime.strptime(raw.removesuffix("Z") + "+0000", "%Y%m%dT%H%M%S%z").replace(tzinfo=None)
    if zone is None:
        return datetime.combine(read.date(), time())
    if raw.endswith("Z"):
        return read.replace(tzinfo=UTC).astimezone(zone_named(zone)).replace(tzinfo=None)
    named = re.search(r"TZID=([^;:]+)", told)
    if named is None:
        return read
    return read.replace(tzinfo=zone_named(named.group(1))).astimezone(zone_named(zone)).replace(tzinfo=None)
