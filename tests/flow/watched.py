"""A program that keeps calendars and tells of changes: the embedded one, with channels added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler_app.domain.connections import Channel
from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes, Mark
from scheduler_app.flow.flow import SYNC
from scheduler_app.ports import CalendarGateway, Clock
from tests.flow.clinic_at_work import DESK, ClinicAtWork
from tests.flow.fragile import FragileCalendar, Fuse

WEEK = timedelta(days=7)


@dataclass(slots=True)
class Promised:
    """A channel as the program knows it."""

    calendar: str
    token: str
    address: str
    resource: str
    expires_at: datetime
    stopped: bool = False


@dataclass
class WatchedCalendar:
    """Implements ports.WatchableCalendar. before: by method name, called first; it may raise."""

    behind: CalendarGateway
    clock: Clock
    life: timedelta = WEEK
    promised: dict[str, Promised] = field(default_factory=dict)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def watch(self, calendar: str, channel: str, token: str, address: str) -> tuple[str, datetime]:
        """A promise under a new id; the same id twice is refused, as Google does."""
        self._step("watch")
        assert channel not in self.promised
        assert len(channel) <= 64
        assert 32 <= len(token) <= 256
        promise = Promised(calendar, token, address, f"r{len(self.promised)}", self.clock() + self.life)
        self.promised[channel] = promise
        return promise.resource, promise.expires_at

    def stop(self, calendar: str, channel: str, resource: str) -> None:
        """Success for one that is gone."""
        self._step("stop")
        assert self.promised[channel].resource == resource
        self.promised[channel].stopped = True

    @property
    def live(self) -> Mapping[str, Promised]:
        """Those that would bring notices now."""
        return {
            id: each
            for id, each in self.promised.items()
            if not each.stopped and each.expires_at > self.clock()
        }

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """A look."""
        self._step("changes")
        return self.behind.changes(calendar, cursor, page)

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """A look."""
        self._step("event")
        return self.behind.event(calendar, event_id)

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """A write."""
        self._step("mark")
        return self.behind.mark(calendar, event_id, mark, etag)

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """A write."""
        return self.behind.unmark(calendar, event_id, etag)

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """A write."""
        return self.behind.cancel(calendar, event_id, etag)

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """A look."""
        return self.behind.busy(calendar, start, end)

    def _step(self, name: str) -> None:
        self.calls.append(name)
        if name in self.before:
            self.before[name]()


class FragileWatched(FragileCalendar):
    """Implements ports.WatchableCalendar. May die before a call reaches the program, and after."""

    def __init__(self, watched: WatchedCalendar, fuse: Fuse) -> None:
        super().__init__(watched, fuse)
        self._watched = watched
        self._points = fuse

    def watch(self, calendar: str, channel: str, token: str, address: str) -> tuple[str, datetime]:
        """A promise."""
        self._points.point()
        promised = self._watched.watch(calendar, channel, token, address)
        self._points.point()
        return promised

    def stop(self, calendar: str, channel: str, resource: str) -> None:
        """An end."""
        self._points.point()
        self._watched.stop(calendar, channel, resource)
        self._points.point()


def watched(clinic: ClinicAtWork) -> WatchedCalendar:
    """What the clinic's calendar is kept by."""
    gateway = clinic.flow.gateways[DESK]
    assert isinstance(gateway, WatchedCalendar)
    return gateway


def channels(clinic: ClinicAtWork) -> list[Channel]:
    """Those we know of, the newest last."""
    with clinic.store.reading() as tx:
        return list(tx.channels.of_calendar(DESK))


def hear(clinic: ClinicAtWork, channel: Channel | None = None) -> None:
    """A notice comes through the channel, the newest unless one is named; as the web notes it."""
    with clinic.store.transaction() as tx:
        fresh = tx.channels.get((channel or channels(clinic)[-1]).id)
        assert fresh is not None
        tx.channels.put(replace(fresh, heard_at=clinic.clock()))
        tx.work.touch(SYNC, DESK)


def known_by(token: str, channel: Channel) -> bool:
    """Whether it is the channel this token was made for."""
    return sha256(token.encode()).digest() == channel.token_sha256
