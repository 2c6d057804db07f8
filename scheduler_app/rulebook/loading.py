"""The whole configuration in, everything the service needs out; every mistake told at once."""

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from scheduler_app.domain.carelines import CareLine, Precedence
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.rules import Rulebook
from scheduler_app.errors import BadConfig, Mistake
from scheduler_app.rulebook.care import read_care
from scheduler_app.rulebook.clinics import UNREAD, read_clinic
from scheduler_app.rulebook.files import Notebook, TomlFile, read_file
from scheduler_app.rulebook.patterns import LANGUAGE
from scheduler_app.rulebook.rules import read_conditions, read_rules
from scheduler_app.rulebook.treatments import read_catalogue
from scheduler_app.texts.words import REFERENCE, ROOMS, lacking
from scheduler_app.texts.words import languages as written_languages

_CARE = "care"
_READ = ("treatments.toml", "rules.toml", "conditions.toml", "clinic.toml")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The clinic's configuration as values. While `refused` is not empty they are what could be read.

    care holds every line in every language: one that is not translated is in English, or else in the first.
    mistakes: warnings too.
    """

    catalogue: Catalogue
    rulebook: Rulebook
    care: Mapping[str, tuple[CareLine, ...]]
    precedence: tuple[Precedence, ...]
    clinic: Clinic
    mistakes: tuple[Mistake, ...] = ()

    @property
    def refused(self) -> tuple[Mistake, ...]:
        """The mistakes that keep the service from starting; warnings do not."""
        return tuple(mistake for mistake in self.mistakes if not mistake.warning)


def load(config_dir: Path, platform_kinds: Collection[str] | None = None) -> Loaded:
    """Read the folder. Never raises: whatever is wrong with it is in `mistakes`.

    platform_kinds: those that [[platform]] may name; None where nobody knows.
    """
    notebook = Notebook()
    if not os.path.isdir(config_dir):  # unlike Path.is_dir, never raises
        notebook.mistake(
            str(config_dir),
            "the whole folder",
            "there is no such folder",
            "Name the folder with clinic.toml.",
        )
        return _loaded(Catalogue({}), Rulebook((), {}, frozenset()), {}, (), UNREAD, notebook)
    treatments, rules, conditions, clinic = (read_file(config_dir, name, notebook) for name in _READ)
    codes = read_catalogue(treatments, notebook)
    gap_rules = read_rules(rules, codes, notebook)
    known_conditions = read_conditions(conditions, codes, notebook)
    named = (*(rule.id for rule in gap_rules), *(f"condition-{code}" for code in known_conditions))
    the_clinic = read_clinic(clinic, codes, notebook, named, platform_kinds)
    languages = the_clinic.languages if the_clinic else _languages_meant(clinic, config_dir)
    files = {name: read_file(config_dir, f"{_CARE}/{name}.toml", notebook) for name in languages}
    care, precedence = read_care(files, codes, known_conditions, notebook)
    _check_folder(config_dir, languages, notebook)
    the_clinic = the_clinic or UNREAD
    book = Rulebook(
        gap_rules,
        known_conditions,
        frozenset(codes.catalogue.treatments),
        frozenset(code for code, noun in codes.catalogue.treatments.items() if noun.medication),
        the_clinic.screening_lasts,
    )
    return _loaded(codes.catalogue, book, care, precedence, the_clinic, notebook)


def require(config_dir: Path, platform_kinds: Collection[str] | None = None) -> Loaded:
    """Read the folder, or raise BadConfig with every mistake in it. Warnings do not refuse."""
    loaded = load(config_dir, platform_kinds)
    if loaded.refused:
        raise BadConfig(loaded.refused)
    return loaded


def version_of(book: Rulebook) -> str:
    """Sixteen hex digits over all that can change a verdict or its findings, in any order of writing."""
    content = {
        "rules": sorted(json.dumps(asdict(rule), sort_keys=True) for rule in book.rules),
        "conditions": sorted(json.dumps(asdict(one), sort_keys=True) for one in book.conditions.values()),
        "known": sorted(book.known),
        "medications": sorted(book.medications),
        "screening_lasts": str(book.screening_lasts),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _loaded(
    catalogue: Catalogue,
    book: Rulebook,
    care: Mapping[str, tuple[CareLine, ...]],
    precedence: tuple[Precedence, ...],
    clinic: Clinic,
    notebook: Notebook,
) -> Loaded:
    signed = Rulebook(
        book.rules, book.conditions, book.known, book.medications, book.screening_lasts, version_of(book)
    )
    mistakes = sorted(notebook.mistakes, key=lambda mistake: mistake.warning)
    return Loaded(catalogue, signed, care, precedence, clinic, tuple(mistakes))


def _languages_meant(clinic: TomlFile | None, config_dir: Path) -> tuple[str, ...]:
    """The languages of a clinic.toml with mistakes, so that care lines are looked at all the same.

    Where even that cannot be read: the care files there are, the one that gives times first.
    """
    named = clinic.table.get("languages") if clinic else None
    words = named if isinstance(named, tuple) else ()
    meant = [one for one in words if isinstance(one, str) and re.fullmatch(LANGUAGE, one)]
    if meant:
        return tuple(dict.fromkeys(meant))
    found = {
        path.stem: read_file(config_dir, f"{_CARE}/{path.name}", Notebook()) for path in _care(config_dir)
    }
    return tuple(sorted(found, key=lambda name: (not _times(found[name]), name)))


def _times(file: TomlFile | None) -> bool:
    lines = file.table.get("line") if file else None
    return isinstance(lines, tuple) and any(isinstance(one, dict) and "anchor" in one for one in lines)


def _care(config_dir: Path) -> list[Path]:
    return sorted(path for path in (config_dir / _CARE).glob("*.toml") if re.fullmatch(LANGUAGE, path.stem))


def _check_folder(config_dir: Path, languages: Iterable[str], notebook: Notebook) -> None:
    """Files nobody reads are typing errors more often than not; languages may lack their sentences."""
    wanted = {*_READ, *(f"{_CARE}/{language}.toml" for language in languages)}
    for path in sorted((*config_dir.glob("*.toml"), *(config_dir / _CARE).glob("*.toml"))):
        name = path.relative_to(config_dir).as_posix()
        if name not in wanted:
            cure = "Add its language to clinic.toml, or" if name.startswith(_CARE) else "Correct its name, or"
            notebook.warning(name, "the whole file", "nobody reads this file", f"{cure} take it away.")
    for language in languages:
        if language in written_languages():
            for room in ROOMS:
                _check_words(language, room, notebook)
            continue
        fault = f"the service has no sentences in {language}"
        cure = "Clients read findings in English until scheduler_app/texts has the language."
        notebook.warning("clinic.toml", "languages", fault, cure)


def _check_words(language: str, room: str, notebook: Notebook) -> None:
    """Every line of a room that clients would read in English instead."""
    folder = f"texts/{room}" if room else "texts"
    file = f"{folder}/{language}.toml"
    if language not in written_languages(room):
        cure = f"Translate scheduler_app/{folder}/{REFERENCE}.toml; until then all of it is said in English."
        notebook.warning(file, "the whole file", "the file is missing", cure)
        return
    for line in lacking(language, room):
        cure = f"Translate it in scheduler_app/{folder}; until then it is said in English."
        notebook.warning(file, line, "the sentence is missing or has other blanks", cure)
