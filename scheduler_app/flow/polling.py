"""When a calendar that another program keeps is looked at again. Pure.

Polling is the truth; channels only make it sooner. A channel is trusted once something was heard through
it, and no longer when a look finds what it should have told.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scheduler_app.domain.connections import CalendarState, Channel

TOLD, UNTOLD, CLOSED = 1800.0, 90.0, 900.0  # seconds: by a trusted channel, by none, while it cannot be read
SPREAD = 0.25  # so that what was begun together is not asked for together for ever
SILENT = timedelta(hours=3)  # many looks that all failed
NOT_READ = "calendar-not-read"
IN_FLIGHT = timedelta(minutes=3)  # two for a notice on its way, one because that is how often it is noted


def trusted(channels: Sequence[Channel], now: datetime) -> list[Channel]:
    """Those that live and through which we heard something; one that never spoke may never have worked."""
    return [channel for channel in channels if channel.live(now) and channel.heard_at is not None]


def next_look(state: CalendarState, channels: Sequence[Channel], now: datetime, jitter: float) -> float:
    """Seconds until the next look. jitter: from 0 to 1.

    Never later than the last trusted channel expires: from then on nobody tells us anything.
    """
    wait, ends = _wait(state, channels, now)
    wait *= 1 - SPREAD + 2 * SPREAD * jitter
    return wait if ends is None else min(wait, max(0.0, (ends - now).total_seconds()))


def longest_wait(state: CalendarState, channels: Sequence[Channel], now: datetime) -> float:
    """No look is further off than this many seconds, whatever the jitter was."""
    return next_look(state, channels, now, 1.0)


def fault_shown(state: CalendarState, now: datetime) -> tuple[str, datetime | None]:
    """What a person should know of it, and since when; "" while all is well.

    A calendar whose every look fails is not read, whatever the reason: nobody may take it for looked at.
    """
    if state.fault or state.read_at is None or now - state.read_at < SILENT:
        return state.fault, state.fault_since
    return NOT_READ, state.read_at


def try_again(attempts: int, jitter: float) -> float:
    """Seconds until a look that found nobody at home: soon at first, and no later than a look where nothing
    tells us of changes, so that notices after an outage are not kept waiting. jitter: from 0 to 1."""
    return float(min(UNTOLD, 2.0**attempts)) * (1 - SPREAD + 2 * SPREAD * jitter)


def went_untold(state: CalendarState, channels: Sequence[Channel], now: datetime) -> bool:
    """Whether changes found by this look should have been told of by a trusted channel, and were not.

    state: as it was before the look. What was heard since the look before, or lately, may have told of
    them. Nothing is held against a channel on the first look, or on the first after the calendar was
    closed to us.
    """
    heard = [channel.heard_at for channel in trusted(channels, now) if channel.heard_at is not None]
    if not heard or state.read_at is None or state.closed:
        return False
    return max(heard) <= state.read_at and max(heard) < now - IN_FLIGHT


def _wait(state: CalendarState, channels: Sequence[Channel], now: datetime) -> tuple[float, datetime | None]:
    if state.closed:
        return CLOSED, None
    ends = [channel.expires_at for channel in trusted(channels, now) if channel.expires_at is not None]
    return (TOLD, max(ends)) if ends else (UNTOLD, None)
