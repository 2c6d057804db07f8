"""A store and a calendar in which the process can be killed at any line that touches the world."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes, Mark
from scheduler_app.flow.flow import Flow
from scheduler_app.ports import CalendarGateway, SeriesCalendar, Store, Transaction
from tests.flow.clinic_at_work import ClinicAtWork


class Killed(BaseException):
    """kill -9, as far as Python can play it: nothing that handles failures sees it."""


class Fuse:
    """Counts the points that are passed, and kills at one of them."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.kill_at = kill_at
        self.passed = 0

    def point(self) -> None:
        """Just before or just after something became real."""
        self.passed += 1
        if self.passed == self.kill_at:
            raise Killed


class FragileStore:
    """Implements ports.Store. May die before a transaction, before its commit, and after it."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """As the store's own."""
        with self._store.transaction() as tx:
            yield tx
            self._fuse.point()
        self._fuse.point()

    def reading(self) -> AbstractContextManager[Transaction]:
        """As the store's own: reading changes nothing, so dying there is dying after what came before."""
        return self._store.reading()

    def scrub(self) -> None:
        """As the store's own."""
        self._store.scrub()


class FragileCalendar:
    """Implements ports.CalendarGateway. May die before a call reaches the calendar, and after."""

    def __init__(self, gateway: CalendarGateway, fuse: Fuse) -> None:
        self._gateway = gateway
        self._fuse = fuse

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """A look."""
        found = self._gateway.changes(calendar, cursor, page)
        self._fuse.point()
        return found

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """A look."""
        found = self._gateway.event(calendar, event_id)
        self._fuse.point()
        return found

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """A write."""
        written = self._gateway.mark(calendar, event_id, mark, etag)
        self._fuse.point()
        return written

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """A write."""
        written = self._gateway.unmark(calendar, event_id, etag)
        self._fuse.point()
        return written

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """A write."""
        written = self._gateway.cancel(calendar, event_id, etag)
        self._fuse.point()
        return written

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """A look."""
        return self._gateway.busy(calendar, start, end)


class FragileSeries(FragileCalendar):
    """Implements ports.SeriesCalendar too."""

    def __init__(self, gateway: SeriesCalendar, fuse: Fuse) -> None:
        super().__init__(gateway, fuse)
        self._series = gateway

    def instances(
        self, calendar: str, series: str, since: datetime, until: datetime, page: str | None = None
    ) -> Changes:
        """A look."""
        found = self._series.instances(calendar, series, since, until, page)
        self._fuse.point()
        return found


def ends_killed(clinic: ClinicAtWork, fragile: Flow) -> bool:
    """Whether somebody was killed while all that is due was done so; the clinic is whole again then."""
    whole, held = clinic.flow, clinic.store
    clinic.flow, clinic.store = fragile, fragile.store  # type: ignore[assignment]  # a store all the same
    try:
        clinic.settle()
    except Killed:
        return True
    finally:
        clinic.flow, clinic.store = whole, held
    return False
