"""watch: a program is asked to tell us of changes, asked again in time, and told to stop when it may.

A channel is written down before it is asked for, because its first notice may come before the answer; a
run that dies anywhere leaves at most one channel whose answer was lost, which lives until it expires.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import uuid4

from scheduler_app.domain.connections import Channel
from scheduler_app.errors import Disconnected, SchedulerError
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.polling import trusted
from scheduler_app.ports import Transaction, WatchableCalendar

log = logging.getLogger(__name__)

RENEWED_AT = 0.5  # of its life
ASKED_AGAIN = timedelta(hours=6)  # after a refusal, or of a program that says nothing
OVERLAP = 60.0  # seconds between two looks whether the old channel may be stopped
FORGOTTEN_AFTER = timedelta(days=8)  # longer than a channel lives whose answer was lost (Google: 7 days)


def keep_watched(flow: Flow, calendar: str) -> float | None:
    """Bring the calendar's channels to where they should be; seconds until they want looking at again.

    None where nothing is to be watched. Raises Unavailable when the program does not answer. A refusal is
    no failure: the calendar is polled, and the program asked again after some hours.
    """
    gateway = flow.gateways.get(calendar)
    if not isinstance(gateway, WatchableCalendar):
        return None
    with flow.store.reading() as tx:
        if tx.states.get(calendar).closed:
            return None  # the reading that finds it open again says so
        channels = tx.channels.of_calendar(calendar)
    if wants_asking(flow, channels, flow.clock()):
        _ask(flow, gateway, calendar)
    with flow.store.reading() as tx:
        channels = tx.channels.of_calendar(calendar)
    for channel in superfluous(channels, flow.clock(), wanted=bool(flow.push_address)):
        _stop(flow, gateway, channel)
    return _again_in(flow, calendar)


def wants_asking(flow: Flow, channels: Sequence[Channel], now: datetime) -> bool:
    """Whether a new channel should be asked for now."""
    return bool(flow.push_address) and next_asking(channels, now) <= now


def next_asking(channels: Sequence[Channel], now: datetime) -> datetime:
    """When a new channel is due. channels: all of one calendar, the newest last."""
    due = now
    if live := [channel for channel in channels if channel.live(now)]:
        newest = live[-1]
        due = _half_life(newest)
        if newest.heard_at is None:
            due = min(due, newest.asked_at + ASKED_AGAIN)
    if channels and refused(channels):
        due = max(due, channels[-1].asked_at + ASKED_AGAIN)
    return due


def refused(channels: Sequence[Channel]) -> bool:
    """Whether the program said no the last time it was asked."""
    return bool(channels) and channels[-1].stopped_at is not None and channels[-1].expires_at is None


def superfluous(channels: Sequence[Channel], now: datetime, *, wanted: bool) -> list[Channel]:
    """Those that may be stopped: all but the newest, and the newest we heard something through."""
    live = [channel for channel in channels if channel.live(now)]
    needed = {channel.id for channel in (*live[-1:], *trusted(live, now)[-1:])} if wanted else set()
    return [
        channel
        for channel in channels
        if channel.id not in needed
        and channel.stopped_at is None
        and channel.resource
        and (channel.expires_at is None or channel.expires_at > now)
    ]


def forget_ended(tx: Transaction, now: datetime) -> int:
    """Forget channels that ended long ago; how many."""
    return tx.channels.prune(now - FORGOTTEN_AFTER)


def _half_life(channel: Channel) -> datetime:
    if channel.expires_at is None:
        return channel.asked_at
    return channel.asked_at + (channel.expires_at - channel.asked_at) * RENEWED_AT


def _ask(flow: Flow, gateway: WatchableCalendar, calendar: str) -> None:
    token = token_urlsafe(32)
    asked = Channel(uuid4().hex, calendar, sha256(token.encode()).digest(), flow.clock())
    with flow.store.transaction() as tx:
        tx.channels.put(asked)
    try:
        resource, expires_at = gateway.watch(calendar, asked.id, token, flow.push_address)
    except SchedulerError as fault:
        if fault.retriable and not isinstance(fault, Disconnected):
            raise
        log.warning("%s is polled: its program refused to tell of changes: %s", calendar, _code(fault))
        with flow.store.transaction() as tx:
            tx.channels.put(replace(asked, stopped_at=flow.clock()))
        return
    with flow.store.transaction() as tx:
        # read again: its first notice may have come meanwhile
        held = tx.channels.get(asked.id) or asked
        tx.channels.put(replace(held, resource=resource, expires_at=expires_at))


def _stop(flow: Flow, gateway: WatchableCalendar, channel: Channel) -> None:
    try:
        gateway.stop(channel.calendar, channel.id, channel.resource)
    except SchedulerError as fault:
        if fault.retriable and not isinstance(fault, Disconnected):
            raise
        # somebody else's sign-in made it: it ends by itself, and what comes through it is dropped
        log.warning("a channel of %s could not be stopped: %s", channel.calendar, _code(fault))
    with flow.store.transaction() as tx:
        held = tx.channels.get(channel.id) or channel
        tx.channels.put(replace(held, stopped_at=flow.clock()))


def _again_in(flow: Flow, calendar: str) -> float | None:
    now = flow.clock()
    with flow.store.reading() as tx:
        channels = tx.channels.of_calendar(calendar)
    if not flow.push_address:
        return None
    if sum(1 for channel in channels if channel.live(now)) > 1:
        return OVERLAP
    return max(1.0, (next_asking(channels, now) - now).total_seconds())


def _code(fault: SchedulerError) -> str:
    return str(getattr(fault, "code", type(fault).__name__))
