"""dispatch: the one action due for an appointment is done outside, seen to be done, then settled.

Safe to repeat from any line: what is outside is read first, written only where it differs, and only over
the state that was read.
"""

import logging
from dataclasses import dataclass

from scheduler_app.domain.actions import DONE, FAILED, SUPERSEDED, Action, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.errors import Conflict, NotFound, SchedulerError
from scheduler_app.flow.flow import SYNC, Flow
from scheduler_app.ports import CalendarGateway

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """Whether something was written outside, and how the action ended ("" where there was none)."""

    written: bool = False
    state: str = ""


def dispatch(flow: Flow, target: str) -> Dispatched:
    """Do what is due for the appointment.

    Raises Conflict when the event changed since it was judged (the calendar is read again first) and
    Unavailable when the calendar does not answer: both are tried again. Any other refusal settles the
    action as failed.
    """
    with flow.store.reading() as tx:
        action = tx.outbox.due(target)
        appointment = tx.appointments.get(target)
    if action is None:
        return Dispatched()
    gateway = flow.gateways.get(appointment.calendar or "") if appointment else None
    if appointment is None or gateway is None:
        return _failed(flow, action, "its calendar is not configured any more")
    try:
        return _do(flow, action, appointment, gateway)
    except NotFound:
        return _gone(flow, action, appointment)
    except SchedulerError as fault:
        if fault.retriable:
            if isinstance(fault, Conflict):
                _look_again(flow, appointment)
            raise
        log.warning("dispatch of %s refused: %s", target, type(fault).__name__)
        return _failed(flow, action, f"{type(fault).__name__}: {fault}")


def _do(flow: Flow, action: Action, appointment: Appointment, gateway: CalendarGateway) -> Dispatched:
    calendar = appointment.calendar or ""
    event = gateway.event(calendar, appointment.source_id)
    if event.cancelled:
        return _gone(flow, action, appointment)
    if action.mark is not None and event.start != appointment.start:
        # the mark was decided for another date: a wrong one for a moment is worse than none
        raise Conflict("the event was moved since it was judged")
    if event.mark == action.mark:
        return _settle(flow, action, event, written=False)
    if action.mark is None:
        after = gateway.unmark(calendar, event.id, event.etag)
    else:
        after = gateway.mark(calendar, event.id, action.mark, event.etag)
    return _settle(flow, action, after, written=True)


def _settle(flow: Flow, action: Action, event: CalendarEvent, *, written: bool) -> Dispatched:
    now = flow.clock()
    with flow.store.transaction() as tx:
        if action.mark is None:
            tx.outbox.drop_written(action.target)
        else:
            tx.outbox.put_written(WrittenMark(action.target, action.mark, event.etag, now))
        # done it is, even where a newer action has taken its place meanwhile: that one comes next
        tx.outbox.settle(action.key, DONE)
    return Dispatched(written, DONE)


def _gone(flow: Flow, action: Action, appointment: Appointment) -> Dispatched:
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, SUPERSEDED)
        tx.outbox.drop_written(action.target)
        tx.work.touch(SYNC, appointment.calendar or "")
    return Dispatched(False, SUPERSEDED)


def _look_again(flow: Flow, appointment: Appointment) -> None:
    with flow.store.transaction() as tx:
        tx.work.touch(SYNC, appointment.calendar or "")


def _failed(flow: Flow, action: Action, why: str) -> Dispatched:
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, FAILED, why)
    return Dispatched(False, FAILED)
