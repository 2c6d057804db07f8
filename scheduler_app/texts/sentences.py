"""The two sentences of every finding: full for staff, discreet for anything a client may read.

`scheduler check` says one for every finding of 20,000 lines a second, so whatever repeats is cached
and a gap finding costs a few dictionary look-ups and one str.format.
"""

from functools import lru_cache

from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Finding, Other, Verdict
from scheduler_app.texts.dates import date_text, gap_text
from scheduler_app.texts.words import REFERENCE, Template, words

_CONDITION = "condition-"


def full(finding: Finding, catalogue: Catalogue, language: str = REFERENCE) -> str:
    """Everything there is to say: the item in the way, how long, until when, and the rule's source."""
    if finding.direction is None or finding.other is None:
        text = _without_gap(finding, catalogue, language)
    else:
        text = _of_gap(finding, finding.other, catalogue, language)
    text += _tail(finding.source, finding.approved, finding.overridden, language)
    return text[0].upper() + text[1:]


def discreet(finding: Finding, language: str = REFERENCE) -> str:
    """The date only, never a treatment or a condition: for clients, guests and their devices."""
    said = words(language).sections["discreet"]
    if finding.direction == "before":
        return said["other_date"]()
    if finding.direction == "after":
        return offer(finding.until, language)
    return said["call"]()


def offer(earliest: int | None, language: str = REFERENCE) -> str:
    """The discreet sentence with the first date that can be booked; None where no date can do."""
    said = words(language).sections["discreet"]
    return said["no_date"]() if earliest is None else said["date"](until=date_text(earliest, language))


def discreet_of(verdict: Verdict, language: str = REFERENCE) -> str:
    """One discreet sentence for a whole verdict: its earliest date where gap rules are in the way."""
    standing = [finding for finding in verdict.findings if not finding.overridden]
    if any(finding.gap for finding in standing):
        return offer(verdict.earliest, language)
    return discreet(standing[0], language) if standing else ""


def refusal(verdict: Verdict | None, language: str, clinic: Clinic) -> str:
    """What a client reads where a booking was refused or called off: discreet, with whom to ask."""
    said, embed = words(language).sections["platform"]["refusal"], words(language).embed
    told = discreet_of(verdict, language) if verdict else ""
    sentence = told or words(language).sections["discreet"]["call"]()
    return said(sentence=sentence, phone=embed(clinic.phone), email=embed(clinic.email))


def unchecked(language: str, clinic: Clinic) -> str:
    """What a client reads where nobody could look at the booking."""
    spoken = words(language)
    return spoken.sections["platform"]["unchecked"](phone=spoken.embed(clinic.phone))


def _of_gap(finding: Finding, other: Other, catalogue: Catalogue, language: str) -> str:
    known = catalogue.treatments.get(other.treatment)
    on = other.on
    embed = words(language).embed
    return _template(_kind(finding, on, known is not None and known.kind == "medication"), language)(
        treatment=embed(catalogue.name(finding.treatment or "")),
        other=embed(other.treatment if known is None else known.name),
        gap=_gap(finding.absolute_minimum, finding.minimum, language),
        on="" if on is None else date_text(on, language),
        until="" if finding.until is None else date_text(finding.until, language),
        distance=_distance(finding.days, finding.direction, language),
        presumed=_template("presumed", language)() if other.presumed else "",
    )


def _kind(finding: Finding, on: int | None, course: bool) -> str:
    """Which of the templates tells this finding."""
    direction = finding.direction or "after"
    if on is None:
        return f"{direction}_ongoing_course"
    if direction == "before":
        return "before_course" if course else "before"
    if course:
        return "after_running_course" if (finding.days or 0) <= 0 else "after_course"
    return "same_visit" if finding.until is None else "after"


@lru_cache(maxsize=4096)
def _gap(absolute_minimum: str | None, minimum: str | None, language: str) -> str:
    longer = gap_text(minimum or "0 days", language)
    if absolute_minimum in (None, minimum):
        return longer
    return words(language).sections["gap"]["both"](
        absolute_minimum=gap_text(absolute_minimum or "0 days", language), minimum=longer
    )


@lru_cache(maxsize=16_384)
def _distance(days: int | None, direction: str | None, language: str) -> str:
    said = words(language).sections["distance"]
    if not days:
        return said["same_day"]()
    return said[direction or "after"](count=abs(days))


@lru_cache(maxsize=4096)
def _tail(source: str, approved: bool, overridden: bool, language: str) -> str:
    said = words(language).sections["full"]
    return (
        (said["source"](source=words(language).embed(source)) if source else "")
        + ("" if approved else said["unapproved"]())
        + (said["overridden"]() if overridden else "")
    )


def _without_gap(finding: Finding, catalogue: Catalogue, language: str) -> str:
    rule = finding.rule
    said, embed = words(language).sections["full"], words(language).embed
    if rule.startswith(_CONDITION):
        kind = "condition_absolute" if finding.outcome is Outcome.BLOCKED else "condition_review"
        return said[kind](condition=embed(catalogue.name(rule.removeprefix(_CONDITION)).replace("_", " ")))
    if rule == "treatment-unknown":
        if finding.treatment:
            return said["treatment-unknown-here"](treatment=embed(finding.treatment))
        if finding.other:
            return said["treatment-unknown-other"](treatment=embed(finding.other.treatment))
    template: Template | None = said.get(rule) if "-" in rule else None
    return template() if template else said["other"](rule=embed(rule))


@lru_cache(maxsize=256)
def _template(key: str, language: str) -> Template:
    return words(language).sections["full"][key]
