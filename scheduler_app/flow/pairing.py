"""pairing: those of a client's appointments that tell of one visit are found before it is judged.

An event in the calendar follows the booking it is a copy of: it has no verdict of its own and bears the
mark of the booking's, since that is where receptionists look. What comes apart, because it was moved,
called off or decided about, is judged apart. Everything is looked at anew each time, so that it does not
matter which of the two was heard of first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict
from scheduler_app.domain.visits import CALENDAR, Decided, from_calendar, name_of, same_visits, twins_among
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.take import UNASSIGNED, carried, client_of, judge_key
from scheduler_app.ports import Transaction

BY = "scheduler"
DECIDED = {True: "said-one-visit", False: "said-two-visits"}  # what the audit log says of both
ABOUT_THE_PERSON = frozenset({"client-unknown", "identity-doubtful"})


def paired(tx: Transaction, book: Sequence[Appointment], now: datetime) -> Sequence[Appointment]:
    """A client's book with `same_as` as it is now, written down where it changed.

    What a person must look at because two sources tell of a visit stands among its doubts, here and
    nowhere else.
    """
    if not _two_sources(book):
        return book
    same = same_visits(book, _elsewhere(tx, book), _decided(tx, book))
    return _written_down(tx, book, same.twins, same.doubts, now)


def alone(tx: Transaction, flow: Flow, ref: str, now: datetime) -> Sequence[Appointment]:
    """What is judged with one of which nobody knows the client: itself, and what carries its id.

    Nothing where it is judged elsewhere: an event with its booking, also when only that has a client.
    """
    told = tx.appointments.get(ref)
    if told is None or told.client is not None:
        return ()
    if not from_calendar(told):
        return _with_its_events(tx, flow, told, now)
    chain = carried(tx, told.carries)
    client = client_of(chain)
    if client is not None:
        _give(tx, told, client, now)
        return ()
    if not chain or chain[-1].status in NOT_HELD or told.status in NOT_HELD:
        same = same_visits([told], chain)
        return _written_down(tx, [told], same.twins, same.doubts, now)
    booking = chain[-1]
    if told.same_as != booking.ref:
        tx.appointments.put(replace(told, same_as=booking.ref), by=BY, at=now)
    tx.work.touch(JUDGE, judge_key(booking))
    return ()


def keys_of_copies(tx: Transaction, names: Iterable[str]) -> frozenset[str]:
    """Under which keys events are judged that carry these bookings ("<platform> <booking id>").

    For whoever changes a booking: what its copy in another story amounts to depends on it.
    """
    return frozenset(judge_key(event) for name in names for event in tx.appointments.carrying(name))


def of_twins(verdicts: Mapping[str, Verdict], book: Sequence[Appointment]) -> Mapping[str, Verdict]:
    """The verdicts, each also for whatever tells of the same visit."""
    twins = twins_among(book)
    if not twins:
        return verdicts
    return {**verdicts, **{ref: verdicts[other] for ref, other in twins.items() if other in verdicts}}


def decide_pair(flow: Flow, event: str, booking: str, by: str, *, same: bool) -> None:
    """A person says whether an event and a booking are one visit. It holds until a person says otherwise.

    Raises NotFound for no such appointment, Invalid for two that cannot be one visit.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        told, booked = tx.appointments.get(event), tx.appointments.get(booking)
        if told is None or booked is None:
            raise NotFound("no appointment goes by this ref")
        if not from_calendar(told) or from_calendar(booked) or told.client is None:
            raise Invalid("not-a-pair", "name an event of a calendar and a booking of a platform", "other")
        if told.client != booked.client:
            raise Invalid("not-a-pair", "they are for two people; say first whose they are", "other")
        tx.pairs.put(event, booking, same, by, now)
        for ref, other in ((event, booking), (booking, event)):
            tx.audit.write(now, by, DECIDED[same], ref, {"other": other})
        tx.work.touch(JUDGE, judge_key(told))


def _two_sources(book: Sequence[Appointment]) -> bool:
    """Whether there is anything to pair. A loop, because every story of a first reading comes here."""
    events = bookings = False
    for each in book:
        if each.carries or each.same_as is not None:
            return True
        if each.source.startswith(CALENDAR):
            events = True
        else:
            bookings = True
    return events and bookings


def _written_down(
    tx: Transaction,
    told: Iterable[Appointment],
    twins: Mapping[str, str],
    doubts: Mapping[str, str],
    now: datetime,
) -> list[Appointment]:
    kept = []
    for each in told:
        if each.same_as != twins.get(each.ref):
            each = replace(each, same_as=twins.get(each.ref))
            tx.appointments.put(each, by=BY, at=now)
        doubt = doubts.get(each.ref)
        kept.append(replace(each, doubts=(*each.doubts, doubt)) if doubt else each)
    return kept


def _give(tx: Transaction, event: Appointment, client: str, now: datetime) -> None:
    """The event is this client's, as its booking is. It is judged in their story from now on."""
    doubts = tuple(doubt for doubt in event.doubts if doubt not in ABOUT_THE_PERSON)
    tx.appointments.put(replace(event, client=client, doubts=doubts), by=BY, at=now)
    tx.verdicts.drop([event.ref])
    tx.work.touch(JUDGE, client)


def _with_its_events(
    tx: Transaction, flow: Flow, booking: Appointment, now: datetime
) -> Sequence[Appointment]:
    events = _nobodys(tx, booking) if booking.source in flow.platforms else {}
    if not events:
        return (booking,)
    told = [booking, *events.values()]
    same = same_visits(told, _elsewhere(tx, told))
    kept = _written_down(tx, told, same.twins, same.doubts, now)
    apart = [each.ref for each in kept if each.ref in events and each.same_as is None]
    if booking.status in NOT_HELD:  # each is looked at alone, or with what the booking was rescheduled to
        tx.work.touch_all(JUDGE, [UNASSIGNED + ref for ref in apart])
    return [each for each in kept if each.ref not in apart]


def _nobodys(tx: Transaction, booking: Appointment) -> Mapping[str, Appointment]:
    """Events of nobody's that carry the booking, or one that was rescheduled to it, by ref."""
    found = (*tx.appointments.carrying(name_of(booking)), *tx.appointments.twins(booking.ref))
    return {each.ref: each for each in found if each.client is None}


def _elsewhere(tx: Transaction, told: Sequence[Appointment]) -> list[Appointment]:
    """Bookings that these events carry and that are not among them."""
    refs = {each.ref for each in told}
    settled = {name_of(each) for each in told if each.replaced_by is None or each.replaced_by in refs}
    strangers = [each for each in told if each.carries and each.carries not in settled]
    return [
        booking for event in strangers for booking in carried(tx, event.carries) if booking.ref not in refs
    ]


def _decided(tx: Transaction, told: Iterable[Appointment]) -> Decided:
    """What people said; asked only where there is something of both kinds."""
    refs: dict[bool, list[str]] = {True: [], False: []}
    for each in told:
        refs[from_calendar(each)].append(each.ref)
    return tx.pairs.of([*refs[True], *refs[False]]) if refs[True] and refs[False] else {}
