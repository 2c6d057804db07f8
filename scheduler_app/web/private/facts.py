"""What is known about a client, a line each in the client's own language: what, and who said so."""

from datetime import date, datetime

from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.ports import Transaction
from scheduler_app.texts.intake import Tongue
from scheduler_app.web.deps import Deps


def facts_of(deps: Deps, held: Transaction, client: str, said: Tongue) -> list[tuple[str, str]]:
    """Everything on record, the newest first; withdrawn records too, and it says so."""
    found: list[tuple[datetime, str, str]] = []
    for treatment in held.records.treatments(client):
        found.append((treatment.said.at, _treatment(deps, treatment, said), _who(treatment, said)))
    for condition in held.records.conditions(client):
        found.append((condition.said.at, _condition(deps, condition, said), _who(condition, said)))
    for screening in held.records.screenings(client):
        text = said.say("record", "asked_on", date=said.day(date.fromisoformat(screening.on)))
        found.append((screening.said.at, text, _who(screening, said)))
    found.sort(key=lambda each: each[0], reverse=True)
    return [(text, who) for _, text, who in found]


def _treatment(deps: Deps, fact: TreatmentFact, said: Tongue) -> str:
    known = deps.catalogue.treatments.get(fact.treatment)
    section = "medicine" if known and known.medication else "treatment"
    name = said.name(section, fact.treatment, deps.catalogue.name(fact.treatment))
    if fact.on is not None:
        return said.say("record", "course", name=name, dates=said.partial(fact.on))
    unknown = said.say("record", "not_known")
    first = said.partial(fact.started_on) if fact.started_on else unknown
    last = said.partial(fact.ended_on) if fact.ended_on else unknown
    still = fact.ongoing and fact.started_on is None
    dates = said.say("record", "still") if still else said.say("record", "from_to", first=first, last=last)
    return said.say("record", "course", name=name, dates=dates)


def _condition(deps: Deps, fact: ConditionFact, said: Tongue) -> str:
    known = deps.rulebook.conditions.get(fact.code)
    name = said.name("condition", fact.code, known.name if known else fact.code)
    return name if fact.present else said.say("record", "condition_gone", name=name)


def _who(fact: TreatmentFact | ConditionFact | Screening, tongue: Tongue) -> str:
    said: Said = fact.said
    told = [tongue.say("record", "said_by_client" if said.by == "client" else "said_by_staff")]
    told.append(tongue.day(said.at.date()))
    if said.accepted_by:
        told.append(tongue.say("record", "accepted"))
    if fact.withdrawn:
        told.append(tongue.say("record", "withdrawn"))
    return " · ".join(told)
