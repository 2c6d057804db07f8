"""Configuration files: read once, remembering where everything stands, every fault noted."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler_app.errors import Mistake
from scheduler_app.rulebook.lines import Place, find_lines, line_of

_POSITION = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(slots=True)
class Notebook:
    """Everything found so far. Reading goes on after a mistake, so that all are told at once."""

    mistakes: list[Mistake] = field(default_factory=list)

    def mistake(self, file: str, where: str, fault: str, cure: str) -> None:
        """Note what keeps the configuration from being used."""
        self.mistakes.append(Mistake(file, where, fault, cure))

    def warning(self, file: str, where: str, fault: str, cure: str) -> None:
        """Note what somebody should know, and what stops nothing."""
        self.mistakes.append(Mistake(file, where, fault, cure, warning=True))


@dataclass(frozen=True, slots=True)
class TomlFile:
    """One file as it was read: lists are tuples. name is relative to the configuration folder."""

    name: str
    table: Mapping[str, object]
    lines: Mapping[Place, int]

    def where(self, place: Place = ()) -> str:
        """Where a person finds it: "line 12, minimum"."""
        line = line_of(place, self.lines)
        names = [part for part in place if isinstance(part, str)]
        if place[:2] in self.lines and any(isinstance(part, int) for part in place[:2]):
            names = names[1:]  # the line tells which [[table]] it is
        key = ".".join(names)
        if line is None:
            return key or "the whole file"
        return f"line {line}, {key}" if key else f"line {line}"


def read_file(folder: Path, name: str, notebook: Notebook) -> TomlFile | None:
    """Read one file; None, with the mistake noted, where it is missing or no TOML."""
    try:
        # A byte order mark is what some editors write first; tomllib would stumble over it.
        text = (folder / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        notebook.mistake(name, "the whole file", "the file is missing", "Restore it from the example.")
        return None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        notebook.mistake(name, f"line {line}", "the text is not UTF-8", "Save the file as UTF-8.")
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is no file name"
        notebook.mistake(
            name, "the whole file", f"the file cannot be read ({reason})", "Make it a readable file."
        )
        return None
    return _parse(name, text, notebook)


def _parse(name: str, text: str, notebook: Notebook) -> TomlFile | None:
    cure = 'Write key = "value", one to a line, under a [table] or [[table]].'
    try:
        return TomlFile(name, _frozen_table(tomllib.loads(text)), find_lines(text))
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.match(str(error))
        message, line = (found[1], found[2]) if found else (str(error), None)
        where = f"line {line}" if line else "end of file"
        notebook.mistake(name, where, f"this is no TOML: {_small(message)}", cure)
    except (ValueError, RecursionError):  # a number of 5,000 digits; brackets in brackets without end
        notebook.mistake(name, "the whole file", "a number or a nesting goes beyond reason", cure)
    return None


def _small(message: str) -> str:
    return message[:1].lower() + message[1:]


def frozen(value: object) -> object:
    """Lists as tuples, all the way down."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return _frozen_table(value) if isinstance(value, dict) else value


def _frozen_table(table: dict[str, object]) -> dict[str, object]:
    return {key: frozen(item) for key, item in table.items()}
