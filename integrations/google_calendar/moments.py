"""Times and zones of the Calendar API's events. Pure.

A time has an offset; a day is meant from local midnight to local midnight of its calendar.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from integrations.google_calendar.shapes import Event, When

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a deletion that tells nothing but its id
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Home:
    """What a calendar says of itself: its IANA zone, whether we may write in it, and its address."""

    zone: str = "UTC"
    writable: bool = True
    address: str = ""


@lru_cache(maxsize=1024)
def known_zone(name: str) -> bool:
    """Whether it is an IANA name that this machine knows."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def zone_of(item: Event, home: Home) -> str:
    """The zone an event was written in; the calendar's for a day, and where it names none we know."""
    start = item.start
    if start is None or start.date is not None:
        return home.zone
    zone = start.time_zone
    return zone if zone and known_zone(zone) else home.zone


def times_of(item: Event, zone: str) -> tuple[datetime, datetime, bool]:
    """Start and end in UTC, and whether they are days. Raises ValueError, OverflowError for none.

    Of a deletion without a time the start and end are NEVER.
    """
    start, end = item.start or item.original_start_time, item.end or item.start or item.original_start_time
    if start is None or end is None:
        if item.status == "cancelled":
            return NEVER, NEVER, False
        raise ValueError("an event without a time")
    begin = _moment(start, zone)
    over = _moment(end, zone)
    if start.date is None:
        return begin, max(begin, over), False
    if over <= begin:
        over = _midnight(date.fromisoformat(start.date) + _DAY, zone)
    return begin, over, True


def _moment(when: When, zone: str) -> datetime:
    if when.date_time is not None:
        read = datetime.fromisoformat(when.date_time)
        if read.tzinfo is None:
            read = read.replace(tzinfo=ZoneInfo(zone))
        return read.astimezone(UTC)
    if when.date is None:
        raise ValueError("neither a date nor a time")
    return _midnight(date.fromisoformat(when.date), zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def made_at(created: datetime | None, updated: datetime | None) -> datetime | None:
    """When it was made. Google tells that in whole seconds, and to the millisecond when it was changed last:
    of an event that was never changed that is the same moment."""
    if created is None or updated is None or created.microsecond:
        return created
    return updated if created < updated < created + _SECOND else created


def instant_of(text: str | None) -> datetime | None:
    """When it was made or changed; None for the year 0, which Google writes where it does not know."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
