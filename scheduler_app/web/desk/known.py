"""What is known about a client, a line each: what, who said so, and whether it still counts."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.rules import Condition
from scheduler_app.flow.story import in_force
from scheduler_app.ports import Transaction
from scheduler_app.texts.dates import date_text
from scheduler_app.web.desk.pages import month_text

SAID_BY = {
    "client": "the client",
    "staff": "staff",
    "practitioner": "a practitioner",
    "import": "an import",
    "platform": "a booking system",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record. over: withdrawn or replaced, and shown for the history only. correct: the form's id.
    clears: the code of a condition that a practitioner may set aside for a time."""

    ref: str
    text: str
    said: str
    state: str
    over: bool
    unaccepted: bool
    correct: str
    note: str = ""
    clears: str = ""
    values: Mapping[str, str] | None = None


def lines(
    held: Transaction, client: str, catalogue: Catalogue, conditions: Mapping[str, Condition]
) -> list[Line]:
    """Everything on record about the client, what counts first, the newest first."""
    treatments = held.records.treatments(client)
    known_conditions = held.records.conditions(client)
    live = {fact.ref for fact in in_force(treatments)}
    live |= {fact.ref for fact in in_force(known_conditions)}
    found = [(fact.said.at, _treatment(fact, catalogue, live)) for fact in treatments]
    found += [(fact.said.at, _condition(fact, conditions, live)) for fact in known_conditions]
    found += [(fact.said.at, _screening(fact)) for fact in held.records.screenings(client)]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return sorted((line for _, line in found), key=lambda line: line.over)


def _treatment(fact: TreatmentFact, catalogue: Catalogue, live: Container[str]) -> Line:
    name = catalogue.name(fact.treatment)
    course = fact.on is None
    values = {
        "treatment": fact.treatment,
        "on": fact.on or "",
        "started_on": fact.started_on or "",
        "ended_on": fact.ended_on or "",
        "ongoing": "yes" if fact.ongoing else "",
        "note": fact.note,
        "replaces": fact.ref,
    }
    text = f"{name}: {_course(fact)}" if course else f"{name}, {_when(fact.on or '')}"
    over, state = _state(fact, live)
    return Line(
        ref=fact.ref,
        text=text,
        said=_said(fact.said),
        state=state,
        over=over,
        unaccepted=not fact.said.counts_fully,
        correct="course" if course else "treatment",
        note=fact.note,
        values=values,
    )


def _course(fact: TreatmentFact) -> str:
    begun = f"from {_when(fact.started_on)}" if fact.started_on else "first dose not known"
    if fact.ended_on:
        return f"{begun}, last dose {_when(fact.ended_on)}"
    return f"{begun}, still being taken" if fact.ongoing else f"{begun}, counted as still being taken"


def _condition(fact: ConditionFact, conditions: Mapping[str, Condition], live: Container[str]) -> Line:
    known = conditions.get(fact.code)
    text = known.name if known else fact.code
    text = text[0].upper() + text[1:]
    if not fact.present:
        text += ": no longer"
    if fact.cleared_by:
        until = f" until {_when(fact.cleared_until)}" if fact.cleared_until else ""
        text += f"; set aside by {fact.cleared_by}{until} ({fact.cleared_reason})"
    over, state = _state(fact, live)
    return Line(
        ref=fact.ref,
        text=text,
        said=_said(fact.said),
        state=state,
        over=over,
        unaccepted=not fact.said.counts_fully,
        correct="condition",
        clears=fact.code if fact.present and known and known.kind != "absolute" else "",
        values={"code": fact.code, "present": "yes" if fact.present else "no", "replaces": fact.ref},
    )


def _screening(fact: Screening) -> Line:
    over, state = _state(fact, {fact.ref})
    return Line(
        ref=fact.ref,
        text=f"Health questions asked on {_when(fact.on)}",
        said=_said(fact.said),
        state=state,
        over=over,
        unaccepted=not fact.said.counts_fully,
        correct="",
    )


def _state(fact: TreatmentFact | ConditionFact | Screening, live: Container[str]) -> tuple[bool, str]:
    if fact.withdrawn:
        return True, "withdrawn"
    if fact.ref not in live:
        return True, "corrected since"
    return False, ""


def _said(said: Said) -> str:
    text = (
        f"Said by {SAID_BY.get(said.by, said.by)}, recorded by {said.who} on {date_text(said.at.toordinal())}"
    )
    if said.accepted_by:
        text += f", accepted by {said.accepted_by}"
    return text


def _when(text: str) -> str:
    """A day in full; of a month, that the day is not known."""
    if len(text) == 10:
        return date_text(date.fromisoformat(text).toordinal())
    return f"{month_text(date.fromisoformat(f'{text}-01'))}, day not known"
