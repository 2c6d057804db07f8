"""Dates and gaps as people read them. Cached: one line of output after another asks for the same few."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_time

from scheduler_app.domain.gaps import Gap
from scheduler_app.texts.words import REFERENCE, words

_FULL = {"en_GB": "EEEE d MMMM y"}  # CLDR's own has a comma that nobody writes beside the long date


@lru_cache(maxsize=65_536)
def date_text(day: int, language: str = REFERENCE) -> str:
    """A day ordinal in full: "15 March 2026"."""
    return format_date(date.fromordinal(day), format="long", locale=words(language).locale)


@lru_cache(maxsize=65_536)
def short_date(day: int, language: str = REFERENCE) -> str:
    """A day ordinal where there is no room, as on a mark: "15 Mar"."""
    return format_date(date.fromordinal(day), format="d MMM", locale=words(language).locale)


def weekday_text(day: int, language: str = REFERENCE) -> str:
    """A day ordinal with its day of the week: "Sunday 15 March 2026"."""
    locale = words(language).locale
    return format_date(date.fromordinal(day), format=_FULL.get(locale, "full"), locale=locale)


def clock_text(moment: datetime, language: str = REFERENCE) -> str:
    """A local time of day: "18:05"; in one piece, where it has words in it."""
    return _clock(moment.hour, moment.minute, language)


def times_text(times: Sequence[datetime], language: str = REFERENCE) -> str:
    """Local times in a row: "Mon 16 Mar 10:00, Tue 17 Mar 10:15"."""
    locale = words(language).locale
    return ", ".join(format_datetime(each, "EEE d MMM HH:mm", locale=locale) for each in times)


@lru_cache(maxsize=4096)
def gap_text(gap: str | Gap, language: str = REFERENCE) -> str:
    """A gap as findings carry it ("2 weeks") in the reader's language. Raises Invalid for no gap."""
    known = gap if isinstance(gap, Gap) else Gap.parse(gap)
    return words(language).sections["gap"][known.unit](count=known.count)


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, language: str) -> str:
    written = format_time(time(hour, minute), format="short", locale=words(language).locale)
    return written.replace(" ", "\u00a0")
