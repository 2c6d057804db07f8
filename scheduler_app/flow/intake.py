"""intake: what a client tells about themselves through a private link becomes statements of the client's.

A statement worsens a verdict at once; it improves one only when a practitioner accepts it. So does the
screening a client gives: until it is accepted, nobody at the clinic has asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.private_links import CLIENT, INTAKE
from scheduler_app.errors import Invalid
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.private_links import use
from scheduler_app.flow.record import new_ref
from scheduler_app.flow.story import in_force
from scheduler_app.ports import Transaction

UNSURE = "The client does not know when; counted as this month."


@dataclass(frozen=True, slots=True)
class Told:
    """One medicine or treatment. Dates are YYYY-MM-DD or YYYY-MM; None where the client does not know.

    on: of a treatment. started_on, ended_on: of a medicine; ongoing while it is being taken.
    """

    treatment: str
    on: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    ongoing: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What the client sent. conditions: codes answered with yes; none means that none applies."""

    conditions: tuple[str, ...] = ()
    medicines: tuple[Told, ...] = ()
    treatments: tuple[Told, ...] = ()


def take_answers(flow: Flow, token: str, answers: Answers) -> str | None:
    """Keep all of it or nothing, and use the link up; whose answers they were.

    None where the link opens nothing (any more): sent twice, it is kept once. Raises Invalid naming the
    field, and then the link stays open.
    """
    now = flow.clock()
    today = flow.today(now)
    facts = _facts(flow, answers, Said("client", CLIENT, now), today)
    with flow.store.transaction() as tx:
        link = use(tx, token, INTAKE, now)
        if link is None:
            return None
        kept = _keep(tx, link.client, facts, answers.conditions, now, today)
        detail = {"link": link.ref, "records": str(kept), "role": "client"}
        tx.audit.write(now, CLIENT, "intake-answered", link.client, detail)
        tx.work.touch(JUDGE, link.client)
    return link.client


def last_told(tx: Transaction, client: str) -> date | None:
    """The day the health questions were last answered, by whomever; None for somebody new."""
    days = [each.on for each in tx.records.screenings(client) if not each.withdrawn]
    return date.fromisoformat(max(days)) if days else None


def _facts(flow: Flow, answers: Answers, said: Said, today: int) -> Sequence[TreatmentFact]:
    """Checked, and not yet anybody's. Raises Invalid."""
    for code in answers.conditions:
        if code not in flow.rulebook.conditions:
            raise Invalid("condition-unknown", "this is none of the clinic's conditions", "conditions")
    facts = []
    for told in (*answers.medicines, *answers.treatments):
        known = flow.catalogue.treatments.get(told.treatment)
        if known is None:
            raise Invalid("treatment-unknown", "treatment is not in the catalogue", told.treatment)
        on, note = told.on, ""
        if not known.medication and on is None:
            on, note = date.fromordinal(today).isoformat()[:7], UNSURE
        fact = TreatmentFact(
            new_ref("t"),
            "",
            told.treatment,
            said,
            on,
            told.started_on,
            told.ended_on,
            told.ongoing,
            note=note,
        )
        fact.item(known.medication, today)
        facts.append(fact)
    return facts


def _keep(
    tx: Transaction,
    client: str,
    facts: Sequence[TreatmentFact],
    conditions: Sequence[str],
    now: datetime,
    today: int,
) -> int:
    """Add what is not on record already; how many records that were."""
    said = Said("client", CLIENT, now)
    tx.records.add_screening(Screening(new_ref("s"), client, date.fromordinal(today).isoformat(), said))
    count = 1
    held = in_force(tx.records.treatments(client))
    known = {_sense(fact) for fact in held}
    for fact in facts:
        if _sense(fact) not in known:
            tx.records.add_treatment(replace(fact, client=client, replaces=_would_end(fact, held)))
            count += 1
    newest = sorted(in_force(tx.records.conditions(client)), key=lambda fact: (fact.said.at, fact.ref))
    present = {code for code, there in {fact.code: fact.present for fact in newest}.items() if there}
    for code in dict.fromkeys(conditions):
        if code not in present:  # a clearance that was given stays with the record it was given on
            tx.records.add_condition(ConditionFact(new_ref("k"), client, code, said))
            count += 1
    return count


def _sense(fact: TreatmentFact) -> tuple[object, ...]:
    return (fact.treatment, fact.on, fact.started_on, fact.ended_on, fact.ongoing)


def _would_end(fact: TreatmentFact, held: Sequence[TreatmentFact]) -> str | None:
    """The one running course this statement tells the end of. It hides that one once it is accepted."""
    if fact.ended_on is None:
        return None
    running = [
        other.ref
        for other in held
        if other.treatment == fact.treatment and other.on is None and other.ended_on is None
    ]
    return running[0] if len(running) == 1 else None
