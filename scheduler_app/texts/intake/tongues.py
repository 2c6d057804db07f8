"""The words of these pages in one language, with months and days as its people write them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, get_month_names

from scheduler_app.texts.dates import clock_text, date_text
from scheduler_app.texts.words import Words, words
from scheduler_app.texts.words import languages as written

_ROOM = "intake"


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language on a page."""

    words: Words

    @property
    def code(self) -> str:
        """BCP 47, for the attribute `lang`."""
        return self.words.code

    @property
    def direction(self) -> str:
        """For the attribute `dir`."""
        return self.words.direction

    def say(self, section: str, key: str, **values: object) -> str:
        """A line, filled; names and numbers keep their direction. Raises KeyError for one nobody wrote."""
        return self.words.say(section, key, **values)

    def name(self, section: str, key: str, otherwise: str) -> str:
        """What people call a condition, a medicine or a treatment; otherwise the clinic's own name of it."""
        known = self.words.sections.get(section, {}).get(key)
        return known() if known else otherwise

    def months(self) -> list[tuple[int, str]]:
        """1 to 12 with their names."""
        names = get_month_names("wide", "stand-alone", self.words.locale)
        return [(number, str(names[number])) for number in range(1, 13)]

    def day(self, day: date) -> str:
        """ "15 March 2026"."""
        return date_text(day.toordinal(), self.code)

    def partial(self, text: str) -> str:
        """A day or a month as forms keep it: "15 March 2026", "March 2026"."""
        if len(text) == 10:
            return self.day(date.fromisoformat(text))
        return format_date(date.fromisoformat(f"{text}-01"), "LLLL y", self.words.locale)

    def moment(self, local: datetime) -> str:
        """A local moment: "15 March 2026, 10:00"."""
        return f"{self.day(local.date())}, {clock_text(local, self.code)}"


def languages() -> tuple[str, ...]:
    """Those these pages are written in."""
    return written(_ROOM)


@lru_cache(maxsize=64)
def tongue(language: str) -> Tongue:
    """A language; English for one nobody has written, and line by line."""
    return Tongue(words(language, _ROOM))
