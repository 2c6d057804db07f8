"""A change is seen through before the next page: no page shows a verdict its own change made old."""

from datetime import timedelta
from time import sleep

from scheduler_app.flow.flow import JUDGE, SYNC
from scheduler_app.flow.plan import calendar_source
from scheduler_app.flow.take import judge_key
from scheduler_app.web.deps import Deps

PAUSE = 0.05  # seconds
ROUNDS = 60
PATIENCE = timedelta(seconds=5)


def booking_through(deps: Deps, calendar: str, event_id: str) -> str | None:
    """Read the calendar and have judged what changed in it; the ref of the event's appointment."""
    with deps.store.transaction() as held:
        held.work.touch(SYNC, calendar)
    _wait(deps, SYNC, calendar)
    with deps.store.reading() as held:
        appointment = held.appointments.by_source(calendar_source(calendar), event_id)
    if appointment is None:
        return None
    _wait(deps, JUDGE, judge_key(appointment))
    return appointment.ref


def story_through(deps: Deps, client: str) -> None:
    """Have the client's bookings judged by what was just recorded."""
    _wait(deps, JUDGE, client)


def visit_through(deps: Deps, ref: str) -> None:
    """Have the appointment judged by what was just decided about it."""
    with deps.store.reading() as held:
        appointment = held.appointments.get(ref)
    if appointment is not None:
        _wait(deps, JUDGE, judge_key(appointment))


def _wait(deps: Deps, kind: str, key: str) -> None:
    """Do what is due here; where somebody else is at it already, give them a moment, and no more.

    Work that failed is not waited for: its row is due again later.
    """
    until = deps.clock() + PATIENCE
    for _ in range(ROUNDS):
        deps.settle()
        with deps.store.reading() as held:
            if not held.work.wanted(kind, key) or deps.clock() > until:
                return
        sleep(PAUSE)
