"""One language of these pages. What a language does not say is said in English."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time, get_month_names

from scheduler_app.texts.words import isolated

REFERENCE = "en"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language with its lines by section and key. code: BCP 47, for the attribute `lang`."""

    code: str
    locale: str
    direction: str
    lines: Mapping[str, Mapping[str, str]]

    def say(self, section: str, key: str, **values: object) -> str:
        """A line, filled; names and numbers keep their direction. Raises KeyError for one nobody wrote."""
        told = {
            name: isolated(value) if isinstance(value, str) and self.direction == "rtl" else value
            for name, value in values.items()
        }
        return self.lines[section][key].format(**told)

    def name(self, section: str, key: str, otherwise: str) -> str:
        """What people call a condition, a medicine or a treatment; otherwise the clinic's own name of it."""
        return self.lines.get(section, {}).get(key, otherwise)

    def months(self) -> list[tuple[int, str]]:
        """1 to 12 with their names."""
        names = get_month_names("wide", "stand-alone", self.locale)
        return [(number, str(names[number])) for number in range(1, 13)]

    def day(self, day: date) -> str:
        """ "15 March 2026"."""
        return format_date(day, "long", self.locale)

    def partial(self, text: str) -> str:
        """A day or a month as forms keep it: "15 March 2026", "March 2026"."""
        if len(text) == 10:
            return self.day(date.fromisoformat(text))
        return format_date(date.fromisoformat(f"{text}-01"), "LLLL y", self.locale)

    def moment(self, local: datetime) -> str:
        """A local moment: "15 March 2026, 10:00"."""
        return f"{self.day(local.date())}, {format_time(local, 'short', locale=self.locale)}"


def languages() -> tuple[str, ...]:
    """Those these pages are written in."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@lru_cache(maxsize=64)
def tongue(language: str) -> Tongue:
    """A language; English for one nobody has written, and line by line."""
    written = language if language in languages() else REFERENCE
    parsed, base = _parsed(written), _parsed(REFERENCE)
    locale = str(parsed.pop("locale"))
    base.pop("locale")
    lines: dict[str, dict[str, str]] = {section: dict(told) for section, told in base.items()}
    for section, told in parsed.items():
        lines.setdefault(section, {}).update(told)
    return Tongue(written, locale, str(Locale.parse(locale).text_direction), lines)


def _parsed(language: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))
