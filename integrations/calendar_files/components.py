"""Events, zones and calendars cut out of a stream of content lines (RFC 5545 3.6).

What nests inside an event (alarms) and what is no event (to-dos, journals, free/busy) is passed over.
A damaged file is cut so that as few events as possible are lost, and each loss carries a fault.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from integrations.calendar_files.lines import LONGEST, Line, content_lines

EVENT, ZONE, CALENDAR = b"VEVENT", b"VTIMEZONE", b"VCALENDAR"
_TEXTS = frozenset((b"SUMMARY", b"DESCRIPTION", b"LOCATION"))

NO_END = "has no END line: another entry begins inside it"
CUT_OFF = "the file ends in the middle of it: export the calendar again"
CUT_OFF_AFTER = "the file ends before its calendar does, later entries may be missing: export it again"
NO_BEGIN = "an event ends here that never began"
TOO_LONG = f"a line of more than {LONGEST >> 20} MiB was cut; the rest of the event was read"


@dataclass(slots=True)
class Component:
    """One VEVENT, VTIMEZONE or VCALENDAR: its kept content lines, unparsed.

    line is where it begins, counted from 1; calendar is the ordinal of the VCALENDAR around it, 0 for
    none. A zone keeps the BEGIN lines of its observances. With a fault it is not to be read, except
    where the fault is TOO_LONG.
    """

    kind: bytes
    line: int
    calendar: int
    lines: list[tuple[bytes, bytes]] = field(default_factory=list)
    fault: str = ""


def components(chunks: Iterator[bytes], wanted: Set[bytes]) -> Iterator[Component]:
    """Cut the stream; BEGIN and END are always wanted. A calendar follows what it holds."""
    assembler = _Assembler()
    for line in content_lines(chunks, wanted | {b"BEGIN", b"END"}):
        if line[1] in (b"BEGIN", b"END"):
            yield from assembler.mark(line)
        else:
            assembler.keep(line)
    yield from assembler.finish()


class _Assembler:
    def __init__(self) -> None:
        self._calendars = 0
        self._calendar: Component | None = None
        self._open: Component | None = None  # the event or zone being put together
        self._nested: list[bytes] = []  # what is open inside it, or inside nothing we keep
        self._last_line = 0

    def keep(self, line: Line) -> None:
        """Take the next property."""
        self._last_line, name, raw = line
        if self._open is not None:
            if not self._nested or self._open.kind == ZONE:
                _keep(self._open, name, raw)
        elif self._calendar is not None and not self._nested:
            _keep(self._calendar, name, raw)

    def mark(self, line: Line) -> Iterator[Component]:
        """Take the next BEGIN or END, give back what it completes."""
        self._last_line, name, raw = line
        kind = raw.partition(b":")[2].strip().upper()
        if name == b"BEGIN":
            yield from self._begin(self._last_line, kind, raw)
        else:
            yield from self._end(self._last_line, kind)

    def _begin(self, number: int, kind: bytes, raw: bytes) -> Iterator[Component]:
        if kind in (EVENT, ZONE, CALENDAR):
            yield from self._abandon(NO_END)
            self._nested = []
            if kind != CALENDAR:
                self._open = Component(kind, number, self._calendars)
                return
            if self._calendar is not None:
                yield self._calendar
            self._calendars += 1
            self._calendar = Component(CALENDAR, number, self._calendars)
            return
        self._nested.append(kind)
        if self._open is not None and self._open.kind == ZONE:
            self._open.lines.append((b"BEGIN", raw))

    def _end(self, number: int, kind: bytes) -> Iterator[Component]:
        if self._open is not None and kind == self._open.kind:
            # An alarm left open inside it harms nothing.
            yield self._open
            self._open, self._nested = None, []
        elif kind == CALENDAR:
            yield from self._abandon(NO_END)
            self._nested = []
            if self._calendar is not None:
                yield self._calendar
            self._calendar = None
        elif kind in self._nested:
            while self._nested.pop() != kind:
                pass
        elif kind == EVENT:
            yield Component(b"", number, self._calendars, fault=NO_BEGIN)

    def _abandon(self, fault: str) -> Iterator[Component]:
        if self._open is not None:
            self._open.fault = fault
            yield self._open
        self._open = None

    def finish(self) -> Iterator[Component]:
        """What is still open when the file ends."""
        whole_event = self._open is None
        yield from self._abandon(CUT_OFF)
        if self._calendar is not None:
            if whole_event:
                self._calendar.line = max(self._last_line, self._calendar.line)
                self._calendar.fault = CUT_OFF_AFTER
            yield self._calendar


def _keep(component: Component, name: bytes, raw: bytes) -> None:
    if len(raw) >= LONGEST:
        component.fault = TOO_LONG
    if name:
        component.lines.append((name, raw))
    elif component.lines and component.lines[-1][0] in _TEXTS:
        # A line break that should have been written \n: the text goes on here.
        text_name, text_line = component.lines[-1]
        if len(text_line) < LONGEST:
            component.lines[-1] = (text_name, text_line + b"\\n" + raw)
