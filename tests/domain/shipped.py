"""The catalogue as it is shipped, read without the rulebook's checks."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from scheduler_app.domain.catalogue import Catalogue, Treatment, Wording
from scheduler_app.domain.titles import Reader

FILE = Path(__file__).parents[2] / "config" / "treatments.toml"
CASES = Path(__file__).parents[1] / "cases" / "titles.toml"


def _values(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


@cache
def catalogue() -> Catalogue:
    """Everything in config/treatments.toml."""
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    treatments = [Treatment(**_values(table)) for table in found["treatment"]]
    return Catalogue({one.code: one for one in treatments}, Wording(**_values(found["wording"])))


@cache
def reader() -> Reader:
    """A reader of the shipped catalogue."""
    return Reader(catalogue())


def reader_with(**words: tuple[str, ...]) -> Reader:
    """A reader of the shipped catalogue with some of its wording changed."""
    shipped = catalogue()
    return Reader(Catalogue(shipped.treatments, replace(shipped.wording, **words)))


@cache
def cases() -> list[tuple[str, dict[str, Any]]]:
    """Every title of the corpus with its section."""
    sections = tomllib.loads(CASES.read_text(encoding="utf-8"))
    return [(section, case) for section, found in sections.items() for case in found]
