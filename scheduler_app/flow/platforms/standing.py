"""How we stand with a platform: open or closed to us, and what was learned of that."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scheduler_app.domain.platforms import LeftOut, PlatformState
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.unreadable import BOOKING, tell
from scheduler_app.ports import Transaction

log = logging.getLogger(__name__)

NO_KEY = "key-missing"
NOT_READ = "platform-not-read"
LONGEST_UNREAD = timedelta(hours=6)  # a first reading of many bookings takes hours


def closed(flow: Flow, name: str, code: str) -> None:
    """It lets us in no more. Nothing we hold of it is forgotten; a person is told once."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        held = tx.platforms.get(name)
        if held.fault == code:
            return
        tx.platforms.put(replace(held, fault=code, fault_since=now))
        tx.audit.write(now, "scheduler", "platform-closed", name, {"code": code})
    log.warning("the platform %s cannot be asked: %s", name, code)


def opened(flow: Flow, name: str) -> None:
    """It answered; what was wrong is over."""
    with flow.store.reading() as tx:
        if not tx.platforms.get(name).fault:
            return
    with flow.store.transaction() as tx:
        tx.platforms.put(replace(tx.platforms.get(name), fault="", fault_since=None))
    log.info("the platform %s can be asked again", name)


def standing(flow: Flow) -> Sequence[PlatformState]:
    """How we stand with each platform of clinic.toml; one without a usable key has the fault NO_KEY."""
    with flow.store.reading() as tx:
        states = [state_of(tx, flow, name) for name in flow.clinic.platforms]
    return [state if state.platform in flow.platforms else replace(state, fault=NO_KEY) for state in states]


def state_of(tx: Transaction, flow: Flow, name: str) -> PlatformState:
    """How we stand with one. Where it let us in and has not answered for long, the fault is NOT_READ: that
    it is tried again and again nobody would notice."""
    state = tx.platforms.get(name)
    last = state.read_until or state.reading_since
    if state.fault or last is None:
        return state
    longest = max(LONGEST_UNREAD, timedelta(minutes=2 * flow.clinic.platforms[name].terms.poll))
    return replace(state, fault=NOT_READ, fault_since=last) if flow.clock() - last > longest else state


def tell_unreadable(tx: Transaction, name: str, left_out: Iterable[LeftOut], now: datetime) -> None:
    """A person is told of each booking."""
    tell(tx, BOOKING, name, [(each.booking_id, each.code, each.why) for each in left_out], now)
