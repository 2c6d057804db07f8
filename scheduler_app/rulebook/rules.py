"""rules.toml and conditions.toml: what the clinic signed, checked against the catalogue and itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import combinations

from scheduler_app.domain.gaps import Gap
from scheduler_app.domain.rules import ALWAYS, Condition, GapRule
from scheduler_app.rulebook.entries import Entry, known_tables, read_entries
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.shapes import ConditionShape, RuleShape
from scheduler_app.rulebook.treatments import Codes

SIGN = "Have a clinician sign it: approved_by with a name and a date. It is enforced meanwhile."

_IDENTITY = ("id", "earlier", "later", "effective_from", "effective_to")
# Four years hold every month length and a leap day: enough to compare days with months.
_FIRST, _LAST = date(2001, 1, 1).toordinal(), date(2005, 1, 1).toordinal()


def read_rules(file: TomlFile | None, codes: Codes, notebook: Notebook) -> tuple[GapRule, ...]:
    """Every rule that could be read, in the order of the file."""
    if file is None:
        return ()
    known_tables(file, ("rule",), notebook)
    entries = read_entries(file, "rule", RuleShape, notebook)
    rules = []
    for entry in entries:
        _check_treatments(entry, codes, notebook)
        _check_figures(entry, notebook)
        if entry.shape.approved_by is None and entry.sound("approved_by"):
            fault = f"the rule {entry.label} is not approved"
            notebook.warning(file.name, entry.where("approved_by"), fault, SIGN)
        rules.append(_rule(entry.shape))
    _check_versions(list(zip(entries, rules, strict=True)), notebook)
    return tuple(rule for entry, rule in zip(entries, rules, strict=True) if not entry.broken)


def read_conditions(file: TomlFile | None, codes: Codes, notebook: Notebook) -> dict[str, Condition]:
    """Every condition that could be read, by code."""
    if file is None:
        return {}
    known_tables(file, ("condition",), notebook)
    conditions: dict[str, Condition] = {}
    for entry in read_entries(file, "condition", ConditionShape, notebook):
        shape = entry.shape
        _check_condition(entry, codes, notebook)
        if entry.sound("code") and shape.code in conditions:
            fault = f"the condition {shape.code} is given twice"
            notebook.mistake(file.name, entry.where("code"), fault, "Leave one of the two.")
        elif not entry.broken:
            conditions[shape.code] = Condition(**shape.model_dump())
    return conditions


def _check_condition(entry: Entry[ConditionShape], codes: Codes, notebook: Notebook) -> None:
    name, where = entry.file.name, entry.where("treatments")
    for code in entry.shape.treatments if entry.sound("treatments") else ():
        if codes.unknown(code):
            fault = f"the condition {entry.label} names the unknown treatment {code}"
            notebook.mistake(name, where, fault, codes.cure(code))
        elif codes.medication(code):
            fault = f"the condition {entry.label} speaks against {code}, a medication, which is no visit"
            cure = "Name procedures only; a medication is what gap rules count from."
            notebook.mistake(name, where, fault, cure)
    if entry.shape.approved_by is None and entry.sound("approved_by"):
        fault = f"the condition {entry.label} is not approved"
        notebook.warning(name, entry.where("approved_by"), fault, SIGN)


def _rule(shape: RuleShape) -> GapRule:
    first = shape.effective_from.toordinal() if shape.effective_from else ALWAYS[0]
    last = shape.effective_to.toordinal() if shape.effective_to else ALWAYS[1]
    rule = GapRule(
        shape.id, shape.earlier, shape.later, shape.minimum, shape.minimum, shape.source, shape.grade,
        shape.approved_by, (first, last), shape.note,
    )  # fmt: skip
    return rule if shape.absolute_minimum is None else replace(rule, absolute_minimum=shape.absolute_minimum)


def _check_treatments(entry: Entry[RuleShape], codes: Codes, notebook: Notebook) -> None:
    shape = entry.shape
    for key, code in (("earlier", shape.earlier), ("later", shape.later)):
        if entry.sound(key) and codes.unknown(code):
            fault = f"the rule {entry.label} names the unknown treatment {code}"
            notebook.mistake(entry.file.name, entry.where(key), fault, codes.cure(code))
    if entry.sound("later") and codes.medication(shape.later):
        fault = (
            f"in the rule {entry.label} the medication {shape.later} is the later one, and nobody books it"
        )
        cure = "It is only held against courses on record; turn the rule round if that was meant."
        notebook.warning(entry.file.name, entry.where("later"), fault, cure)


def _check_figures(entry: Entry[RuleShape], notebook: Notebook) -> None:
    shape, file = entry.shape, entry.file.name
    hard = shape.absolute_minimum if entry.sound("absolute_minimum", "minimum") else None
    if hard is not None and can_exceed(hard, shape.minimum):
        fault = f"in the rule {entry.label} absolute_minimum ({hard}) is above minimum "
        fault += f"({shape.minimum})"
        if hard.unit != shape.minimum.unit:
            fault += " on some dates, as months differ in length"
        cure = "Make the absolute minimum the shorter one, or leave it out."
        notebook.mistake(file, entry.where("absolute_minimum"), fault, cure)
    first, last = shape.effective_from, shape.effective_to
    if first and last and first > last:
        fault = f"the rule {entry.label} ends ({last}) before it begins ({first})"
        notebook.mistake(file, entry.where("effective_to"), fault, "Exchange the dates, or correct one.")


@lru_cache(maxsize=1024)
def can_exceed(one: Gap, other: Gap) -> bool:
    """Whether there is a date on which waiting `one` takes longer than waiting `other`."""
    if (one.unit == "month") == (other.unit == "month"):
        return one.after(_FIRST) > other.after(_FIRST)
    return any(one.after(day) > other.after(day) for day in range(_FIRST, _LAST))


def _check_versions(versions: Sequence[tuple[Entry[RuleShape], GapRule]], notebook: Notebook) -> None:
    """Versions of one rule follow each other; two rules for one pair are worth a look."""
    sound = [pair for pair in versions if pair[0].sound(*_IDENTITY)]
    for (one, earlier), (two, later) in combinations(sound, 2):
        same_id = earlier.id == later.id
        same_pair = (earlier.earlier, earlier.later) == (later.earlier, later.later)
        if same_id and not same_pair:
            fault = f"the id {later.id} is given twice, for different treatments ({one.where('id')})"
            notebook.mistake(two.file.name, two.where("id"), fault, "Give each rule its own id.")
        elif (same_id or same_pair) and _overlap(earlier.in_force, later.in_force):
            _note_overlap(one, two, same_id, notebook)


def _note_overlap(one: Entry[RuleShape], two: Entry[RuleShape], same_id: bool, notebook: Notebook) -> None:
    name, where, first = two.file.name, two.where("id"), one.where()
    if same_id:
        fault = f"two versions of the rule {two.shape.id} are in force at the same time ({first})"
        cure = "Let one end (effective_to) on the day before the other begins (effective_from)."
        notebook.mistake(name, where, fault, cure)
    else:
        fault = (
            f"{two.shape.id} and {one.shape.id} are rules for the same treatments at the same time ({first})"
        )
        notebook.warning(name, where, fault, "Both are enforced; leave one if that is not meant.")


def _overlap(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] <= two[1] and two[0] <= one[1]
