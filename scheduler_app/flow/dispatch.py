"""dispatch: the one action due for an appointment is done outside, seen to be done, then settled.

Safe to repeat from any line: what is outside is read first, written only where it differs, and only over
the state that was read. The row of work is leased by appointment, so that nobody else writes meanwhile.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scheduler_app.domain.actions import DONE, FAILED, SUPERSEDED, Action, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.connections import CalendarState
from scheduler_app.domain.events import CalendarEvent, Mark
from scheduler_app.errors import Conflict, Disconnected, NotFound, Paused, SchedulerError, Unavailable
from scheduler_app.flow import calling_off
from scheduler_app.flow.flow import SYNC, Flow
from scheduler_app.flow.looking import forget, look, mark_to_write, remember
from scheduler_app.flow.plan import begun
from scheduler_app.flow.platforms.acting import act_on
from scheduler_app.flow.refused import settle_refused
from scheduler_app.flow.start import may_write, state_of
from scheduler_app.ports import CalendarGateway

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Whether something was written outside, and how the action ended ("" where there was none)."""

    written: bool = False
    state: str = ""


def dispatch(flow: Flow, target: str) -> Dispatched:
    """Do what is due for the appointment; where nothing is, look whether its event shows what we believe.

    Raises Conflict when the event changed since it was judged (the calendar is read again first),
    Unavailable when the calendar does not answer or wants no writing now, Disconnected when it is closed
    to us: all are tried again. Any other refusal settles the action as failed.
    """
    with flow.store.reading() as tx:
        action = tx.outbox.due(target)
        visit = tx.appointments.get(target)
        state = state_of(tx, flow, (visit.calendar or "") if visit else "")
    if visit is not None and visit.source in flow.platforms:
        return Dispatched(*act_on(flow, action, visit)) if action else Dispatched()
    gateway = flow.gateways.get(visit.calendar or "") if visit else None
    if visit is None or gateway is None:
        return _failed(flow, action, "its calendar is not configured any more") if action else Dispatched()
    return _in_calendar(flow, action, visit, gateway, state)


def _in_calendar(
    flow: Flow, action: Action | None, visit: Appointment, gateway: CalendarGateway, state: CalendarState
) -> Dispatched:
    now = flow.clock()
    if action is not None and not may_write(flow, state, visit):
        return _dropped(flow, action)
    try:
        _heed_pause(state, now)
        if action is None:
            return Dispatched(look(flow, gateway, visit, may=may_write(flow, state, visit)))
        return _do(flow, action, visit, gateway)
    except NotFound:
        return _gone(flow, action, visit) if action else Dispatched()
    except Paused as fault:
        _pause(flow, visit.calendar or "", now + timedelta(seconds=fault.retry_in or 0.0))
        raise
    except SchedulerError as fault:
        if fault.retriable:
            if isinstance(fault, Conflict | Disconnected):  # the look tells everybody how it stands
                _look_again(flow, visit)
            raise
        log.warning("dispatch of %s refused: %s", visit.ref, type(fault).__name__)
        return _failed(flow, action, str(fault)) if action else Dispatched()


def _do(flow: Flow, action: Action, visit: Appointment, gateway: CalendarGateway) -> Dispatched:
    calendar = visit.calendar or ""
    event = gateway.event(calendar, visit.source_id)
    if action.kind == "cancel":
        return _call_off(flow, action, visit, event, gateway)
    if event.cancelled:
        return _gone(flow, action, visit)
    if action.mark is not None:
        _as_judged(visit, event)  # a wrong mark for a moment is worse than none
    if not event.writable:
        return _failed(flow, action, "the calendar does not let us write on this event")
    wanted = mark_to_write(flow, gateway, visit, event, action.mark)
    if wanted is None:  # also where no mark stands: a colour of ours may be left of one
        after = gateway.unmark(calendar, event.id, event.etag)
        return _settle(flow, action, after, wanted, written=after.etag != event.etag)
    if event.mark == wanted:
        return _settle(flow, action, event, wanted, written=False)
    after = gateway.mark(calendar, event.id, wanted, event.etag)
    return _settle(flow, action, after, wanted, written=True)


def _call_off(
    flow: Flow, action: Action, visit: Appointment, event: CalendarEvent, gateway: CalendarGateway
) -> Dispatched:
    if event.cancelled and not calling_off.was_ours(flow, action):
        return _gone(flow, action, visit)
    if not event.cancelled:
        _as_judged(visit, event)
        if not event.writable or begun(visit, flow.clock()):
            return _dropped(flow, action)
        if not calling_off.intended(flow, action):
            return Dispatched(False, SUPERSEDED)
        event = gateway.cancel(visit.calendar or "", event.id, event.etag)
    calling_off.settle(flow, action, visit, event)
    return Dispatched(True, DONE)


def _as_judged(visit: Appointment, event: CalendarEvent) -> None:
    """Raise Conflict where somebody moved the event, or wrote something else on it, in the meantime."""
    if (event.start, event.title) != (visit.start, visit.title):
        raise Conflict("the event was changed since it was judged")


def _settle(
    flow: Flow, action: Action, event: CalendarEvent, mark: Mark | None, *, written: bool
) -> Dispatched:
    with flow.store.transaction() as tx:
        visit = tx.appointments.get(action.target)
        if mark is None and visit is not None:
            forget(tx, visit)
        elif mark is not None and visit is not None:
            remember(tx, flow, visit, WrittenMark(action.target, mark, event.etag, flow.clock()))
        # done it is, even where a newer action has taken its place meanwhile: that one comes next
        tx.outbox.settle(action.key, DONE)
    return Dispatched(written, DONE)


def _heed_pause(state: CalendarState, now: datetime) -> None:
    until = state.writes_paused_until
    if until is not None and now < until:
        raise Unavailable("writing in this calendar is paused", (until - now).total_seconds())


def _pause(flow: Flow, calendar: str, until: datetime) -> None:
    with flow.store.transaction() as tx:
        tx.states.put(replace(tx.states.get(calendar), writes_paused_until=until))
        tx.audit.write(flow.clock(), "scheduler", "writes-paused", calendar, {"until": until.isoformat()})


def _gone(flow: Flow, action: Action, visit: Appointment) -> Dispatched:
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, SUPERSEDED)
        tx.outbox.drop_written(action.target)
        tx.work.touch(SYNC, visit.calendar or "")
    return Dispatched(False, SUPERSEDED)


def _dropped(flow: Flow, action: Action) -> Dispatched:
    """Planned when it was allowed, and it is no more: the calendar is only observed, the visit began."""
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, SUPERSEDED)
    return Dispatched(False, SUPERSEDED)


def _look_again(flow: Flow, visit: Appointment) -> None:
    with flow.store.transaction() as tx:
        tx.work.touch(SYNC, visit.calendar or "")


def _failed(flow: Flow, action: Action, why: str) -> Dispatched:
    settle_refused(flow, action, why)
    return Dispatched(False, FAILED)
