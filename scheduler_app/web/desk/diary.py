"""The diary: what is booked, day by day, held ones with their reason and the way out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.facts import read_date
from scheduler_app.domain.visits import once
from scheduler_app.errors import Invalid
from scheduler_app.ports import Transaction
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.booking import calendars
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.sight import Sight, by_day, overlapping, quiet, see

SHOWN = timedelta(days=14)


def diary(deps: Deps, pages: Pages, from_day: str, form: Fields) -> str:
    """The page from a day (YYYY-MM-DD) on, today for none, with the booking form as it was typed."""
    now = deps.clock()
    zone = ZoneInfo(deps.clinic.location.zone)
    today = now.astimezone(zone).date()
    first = _first(from_day, today)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(first + SHOWN, time(), zone)
    with deps.store.reading() as held:
        booked = held.appointments.between(start, end, twins=True)
        visits = [each for each in once(booked) if each.same_as is None]
        shown = [see(held, appointment, deps.flow, now) for appointment in visits]
        taken = taken_refs(held, shown)
    others = [quiet(event) for event in _other_events(deps, start, end, booked)]
    return pages.render(
        "diary.html",
        here="diary",
        days=by_day([*shown, *others]),
        taken=taken,
        first=first,
        last=first + SHOWN - timedelta(days=1),
        earlier=first - SHOWN,
        later=first + SHOWN,
        today=today,
        form=form,
        offered=[known.name for known in deps.catalogue.treatments.values() if known.offered],
        calendars=calendars(deps),
    )


def _first(text: str, today: date) -> date:
    try:
        return date.fromordinal(read_date(text, "from")) if text else today
    except Invalid:
        return today


def taken_refs(held: Transaction, shown: Iterable[Sight]) -> set[str]:
    """Refs of those whose proposed time lies over something else in their calendar."""
    taken = set()
    for sight in shown:
        if sight.move_to is not None:
            begin = sight.move_to - timedelta(days=1)
            end = sight.move_to + timedelta(days=1)
            nearby = held.appointments.between(begin, end, sight.calendar, twins=True)
            if overlapping(sight, nearby):
                taken.add(sight.ref)
    return taken


def _other_events(
    deps: Deps, start: datetime, end: datetime, booked: Sequence[Appointment]
) -> Iterable[CalendarEvent]:
    """What stands in our own calendars without being an appointment: lunch, training."""
    known = {(appointment.calendar, appointment.source_id) for appointment in booked}
    for calendar, _ in calendars(deps):
        for event in deps.calendar.between(calendar, start, end):
            if (calendar, event.id) not in known:
                yield event
