"""From tables to shapes, with every fault in a sentence a person can act on."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.lines import Place

S = TypeVar("S", bound=BaseModel)
S_co = TypeVar("S_co", bound=BaseModel, covariant=True)

_SAID = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date without quotes",
    "literal_error": "must be {expected}",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "is not written as it must be",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


@dataclass(frozen=True, slots=True)
class Entry(Generic[S_co]):
    """One table that has its shape, and where it stands."""

    shape: S_co
    file: TomlFile
    place: Place

    def where(self, *keys: str) -> str:
        """Where a person finds one of its keys."""
        return self.file.where((*self.place, *keys))


def read_entries(file: TomlFile, table: str, shape: type[S], notebook: Notebook) -> list[Entry[S]]:
    """Every [[table]] of the file that has the shape; the others are noted, each for itself."""
    found = file.table.get(table, ())
    if not isinstance(found, tuple) or not all(isinstance(item, dict) for item in found):
        fault, cure = f"`{table}` must be a list of tables", f"Begin each one with [[{table}]]."
        notebook.mistake(file.name, file.where((table,)), fault, cure)
        return []
    entries = []
    for position, item in enumerate(found):
        place: Place = (table, position)
        read = read_shape(file, place, item, shape, notebook)
        if read is not None:
            entries.append(Entry(read, file, place))
    return entries


def read_shape(
    file: TomlFile, place: Place, table: Mapping[str, object], shape: type[S], notebook: Notebook
) -> S | None:
    """One table in its shape; None, with every fault noted, where it does not fit."""
    try:
        return shape.model_validate(table)
    except ValidationError as error:
        told: list[tuple[str, str, str]] = []
        for details in error.errors(include_url=False, include_input=False):
            keys = tuple(key for key in details["loc"] if key != "[key]")
            sentence = (file.where((*place, *keys)), *_sentences(details, place, keys, shape))
            if sentence not in told:
                told.append(sentence)
        for where, fault, cure in told:
            notebook.mistake(file.name, where, fault, cure)
        return None


def known_tables(file: TomlFile, names: Sequence[str], notebook: Notebook) -> None:
    """Note every top-level key that nobody reads."""
    for key in file.table:
        if key not in names:
            notebook.mistake(file.name, file.where((key,)), *_unknown(key, "this file", names))


def did_you_mean(word: str, known: Collection[str]) -> str:
    """The beginning of a cure: the nearest known word, where there is one."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _sentences(details: ErrorDetails, place: Place, keys: Place, shape: type[BaseModel]) -> tuple[str, str]:
    owner = _owner(shape, keys[:-1])
    name = str(keys[-1]) if keys else ""
    title = f"[[{place[0]}]]" if place else f"[{keys[0]}]" if len(keys) > 1 else "this file"
    if details["type"] == "extra_forbidden":
        return _unknown(name, title, _names(owner))
    example = _example(shape, keys)
    if details["type"] == "missing":
        return f"`{name}` is missing in {title}", f"Add it, like: {example}."
    context = details.get("ctx", {})
    said = _SAID.get(details["type"], details["msg"]).format(**context)
    number = f", number {keys[-1] + 1}," if keys and isinstance(keys[-1], int) else ""
    named = ".".join(key for key in keys if isinstance(key, str))
    return f"`{named}`{number} {said}", f"Write it like: {example}."


def _unknown(key: str, title: str, known: Collection[str]) -> tuple[str, str]:
    return f"`{key}` is no key of {title}", f"{did_you_mean(key, known)}Known are: {', '.join(known)}."


def _owner(shape: type[BaseModel], keys: Place) -> type[BaseModel]:
    for key in keys:
        field = shape.model_fields.get(str(key))
        if field and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            shape = field.annotation
    return shape


def _names(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _example(shape: type[BaseModel], keys: Place) -> str:
    owner = _owner(shape, keys)
    for key in reversed(keys):
        for name, field in owner.model_fields.items():
            if (field.alias or name) == key and field.examples:
                return _written(str(key), field.examples[0])
    return "see docs/rules.md"


def _written(key: str, example: object) -> str:
    if isinstance(example, str) and example.startswith("["):
        return example
    return f"{key} = {example if isinstance(example, date) else json.dumps(example)}"
