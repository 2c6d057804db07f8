"""Care lines: what a client does before and after one treatment, as the clinic wrote and signed it."""

from dataclasses import dataclass
from datetime import timedelta

ANY_TREATMENT = "*"  # the line belongs to every visit, whatever is done there

START, END, DAY, VISIT = "start", "end", "day", "visit"
BEFORE, AFTER, APPOINTMENT = "before", "after", "appointment"

# What texts may leave open, filled when an entry is written. Dates and times are local to the visit.
PLACEHOLDERS = {
    "date": "the day of the visit",
    "time": "the time the visit starts",
    "from_date": "the day the line starts",
    "from_time": "the time of day the line starts",
    "until_date": "the day the line ends (the last day of an all-day line)",
    "until_time": "the time of day the line ends",
    "clinic": "the clinic's name",
    "location": "the location's name",
    "phone": "the clinic's telephone number",
    "treatments": "what is done at the visit, by name; never in a discreet text",
}


@dataclass(frozen=True, slots=True)
class CareLine:
    """One instruction of one treatment, in one language.

    anchor says what `begins` and `ends` count from: `start` or `end` of the visit (elapsed time), or
    `day`, the visit's local date (whole local days, `ends` exclusive; exactly the all-day lines). With
    `visit` the line lasts from the visit's start to its end and both are zero.
    moment: `before`, `after` or `appointment`. alarm: minutes before the line starts.
    group: compact feeds show one entry a group. Texts may hold {placeholders} out of PLACEHOLDERS;
    the discreet ones name neither a treatment nor a condition. approved_by is None until signed.
    conflicts_with: codes of lines that must not be read at the same time as this one.
    """

    code: str
    group: str
    treatment: str
    moment: str
    anchor: str
    begins: timedelta
    ends: timedelta
    title: str
    text: str
    discreet_title: str
    discreet_text: str
    source: str
    grade: str
    approved_by: str | None = None
    alarm: int | None = None
    conflicts_with: tuple[str, ...] = ()

    @property
    def all_day(self) -> bool:
        """Whether it lies on local calendar days instead of hours."""
        return self.anchor == DAY

    def concerns(self, treatment: str) -> bool:
        """Whether a visit with this treatment carries the line."""
        return self.treatment in (treatment, ANY_TREATMENT)


@dataclass(frozen=True, slots=True)
class Precedence:
    """Where lines of two visits overlap, `first` is read and `over` gives way (both are codes)."""

    first: str
    over: str
