"""From an event in a clinic calendar to a report about an appointment. Pure."""

from datetime import datetime
from functools import lru_cache

from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.events import CalendarEvent, Person
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.names import compatible, is_name
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.plan import calendar_source
from scheduler_app.ports.phones import normal_phone

_BOOKABLE = frozenset({"", "default"})  # Google's other kinds are no appointments
_FIRST_CREDIBLE = 1990  # some programs write the year 0 where they do not know when an event was made
_ROOMS = "@resource.calendar.google.com"


def report_of(event: CalendarEvent, calendar: str, flow: Flow, now: datetime) -> Report | None:
    """What the event says, or None when it is no appointment: called off, a meeting, time that is free.

    The day counts where the calendar's rooms are; an all-day event keeps the day it was written on.
    """
    if event.cancelled or not event.busy or event.kind not in _BOOKABLE:
        return None
    kept = flow.clinic.calendars.get(calendar)
    reading = flow.reader.read(
        event.title,
        event.description,
        colour=event.colour,
        labels=event.labels,
        defaults=kept.defaults if kept else None,
    )
    if not reading.booking:
        return None
    place = flow.clinic.location_of(calendar)
    created = event.created if event.created and event.created.year >= _FIRST_CREDIBLE else None
    return Report(
        source=calendar_source(calendar),
        source_id=event.id,
        status="pending" if event.status == "tentative" else "booked",
        start=event.start,
        end=event.end,
        zone=event.zone if event.all_day else place.zone,
        treatments=reading.treatments,
        clues=_clues(event, reading.clues, place.country, flow),
        reported_at=event.updated or now,
        booked_at=created,
        location=place.id,
        calendar=calendar,
        title=event.title,
        doubts=reading.doubts,
        by_staff=True,
        series=event.series,
        writable=event.writable,
        booked_by=event.creator.email if event.creator else "",
        carries=_carried(event, flow) if flow.platforms else "",
    )


def _carried(event: CalendarEvent, flow: Flow) -> str:
    """The booking that the event's words name: it was written by a booking platform, as a copy."""
    words = "\n".join((event.title, event.description, event.location, event.uid))
    for name, platform in flow.platforms.items():
        if booking := platform.carried_in(words):
            return f"{name} {booking}"
    return ""


def _clues(event: CalendarEvent, written: Clues, country: str, flow: Flow) -> Clues:
    """What the event's words and its guest tell about the client, in normal form. Words go first.

    A name that only the guest bears goes with the guest's own address: whose the one in the words is,
    nobody says.
    """
    guest = _guest(event, written.name, flow)
    email, invited = normal_email(written.email), normal_email(guest.email) if guest else None
    return Clues(
        name=written.name or (guest.name if guest else None) or None,
        email=(email or invited) if written.name else (invited or email),
        phone=normal_phone(written.phone, country),
        code=written.code,
    )


def _guest(event: CalendarEvent, name: str | None, flow: Flow) -> Person | None:
    """The one person invited who can be the client, if there is exactly one.

    Beside a name in the words that is whoever bears it, or the only guest there is where nobody says what
    they are called: the address of a practitioner or a friend is never taken for the client's.
    """
    own = _own(flow.catalogue.wording.own_contacts, flow.clinic.email)
    organizer = normal_email(event.organizer.email) if event.organizer else None
    guests = []
    for person in event.attendees:
        if person.itself:
            continue
        if person.email:
            email = normal_email(person.email)
            own_or_nobody = email in own or email == organizer or not (email or person.name)
            if own_or_nobody or person.email.lower().endswith(_ROOMS):
                continue
        elif not person.name:
            continue
        guests.append(person)
    if name:
        alone = len(guests) == 1
        guests = [guest for guest in guests if _may_be(name, guest.name, alone=alone)]
    return guests[0] if len(guests) == 1 else None


def _may_be(name: str, guest: str, *, alone: bool) -> bool:
    """Whether a guest may be whom the words name. An address for a name is no name."""
    return compatible(name, guest) or (alone and not is_name(guest))


@lru_cache(maxsize=16)
def _own(contacts: tuple[str, ...], clinic: str) -> frozenset[str | None]:
    """The clinic's own addresses."""
    return frozenset((*map(normal_email, contacts), normal_email(clinic)))
