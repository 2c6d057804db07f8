"""A gap: how long one treatment must wait after another, in days, weeks or months.

Semantics follow the CDC's CDSi Logic Specification v4.6: weeks are seven days (CALCDT-3), months keep
the day of the month (CALCDT-2), and a date that does not exist becomes the first of the next month
(CALCDT-5). Most date libraries clamp instead, which shortens a gap: 31 August + 6 months would be
28 February, and is 1 March here.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scheduler_app.errors import Invalid

_TEXT = re.compile(r"(\d{1,4}) (day|week|month)s?")


@dataclass(frozen=True, slots=True)
class Gap:
    """A number of months or of days; never both. Zero is a gap of nothing."""

    count: int
    unit: str  # "day", "week" or "month"

    @classmethod
    def parse(cls, text: str) -> "Gap":
        """Read "10 days", "2 weeks" or "6 months".

        Raises Invalid when it is anything else.
        """
        found = _TEXT.fullmatch(text.strip())
        if not found:
            raise Invalid(
                "gap-unreadable",
                f"{text!r} is no gap; write it as '10 days', '2 weeks' or '6 months'",
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.count} {self.unit}" + ("" if self.count == 1 else "s")

    def after(self, day: int) -> int:
        """The first permitted day for something that must wait this gap after `day` (ordinals)."""
        if self.unit == "month":
            return add_months(day, self.count)
        return day + self.count * (7 if self.unit == "week" else 1)

    def before(self, day: int) -> int:
        """The first day d on which waiting this gap ends later than `day`: d.after() > day.

        An earlier treatment is permitted on every day before it.
        """
        if self.unit != "month":
            return day - self.count * (7 if self.unit == "week" else 1) + 1
        return first_reaching_past(day, self.count)


@lru_cache(maxsize=65_536)
def add_months(day: int, months: int) -> int:
    """Add calendar months to a day ordinal; a day that does not exist becomes the 1st of the next month."""
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if start.day > monthrange(year, month + 1)[1]:
        year, month = divmod(index + 1, 12)
        return date(year, month + 1, 1).toordinal()
    return date(year, month + 1, start.day).toordinal()


@lru_cache(maxsize=65_536)
def first_reaching_past(day: int, months: int) -> int:
    """The smallest day d with add_months(d, months) > day. add_months never decreases, so it exists."""
    end = date.fromordinal(day)
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    guess = date(year, month + 1, min(end.day, monthrange(year, month + 1)[1])).toordinal()
    while add_months(guess, months) > day:
        guess -= 1
    while add_months(guess, months) <= day:
        guess += 1
    return guess
