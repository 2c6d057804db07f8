"""Visits that two sources tell of: what they say, and a person's word on whether it is one visit or two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.visits import DISAGREE, TWICE, from_calendar, once, pair_of
from scheduler_app.errors import Invalid
from scheduler_app.flow.pairing import decide_pair
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.desk.sight import Reason, Sight, said_by, see
from scheduler_app.web.through import visit_through

ASKED = (TWICE, DISAGREE)
ONE, TWO = "one", "two"


@dataclass(frozen=True, slots=True)
class Half:
    """What one source tells of a visit. Times are local to its zone. live: it was not called off."""

    ref: str
    source: str
    start: datetime
    end: datetime
    what: str
    title: str


@dataclass(frozen=True, slots=True)
class PairSight:
    """A visit that needs a person because two sources tell of it.

    reasons: what is asked. halves: what each source says, the judged one first. event: ref of the event in
    the calendar and booking: that of the booking, which a person may say are one visit or two; "" where
    there is nothing to say.
    """

    sight: Sight
    reasons: tuple[Reason, ...]
    halves: tuple[Half, ...]
    event: str
    booking: str
    form: Fields


@dataclass(frozen=True, slots=True)
class Halves:
    """What else is told of one appointment's visit. one: judged as one with it; apart: a person said that
    it is a visit of its own. event: ref of the event that bears its mark, "" where that is its own."""

    one: Sequence[Half] = ()
    apart: Sequence[Half] = ()
    event: str = ""


def pairs_in_doubt(
    deps: Deps, held: Transaction, since: datetime, until: datetime, form: Fields
) -> list[PairSight]:
    """Visits that start in between and that a person must look at because two sources tell of them."""
    told = held.appointments.between(since, until, twins=True)
    if not any(each.same_as or each.carries for each in told):
        return []
    by_ref = {each.ref: each for each in once(told)}
    now = deps.clock()
    found = []
    for ref, known in held.verdicts.between(since, until, (Outcome.REVIEW, Outcome.BLOCKED)).items():
        asked = {f.key for f in known.verdict.findings if f.rule in ASKED and not f.overridden}
        visit = by_ref.get(ref)
        if asked and visit is not None:
            found.append(_pair(deps, held, visit, asked, now, form))
    return found


def halves(deps: Deps, held: Transaction, told: Appointment) -> Halves:
    """What else is told of the visit, and what a person set apart from it."""
    if told.client is None:
        return Halves()
    booking = held.appointments.get(told.same_as) if told.same_as else None
    twins = [booking] if booking is not None else [*held.appointments.twins(told.ref)]
    book = {each.ref: each for each in held.appointments.of_client(told.client, twins=True)}
    said = held.pairs.of([*book])
    apart = [
        other
        for ref, other in book.items()
        if said.get(pair_of(told.ref, ref)) is False and from_calendar(other) != from_calendar(told)
    ]
    event = "" if booking is not None else next((each.ref for each in twins), "")
    return Halves([_half(deps, each) for each in twins], [_half(deps, each) for each in apart], event)


def say_one_or_two(deps: Deps, ref: str, form: Fields) -> bool:
    """A person says whether an event and a booking are one visit; False for mistakes. Raises NotFound."""
    by = form.text("by", NAME_NEEDED)
    word = form.choice("do", (ONE, TWO), "Choose whether it is one visit or two.")
    other = form.text("other")
    if not form.ok:
        return False
    with deps.store.reading() as held:
        told = held.appointments.get(ref)
    event, booking = (ref, other) if told is not None and from_calendar(told) else (other, ref)
    try:
        decide_pair(deps.flow, event, booking, by, same=word == ONE)
    except Invalid as fault:
        form.wrong("by", f"{fault.message[0].upper()}{fault.message[1:]}.")
        return False
    visit_through(deps, ref)
    return True


def _pair(
    deps: Deps, held: Transaction, visit: Appointment, asked: set[str], now: datetime, form: Fields
) -> PairSight:
    twins = held.appointments.twins(visit.ref)
    booking = held.appointments.get(visit.ref) or visit
    sight = see(held, visit, deps.flow, now)
    event = twins[0].ref if twins else ""
    own = form.typed.get("other") == visit.ref
    return PairSight(
        sight,
        tuple(reason for reason in sight.reasons if reason.key in asked),
        tuple(_half(deps, each) for each in (booking, *twins)),
        event,
        visit.ref if event else "",
        form if own else Fields({}, f"{visit.ref}-"),
    )


def _half(deps: Deps, told: Appointment) -> Half:
    zone = ZoneInfo(told.zone)
    names = ", ".join(deps.catalogue.name(code) for code in told.treatments)
    return Half(
        told.ref,
        said_by(deps.clinic, told.source),
        told.start.astimezone(zone),
        told.end.astimezone(zone),
        names,
        told.title,
    )
