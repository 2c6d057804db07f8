"""Desk forms read field by field; every mistake is kept beside its field, and what was typed stays."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pendulum
from pendulum.tz.exceptions import AmbiguousTime, NonExistingTime

from scheduler_app.domain.facts import read_date
from scheduler_app.errors import Invalid

LONGEST_TEXT = 500
LONGEST_VISIT = 12 * 60


class Fields:
    """One form as it was sent. A field with a mistake reads as "" or None; ask `ok` before acting."""

    def __init__(self, form: Mapping[str, str], prefix: str = "") -> None:
        self.prefix = prefix  # keeps the ids of several forms on one page apart
        self.typed = {name: value.strip() for name, value in form.items()}
        self.mistakes: dict[str, str] = {}

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong with what was read so far."""
        return not self.mistakes

    def wrong(self, name: str, why: str) -> None:
        """Keep the first mistake of a field."""
        self.mistakes.setdefault(name, why)

    def blame(self, fault: Invalid, otherwise: str) -> None:
        """Put a fault found deeper down beside the field its path ends in, or beside `otherwise`."""
        field = (fault.path or "").rpartition(".")[2]
        message = fault.message[0].upper() + fault.message[1:]
        self.wrong(field if field in self.typed else otherwise, message)

    def only(self, finding: str, number: int) -> "Fields":
        """This form, where it was sent about the finding; else an empty one for the page to show."""
        prefix = f"f{number}-"
        if self.typed.get("finding") != finding:
            return Fields({}, prefix)
        self.prefix = prefix
        return self

    def other(self, prefix: str) -> "Fields":
        """The same form under other ids, for a page that shows it twice."""
        twin = Fields(self.typed, prefix)
        twin.mistakes = self.mistakes
        return twin

    def blank(self, prefix: str) -> "Fields":
        """An empty form under ids of its own, beside this one."""
        return Fields({}, prefix)

    def text(self, name: str, needed: str = "") -> str:
        """Plain text. needed: what to say when it is missing; "" where it may be."""
        value = self.typed.get(name, "")
        if needed and not value:
            self.wrong(name, needed)
        if len(value) > LONGEST_TEXT:
            self.wrong(name, f"This is too long; at most {LONGEST_TEXT} characters are kept.")
            return ""
        return value

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.typed.get(name))

    def choice(self, name: str, of: Collection[str], needed: str) -> str:
        """One of a list; needed is what to say when it is something else."""
        value = self.typed.get(name, "")
        if value not in of:
            self.wrong(name, needed)
            return ""
        return value

    def email(self, name: str) -> str:
        """An e-mail address, or "" for none."""
        value = self.text(name)
        local, at, domain = value.partition("@")
        if value and (not at or not local or "." not in domain or any(c.isspace() for c in value)):
            self.wrong(name, "This is no e-mail address; write it like anna@example.com, or leave it empty.")
            return ""
        return value

    def phone(self, name: str) -> str:
        """A telephone number as a person writes it, or "" for none."""
        value = self.text(name)
        if value and sum(c.isdigit() for c in value) < 6:
            self.wrong(name, "This is no telephone number; write it like 07700 900123, or leave it empty.")
            return ""
        return value

    def day(self, name: str) -> date | None:
        """A date as date fields send it."""
        try:
            return date.fromordinal(read_date(self.typed.get(name, ""), name))
        except Invalid:
            self.wrong(name, "Give the date as YYYY-MM-DD, for example 2026-03-15.")
            return None

    def moment(self, day_name: str, time_name: str, zone: str) -> datetime | None:
        """A local date and time in the location's zone, aware. A time the clocks skip is a mistake."""
        day = self.day(day_name)
        try:
            clock = time.fromisoformat(self.typed.get(time_name, ""))
            if clock.tzinfo is not None:
                raise ValueError
        except ValueError:
            self.wrong(time_name, "Give the time as HH:MM, for example 10:00.")
            return None
        if day is None:
            return None
        local = at_local(day, clock, zone)
        if local is None:
            self.wrong(time_name, "The clocks go forward then; this time does not exist on that day.")
        return local

    def length(self, name: str) -> timedelta:
        """Minutes that a visit lasts."""
        value = self.typed.get(name, "")
        minutes = int(value) if value.isascii() and value.isdigit() else 0
        if not 0 < minutes <= LONGEST_VISIT:
            self.wrong(name, f"Give the length in minutes, from 1 to {LONGEST_VISIT}.")
            return timedelta(minutes=1)
        return timedelta(minutes=minutes)


def at_local(day: date, clock: time, zone: str) -> datetime | None:
    """The moment a local clock shows this time; None where the clocks skip it.

    Of two such moments (the clocks go back) it is the first.
    """
    shown = (day.year, day.month, day.day, clock.hour, clock.minute)
    try:
        moment = pendulum.datetime(*shown, tz=zone, raise_on_unknown_times=True)
    except NonExistingTime:
        return None
    except AmbiguousTime:
        moment = pendulum.datetime(*shown, tz=zone, fold=0)
    return datetime.fromtimestamp(moment.timestamp(), ZoneInfo(zone))
