"""From tables to shapes, with every fault in a sentence a person can act on."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scheduler_app.rulebook.files import Notebook, TomlFile, frozen
from scheduler_app.rulebook.lines import Place
from scheduler_app.rulebook.patterns import PATTERNS

S = TypeVar("S", bound=BaseModel)
S_co = TypeVar("S_co", bound=BaseModel, covariant=True)

_FEW = 13  # more known keys than this nobody reads in a sentence

_SAID = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date without quotes",
    "literal_error": "must be {expected}",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


@dataclass(frozen=True, slots=True)
class Entry(Generic[S_co]):
    """One table in its shape, and where it stands.

    broken: keys that did not fit. They are noted, and an example stands in for each, so that the rest
    of the table is looked at in the same run; such an entry is never used for anything else.
    """

    shape: S_co
    file: TomlFile
    place: Place
    broken: frozenset[str] = frozenset()

    def where(self, *keys: str) -> str:
        """Where a person finds one of its keys."""
        return self.file.where((*self.place, *keys))

    def sound(self, *keys: str) -> bool:
        """Whether these keys hold what the clinic wrote."""
        return self.broken.isdisjoint(keys)

    @property
    def label(self) -> str:
        """What it is called in sentences: its id, code or name, where that can be read."""
        for key in ("id", "code", "name"):
            if key in type(self.shape).model_fields and self.sound(key):
                return str(getattr(self.shape, key))
        return f"({self.where()})"


def read_entries(file: TomlFile, table: str, shape: type[S], notebook: Notebook) -> list[Entry[S]]:
    """Every [[table]] of the file, each with its own mistakes noted."""
    found = file.table.get(table, ())
    if not isinstance(found, tuple) or not all(isinstance(item, dict) for item in found):
        fault, cure = f"`{table}` must be a list of tables", f"Begin each one with [[{table}]]."
        notebook.mistake(file.name, file.where((table,)), fault, cure)
        return []
    return [read_entry(file, (table, position), item, shape, notebook) for position, item in enumerate(found)]


def read_entry(
    file: TomlFile, place: Place, table: Mapping[str, object], shape: type[S], notebook: Notebook
) -> Entry[S]:
    """One table in its shape, every fault noted."""
    try:
        return Entry(shape.model_validate(table), file, place)
    except ValidationError as error:
        told: dict[tuple[str, str, str], None] = {}
        broken = set()
        for details in error.errors(include_url=False, include_input=False):
            keys = tuple(key for key in details["loc"] if key != "[key]")
            broken.add(str(keys[0]))
            told[(file.where((*place, *keys)), *_sentences(details, place, keys, shape))] = None
        for where, fault, cure in told:
            notebook.mistake(file.name, where, fault, cure)
        return Entry(_stand_in(table, broken, shape), file, place, frozenset(broken))


def _stand_in(table: Mapping[str, object], broken: Collection[str], shape: type[S]) -> S:
    """The shape with an example, or the default, for every key that does not fit."""
    sound = {key: value for key, value in table.items() if key not in broken}
    for name, field in shape.model_fields.items():
        if field.is_required() and field.examples:
            sound.setdefault(field.alias or name, frozen(field.examples[0]))
    return shape.model_validate(sound)


def known_tables(file: TomlFile, names: Sequence[str], notebook: Notebook) -> None:
    """Note every top-level key that nobody reads."""
    for key in file.table:
        if key not in names:
            notebook.mistake(file.name, file.where((key,)), *_unknown(key, "this file", names))


def claimed(file: TomlFile, table: str, key: str) -> frozenset[str]:
    """What all [[table]] entries give for a key, those with mistakes too: what refers to it is right."""
    found = file.table.get(table)
    items = found if isinstance(found, tuple) else ()
    values = [item.get(key) for item in items if isinstance(item, dict)]
    return frozenset(value for value in values if isinstance(value, str))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """The beginning of a cure: the nearest known word, where there is one."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _sentences(details: ErrorDetails, place: Place, keys: Place, shape: type[BaseModel]) -> tuple[str, str]:
    owner = _owner(shape, keys[:-1])
    name = str(keys[-1]) if keys else ""
    title = _title(place, keys)
    if details["type"] == "extra_forbidden":
        return _unknown(name, title, _names(owner))
    example = _example(shape, keys)
    if details["type"] == "missing":
        return f"`{name}` is missing in {title}", f"Add it, like: {example}."
    context = details.get("ctx", {})
    said = PATTERNS.get(context.get("pattern", "")) or _SAID.get(details["type"], details["msg"])
    said = said.format(**context)
    number = f", number {keys[-1] + 1}," if keys and isinstance(keys[-1], int) else ""
    named = ".".join(key for key in keys if isinstance(key, str))
    return f"`{named}`{number} {said}", f"Write it like: {example}."


def _title(place: Place, keys: Place) -> str:
    if place:
        return f"[[{place[0]}]]" if len(place) > 1 else f"[{place[0]}]"
    return f"[{keys[0]}]" if len(keys) > 1 else "this file"


def _unknown(key: str, title: str, known: Collection[str]) -> tuple[str, str]:
    rest = f"Known are: {', '.join(known)}." if len(known) <= _FEW else "Correct it, or take it out."
    return f"`{key}` is no key of {title}", f"{did_you_mean(key, known)}{rest}"


def _owner(shape: type[BaseModel], keys: Place) -> type[BaseModel]:
    for key in keys:
        field = shape.model_fields.get(str(key))
        if field and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            shape = field.annotation
    return shape


def _names(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _example(shape: type[BaseModel], keys: Place) -> str:
    """The example of the innermost key that has one: the shapes give one to every key."""
    for position in range(len(keys) - 1, -1, -1):
        for name, field in _owner(shape, keys[:position]).model_fields.items():
            if (field.alias or name) == keys[position] and field.examples:
                return _written(str(keys[position]), field.examples[0])
    return "see docs/rules.md"


def _written(key: str, example: object) -> str:
    if isinstance(example, str) and (" = " in example or example.startswith("[")):
        return example
    return f"{key} = {example if isinstance(example, date) else json.dumps(example)}"
