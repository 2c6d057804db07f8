"""Language files, read once: the templates every sentence is made from.

A template is one text, or a table of texts by plural category (CLDR: zero, one, two, few, many, other), of
which {count} chooses. What a language does not say is said in the reference language.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale

from scheduler_app.domain.outcome import Outcome

REFERENCE = "en"
_HERE = Path(__file__).parent
_OTHER = "other"
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Template = Callable[..., str]
Sections = Mapping[str, Mapping[str, Template]]


@dataclass(frozen=True, slots=True)
class Words:
    """One language: its locale for dates, and templates by section and key.

    embed: a name or a number as it has to stand in a sentence of this language, so that one written
    in the other direction leaves the words around it in their places.
    """

    locale: str
    sections: Sections
    right_to_left: bool = False
    embed: Callable[[str], str] = str


def languages() -> tuple[str, ...]:
    """The languages that sentences are written in."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """A language's templates; the reference language for one nobody has written, and line by line."""
    written = language if language in languages() else REFERENCE
    parsed = _parsed(written)
    locale = Locale.parse(parsed["locale"])
    sections = {section: dict(templates) for section, templates in _templates(REFERENCE).items()}
    for section, templates in _templates(written).items() if written != REFERENCE else ():
        sections.setdefault(section, {}).update(templates)
    right_to_left = locale.text_direction == "rtl"
    return Words(parsed["locale"], sections, right_to_left, isolated if right_to_left else str)


def lacking(language: str) -> tuple[str, ...]:
    """Every "section.key" of the reference language that this one does not say, or leaves a blank of out."""
    if language not in languages():
        return tuple(sorted(blanks(REFERENCE)))
    theirs = blanks(language)
    return tuple(sorted(key for key, names in blanks(REFERENCE).items() if theirs.get(key) != names))


def blanks(language: str) -> dict[str, frozenset[str]]:
    """The {blanks} of every line by "section.key"; of a table, those that any of its texts has."""
    return {
        f"{section}.{key}": frozenset(
            name for text in _texts(told) for _, name, _, _ in Formatter().parse(text) if name
        )
        for section, lines in _parsed(language).items()
        if isinstance(lines, dict)
        for key, told in lines.items()
    }


def isolated(text: str) -> str:
    """The text in a pair of isolates (Unicode UAX 9, 2.4), rid of whatever could break out of them."""
    return f"\u2068{_DIRECTIONS.sub('', text)}\u2069" if text else text


def outcome_text(outcome: Outcome, language: str = REFERENCE) -> str:
    """What people read for an outcome: "no rule broken", never that anything is safe."""
    return words(language).sections["outcome"][outcome.word]()


def phrase(key: str, language: str = REFERENCE, **values: str) -> str:
    """A phrase of the section [phrase], filled. Raises KeyError for a key or a value that is missing."""
    return words(language).sections["phrase"][key](**values)


def _parsed(language: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{language}.toml").read_text(encoding="utf-8"))


def _templates(language: str) -> Sections:
    parsed = _parsed(language)
    locale = Locale.parse(parsed.pop("locale"))
    return {
        section: {key: _template(told, locale) for key, told in lines.items()}
        for section, lines in parsed.items()
    }


def _template(told: str | Mapping[str, str], locale: Locale) -> Template:
    if isinstance(told, str):
        return told.format
    category: Callable[[int], str] = locale.plural_form

    def counted(*, count: int, **values: object) -> str:
        text = told.get(category(count), told[_OTHER])
        return text.format(count=count, **values)

    return counted


def _texts(told: str | Mapping[str, str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told.values())
