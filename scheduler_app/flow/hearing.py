"""How we hear of changes in each calendar, and which of them cannot be read: for readyz and the desk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import SYNC, Flow
from scheduler_app.flow.given_up import revive
from scheduler_app.flow.polling import fault_shown, trusted
from scheduler_app.flow.reading import is_elsewhere
from scheduler_app.flow.sync import LOOKS_EMPTY, sync_calendar
from scheduler_app.flow.watch import refused

PUSH, POLLING, EMBEDDED = (
    "push",  # its program tells us, and a look every half hour makes sure
    "polling",  # a look every one or two minutes
    "embedded",  # our own
)
REFUSED = "push-refused"


@dataclass(frozen=True, slots=True)
class Heard:
    """How we stand with one calendar.

    how: `push`, `polling` or `embedded`. read_at: the last look that worked. fault: why it cannot be read
    (a disconnected calendar) or not written in, since fault_since; "" while all is well. refused: its
    program refused to tell us of changes. channels: how many may bring notices.
    """

    calendar: str
    how: str
    read_at: datetime | None = None
    fault: str = ""
    fault_since: datetime | None = None
    refused: bool = False
    channels: int = 0

    @property
    def trouble(self) -> str:
        """One stable code for what a person should look at, or ""."""
        return self.fault or (REFUSED if self.refused else "")


def hearing(flow: Flow) -> list[Heard]:
    """Every calendar we read, by id."""
    now = flow.clock()
    with flow.store.reading() as tx:
        states = {state.calendar: state for state in tx.states.all()}
        channels: dict[str, list[Channel]] = {}
        for channel in tx.channels.all():
            channels.setdefault(channel.calendar, []).append(channel)
    told = []
    for calendar in sorted(flow.gateways):
        if not is_elsewhere(flow, calendar):
            told.append(Heard(calendar, EMBEDDED))
            continue
        state, ours = states.get(calendar, CalendarState(calendar)), channels.get(calendar, [])
        told.append(
            Heard(
                calendar,
                _how(ours, now),
                state.read_at,
                *fault_shown(state, now),
                bool(flow.push_address) and refused(ours),
                sum(1 for channel in ours if channel.live(now)),
            )
        )
    return told


def try_again(flow: Flow, calendar: str, by: str) -> None:
    """A person says that a calendar that was closed to us can be read: look now. Raises NotFound."""
    if calendar not in flow.gateways:
        raise NotFound("no calendar of this name is read here")
    with flow.store.transaction() as tx:
        revive(tx, flow.clock(), by, SYNC, calendar)
        tx.work.touch(SYNC, calendar)
        tx.audit.write(flow.clock(), by, "calendar-tried-again", calendar, {})


def trust_empty(flow: Flow, calendar: str, by: str) -> int:
    """A person says that a calendar which suddenly looks empty is; how many appointments changed.

    Raises NotFound for no such calendar, and whatever reading it raises.
    """
    if calendar not in flow.gateways:
        raise NotFound("no calendar of this name is read here")
    changed = sync_calendar(flow, calendar, trust_empty=True)
    now = flow.clock()
    with flow.store.transaction() as tx:
        state = tx.states.get(calendar)
        if state.fault == LOOKS_EMPTY:
            tx.states.put(replace(state, fault="", fault_since=None, read_at=now))
        tx.audit.write(now, by, "calendar-trusted-empty", calendar, {"visits": str(changed)})
        revive(tx, now, by, SYNC, calendar)
        tx.work.touch(SYNC, calendar)
    return changed


def _how(channels: Sequence[Channel], now: datetime) -> str:
    return PUSH if trusted(channels, now) else POLLING
