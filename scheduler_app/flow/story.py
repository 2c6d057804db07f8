"""One client's story, told from what is recorded: the judge's only input besides the rules.

What a client says may worsen a verdict at once; it takes something away only once a practitioner has
accepted it. Where a record contradicts itself, a person is asked: unknown is never clear.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.facts import ConditionFact, Screening, TreatmentFact
from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.story import Item, Override, Story, Visit
from scheduler_app.domain.visits import once, twins_among
from scheduler_app.errors import Invalid
from scheduler_app.ports import Transaction

UNREADABLE = "record-unreadable"

Fact = TypeVar("Fact", TreatmentFact, ConditionFact)


@quickly_made
@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything recorded about one client: withdrawn and replaced rows too."""

    treatments: Sequence[TreatmentFact] = ()
    conditions: Sequence[ConditionFact] = ()
    screenings: Sequence[Screening] = ()
    overrides: Sequence[Override] = ()


def recorded(tx: Transaction, client: str) -> Recorded:
    """Read it all."""
    records = tx.records
    return Recorded(
        records.treatments(client),
        records.conditions(client),
        records.screenings(client),
        records.overrides(client),
    )


def tell(book: Iterable[Appointment], known: Recorded, catalogue: Catalogue, today: int) -> Story:
    """The story as the judge reads it: each visit once, twins or not, with every override given on it."""
    book = list(book)
    items, unreadable = _items(in_force(known.treatments), catalogue, today)
    conditions, cleared = _conditions(in_force(known.conditions))
    return Story(
        items=items,
        visits=tuple(_visit(appointment, unreadable) for appointment in once(book)),
        conditions=conditions,
        cleared=cleared,
        screened_on=_screened_on(known.screenings, today),
        overrides=_overrides(known.overrides, twins_among(book)),
    )


def in_force(facts: Sequence[Fact]) -> list[Fact]:
    """Those neither withdrawn nor replaced. A client's word replaces nothing until it is accepted."""
    by_ref = {fact.ref: fact for fact in facts}
    hidden: set[str] = set()
    for fact in facts:
        if fact.withdrawn or not fact.said.counts_fully:
            continue
        older = fact.replaces
        while older is not None and older not in hidden:
            hidden.add(older)
            held = by_ref.get(older)
            older = held.replaces if held else None
    return [fact for fact in facts if not fact.withdrawn and fact.ref not in hidden]


def _items(facts: Iterable[TreatmentFact], catalogue: Catalogue, today: int) -> tuple[tuple[Item, ...], bool]:
    items = []
    unreadable = False
    for fact in facts:
        known = catalogue.treatments.get(fact.treatment)
        # where it was said the day may have begun before it does here
        for day in (today, max(today, fact.said.at.toordinal() + 1)):
            try:
                items.append(fact.item(known.medication if known else None, day))
            except Invalid:
                continue
            break
        else:
            unreadable = True
    return tuple(items), unreadable


def _overrides(given: Sequence[Override], twins: Mapping[str, str]) -> tuple[Override, ...]:
    """What was let stand on one half of a visit, or because of it, counts for the visit as it is judged."""
    if not twins:
        return tuple(given)
    counted = list(given)
    for override in given:
        finding, bar, other = override.finding.rpartition("|")
        visit, in_the_way = twins.get(override.appointment), twins.get(other)
        if visit or in_the_way:
            told = replace(override, appointment=visit or override.appointment)
            counted.append(replace(told, finding=f"{finding}{bar}{in_the_way or other}"))
    return tuple(counted)


def _visit(appointment: Appointment, unreadable: bool) -> Visit:
    visit = appointment.visit()
    return visit._replace(doubts=(*visit.doubts, UNREADABLE)) if unreadable else visit


def _conditions(facts: Iterable[ConditionFact]) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Codes that count against the client, and until when each was cleared.

    The newest full statement about a code decides; a client's own later "yes" counts beside it.
    """
    base: dict[str, ConditionFact] = {}
    said_by_client: list[ConditionFact] = []
    for fact in sorted(facts, key=lambda fact: (fact.said.at, fact.ref)):
        if fact.said.counts_fully:
            base[fact.code] = fact
        elif fact.present:
            said_by_client.append(fact)
    codes = {code for code, fact in base.items() if fact.present}
    for fact in said_by_client:
        full = base.get(fact.code)
        if full is None or fact.said.at > full.said.at:
            codes.add(fact.code)
    cleared = {
        code: date.fromisoformat(fact.cleared_until).toordinal()
        for code, fact in base.items()
        if fact.present and fact.cleared_by and fact.cleared_until
    }
    return tuple(sorted(codes)), cleared


def _screened_on(screenings: Iterable[Screening], today: int) -> int | None:
    days = [
        date.fromisoformat(screening.on).toordinal()
        for screening in screenings
        if not screening.withdrawn and screening.said.counts_fully
    ]
    return max((day for day in days if day <= today + 1), default=None)
