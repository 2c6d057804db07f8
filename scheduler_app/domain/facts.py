"""What is known about a client, with who said so: treatments received, courses, conditions, screenings.

Nothing is ever overwritten: a correction is a new record that replaces an old one, and a client's own
statement replaces what staff recorded only once a practitioner accepts it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from scheduler_app.domain.story import LONG_AGO, ONGOING, Item
from scheduler_app.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2199
_FIRST_DAY, _LAST_DAY = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
SPEAKERS = ("client", "staff", "practitioner", "import", "platform")


def read_date(text: str, path: str) -> int:
    """The day ordinal of YYYY-MM-DD. Raises Invalid naming `path`."""
    try:
        day = _ordinal(text)
    except ValueError:
        raise Invalid("date-unreadable", f"{path} is no date; write it as YYYY-MM-DD", path) from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise Invalid(
            "date-out-of-range", f"{path} lies outside {FIRST_YEAR} to {LAST_YEAR}; check the year", path
        )
    return day


@lru_cache(maxsize=16_384)
def _ordinal(text: str) -> int:
    if len(text) != 10 or text[4] + text[7] != "--":
        raise ValueError
    return date.fromisoformat(text).toordinal()


def read_partial_date(text: str, path: str) -> tuple[int, int]:
    """First and last day ordinal of YYYY-MM-DD (both the same) or of the month YYYY-MM."""
    if len(text) != 7:
        day = read_date(text, path)
        return day, day
    first = read_date(text + "-01", path)
    start = date.fromordinal(first)
    return first, first + monthrange(start.year, start.month)[1] - 1


def read_item(
    treatment: str,
    medication: bool | None,
    today: int,
    *,
    on: str | None = None,
    started_on: str | None = None,
    ended_on: str | None = None,
    ongoing: bool = False,
    ref: str | None = None,
    path: str = "fact",
) -> Item:
    """Turn a fact as people write it into what the judge reads (design: dates and courses).

    medication is None for a treatment the catalogue does not know. A month counts from its last day,
    for a treatment from `today` if that is earlier. Raises Invalid for contradictions and for
    treatments dated after today.
    """
    if on is not None:
        if started_on or ended_on or ongoing:
            raise Invalid(
                "fact-contradiction",
                f"{path}: `on` dates a treatment; a medication takes started_on, ended_on or ongoing",
                f"{path}.on",
            )
        first, last = read_partial_date(on, f"{path}.on")
        _not_after_today(first, today, f"{path}.on")
        if medication:  # taken on a day, and nobody said that it ended: it counts as being taken
            return Item(treatment, first, ONGOING, ref, course=True)
        day = min(last, today)
        return Item(treatment, day, day, ref)
    course = started_on is not None or ended_on is not None or ongoing
    if medication is False:
        what = "a procedure has no course; give the day it was done in `on`" if course else "`on` is missing"
        raise Invalid("fact-date-missing", f"{path}: {what}", f"{path}.on")
    return _read_course(treatment, today, started_on, ended_on, ongoing, ref, path)


def _read_course(
    treatment: str,
    today: int,
    started_on: str | None,
    ended_on: str | None,
    ongoing: bool,
    ref: str | None,
    path: str,
) -> Item:
    if ongoing and ended_on is not None:
        raise Invalid(
            "fact-contradiction",
            f"{path}: a course that is ongoing has no ended_on yet",
            f"{path}.ended_on",
        )
    first = LONG_AGO
    if started_on is not None:
        first = read_partial_date(started_on, f"{path}.started_on")[0]
        _not_after_today(first, today, f"{path}.started_on")
    last = ONGOING if ended_on is None else read_partial_date(ended_on, f"{path}.ended_on")[1]
    if last < first:
        raise Invalid("fact-contradiction", f"{path}: ended_on lies before started_on", f"{path}.ended_on")
    return Item(treatment, first, last, ref, course=True)


def _not_after_today(day: int, today: int, path: str) -> None:
    if day > today:
        raise Invalid(
            "date-in-future",
            f"{path} lies after today; a treatment had cannot be dated ahead",
            path,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Who said so, and when. accepted_by is the practitioner who took a client's statement as fact."""

    by: str  # one of SPEAKERS
    who: str  # the person's name or account, as the audit log shows it
    at: datetime
    accepted_by: str | None = None

    @property
    def counts_fully(self) -> bool:
        """Whether it may improve a verdict; a client's bare statement may only worsen one."""
        return self.by != "client" or self.accepted_by is not None


@dataclass(frozen=True, slots=True)
class TreatmentFact:
    """A treatment had elsewhere or here, or a medication course. Dates are kept as they were given."""

    ref: str
    client: str
    treatment: str
    said: Said
    on: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    ongoing: bool = False
    replaces: str | None = None
    withdrawn: bool = False
    note: str = ""

    def item(self, medication: bool | None, today: int) -> Item:
        """As the judge reads it. Raises Invalid where the dates contradict each other."""
        return read_item(
            self.treatment,
            medication,
            today,
            on=self.on,
            started_on=self.started_on,
            ended_on=self.ended_on,
            ongoing=self.ongoing,
            ref=self.ref,
        )


@dataclass(frozen=True, slots=True)
class ConditionFact:
    """A condition the client has (or, present=False, no longer has); with a clearance once one is given.

    cleared_until: last day (YYYY-MM-DD) on which a practitioner's clearance holds.
    """

    ref: str
    client: str
    code: str
    said: Said
    present: bool = True
    cleared_by: str | None = None
    cleared_reason: str | None = None
    cleared_until: str | None = None
    replaces: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Screening:
    """Conditions were asked about on a day (YYYY-MM-DD)."""

    ref: str
    client: str
    on: str
    said: Said
    withdrawn: bool = False
