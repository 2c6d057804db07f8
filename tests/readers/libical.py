"""libical, which Evolution, GNOME and KDE read calendars with, called through ctypes."""

import ctypes
import ctypes.util
from collections.abc import Iterator
from datetime import UTC, date, datetime

VEVENT, ANY = 4, 1  # enum icalcomponent_kind (libical 3)
UID, SUMMARY = "icalcomponent_get_uid", "icalcomponent_get_summary"


class _Time(ctypes.Structure):
    """struct icaltimetype (libical 3, icaltime.h)."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


def there() -> bool:
    """Whether this machine has it."""
    return ctypes.util.find_library("ical") is not None


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(ctypes.util.find_library("ical"))
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, gives, takes in (
        ("icalparser_parse_string", pointer, [text]),
        ("icalrestriction_check", number, [pointer]),
        ("icalcomponent_count_errors", number, [pointer]),
        ("icalcomponent_get_first_component", pointer, [pointer, number]),
        ("icalcomponent_get_next_component", pointer, [pointer, number]),
        (UID, text, [pointer]),
        (SUMMARY, text, [pointer]),
        ("icalcomponent_get_dtstart", _Time, [pointer]),
        ("icalcomponent_get_dtend", _Time, [pointer]),
        ("icalcomponent_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = gives, takes
    return library


def read(body: bytes) -> tuple[list[tuple[str, datetime | date, datetime | date, str]], int, bool]:
    """Its entries; how many errors it found; whether the restrictions of RFC 5545 and 5546 hold."""
    library = _library()
    calendar = library.icalparser_parse_string(body)
    try:
        holds = bool(library.icalrestriction_check(calendar))
        errors = int(library.icalcomponent_count_errors(calendar))
        return list(_entries(library, calendar)), errors, holds
    finally:
        library.icalcomponent_free(calendar)


def _entries(
    library: ctypes.CDLL, calendar: int
) -> Iterator[tuple[str, datetime | date, datetime | date, str]]:
    event = library.icalcomponent_get_first_component(calendar, VEVENT)
    while event:
        start, end = library.icalcomponent_get_dtstart(event), library.icalcomponent_get_dtend(event)
        uid, title = (getattr(library, name)(event).decode() for name in (UID, SUMMARY))
        yield uid, _told(start), _told(end), title
        event = library.icalcomponent_get_next_component(calendar, VEVENT)


def _told(time: _Time) -> datetime | date:
    if time.is_date:
        return date(time.year, time.month, time.day)
    return datetime(time.year, time.month, time.day, time.hour, time.minute, time.second, tzinfo=UTC)
