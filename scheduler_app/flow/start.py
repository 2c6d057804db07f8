"""start: nothing is written in a calendar another program keeps until a person says so.

The calendar we keep ourselves is written in from the beginning: people book in it through us.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import OBSERVE, ClinicCalendar
from scheduler_app.domain.connections import ALL, NEW, CalendarState
from scheduler_app.errors import Invalid, NotFound
from scheduler_app.flow.flow import JUDGE, Flow, plan_name
from scheduler_app.flow.foresee import foresee
from scheduler_app.flow.take import judge_key
from scheduler_app.ports import Transaction

EMBEDDED = "embedded"
START = "start"  # begins the name of the plan that the start of a calendar brings about
FORESEEN = "plan-foreseen"
FAR_AHEAD = timedelta(days=3653)
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def state_of(tx: Transaction, flow: Flow, calendar: str) -> CalendarState:
    """How we stand with the calendar; one we keep ourselves has been started for all bookings."""
    state = tx.states.get(calendar)
    kept = flow.clinic.calendars.get(calendar)
    if kept is not None and kept.kind == EMBEDDED:
        return replace(state, started_at=_ALWAYS, covers=ALL)
    return state


def may_write(flow: Flow, state: CalendarState, appointment: Appointment) -> bool:
    """Whether anything may be written on the appointment's event, or taken off it."""
    kept = flow.clinic.calendars.get(appointment.calendar or "")
    return (
        kept is not None
        and kept.marks.mode != OBSERVE
        and appointment.writable
        and kept.marks.concern(appointment.treatments)
        and state.covers_booking(appointment.booked_at)
    )


def start_calendar(flow: Flow, calendar: str, by: str, covers: str = NEW, foreseen: int | None = None) -> int:
    """A person lets us write in the calendar; on how many visits we shall at once.

    covers: `new`, only bookings made from now on, or `all` that are ahead. With `all` the marks go out
    as one plan, without asking again as long as it marks no more than `foreseen`, the number the person
    was shown (what is foreseen now where they were shown none).

    Raises NotFound for no such calendar, Invalid for one that needs no start or whose configuration
    says that it is only observed.
    """
    kept = _startable(flow, calendar)
    if covers not in (NEW, ALL):
        raise Invalid("covers-unknown", "say which bookings are covered: new or all", "covers")
    if kept.marks.mode == OBSERVE:
        fault = f"clinic.toml says that {calendar} is only observed; set marks.mode there and start again"
        raise Invalid("calendar-observed", fault, "mode")
    now = flow.clock()
    shown = len(foresee(flow, calendar).written) if foreseen is None else foreseen
    with flow.store.transaction() as tx:
        state = tx.states.get(calendar)
        since = state.started_at or now
        tx.states.put(replace(state, started_at=since, started_by=by, covers=covers))
        tx.audit.write(now, by, "calendar-started", calendar, {"covers": covers})
        if covers == NEW:
            return 0
        plan = plan_name(START, calendar, now.isoformat())
        tx.audit.write(now, by, FORESEEN, plan, {"marks": str(shown), "calendar": calendar})
        ahead = tx.appointments.between(now, now + FAR_AHEAD, calendar, twins=True)
        for key in sorted({judge_key(appointment) for appointment in ahead}):
            tx.work.touch(JUDGE, key, plan=plan)
    return shown


def stop_calendar(flow: Flow, calendar: str, by: str) -> None:
    """Back to observing: nothing is written any more, and marks that stand are left alone.

    Raises NotFound for no such calendar, Invalid for one we keep ourselves.
    """
    _startable(flow, calendar)
    now = flow.clock()
    with flow.store.transaction() as tx:
        state = tx.states.get(calendar)
        if state.started_at is None:
            return
        tx.states.put(replace(state, started_at=None, started_by="", covers=NEW))
        tx.audit.write(now, by, "calendar-stopped", calendar, {})


def foreseen_marks(tx: Transaction, plan: str) -> int:
    """How many marks the person who started a calendar was shown; 0 for a plan of another kind."""
    if not plan.startswith(START):
        return 0
    told = [entry for entry in tx.audit.entries(plan) if entry["what"] == FORESEEN]
    return int(told[0]["marks"]) if told else 0


def _startable(flow: Flow, calendar: str) -> ClinicCalendar:
    kept = flow.clinic.calendars.get(calendar)
    if kept is None:
        raise NotFound("clinic.toml has no calendar of this name")
    if kept.kind == EMBEDDED:
        fault = f"{calendar} is kept here and needs no start; to observe it, set marks.mode in clinic.toml"
        raise Invalid("calendar-kept-here", fault, "calendar")
    return kept
