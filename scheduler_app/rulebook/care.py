"""care/<language>.toml: care lines, timed once in the clinic's first language, worded in each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scheduler_app.domain.carelines import ANY_TREATMENT, DAY, CareLine, Precedence
from scheduler_app.domain.rules import Condition
from scheduler_app.rulebook.care_conflicts import read_precedence
from scheduler_app.rulebook.care_texts import Revealing, check_texts
from scheduler_app.rulebook.care_times import check_times
from scheduler_app.rulebook.entries import Entry, claimed, did_you_mean, known_tables, read_entries
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.shapes import LineShape, TextShape
from scheduler_app.rulebook.treatments import Codes
from scheduler_app.texts.words import REFERENCE

SIGN = "Clients will not see it until a clinician signs it: approved_by with a name and a date."
NOTHING = timedelta()

Care = Mapping[str, tuple[CareLine, ...]]


def read_care(
    files: Mapping[str, TomlFile | None],
    codes: Codes,
    conditions: Mapping[str, Condition],
    notebook: Notebook,
) -> tuple[Care, tuple[Precedence, ...]]:
    """Care lines by language, and what goes before what. The first file is the one that gives times.

    A line that is not translated is in English, or in the first language where the clinic has no English.
    """
    languages = list(files)
    if not languages:
        return {}, ()
    revealing = Revealing.of(codes.catalogue, conditions)
    first = files[languages[0]]
    if first is None:
        return dict.fromkeys(languages, ()), ()
    known_tables(first, ("line", "precedence"), notebook)
    entries = _distinct(read_entries(first, "line", LineShape, notebook), notebook)
    for entry in entries:
        _check_treatment(entry, codes, notebook)
        check_times(entry, notebook)
        check_texts(entry, entry.shape.anchor == DAY, revealing, notebook)
        _note_unapproved(entry, notebook)
    _check_groups(entries, notebook)
    written = claimed(first, "line", "code")
    precedence = read_precedence(first, entries, written, notebook)
    lines = tuple(_line(entry.shape) for entry in entries if not entry.broken)
    care = {languages[0]: lines}
    # What a language does not say is read in English, where the clinic has that; so English goes first.
    for language in sorted(languages[1:], key=lambda code: code != REFERENCE):
        read = REFERENCE if REFERENCE in care else languages[0]
        care[language] = _translated(language, files[language], care[read], written, revealing, notebook)
    return {language: care[language] for language in languages}, precedence


def _line(shape: LineShape) -> CareLine:
    return CareLine(
        code=shape.code, group=shape.group, treatment=shape.treatment, moment=shape.moment,
        anchor=shape.anchor, begins=shape.begins or NOTHING, ends=shape.ends or NOTHING,
        title=shape.title, text=shape.text,
        discreet_title=shape.discreet_title, discreet_text=shape.discreet_text,
        source=shape.source, grade=shape.grade, approved_by=shape.approved_by,
        alarm=shape.alarm, conflicts_with=shape.conflicts_with,
    )  # fmt: skip


def _distinct(entries: Iterable[Entry[LineShape]], notebook: Notebook) -> list[Entry[LineShape]]:
    kept, seen = [], set()
    for entry in entries:
        if entry.sound("code") and entry.shape.code in seen:
            fault = f"the care line {entry.label} is given twice"
            cure = "Give each line its own code: entries in calendars are told apart by it."
            notebook.mistake(entry.file.name, entry.where("code"), fault, cure)
            continue
        seen.add(entry.label)
        kept.append(entry)
    return kept


def _check_treatment(entry: Entry[LineShape], codes: Codes, notebook: Notebook) -> None:
    code, treatment = entry.label, entry.shape.treatment
    if treatment == ANY_TREATMENT or not entry.sound("treatment"):
        return
    if codes.unknown(treatment):
        fault = f"the care line {code} names the unknown treatment {treatment}"
        notebook.mistake(entry.file.name, entry.where("treatment"), fault, codes.cure(treatment))
    elif codes.medication(treatment):
        fault = f"the care line {code} belongs to {treatment}, a medication, which is no visit"
        notebook.mistake(entry.file.name, entry.where("treatment"), fault, "Name a procedure, or '*'.")


def _note_unapproved(entry: Entry[LineShape], notebook: Notebook) -> None:
    if entry.shape.approved_by is None and entry.sound("approved_by"):
        fault = f"the care line {entry.label} is not approved"
        notebook.warning(entry.file.name, entry.where("approved_by"), fault, SIGN)


def _check_groups(entries: Sequence[Entry[LineShape]], notebook: Notebook) -> None:
    """A compact entry runs from its group's first start to its last end: its lines must go together."""
    first: dict[str, LineShape] = {}
    for entry in entries:
        shape = entry.shape
        if not entry.sound("code", "group", "moment", "anchor"):
            continue
        leader = first.setdefault(shape.group, shape)
        for key in ("moment", "anchor"):
            mine, its = getattr(shape, key), getattr(leader, key)
            if mine != its and (key == "moment" or DAY in (mine, its)):
                fault = f"the care line {shape.code} has {key} {mine!r}, and {leader.code} of the same group "
                fault += f"{shape.group} has {its!r}"
                cure = "A group is shown as one entry: put the line in another group."
                notebook.mistake(entry.file.name, entry.where("group"), fault, cure)
                break


def _translated(
    language: str,
    file: TomlFile | None,
    lines: Sequence[CareLine],
    written: frozenset[str],
    revealing: Revealing,
    notebook: Notebook,
) -> tuple[CareLine, ...]:
    """The lines in another language; one that is not translated stays as it is."""
    if file is None:
        return tuple(lines)
    known_tables(file, ("line",), notebook)
    words: dict[str, TextShape] = {}
    days = {line.code for line in lines if line.all_day}
    for entry in read_entries(file, "line", TextShape, notebook):
        code = entry.shape.code
        check_texts(entry, code in days, revealing, notebook)
        if entry.sound("code"):
            _check_translation(entry, language, words, written, notebook)
            words.setdefault(code, entry.shape)
    for line in lines:
        if line.code not in words:
            fault = f"the care line {line.code} is missing in {language}"
            cure = "Translate it; until then clients read it in English, or in the first language."
            notebook.warning(file.name, "the whole file", fault, cure)
    return tuple(replace(line, **_texts(words[line.code])) if line.code in words else line for line in lines)


def _check_translation(
    entry: Entry[TextShape],
    language: str,
    words: Collection[str],
    written: Collection[str],
    notebook: Notebook,
) -> None:
    code, name, where = entry.shape.code, entry.file.name, entry.where("code")
    if code not in written:
        fault = f"the care line {code} is not in the first language's file"
        cure = f"{did_you_mean(code, written)}Lines are timed there; add it, or correct the code."
        notebook.mistake(name, where, fault, cure)
    elif code in words:
        notebook.mistake(name, where, f"the care line {code} is given twice", "Leave one of the two.")
    elif entry.shape.approved_by is None and entry.sound("approved_by"):
        fault = f"the care line {code} is not approved in {language}"
        notebook.warning(name, entry.where("approved_by"), fault, SIGN)


def _texts(shape: TextShape) -> dict[str, Any]:
    return shape.model_dump(include=set(TextShape.model_fields) - {"code"})
