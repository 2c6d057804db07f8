"""Dates and times as people and spreadsheets write them in a table."""

import re
from datetime import UTC, date, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from integrations.calendar_files.faults import Fault

AMBIGUOUS = (
    "its date could be read day-first or month-first, and no other date of the table tells which: "
    "say --dates day-first or --dates month-first"
)
UNREADABLE = "has a date that cannot be read: write it as 2026-03-14"
NO_SUCH_DATE = "has a date that does not exist, read the way the table's dates are written"
NUMBER = "has a number where a date is expected: format the column as a date and export again"

_MONTHS = (
    "january januar janvier enero gennaio",
    "february februar fevrier febrero febbraio",
    "march marz maerz mars marzo mrz",
    "april avril abril aprile",
    "may mai mayo maggio",
    "june juni juin junio giugno",
    "july juli juillet julio luglio",
    "august aout agosto",
    "september septembre septiembre settembre sept",
    "october oktober octobre octubre ottobre",
    "november novembre noviembre",
    "december dezember decembre diciembre dicembre",
)
_MONTH_NUMBERS = {
    word[:length]: number
    for number, words in enumerate(_MONTHS, 1)
    for word in words.split()
    for length in (3, 4, len(word))
}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(\d{4})(\d\d)(\d\d)(?!\d)")
_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[-\s.]*([^\W\d_]{3,10})[-\s.,]*(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.?[-\s]*(\d{1,2})(?:st|nd|rd|th)?,?[-\s]+(\d{4})(?!\d)")
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}[.,]?\s+(?=\d)|[^\W\d_]{6,10},\s+")
_TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\b\.?)?(?:\s*uhr)?"
)
_LASTING = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hr|hrs|hours?|:)\s*)?(\d{1,4})?(?:\.0+)?\s*(?:m|min|mins|minutes?|:00)?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_CLOCK = re.compile(r"\d{1,2}\s*(?::\d\d|[ap]\.?m)")
_OFFSET = re.compile(r"\s*(?:(z|utc|gmt)|([+-])(\d{2}):?(\d{2}))")


class Written(NamedTuple):
    """What a cell says: a day, a time of day where it gives one, a distance from UTC where it gives one."""

    day: date
    at: time | None = None
    offset: tzinfo | None = None


class DateOrder:
    """Whether a table writes the day before the month: as declared, else as its dates tell.

    A date such as 14/03 tells; where dates tell both, none is believed.
    """

    def __init__(self, day_first: bool | None = None, *, declared: bool = False) -> None:
        self.declared = declared and day_first is not None
        self._declared = day_first
        self._firsts = self._seconds = False

    def saw(self, value: str) -> None:
        """Learn from one cell."""
        match = _NUMBERS.match(_bare(value)) if value else None
        if match is not None:
            self._firsts = self._firsts or int(match[1]) > 12
            self._seconds = self._seconds or int(match[3]) > 12

    @property
    def day_first(self) -> bool | None:
        """None where nothing tells."""
        if self.declared:
            return self._declared
        return None if self._firsts == self._seconds else self._firsts


def read_date(value: str, order: DateOrder) -> Written:
    """A date, with a time of day behind it or without.

    Raises Fault where it is no date, or could be two.
    """
    bare = _bare(value)
    if _SERIAL.fullmatch(bare):
        raise Fault(NUMBER)
    year, month, day, rest = _parts(bare, order)
    try:
        found = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise Fault(NO_SUCH_DATE) from None
    rest = rest.lstrip(" t,-")
    if not rest:
        return Written(found)
    at, left = _time(rest)
    return Written(found, at, _zone(left))


def is_time(value: str) -> bool:
    """Whether a cell begins as a time of day rather than a date."""
    return _CLOCK.match(value.strip().lower()) is not None


def read_time(value: str) -> time:
    """A time of day such as 14:30, 2:30 PM or 14.30.

    Raises Fault where it is none.
    """
    at, left = _time(value.strip().lower())
    if left.strip():
        raise Fault("has a time of day that cannot be read: write it as 14:30")
    return at


def read_minutes(value: str) -> timedelta:
    """A duration: minutes, or hours and minutes as 1:30 or 1h 30.

    Raises Fault where it is none.
    """
    match = _LASTING.fullmatch(value.strip().lower())
    if match is None or not any(match.groups()):
        raise Fault("has a duration that cannot be read: write it in minutes")
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))


def _bare(value: str) -> str:
    lower = " ".join(value.lower().split())
    weekday = _WEEKDAY.match(lower)
    if weekday is not None and _month(weekday[0].strip(" .,")) is None:
        return lower[weekday.end() :]
    return lower


def _month(word: str) -> int | None:
    return _MONTH_NUMBERS.get(word.translate(str.maketrans("éèäûá", "eeaua")))


def _parts(bare: str, order: DateOrder) -> tuple[int, int, int, str]:
    match = _YEAR_FIRST.match(bare)
    if match is not None:
        numbers = [int(group) for group in (match[1] or match[5], match[3] or match[6], match[4] or match[7])]
        return numbers[0], numbers[1], numbers[2], bare[match.end() :]
    match = _NUMBERS.match(bare)
    if match is not None:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if _day_comes_first(first, second, match[2], order):
            return year, second, first, bare[match.end() :]
        return year, first, second, bare[match.end() :]
    for pattern, day_at, month_at in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.match(bare)
        month = None if match is None else _month(match[month_at])
        if match is not None and month is not None:
            return int(match[3]), month, int(match[day_at]), bare[match.end() :]
    raise Fault(UNREADABLE)


def _day_comes_first(first: int, second: int, mark: str, order: DateOrder) -> bool:
    known = order.day_first
    if order.declared and known is not None:
        return known
    if (first > 12) != (second > 12):
        return first > 12
    if first == second:
        return True
    if known is not None:
        return known
    if mark == ".":
        return True  # dates with points are day-first wherever they are used
    raise Fault(AMBIGUOUS)


def _time(value: str) -> tuple[time, str]:
    match = _TIME.match(value)
    if match is None or (match[2] is None and match[4] is None):
        raise Fault("has a time of day that cannot be read: write it as 14:30")
    hour = int(match[1])
    if match[4] is not None:
        if not 1 <= hour <= 12:
            raise Fault("has a time of day that does not exist")
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0)), value[match.end() :]
    except ValueError:
        raise Fault("has a time of day that does not exist") from None


def _zone(value: str) -> tzinfo | None:
    if not value.strip():
        return None
    match = _OFFSET.fullmatch(value)
    if match is None or int(match[3] or 0) > 23:
        raise Fault(UNREADABLE)
    if match[1]:
        return UTC
    size = timedelta(hours=int(match[3]), minutes=int(match[4]))
    return timezone(-size if match[2] == "-" else size)
