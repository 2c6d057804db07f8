"""Dates, times and durations of events (RFC 5545 3.3.4 to 3.3.6), placed in their zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from integrations.calendar_files.encodings import text
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.properties import parameters, person, split
from integrations.calendar_files.zones import UTC_ZONE, Zone, named_zone
from scheduler_app.domain.events import Person

_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?"
)
_FIRST_CALENDAR = datetime(1990, 1, 1, tzinfo=UTC)
_BEYOND = "has a date beyond all calendars"
_MOST_PEOPLE = 5_000
ZONE_UNKNOWN = "is in a time zone the file does not describe: export it again, or write an IANA zone name"


class Moment(NamedTuple):
    """A local time in a zone; date_only for a whole day, whose time is midnight."""

    local: datetime
    zone: Zone
    date_only: bool

    def instant(self) -> datetime:
        """In UTC. A time that does not exist counts with the offset before the gap; of two, the first."""
        return instant(self.local, self.zone)


@dataclass(slots=True)
class Calendar:
    """What holds for every event of one VCALENDAR.

    home is where its floating times and whole days are: X-WR-TIMEZONE, else the zone configured. place
    names the zone of times written in UTC, which says no place: home, but for a home that is UTC itself,
    as it is where nobody ever set it, the zone configured. zones
    are those its VTIMEZONEs describe and no name tells, by TZID. account is the calendar's own
    address where its name is one.
    """

    home: Zone
    place: str
    zones: Mapping[str, Zone] = field(default_factory=dict)
    withdrawn: bool = False
    colour: str = ""
    account: str = ""
    _people: dict[bytes, Person | None] = field(default_factory=dict)

    def person(self, line: bytes) -> Person | None:
        """Who an ATTENDEE or ORGANIZER line names; the same few people stand in most events."""
        if line not in self._people:
            if len(self._people) >= _MOST_PEOPLE:
                self._people.clear()
            self._people[line] = person(line, self.account)
        return self._people[line]

    def zone(self, tzid: str) -> Zone:
        """The zone a TZID stands for: by its name where that names one, else as the file describes it.

        Raises Fault for a zone neither known nor described.
        """
        zone = named_zone(tzid) or self.zones.get(tzid.strip().strip('"'))
        if zone is None:
            raise Fault(ZONE_UNKNOWN)
        return zone


class Length(NamedTuple):
    """How long an event is: wall-clock time (days keep their hour across clock changes), then elapsed."""

    wall: timedelta
    elapsed: timedelta

    def after(self, start: Moment) -> datetime:
        """The end, in UTC; never before the start, not even where that is a time that does not exist."""
        try:
            end = instant(start.local + self.wall, start.zone) + self.elapsed
        except OverflowError:
            raise Fault(_BEYOND) from None
        return max(end, start.instant())

    @property
    def negative(self) -> bool:
        """Whether the end would come before the start."""
        return self.wall + self.elapsed < timedelta()


def instant(local: datetime, zone: Zone) -> datetime:
    """A local time in UTC.

    Raises Fault at the very ends of the calendar, where there is no such instant.
    """
    try:
        return local.replace(tzinfo=zone.tz).astimezone(UTC)
    except OverflowError:
        raise Fault(_BEYOND) from None


def placed(when: datetime, zone: Zone) -> datetime:
    """The local time, without its zone, that an instant is in a zone.

    Raises Fault as `instant` does.
    """
    try:
        return when.astimezone(zone.tz).replace(tzinfo=None)
    except OverflowError:
        raise Fault(_BEYOND) from None


def moment(line: bytes, calendar: Calendar) -> Moment:
    """DTSTART, DTEND, RECURRENCE-ID: a date, a UTC, a zoned or a floating time.

    Raises Fault when it is none of these.
    """
    value, tzid = dated(line)
    return moment_of(value, tzid, calendar)


def dated(line: bytes) -> tuple[str, str]:
    """The value of a property of dates or times, and its TZID or ""."""
    raw_parameters, value = split(line)
    if b":" in value:
        # No date holds a colon, but a zone's name may, and not everybody quotes it.
        head, _, value = line.rpartition(b":")
        raw_parameters = head[head.find(b";") :]
    return text(value), parameters(raw_parameters).get("TZID", "") if raw_parameters else ""


def moment_of(value: str, tzid: str, calendar: Calendar) -> Moment:
    """One value, with the TZID beside it or ""."""
    value = value.strip()
    length = len(value)
    if length == 8:
        return Moment(_naive(value + "T000000"), calendar.home, True)
    if length == 16 and value[15] in "Zz":
        return Moment(_naive(value[:15]), UTC_ZONE, False)
    if length != 15:
        raise Fault("has a date or time that cannot be read")
    return Moment(_naive(value), calendar.zone(tzid) if tzid else calendar.home, False)


def _naive(value: str) -> datetime:
    digits = value[:8] + value[9:]
    if value[8] not in "Tt" or not digits.isascii() or not digits.isdigit():
        raise Fault("has a date or time that cannot be read")
    try:
        if value.endswith("60"):
            # A leap second (RFC 5545 3.3.12): there is no such second in Python.
            return datetime.fromisoformat(f"{value[:8]}T{value[9:13]}59")
        return datetime.fromisoformat(f"{value[:8]}T{value[9:]}")
    except ValueError:
        raise Fault("has a date or time that does not exist") from None


def duration(value: str) -> Length:
    """DURATION: weeks and days as wall-clock time, hours and less as elapsed time.

    Raises Fault when it is none.
    """
    match = _DURATION.fullmatch(value.strip().upper())
    if match is None or not any(match.groups()[1:]):
        raise Fault("has a DURATION that cannot be read")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    wall = timedelta(weeks=weeks, days=days)
    return Length(sign * wall, sign * timedelta(hours=hours, minutes=minutes, seconds=seconds))


def stamp(line: bytes | None, calendar: Calendar) -> datetime | None:
    """CREATED, LAST-MODIFIED or DTSTAMP in UTC; None where it says nothing.

    Google writes 1900, Apple year 1, where it does not know.
    """
    if line is None:
        return None
    try:
        when = moment(line, calendar).instant()
    except Fault:
        return None
    return when if when >= _FIRST_CALENDAR else None
