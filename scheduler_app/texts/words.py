"""Language files, read once: the templates that every sentence, page and letter is made from.

A room is a folder of them beside this file: "" the sentences and pages, "mail" the letters, "intake" a
client's own pages, "report" the audit. A template is one text, or a table of texts by plural category
(CLDR: zero, one, two, few, many, other), of which {count} chooses. What a language does not say, or says
with other blanks, is said in the reference language, line by line and in every room.
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
ROOMS = ("", "mail", "intake")  # what clients read; the report is for staff
_HERE = Path(__file__).parent
_OTHER = "other"
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Template = Callable[..., str]
Sections = Mapping[str, Mapping[str, Template]]


@dataclass(frozen=True, slots=True)
class Words:
    """One language: its code (BCP 47), its locale for dates, and templates by section and key.

    embed: a name or a number as it has to stand in a sentence of this language, so that one written
    in the other direction leaves the words around it in their places.
    """

    code: str
    locale: str
    sections: Sections
    right_to_left: bool = False
    embed: Callable[[str], str] = str

    @property
    def direction(self) -> str:
        """For the attribute `dir`."""
        return "rtl" if self.right_to_left else "ltr"

    def say(self, section: str, key: str, **values: object) -> str:
        """A line, filled; names and numbers keep their direction. Raises KeyError for one nobody wrote."""
        told = {name: self.embed(each) if isinstance(each, str) else each for name, each in values.items()}
        return self.sections[section][key](**told)


def languages(room: str = "") -> tuple[str, ...]:
    """The languages a room is written in. Each has sentences too: their file names the locale for all."""
    of_room, of_all = ({path.stem for path in folder.glob("*.toml")} for folder in (_HERE / room, _HERE))
    return tuple(sorted(of_room & of_all))


@lru_cache(maxsize=64)
def words(language: str, room: str = "") -> Words:
    """A language's templates; the reference language for one nobody has written, and line by line."""
    written = language if language in languages(room) else REFERENCE
    locale = _locale(written)
    sections = {section: dict(templates) for section, templates in _templates(REFERENCE, room).items()}
    unsaid = lacking(written, room)
    for section, templates in _templates(written, room).items():
        said = {key: each for key, each in templates.items() if f"{section}.{key}" not in unsaid}
        sections.setdefault(section, {}).update(said)
    right_to_left = locale.text_direction == "rtl"
    return Words(written, str(locale), sections, right_to_left, isolated if right_to_left else str)


def lacking(language: str, room: str = "") -> tuple[str, ...]:
    """Every "section.key" of the reference language that this one does not say, or says with other blanks."""
    if language not in languages(room):
        return tuple(sorted(blanks(REFERENCE, room)))
    theirs = blanks(language, room)
    return tuple(sorted(key for key, names in blanks(REFERENCE, room).items() if theirs.get(key) != names))


def blanks(language: str, room: str = "") -> dict[str, frozenset[str]]:
    """The {blanks} of every line by "section.key"; of a table, {count} and those of any of its texts."""
    return {
        f"{section}.{key}": _blanks(told)
        for section, lines in _lines(language, room).items()
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


def _parsed(language: str, room: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / room / f"{language}.toml").read_text(encoding="utf-8"))


def _locale(language: str) -> Locale:
    return Locale.parse(_parsed(language, "")["locale"])


def _lines(language: str, room: str) -> dict[str, dict[str, str | dict[str, str]]]:
    return {section: lines for section, lines in _parsed(language, room).items() if isinstance(lines, dict)}


def _templates(language: str, room: str) -> Sections:
    locale = _locale(language)
    return {
        section: {key: _template(told, locale) for key, told in lines.items()}
        for section, lines in _lines(language, room).items()
    }


def _template(told: str | Mapping[str, str], locale: Locale) -> Template:
    if isinstance(told, str):
        return told.format
    category: Callable[[int], str] = locale.plural_form

    def counted(*, count: int, **values: object) -> str:
        text = told.get(category(count), told[_OTHER])
        return text.format(count=count, **values)

    return counted


def _blanks(told: str | Mapping[str, str]) -> frozenset[str]:
    """What is wrong with a text counts as a blank that no other has, so that nobody is shown it."""
    if not isinstance(told, str):
        wrong = () if _OTHER in told else (f"no {_OTHER}",)
        return frozenset({"count"}.union(wrong, *map(_blanks, told.values())))
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(told) if name)
    except ValueError:  # a brace too many
        return frozenset({told})
