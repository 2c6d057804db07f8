"""take: one report becomes part of the book, in the transaction that also says what wants judging."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from scheduler_app.domain.appointments import Appointment, Clues, Report
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import (
    NAME_ONLY,
    NAMELESS,
    UNKNOWN,
    Identified,
    NewClient,
    compatible,
    identify,
    normal_code,
    normal_email,
)
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.flow.news import Whose, as_reported, booked_first, closed, is_news, same_state
from scheduler_app.ports import Transaction

UNASSIGNED = "?"  # begins the key under which an appointment of an unknown client is judged
_DOUBT = {UNKNOWN: "client-unknown", NAME_ONLY: "client-unknown", NAMELESS: "client-unknown"}


def judge_key(appointment: Appointment) -> str:
    """Under which key of work the appointment is judged: its client's, or its own."""
    return appointment.client or UNASSIGNED + appointment.ref


def new_client_ref() -> str:
    """Opaque: it shows in places a name must not."""
    return "c" + token_hex(12)


def take(tx: Transaction, report: Report, now: datetime, *, current: bool = False) -> frozenset[str]:
    """Bring the book up to what the report says; the keys that want judging now, none for old news.

    current: the source was read just now, so that its word needs no guard of order.
    """
    held = tx.appointments.by_source(report.source, report.source_id)
    if held is None and _was_erased(tx, report, now):
        return frozenset()
    after: Appointment | None = held
    if current or is_news(report, held):
        whose = _whose(tx, report, held, now, current)
        after = as_reported(report, held, whose)
        if current and held is not None and same_state(after, held):
            after = held
    elif held is not None and held.booked_at != booked_first(report, held):
        after = replace(held, booked_at=booked_first(report, held))
    keys = set()
    if after is not None and after != held:
        tx.appointments.put(after, by=report.source, at=now)
        keys |= _changed(held, after)
    if after is not None and (report.previous_id is not None or after.replaced_by is not None):
        keys |= _succeed(tx, after, report, now)
    return frozenset(keys)


def _was_erased(tx: Transaction, report: Report, now: datetime) -> bool:
    """Whether a visit that is over went with a person who was erased: reading the calendar again brings
    nobody back. One that lies ahead is a new booking, of somebody nobody knows."""
    over = report.start < now or report.status in NOT_HELD
    return over and tx.personal.gone(report.source, report.source_id)


def _changed(before: Appointment | None, after: Appointment) -> set[str]:
    if before is not None and same_state(before, after):
        return set()
    return {judge_key(after)} | ({judge_key(before)} if before else set())


def _succeed(tx: Transaction, after: Appointment, report: Report, now: datetime) -> set[str]:
    """Close what it was rescheduled from, and let every successor be as old as what it replaced."""
    keys = set()
    older = after
    if report.previous_id is not None:
        before = tx.appointments.by_source(report.source, report.previous_id)
        over = closed(report.previous_id, after, before)
        if after.replaced_by != over.ref:  # two that claim to follow each other are let be
            older = over
            if over != before:
                tx.appointments.put(over, by=report.source, at=now)
                keys |= _changed(before, over)
    seen = {older.ref}
    while older.replaced_by is not None and older.replaced_by not in seen:
        younger = tx.appointments.get(older.replaced_by)
        if younger is None:
            break
        if older.booked_at and (younger.booked_at is None or older.booked_at < younger.booked_at):
            younger = replace(younger, booked_at=older.booked_at)
            tx.appointments.put(younger, by=report.source, at=now)
            keys.add(judge_key(younger))
        seen.add(younger.ref)
        older = younger
    return keys


def _whose(tx: Transaction, report: Report, held: Appointment | None, now: datetime, current: bool) -> Whose:
    """Whose appointment it is: a person's word, then what the clues tell, then what we knew before."""
    confirmed = tx.clients.confirmed(report.source, report.source_id)
    if confirmed is None and report.series:
        confirmed = tx.clients.confirmed(report.source, report.series)
    if confirmed is not None:
        return Whose(confirmed)
    clues = normal_clues(report.clues)
    booked_for = client_of(carried(tx, report.carries)) if report.carries else None
    told_before = booked_for or (held.client if held else None)
    if told_before is not None and clues == Clues():
        return Whose(told_before)
    answer = identify(clues, tx.clients.candidates(clues, report.source))
    if isinstance(answer, Identified):
        tx.clients.add_identifiers(answer.client, identifiers(clues, report.source))
        return Whose(answer.client)
    if isinstance(answer, NewClient):
        client = Client(new_client_ref(), clues.name or "", now, code=clues.code)
        tx.clients.add(client, identifiers(clues, report.source))
        return Whose(client.ref)
    if current and held is not None and held.client is not None and answer.reason in _DOUBT:
        known = tx.clients.get(held.client)
        if known is not None and (not clues.name or compatible(clues.name, known.name)):
            return Whose(held.client)  # somebody took the guest off the event; it is still theirs
    if booked_for is not None:
        return Whose(booked_for)
    return Whose(None, (_DOUBT.get(answer.reason, "identity-doubtful"),))


def carried(tx: Transaction, name: str) -> list[Appointment]:
    """The booking that an event carries, then what that was rescheduled to; nothing where we hold none."""
    source, _, source_id = name.partition(" ")
    booking = tx.appointments.by_source(source, source_id) if source_id else None
    chain: list[Appointment] = []
    while booking is not None and booking not in chain:
        chain.append(booking)
        booking = tx.appointments.get(booking.replaced_by) if booking.replaced_by else None
    return chain


def client_of(chain: Sequence[Appointment]) -> str | None:
    """Whose these bookings are, as the newest tells for which somebody knows it."""
    return next((each.client for each in reversed(chain) if each.client is not None), None)


def normal_clues(clues: Clues) -> Clues:
    """As people are looked for by them."""
    email, code = normal_email(clues.email), normal_code(clues.code) if clues.code else None
    if email == clues.email and code == clues.code:
        return clues
    return replace(clues, email=email, code=code)


def identifiers(clues: Clues, source: str) -> tuple[Identifier, ...]:
    """What the client will be recognised by from now on."""
    found = [Identifier("email", clues.email)] if clues.email else []
    if clues.phone:
        found.append(Identifier("phone", clues.phone))
    if clues.code:
        found.append(Identifier("code", clues.code))
    if clues.platform_id:
        found.append(Identifier("platform", clues.platform_id, source))
    return tuple(found)
