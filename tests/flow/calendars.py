"""Calendars that misbehave, for tests: each stands between the flow and a good one."""

from collections.abc import Callable, Sequence
from datetime import datetime

from scheduler_app.domain.events import BusyTime, CalendarEvent, Changes, Mark
from scheduler_app.errors import SchedulerError
from scheduler_app.ports import CalendarGateway


class Through:
    """Implements ports.CalendarGateway by asking the one behind it; before each call a test may step in.

    before: by method name, called first; it may raise.
    """

    def __init__(self, gateway: CalendarGateway) -> None:
        self.behind = gateway
        self.before: dict[str, Callable[[], None]] = {}
        self.calls: list[str] = []
        self.empty = False

    def changes(self, calendar: str, cursor: str | None, page: str | None = None) -> Changes:
        """Nothing at all while `empty`, as if somebody had deleted everything in another program."""
        self._step("changes")
        found = self.behind.changes(calendar, None if self.empty else cursor, page)
        return Changes((), None, found.cursor, True) if self.empty else found

    def event(self, calendar: str, event_id: str) -> CalendarEvent:
        """As it is."""
        self._step("event")
        return self.behind.event(calendar, event_id)

    def mark(self, calendar: str, event_id: str, mark: Mark, etag: str) -> CalendarEvent:
        """Written."""
        self._step("mark")
        return self.behind.mark(calendar, event_id, mark, etag)

    def unmark(self, calendar: str, event_id: str, etag: str) -> CalendarEvent:
        """Taken off."""
        self._step("unmark")
        return self.behind.unmark(calendar, event_id, etag)

    def cancel(self, calendar: str, event_id: str, etag: str | None = None) -> CalendarEvent:
        """Called off."""
        self._step("cancel")
        return self.behind.cancel(calendar, event_id, etag)

    def busy(self, calendar: str, start: datetime, end: datetime) -> Sequence[BusyTime]:
        """What takes its time."""
        self._step("busy")
        return self.behind.busy(calendar, start, end)

    def _step(self, name: str) -> None:
        self.calls.append(name)
        if name in self.before:
            self.before[name]()


def once(act: Callable[[], object]) -> Callable[[], None]:
    """The first time only."""
    done: list[bool] = []

    def step() -> None:
        if not done:
            done.append(True)
            act()

    return step


def failing(fault: SchedulerError) -> Callable[[], None]:
    """Raises."""

    def step() -> None:
        raise fault

    return step
