"""One appointment: how it stands and why, what was done about it, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment, Change
from scheduler_app.errors import NotFound
from scheduler_app.flow.decide import OVERRIDE_REASONS
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.diary import taken_refs
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.holding import on_the_grid
from scheduler_app.web.desk.pages import Pages, short_moment
from scheduler_app.web.desk.pairs import halves
from scheduler_app.web.desk.sight import said_by, see

_WORDS = {
    "start": "start",
    "end": "end",
    "status": "status",
    "title": "title",
    "treatments": "treatments",
    "client": "client",
    "location": "location",
    "zone": "time zone",
    "doubts": "doubts",
}
_TIMES = ("start", "end")
_REASONS = {
    "clinical-judgement": "Clinical judgement",
    "treated-area-differs": "A different area is treated",
    "history-not-relevant": "What is on record does not bear on this",
    "agreed-with-prescriber": "Agreed with the prescriber",
    "other": "Another reason: say which",
}
_ACTS = {
    "confirm-decided": "Decided that the booking is confirmed",
    "decline-decided": "Decided that the booking is declined",
    "cancel-decided": "Decided that the booking is called off",
    "booking-confirmed": "Confirmed where it was booked",
    "booking-declined": "Declined where it was booked",
    "booking-cancelled": "Called off where it was booked",
    "act-refused": "The booking platform refused what was to be done",
    "booking-vanished": "The booking platform knows the booking no more",
    "said-one-visit": "Said that the calendar and the booking platform tell of one visit",
    "said-two-visits": "Said that the calendar and the booking platform tell of two visits",
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of an appointment's history."""

    at: datetime
    by: str
    text: str


def details(deps: Deps, pages: Pages, ref: str, form: Fields, name: str) -> str:
    """The page of one appointment, with the form as it was typed. Raises NotFound."""
    now = deps.clock()
    with deps.store.reading() as held:
        appointment = held.appointments.get(ref)
        if appointment is None:
            raise NotFound("No appointment has this address.")
        sight = see(held, appointment, deps.flow, now)
        others = halves(deps, held, appointment)
        written = held.outbox.written(others.event or ref)
        taken = bool(taken_refs(held, [sight]))
        history = _history(deps, held, appointment)
        grid = on_the_grid(deps, held, appointment, now)
    zone = ZoneInfo(appointment.zone)
    return pages.render(
        "appointment.html",
        here="diary",
        sight=sight,
        taken=taken,
        form=form,
        history=history,
        zone=appointment.zone,
        booked_at=appointment.booked_at and appointment.booked_at.astimezone(zone),
        source=said_by(deps.clinic, appointment.source),
        mark=written.mark if written else None,
        grid=grid,
        pair=others,
        override_reasons=[(code, _REASONS.get(code, code)) for code in OVERRIDE_REASONS],
        known_name=name,
    )


def _history(deps: Deps, held: Transaction, appointment: Appointment) -> list[Event]:
    """Changes to the booking, overrides and decisions, newest first."""
    zone = ZoneInfo(appointment.zone)
    changes = held.appointments.history(appointment.ref)
    events = [
        Event(at.astimezone(zone), said_by(deps.clinic, by), _told(list(group), zone, held))
        for (at, by), group in groupby(changes, key=lambda change: (change.at, change.by))
    ]
    events += _overrides(held, appointment, zone)
    events += _acts(held, appointment, zone)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _overrides(held: Transaction, appointment: Appointment, zone: ZoneInfo) -> list[Event]:
    given = held.records.overrides(appointment.client) if appointment.client else ()
    events = []
    for override in given:
        if override.appointment == appointment.ref:
            rule = override.finding.partition("|")[0]
            reason = _REASONS.get(override.reason, override.reason).lower()
            comment = f": {override.comment}" if override.comment else ""
            at = datetime.fromtimestamp(override.at, zone)
            events.append(Event(at, override.by, f"Let {rule} stand ({reason}){comment}"))
    return events


def _acts(held: Transaction, appointment: Appointment, zone: ZoneInfo) -> list[Event]:
    """What was decided and done about an online booking, with who said so."""
    return [
        Event(datetime.fromisoformat(entry["at"]).astimezone(zone), entry["who"], _ACTS[entry["what"]])
        for entry in held.audit.entries(appointment.ref)
        if entry["what"] in _ACTS
    ]


def _told(changes: Sequence[Change], zone: ZoneInfo, held: Transaction) -> str:
    if any(change.field == "ref" for change in changes):
        first = {change.field: change.after for change in changes}
        return f"Booked for {_value('start', first.get('start'), zone, held)}"
    told = [
        f"{_WORDS[change.field]}: {_value(change.field, change.before, zone, held)} → "
        f"{_value(change.field, change.after, zone, held)}"
        for change in changes
        if change.field in _WORDS
    ]
    text = "; ".join(told) or "read again"
    return text[0].upper() + text[1:]


def _value(field: str, value: str | None, zone: ZoneInfo, held: Transaction) -> str:
    if not value:
        return "none"
    if field in _TIMES:
        return short_moment(datetime.fromisoformat(value).astimezone(zone))
    if field == "client":
        client = held.clients.get(value)
        return client.name if client else "somebody"
    return value
