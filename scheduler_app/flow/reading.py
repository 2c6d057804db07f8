"""One look at a calendar that another program keeps, and what it taught us about how we stand with it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom

from scheduler_app.domain.clinic import OBSERVE
from scheduler_app.domain.connections import READ_ONLY, CalendarState, Channel
from scheduler_app.errors import Disconnected, NotFound, Unsafe
from scheduler_app.flow.book_page import Pass
from scheduler_app.flow.flow import WATCH, Flow
from scheduler_app.flow.polling import UNTOLD, next_look, trusted, went_untold
from scheduler_app.flow.series import READ_AGAIN
from scheduler_app.flow.sync import LOOKS_EMPTY, read_calendar, sync_calendar
from scheduler_app.ports import Transaction, WatchableCalendar

log = logging.getLogger(__name__)

GONE = "calendar-missing"
NOTED_EVERY = timedelta(seconds=15)  # a busy calendar is read more often than that need be written down
_JITTER = SystemRandom()


@dataclass(frozen=True, slots=True)
class Looked:
    """How many appointments changed, why it cannot be read, and seconds until the next look."""

    changed: int = 0
    fault: str = ""
    again_in: float = 0.0


def is_elsewhere(flow: Flow, calendar: str) -> bool:
    """Whether another program keeps it: then looking costs something, and can fail."""
    known = flow.clinic.calendars.get(calendar)
    if isinstance(flow.gateways.get(calendar), WatchableCalendar):
        return True
    return known is not None and known.kind != "embedded"


def look_at(flow: Flow, calendar: str, tries: int = 1) -> Looked:
    """Read what changed; a calendar that is closed to us is remembered so, and tried at a slow pace.

    Nothing we hold of it is forgotten meanwhile. tries: how often it was looked at since a look succeeded,
    this time included. Raises Unavailable and what else `sync_calendar` does.
    """
    if not is_elsewhere(flow, calendar):
        return _look_at_ours(flow, calendar)
    reads_on = _reads_on(flow, calendar)
    try:
        run = read_calendar(flow, calendar, tries=tries)
    except Disconnected as fault:
        return _closed(flow, calendar, fault.code)
    except NotFound:
        return _closed(flow, calendar, GONE)
    except Unsafe:
        return _closed(flow, calendar, LOOKS_EMPTY)
    return _read(flow, calendar, run, tellable=not reads_on)


def _look_at_ours(flow: Flow, calendar: str) -> Looked:
    try:
        return Looked(sync_calendar(flow, calendar), "", flow.poll)
    except Unsafe as fault:
        # not a failure of ours, and not to be parked: the calendar may show its events again any time
        log.warning("sync of %s stopped: %s", calendar, fault)
        return Looked(0, LOOKS_EMPTY, flow.poll)


def _reads_on(flow: Flow, calendar: str) -> bool:
    """Whether this look reads series further ahead: what it finds there is new to us and no news."""
    with flow.store.reading() as tx:
        return bool(tx.series.read_short_of(calendar, flow.clock() + READ_AGAIN))


def _read(flow: Flow, calendar: str, run: Pass, *, tellable: bool) -> Looked:
    now = flow.clock()
    with flow.store.reading() as tx:
        state, channels = tx.states.get(calendar), tx.channels.of_calendar(calendar)
    before, fault = state.fault, _fault_of(flow, run)
    untold = run.changed > 0 and tellable and went_untold(state, channels, now)
    due = state.read_at is None or now - state.read_at >= NOTED_EVERY or _heard_since(channels, state.read_at)
    if untold or due or before != fault:
        with flow.store.transaction() as tx:
            held = tx.states.get(calendar)
            tx.states.put(replace(_faulty(held, fault, now), read_at=now))
            if untold:
                _distrust(tx, calendar, flow)
            if untold or before != fault or state.read_at is None:
                tx.work.touch(WATCH, calendar)
            state, channels = tx.states.get(calendar), tx.channels.of_calendar(calendar)
    if before != fault:
        log.warning("the calendar %s can be read; its fault is now: %s", calendar, fault or "none")
    again = next_look(state, channels, now, _JITTER.random())
    return Looked(run.changed, "", min(again, UNTOLD) if run.aside else again)


def _fault_of(flow: Flow, run: Pass) -> str:
    """What there is to say of a calendar that can be read: we are to write there, and may not."""
    kept = flow.clinic.calendars.get(run.calendar)
    return READ_ONLY if kept and kept.marks.mode != OBSERVE and not run.writable else ""


def _faulty(state: CalendarState, fault: str, now: datetime) -> CalendarState:
    """With this fault, or without one; since when is not forgotten while it is the same."""
    if state.fault == fault:
        return state
    return replace(state, fault=fault, fault_since=now if fault else None)


def _heard_since(channels: Sequence[Channel], moment: datetime) -> bool:
    return any(channel.heard_at is not None and channel.heard_at > moment for channel in channels)


def _distrust(tx: Transaction, calendar: str, flow: Flow) -> None:
    """What its channels said so far counts for nothing; the next notice through one restores it."""
    log.warning("changes of %s were found that no notice told of: it is polled until one comes", calendar)
    for channel in trusted(tx.channels.of_calendar(calendar), flow.clock()):
        tx.channels.put(replace(channel, heard_at=None))


def _closed(flow: Flow, calendar: str, code: str) -> Looked:
    now = flow.clock()
    with flow.store.transaction() as tx:
        held = tx.states.get(calendar)
        state = _faulty(held, code, now)
        tx.states.put(state)
    if held.fault != code:
        log.warning("the calendar %s cannot be read: %s", calendar, code)
    return Looked(0, code, next_look(state, (), now, _JITTER.random()))
