"""Booking, moving and calling off in the calendar we keep ourselves, judged before the page is answered."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import redirect
from werkzeug.wrappers import Response

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent, EventDraft, Person
from scheduler_app.errors import Conflict, Invalid, NotFound
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.sight import EMBEDDED
from scheduler_app.web.through import booking_through


def calendars(deps: Deps) -> list[tuple[str, str]]:
    """The clinic's own calendars, by id and by what people call them."""
    own = (held for held in deps.clinic.calendars.values() if held.kind == EMBEDDED)
    return [(held.id, held.name or held.id) for held in own]


def book(deps: Deps, form: Fields) -> Response | None:
    """Book as the form says; None when it has mistakes."""
    calendar = form.choice("calendar", dict(calendars(deps)), "Choose one of the clinic's calendars.")
    zone = deps.clinic.location_of(calendar).zone
    name = form.text("client", "Give the client's name.")
    treatment = form.text("treatment", "Say what is booked, for example Microneedling.")
    email, phone = form.email("email"), form.phone("phone")
    start = form.moment("date", "time", zone)
    length = form.length("minutes")
    if start is None or not form.ok:
        return None
    begin = start.astimezone(UTC)
    draft = EventDraft(
        title=f"{treatment} - {name}",
        start=begin,
        end=begin + length,
        zone=zone,
        description=f"Phone: {phone}" if phone else "",
        attendees=(Person(email, name),) if email else (),
    )
    return _to_its_day(deps, calendar, deps.calendar.book(calendar, draft))


def move(deps: Deps, ref: str, form: Fields) -> Response | None:
    """Move an appointment, or correct its title, as the form says; None when it has mistakes.

    Raises Conflict when somebody changed it since the page was made, NotFound for none of ours.
    """
    appointment, event = _own_event(deps, ref, form)
    start = form.moment("date", "time", appointment.zone)
    if start is None or not form.ok:
        return None
    begin = start.astimezone(UTC)
    end = begin + (event.end - event.start)
    calendar = appointment.calendar or ""
    title = form.text("title")
    if title and title != event.title:
        draft = EventDraft(title, begin, end, event.zone, event.description, event.attendees, event.colour)
        moved = deps.calendar.edit(calendar, event.id, draft, event.etag)
    else:
        moved = deps.calendar.move(calendar, event.id, begin, end, event.etag)
    return _to_its_day(deps, calendar, moved)


def cancel(deps: Deps, ref: str, form: Fields) -> Response:
    """Call an appointment off. Raises as `move`."""
    appointment, event = _own_event(deps, ref, form)
    calendar = appointment.calendar or ""
    deps.calendar.cancel(calendar, event.id, event.etag)
    booking_through(deps, calendar, event.id)
    return redirect(f"/desk/appointments/{ref}", 303)


def _own_event(deps: Deps, ref: str, form: Fields) -> tuple[Appointment, CalendarEvent]:
    """The appointment and its event as it is now, if it still starts when the page said it did."""
    with deps.store.reading() as held:
        appointment = held.appointments.get(ref)
    if appointment is None or appointment.calendar not in dict(calendars(deps)):
        raise NotFound("No appointment of the clinic's own calendar has this address.")
    event = deps.calendar.event(appointment.calendar or "", appointment.source_id)
    if event.cancelled:
        raise Conflict("It was cancelled meanwhile. Look at it again before you change it.")
    if _seen(form) not in (None, event.start):
        raise Conflict("It was moved meanwhile. Look at it again before you change it.")
    return appointment, event


def _seen(form: Fields) -> datetime | None:
    text = form.text("seen")
    try:
        moment = datetime.fromisoformat(text) if text else None
        if moment is not None and moment.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Invalid("form-unreadable", "the form is damaged; open the page again", "seen") from None
    return moment


def _to_its_day(deps: Deps, calendar: str, event: CalendarEvent) -> Response:
    """Have it judged at once, then show the day it is on."""
    ref = booking_through(deps, calendar, event.id)
    day = event.start.astimezone(ZoneInfo(deps.clinic.location_of(calendar).zone)).date()
    anchor = f"#a-{ref}" if ref else ""
    return redirect(f"/desk/?from={day.isoformat()}{anchor}", 303)
