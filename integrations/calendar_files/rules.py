"""Repeat rules (RFC 5545 3.3.10), checked and bounded before dateutil is asked to unroll them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from integrations.calendar_files.faults import Fault

MOST_STEPS = 50_000  # a daily series of 136 years, or an hourly one of five
_STEP = {
    "YEARLY": timedelta(days=365),
    "MONTHLY": timedelta(days=28),
    "WEEKLY": timedelta(weeks=1),
    "DAILY": timedelta(days=1),
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
# Largest value, and whether it may count from the end.
_RANGES = {
    "BYMONTH": (12, False),
    "BYMONTHDAY": (31, True),
    "BYYEARDAY": (366, True),
    "BYWEEKNO": (53, True),
    "BYSETPOS": (366, True),
    "BYHOUR": (23, False),
    "BYMINUTE": (59, False),
    "BYSECOND": (59, False),
}
_FROM_ZERO = frozenset(("BYHOUR", "BYMINUTE", "BYSECOND"))
_WEEKDAY = re.compile(r"(?:[+-]?([1-9]|[1-4]\d|5[0-3]))?(?:MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
UNREADABLE = "repeats by a rule that cannot be read (RRULE)"
TOO_OFTEN = "repeats too often to be appointments (RRULE)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. until is a local time, or an instant in UTC where until_utc; a bare date includes its day."""

    frequency: str
    interval: int
    text: str  # what dateutil reads: without UNTIL and COUNT, which are kept here
    count: int | None = None
    until: datetime | None = None
    until_utc: bool = False

    def times(self, start: datetime, last: datetime) -> Iterator[datetime]:
        """Naive local times from start on, in order, none later than last, at most COUNT of them.

        UNTIL is left to the caller, who knows the zone. Raises Fault when the rule cannot be unrolled
        in reasonable time.
        """
        if last < start:
            return
        if (last - start) / (_STEP[self.frequency] * self.interval) > MOST_STEPS:
            raise Fault(TOO_OFTEN)
        until = last.isoformat(timespec="seconds").replace("-", "").replace(":", "")
        try:
            rule = rrulestr(f"{self.text};UNTIL={until}", dtstart=start)
        except (ValueError, TypeError, IndexError, OverflowError):
            raise Fault(UNREADABLE) from None
        for passed, local in enumerate(islice(rule, self.count)):
            if passed >= MOST_STEPS:
                raise Fault(TOO_OFTEN)
            yield local


def read_rule(value: str) -> Rule:
    """Read RRULE or EXRULE.

    Raises Fault for what RFC 5545 does not know, vCalendar 1.0's older grammar among it.
    """
    given: dict[str, str] = {}
    for part in value.strip().strip(";").upper().split(";"):
        name, equals, content = part.partition("=")
        if not equals or name.strip() in given:
            raise Fault(UNREADABLE)
        given[name.strip()] = content.strip()
    until, until_utc = _until(given.pop("UNTIL", None))
    frequency = given.pop("FREQ", "")
    interval = _positive(given.pop("INTERVAL", "1"))
    count = _count(given.pop("COUNT", "-1"))
    if frequency not in _STEP or given.pop("RSCALE", "GREGORIAN") not in ("GREGORIAN", "GREGORY"):
        raise Fault(UNREADABLE)
    parts = [f"FREQ={frequency}", f"INTERVAL={interval}"]
    parts += [f"{name}={_checked(name, content)}" for name, content in given.items()]
    return Rule(frequency, interval, ";".join(parts), count, until, until_utc)


def _count(value: str) -> int | None:
    # Outlook's interfaces write -1 for a series without end.
    return None if value.startswith("-") else _positive(value)


def _positive(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < len(value) < 7 or int(value) == 0:
        raise Fault(UNREADABLE)
    return int(value)


def _checked(name: str, content: str) -> str:
    values = list(dict.fromkeys(item.strip() for item in content.split(",")))
    if name == "WKST" and len(values) == 1 and content in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"):
        return content
    if name == "BYDAY" and all(_WEEKDAY.fullmatch(item) for item in values):
        return ",".join(values)
    if name not in _RANGES:
        raise Fault(UNREADABLE)
    largest, negative = _RANGES[name]
    for item in values:
        digits = item.lstrip("+-")
        if not digits.isascii() or not digits.isdigit() or len(item) > 4:
            raise Fault(UNREADABLE)
        number = int(item)
        if abs(number) > largest or (number < 0 and not negative) or (number == 0 and name not in _FROM_ZERO):
            raise Fault(UNREADABLE)
    return ",".join(values)


def _until(value: str | None) -> tuple[datetime | None, bool]:
    if value is None:
        return None, False
    match = _UNTIL.fullmatch(value)
    try:
        if match is None:
            raise ValueError
        if match[2] is None:
            # RFC 5545 wants a time here when the series has one; who writes a date means that day too.
            day = date.fromisoformat(match[1])
            return datetime.combine(day, time.max), False
        when = datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        raise Fault("repeats until a date that cannot be read (RRULE)") from None
    return (when.replace(tzinfo=UTC), True) if match[3] else (when, False)
