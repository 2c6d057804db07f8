"""A zone computed from the VTIMEZONE a file brings along (RFC 5545 3.6.5), where its name tells nothing."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from integrations.calendar_files.components import Component
from integrations.calendar_files.encodings import text
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.properties import split
from integrations.calendar_files.rules import read_rule
from integrations.calendar_files.zones import Zone, named_zone

_LAST = datetime(2100, 1, 1)  # noqa: DTZ001  wall-clock times throughout: the zone is what is being computed
_MOST_ONSETS = 2000  # Outlook's rules begin in 1601 and give one onset a year
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_ZERO = timedelta()


class _Onset(NamedTuple):
    local: datetime  # on the clocks of before
    before: timedelta
    after: timedelta


class FileZone(tzinfo):
    """A zone as one file describes it.

    A local time that does not exist is read with the offset before the gap, one that occurs twice is
    the first of the two (RFC 5545 3.3.5), unless fold says otherwise.
    """

    def __init__(self, onsets: Iterable[_Onset]) -> None:
        ordered = sorted(onsets)
        if not ordered:
            raise Fault("its time zone is described without any offset")
        self._offsets = [ordered[0].before, *(onset.after for onset in ordered)]
        gains = [max(_ZERO, onset.after - onset.before) for onset in ordered]
        losses = [min(_ZERO, onset.after - onset.before) for onset in ordered]
        # From here on the new offset holds: after the gap, and after the second of two equal hours.
        self._first = [onset.local + gain for onset, gain in zip(ordered, gains, strict=True)]
        self._second = [onset.local + loss for onset, loss in zip(ordered, losses, strict=True)]
        self._instants = [onset.local - onset.before for onset in ordered]

    def utcoffset(self, when: datetime | None) -> timedelta:
        """The offset at a local time."""
        if when is None:
            return self._offsets[-1]
        changes = self._second if when.fold else self._first
        return self._offsets[bisect_right(changes, when.replace(tzinfo=None))]

    def dst(self, _when: datetime | None) -> timedelta:
        """Not told by a VTIMEZONE."""
        return _ZERO

    def tzname(self, _when: datetime | None) -> str:
        """Not kept."""
        return ""

    def fromutc(self, when: datetime) -> datetime:
        """The local time at an instant."""
        return when + self._offsets[bisect_right(self._instants, when.replace(tzinfo=None))]


def file_zone(component: Component) -> tuple[str, Zone | None]:
    """The TZID of a VTIMEZONE and its zone: what X-LIC-LOCATION names, else a computed one.

    None for a zone that cannot be computed, and for one known by its name, which needs no computing.
    """
    tzid = next((text(split(raw)[1]).strip() for name, raw in component.lines if name == b"TZID"), "")
    return tzid, None if named_zone(tzid) is not None else _described(tuple(component.lines))


@lru_cache(maxsize=256)
def _described(lines: tuple[tuple[bytes, bytes], ...]) -> Zone | None:
    observances: list[dict[bytes, list[bytes]]] = []
    for name, raw in lines:
        if name == b"BEGIN":
            observances.append({})
        elif observances:
            observances[-1].setdefault(name, []).append(raw)
        elif name == b"X-LIC-LOCATION" and (zone := named_zone(text(split(raw)[1]))) is not None:
            return zone
    try:
        return Zone("", FileZone(chain.from_iterable(_onsets(own) for own in observances)))
    except Fault:
        # Told at each event that needs the zone: there may be none.
        return None


def _onsets(lines: dict[bytes, list[bytes]]) -> Iterator[_Onset]:
    try:
        start = _local(text(split(lines[b"DTSTART"][0])[1]))
        before = _offset(lines[b"TZOFFSETFROM"][0])
        after = _offset(lines[b"TZOFFSETTO"][0])
    except (KeyError, ValueError):
        raise Fault("its time zone is described without a start or its offsets") from None
    yield _Onset(start, before, after)
    for raw in lines.get(b"RRULE", ()):
        rule = read_rule(text(split(raw)[1]))
        if rule.frequency != "YEARLY":
            raise Fault("its time zone changes more often than yearly")
        # UNTIL is an instant, the onsets are local times of before: a day of slack changes nothing.
        last = min(_LAST, rule.until.replace(tzinfo=None)) + timedelta(days=1) if rule.until else _LAST
        for local in islice(rule.times(start, last), _MOST_ONSETS):
            yield _Onset(local, before, after)
    for raw in lines.get(b"RDATE", ()):
        for value in text(split(raw)[1]).split(",")[:_MOST_ONSETS]:
            try:
                yield _Onset(_local(value.partition("/")[0]), before, after)
            except ValueError:
                raise Fault("its time zone is described with a date that cannot be read") from None


def _local(value: str) -> datetime:
    when = datetime.fromisoformat(value.strip().rstrip("Zz"))
    return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)


def _offset(line: bytes) -> timedelta:
    match = _OFFSET.fullmatch(text(split(line)[1]).strip())
    if match is None:
        raise ValueError("offset")
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    if size >= timedelta(hours=24):
        raise ValueError("offset")
    return -size if match[1] == "-" else size
