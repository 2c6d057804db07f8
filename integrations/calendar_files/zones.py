"""Time zones by the names calendar programs give them, made into IANA zones."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler_app.errors import Invalid

# Names in the operating system's folder that mean "wherever this machine stands" or nothing at all.
_NO_PLACE = frozenset(("localtime", "Factory", "posixrules"))
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_UTC_NAMES = frozenset(
    (
        *(
            "z",
            "utc",
            "gmt",
            "etc/utc",
            "etc/gmt",
            "etc/uct",
            "etc/universal",
            "etc/zulu",
            "uct",
            "universal",
        ),
        *("zulu", "tzone://microsoft/utc", "coordinated universal time"),
    )
)


class Zone(NamedTuple):
    """A zone times are written in. name is its IANA name, "" where it has none."""

    name: str
    tz: tzinfo


UTC_ZONE = Zone("UTC", UTC)


@cache
def _iana_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if name not in _NO_PLACE}


@cache
def _windows_names() -> dict[str, str]:
    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


def _iana(name: str) -> Zone | None:
    known = _iana_names().get(name.casefold())
    return None if known is None else Zone(known, ZoneInfo(known))


@lru_cache(maxsize=1024)
def named_zone(tzid: str) -> Zone | None:
    """The zone a TZID names by itself, whatever VTIMEZONE the file brings along; None if it names none.

    Understood: IANA names in any case; Windows names ("GMT Standard Time", by Unicode CLDR's table);
    IANA names behind a vendor's path (RFC 5545 3.2.19: "/freeassociation.sourceforge.net/Europe/London");
    UTC, and offsets from it ("UTC+02:00").
    """
    name = tzid.strip().strip("\"'").strip()
    if not name or len(name) > 200:
        return None
    if name.casefold() in _UTC_NAMES:
        return UTC_ZONE
    zone = _iana(name) or _iana(_windows_names().get(name.casefold(), ""))
    if zone is not None:
        return zone
    parts = name.split("/")
    for length in (3, 2):
        if len(parts) > length and (zone := _iana("/".join(parts[-length:]))) is not None:
            return zone
    return _fixed(name)


def _fixed(name: str) -> Zone | None:
    match = _OFFSET.fullmatch(name.upper())
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return Zone("", timezone(-offset if match[1] == "-" else offset))


def clinic_zone(name: str) -> Zone:
    """The zone a person configured.

    Raises Invalid if it is no IANA name.
    """
    zone = _iana(name)
    if zone is None:
        raise Invalid(
            "zone-unknown", "This is no IANA time zone: write one such as Europe/London", "default_zone"
        )
    return zone
