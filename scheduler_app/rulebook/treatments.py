"""treatments.toml: the catalogue, and every word claimed by one treatment only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from typing import Any, get_type_hints

from pydantic import Field, create_model

from scheduler_app.domain.catalogue import Catalogue, Treatment, Wording
from scheduler_app.domain.words import phrase
from scheduler_app.rulebook.entries import (
    Entry,
    claimed,
    did_you_mean,
    known_tables,
    read_entries,
    read_entry,
)
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.shapes import Code, Line, Shape

KINDS = ("procedure", "medication")
_EXAMPLES: Mapping[str, object] = {
    "code": "microneedling",
    "name": "Microneedling",
    "kind": "procedure",
    "offered": True,
    "absorbs": False,
}
_STRICTER: Mapping[str, object] = {"code": Code, "name": Line}


@dataclass(frozen=True, slots=True)
class Codes:
    """What other files may refer to. claimed holds the codes of broken entries too, so that one
    mistake in treatments.toml does not bring about one in every rule; None where the file is unreadable.
    """

    catalogue: Catalogue
    claimed: frozenset[str] | None

    def unknown(self, code: str) -> bool:
        """Whether no treatment has this code."""
        return self.claimed is not None and code not in self.claimed

    def medication(self, code: str) -> bool:
        """Whether it is taken, not done."""
        found = self.catalogue.treatments.get(code)
        return found is not None and found.medication

    def cure(self, code: str) -> str:
        """What to do about an unknown code."""
        near = did_you_mean(code, self.claimed or ())
        return f"{near}Add the treatment to treatments.toml, or correct the code."


@lru_cache(maxsize=16_384)
def plain_words(text: str) -> str:
    """The text as titles are compared: case, accents, width, hyphens and spacing do not matter."""
    return " ".join(phrase(text))


def read_catalogue(file: TomlFile | None, notebook: Notebook) -> Codes:
    """Everything in treatments.toml that could be read; what could not is noted."""
    if file is None:
        return Codes(Catalogue({}), None)
    known_tables(file, ("treatment", "wording"), notebook)
    entries = read_entries(file, "treatment", _shape_of(Treatment), notebook)
    treatments: dict[str, Treatment] = {}
    for entry in entries:
        treatment = Treatment(**entry.shape.model_dump())
        _check(treatment, entry, treatments, notebook)
        if not entry.broken:
            treatments.setdefault(treatment.code, treatment)
    wording = _wording(file, notebook)
    _check_words(entries, wording, notebook)
    return Codes(Catalogue(treatments, wording), claimed(file, "treatment", "code"))


def _check(
    treatment: Treatment, entry: Entry[Any], before: Mapping[str, Treatment], notebook: Notebook
) -> None:
    if entry.sound("code") and treatment.code in before:
        fault = f"the code {treatment.code} is given twice"
        notebook.mistake(entry.file.name, entry.where("code"), fault, "Give each treatment its own code.")
    if treatment.kind not in KINDS:
        fault = f"`kind` of {entry.label} must be 'procedure' or 'medication'"
        notebook.mistake(entry.file.name, entry.where("kind"), fault, 'Write it like: kind = "procedure".')


def _check_words(entries: Iterable[Entry[Any]], wording: Wording, notebook: Notebook) -> None:
    """An alias that two treatments claim, or that is read away before it could name one."""
    unread = {plain_words(word): name for name in ("no_booking", "decoys") for word in getattr(wording, name)}
    owners: dict[str, str] = {}
    for entry in entries:
        code, where = entry.label, entry.file.name
        for key, alias in _claims(entry):
            words = plain_words(alias)
            if not any(map(str.isalnum, words)):
                fault = f"the alias {alias!r} of {code} holds no word"
                notebook.mistake(where, entry.where(key), fault, "Take it out.")
            elif owners.setdefault(words, code) != code:
                fault = f"the alias {alias!r} is claimed twice, by {owners[words]} and by {code}"
                notebook.mistake(where, entry.where(key), fault, "Leave it with one of the two.")
            elif words in unread:
                fault = f"the alias {alias!r} of {code} also stands in wording.{unread[words]}"
                notebook.mistake(where, entry.where(key), fault, "Leave it in one of the two.")


def _claims(entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    """The words a treatment claims as its own, each with the key it stands under."""
    for alias in entry.shape.aliases:
        yield "aliases", alias
    if entry.sound("name"):
        yield "name", entry.shape.name


def _wording(file: TomlFile, notebook: Notebook) -> Wording:
    found = file.table.get("wording", {})
    if not isinstance(found, dict):
        fault = "`wording` must be a table"
        notebook.mistake(file.name, file.where(("wording",)), fault, "Begin it with [wording].")
        return Wording()
    return Wording(**read_entry(file, ("wording",), found, _shape_of(Wording), notebook).shape.model_dump())


@lru_cache(maxsize=8)
def _shape_of(noun: type[Treatment] | type[Wording]) -> type[Any]:
    """The dataclass as a shape, so that a key the domain learns is one a clinic may write."""
    hints = get_type_hints(noun)
    keys: dict[str, Any] = {}
    for key in fields(noun):
        example = _EXAMPLES.get(key.name, ["a word", "another word"])
        default = ... if key.default is MISSING else key.default
        keys[key.name] = (_STRICTER.get(key.name, hints[key.name]), Field(default, examples=[example]))
    return create_model(noun.__name__, __base__=Shape, **keys)
