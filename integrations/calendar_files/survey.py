"""The first of two readings: what must be known before the first event can be told.

Zones may be described after the events that use them, and a UID may come back at the very end of the
file. Only that is kept: nothing grows with the events but eight bytes for each UID.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from integrations.calendar_files.components import CALENDAR, EVENT, ZONE, Component, components
from integrations.calendar_files.moments import Calendar
from integrations.calendar_files.properties import one_line, split
from integrations.calendar_files.vtimezone import file_zone
from integrations.calendar_files.zones import Zone, named_zone

_OBSERVANCE = (b"TZID", b"TZOFFSETFROM", b"TZOFFSETTO", b"DTSTART", b"RRULE", b"RDATE", b"X-LIC-LOCATION")
_CALENDAR = (b"METHOD", b"X-WR-TIMEZONE", b"X-WR-CALNAME", b"X-APPLE-CALENDAR-COLOR", b"COLOR")
"""Of a calendar's own properties, those that bear on its events."""

HOME_UNKNOWN = "the calendar's zone (X-WR-TIMEZONE) is none: its local times were read in the clinic's zone"


@dataclass(slots=True)
class Survey:
    """What the first reading of one file found.

    calendars by their ordinal, 0 for events outside of any; faults as line and sentence.
    """

    calendars: dict[int, Calendar]
    faults: list[tuple[int, str]] = field(default_factory=list)


class Repeats:
    """UIDs that stand more than once, by hash: a chance likeness costs a little memory, nothing else."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._more: Counter[int] = Counter()

    def saw(self, uid: bytes) -> None:
        """Count one more VEVENT of this UID."""
        known = hash(uid)
        if known in self._seen:
            self._more[known] += 1
        else:
            self._seen.add(known)

    def forget_single(self) -> None:
        """Keep only what came back: nothing more will be counted."""
        self._seen = set()

    def count(self, uid: bytes) -> int:
        """How many VEVENTs carry this UID, one at least."""
        return self._more.get(hash(uid), 0) + 1


def uid_of(component: Component) -> bytes:
    """The raw UID of an event, b"" where it has none."""
    for name, raw in component.lines:
        if name == b"UID":
            return split(raw)[1].strip()
    return b""


def survey(chunks: Iterator[bytes], home: Zone, repeats: Repeats) -> Survey:
    """Read a whole stream once for its calendars, its zones and its UIDs. home is the clinic's zone."""
    zones: dict[int, dict[str, Zone]] = {0: {}}
    found = Survey({0: Calendar(home, home.name, zones[0])})
    same: dict[tuple[object, ...], Calendar] = {}
    for component in components(chunks, frozenset((b"UID", *_OBSERVANCE, *_CALENDAR))):
        if component.kind == EVENT and not component.fault:
            uid = uid_of(component)
            if uid:
                repeats.saw(uid)
        elif component.kind == ZONE and not component.fault:
            tzid, zone = file_zone(component)
            if zone is not None:
                zones.setdefault(component.calendar, {}).setdefault(tzid, zone)
        elif component.kind == CALENDAR:
            own = zones.pop(component.calendar, {})
            calendar = _calendar(component, home, own, found.faults)
            # Some programs wrap every event in a calendar of its own.
            found.calendars[component.calendar] = same.setdefault(_essence(calendar), calendar)
    return found


def _essence(calendar: Calendar) -> tuple[object, ...]:
    zones = tuple(calendar.zones.items())
    return calendar.home, zones, calendar.withdrawn, calendar.colour, calendar.account


def _calendar(
    component: Component, home: Zone, zones: dict[str, Zone], faults: list[tuple[int, str]]
) -> Calendar:
    lines: dict[bytes, bytes] = {}
    for key, raw in component.lines:
        lines.setdefault(key, raw)
    own = _value(lines, b"X-WR-TIMEZONE")
    place = named_zone(own) or zones.get(own)
    if own and (place is None or not place.name):
        faults.append((component.line, HOME_UNKNOWN))
    name = _value(lines, b"X-WR-CALNAME")
    own_home = place if place is not None and place.name else home
    return Calendar(
        home=own_home,
        place=home.name if own_home.name == "UTC" else own_home.name,
        zones=zones,
        withdrawn=_value(lines, b"METHOD").upper() == "CANCEL",
        colour=_value(lines, b"COLOR") or _value(lines, b"X-APPLE-CALENDAR-COLOR"),
        # Google names a person's calendar by its address.
        account=name if "@" in name and " " not in name else "",
    )


def _value(lines: dict[bytes, bytes], name: bytes) -> str:
    raw = lines.get(name)
    return "" if raw is None else one_line(raw)


def surveyed(streams: Iterable[Iterator[bytes]], home: Zone) -> tuple[list[Survey], Repeats]:
    """Survey several streams that belong together, such as the files of one archive."""
    repeats = Repeats()
    found = [survey(stream, home, repeats) for stream in streams]
    repeats.forget_single()
    return found, repeats
