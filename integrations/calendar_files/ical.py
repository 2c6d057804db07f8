"""iCalendar streams -> events: the second of two readings, event by event in file order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from integrations.calendar_files.components import CALENDAR, EVENT, TOO_LONG, Component, components
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.moments import Calendar
from integrations.calendar_files.series import Lost, resolve
from integrations.calendar_files.survey import Repeats, Survey, surveyed, uid_of
from integrations.calendar_files.unrolling import Window
from integrations.calendar_files.vevent import RECURRING, WANTED, Vevent, read_vevent
from integrations.calendar_files.zones import Zone
from scheduler_app.domain.events import CalendarEvent, Unreadable


@dataclass(frozen=True, slots=True)
class Stream:
    """A text that can be read more than once. name is what `Unreadable.where` begins with.

    chunks gives it from its beginning, in UTF-8; its argument is the share of the whole work this
    reading is, for the progress told.
    """

    name: str
    chunks: Callable[[float], Iterator[bytes]]


FIRST, SECOND = 0.25, 0.75
"""How the work divides over the two readings."""


@dataclass(slots=True)
class _Group:
    """The VEVENTs of one UID met so far, and how many are still to come."""

    awaited: int
    events: list[tuple[str, Vevent]] = field(default_factory=list)


def read_streams(
    streams: Sequence[Stream], window: Window, home: Zone
) -> Iterator[CalendarEvent | Unreadable]:
    """Read streams that belong together: an event that stands in several of them is told once.

    Each is read twice. Beside the UIDs' hashes, memory holds only the series and the repeated events
    whose last part has not come yet. Events come in file order, a series at its last part.
    """
    surveys, repeats = surveyed((stream.chunks(FIRST) for stream in streams), home)
    reader = _Reader(repeats, window)
    for stream, found in zip(streams, surveys, strict=True):
        for line, why in found.faults:
            yield Unreadable(_at(stream.name, line), why)
        yield from reader.read(stream, found)
    yield from reader.rest()


class _Reader:
    def __init__(self, repeats: Repeats, window: Window) -> None:
        self._repeats = repeats
        self._window = window
        self._groups: dict[bytes, _Group] = {}
        self._without_uid: set[str] = set()

    def read(self, stream: Stream, found: Survey) -> Iterator[CalendarEvent | Unreadable]:
        """Everything one stream holds, but for what waits for a later part."""
        outside = found.calendars[0]
        for component in components(stream.chunks(SECOND), WANTED):
            if component.kind == CALENDAR and not component.fault:
                continue
            if component.fault:
                yield Unreadable(_at(stream.name, component.line), component.fault)
            if component.kind == EVENT and component.fault in ("", TOO_LONG):
                calendar = found.calendars.get(component.calendar, outside)
                yield from self._event(stream.name, component, calendar)

    def _event(
        self, name: str, component: Component, calendar: Calendar
    ) -> Iterator[CalendarEvent | Unreadable]:
        uid = uid_of(component)
        parts = self._repeats.count(uid) if uid else 1
        try:
            vevent: Vevent | None = read_vevent(component, calendar)
        except Fault as fault:
            vevent = None
            yield Unreadable(_at(name, component.line), str(fault))
        if parts > 1:
            yield from self._gather(uid, parts, name, vevent)
        elif vevent is not None and any(kept in RECURRING for kept, _ in component.lines):
            yield from self._resolved([(name, vevent)])
        elif vevent is not None and (uid or vevent.uid not in self._without_uid):
            if not uid:
                # The same in every letter, without a UID: the same event once more.
                self._without_uid.add(vevent.uid)
            yield vevent.event(vevent.uid, recurring=False)

    def _gather(
        self, uid: bytes, parts: int, name: str, vevent: Vevent | None
    ) -> Iterator[CalendarEvent | Unreadable]:
        group = self._groups.setdefault(uid, _Group(parts))
        group.awaited -= 1
        if vevent is not None:
            group.events.append((name, vevent))
        if group.awaited <= 0:
            del self._groups[uid]
            yield from self._resolved(group.events)

    def _resolved(self, named: Sequence[tuple[str, Vevent]]) -> Iterator[CalendarEvent | Unreadable]:
        names = {id(vevent): name for name, vevent in named}
        for found in resolve([vevent for _, vevent in named], self._window):
            if isinstance(found, Lost):
                yield Unreadable(_at(names[id(found.vevent)], found.vevent.line), found.why)
            else:
                yield found

    def rest(self) -> Iterator[CalendarEvent | Unreadable]:
        """What waited for parts that were too damaged to come."""
        for group in self._groups.values():
            yield from self._resolved(group.events)
        self._groups = {}


def _at(name: str, line: int) -> str:
    return f"{name} line {line}"
