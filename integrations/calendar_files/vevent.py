"""One VEVENT, read: its times, its place in a series, and the CalendarEvent it becomes."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import blake2b

from integrations.calendar_files.components import Component
from integrations.calendar_files.encodings import text
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.moments import Calendar, Length, Moment, duration, moment, placed, stamp
from integrations.calendar_files.plain import plain
from integrations.calendar_files.properties import integer, one_line, split, text_list, text_value
from scheduler_app.domain.events import CalendarEvent, Person

RECURRING = frozenset((b"RRULE", b"RDATE", b"RECURRENCE-ID"))
_SERIAL = frozenset((b"RRULE", b"RDATE", b"EXDATE", b"EXRULE", b"ATTENDEE", b"CATEGORIES"))
_ONCE = (b"DTSTART", b"DTEND", b"DURATION", b"RECURRENCE-ID")
WANTED = _SERIAL | frozenset(
    (
        b"UID",
        b"DTSTART",
        b"DTEND",
        b"DTSTAMP",
        b"DURATION",
        b"RECURRENCE-ID",
        b"SUMMARY",
        b"DESCRIPTION",
        b"LOCATION",
        b"STATUS",
        b"TRANSP",
        b"COLOR",
        b"ORGANIZER",
        b"CREATED",
        b"LAST-MODIFIED",
        b"SEQUENCE",
        b"X-MICROSOFT-CDO-ALLDAYEVENT",
        b"X-MICROSOFT-CDO-BUSYSTATUS",
    )
)
_STATUS = {"CANCELLED": "cancelled", "CANCELED": "cancelled", "TENTATIVE": "tentative"}
_DAY = timedelta(days=1)
_NONE = timedelta()


@dataclass(slots=True)
class Vevent:
    """One VEVENT with its times read and the rest still as written."""

    line: int
    calendar: Calendar
    uid: str
    start: Moment
    length: Length
    end: datetime
    once: dict[bytes, bytes]
    serial: dict[bytes, list[bytes]]

    @property
    def revision(self) -> tuple[int, float, float]:
        """Orders versions of one event: SEQUENCE, LAST-MODIFIED, DTSTAMP (RFC 5546 2.1.5)."""
        changed, stamped = self._stamp(b"LAST-MODIFIED"), self._stamp(b"DTSTAMP")
        return (self.sequence, changed.timestamp() if changed else 0, stamped.timestamp() if stamped else 0)

    @property
    def sequence(self) -> int:
        """SEQUENCE, 0 where there is none."""
        raw = self.once.get(b"SEQUENCE")
        return 0 if raw is None else integer(raw)

    def _stamp(self, name: bytes) -> datetime | None:
        return stamp(self.once.get(name), self.calendar)

    def _text(self, name: bytes) -> str:
        raw = self.once.get(name)
        return "" if raw is None else one_line(raw)

    def event(self, own_id: str, *, recurring: bool) -> CalendarEvent:
        """The event as the flow knows it, at the time this VEVENT gives it."""
        once, calendar = self.once, self.calendar
        description = once.get(b"DESCRIPTION")
        organizer = once.get(b"ORGANIZER")
        return CalendarEvent(
            id=own_id,
            etag="",
            status=self.status,
            start=self.start.instant(),
            end=self.end,
            zone=_place(self.start, calendar),
            uid=self.uid,
            title=self._text(b"SUMMARY"),
            description="" if description is None else plain(text_value(description)),
            location=self._text(b"LOCATION"),
            all_day=self.start.date_only,
            busy=self._busy,
            colour=self._text(b"COLOR") or calendar.colour,
            labels=self._labels,
            organizer=None if organizer is None else calendar.person(organizer),
            attendees=self._attendees,
            created=self._stamp(b"CREATED"),
            updated=self._stamp(b"LAST-MODIFIED"),
            recurring=recurring,
        )

    @property
    def status(self) -> str:
        """confirmed, tentative or cancelled."""
        if self.calendar.withdrawn:
            return "cancelled"
        return _STATUS.get(self._text(b"STATUS").upper(), "confirmed")

    @property
    def _busy(self) -> bool:
        return (
            self._text(b"TRANSP").upper() != "TRANSPARENT"
            and self._text(b"X-MICROSOFT-CDO-BUSYSTATUS").upper() != "FREE"
        )

    @property
    def _labels(self) -> tuple[str, ...]:
        lines = self.serial.get(b"CATEGORIES")
        return (
            () if lines is None else tuple(dict.fromkeys(label for raw in lines for label in text_list(raw)))
        )

    @property
    def _attendees(self) -> tuple[Person, ...]:
        lines = self.serial.get(b"ATTENDEE", ())
        people = (self.calendar.person(raw) for raw in lines)
        return tuple(dict.fromkeys(someone for someone in people if someone is not None))


def _place(start: Moment, calendar: Calendar) -> str:
    name = start.zone.name
    return calendar.place if name in ("", "UTC") else name


def read_vevent(component: Component, calendar: Calendar) -> Vevent:
    """Read one VEVENT.

    Raises Fault where its times cannot be told.
    """
    once: dict[bytes, bytes] = {}
    serial: dict[bytes, list[bytes]] = {}
    for name, raw in component.lines:
        if name in _SERIAL:
            serial.setdefault(name, []).append(raw)
        elif once.setdefault(name, raw) != raw and name in _ONCE:
            raise Fault(f"has two different {name.decode()} lines")
    if b"DTSTART" not in once:
        raise Fault("has no DTSTART: nothing says when it is")
    start = moment(once[b"DTSTART"], calendar)
    if not start.date_only and b"X-MICROSOFT-CDO-ALLDAYEVENT" in once:
        # Outlook writes whole days as midnights in its own zone, with a mark that they are whole days.
        marked = one_line(once[b"X-MICROSOFT-CDO-ALLDAYEVENT"]).upper() == "TRUE"
        start = (_whole_day(start, calendar) or start) if marked else start
    length = _length(start, once, calendar)
    if length.negative:
        raise Fault("ends before it starts")
    uid = one_line(once[b"UID"]) if b"UID" in once else ""
    return Vevent(
        component.line,
        calendar,
        uid or _made_uid(component),
        start,
        length,
        length.after(start),
        once,
        serial,
    )


def _whole_day(given: Moment, calendar: Calendar) -> Moment | None:
    """The day a midnight begins, None for any other time; UTC is looked at from the calendar's zone."""
    local, zone = given.local, given.zone
    if zone.name == "UTC":
        local, zone = placed(given.instant(), calendar.home), calendar.home
    if local.time() != time():
        return None
    return Moment(local, zone if zone.name else calendar.home, True)


def _length(start: Moment, once: dict[bytes, bytes], calendar: Calendar) -> Length:
    if b"DTEND" in once:
        end = moment(once[b"DTEND"], calendar)
        if start.date_only and not end.date_only:
            end = _whole_day(end, calendar) or end
        if end.date_only != start.date_only:
            raise Fault("has a start and an end of which only one has a time of day")
        wall = end.local - start.local
        if start.date_only:
            # The end is exclusive, yet many programs repeat the start for a single day.
            return Length(wall or _DAY, _NONE)
        if end.zone == start.zone:
            return Length(wall, _NONE)
        return Length(_NONE, end.instant() - start.instant())
    if b"DURATION" in once:
        length = duration(text(split(once[b"DURATION"])[1]))
        # RFC 5545 3.6.1: whole days take a duration of days; without one the event fills its day.
        return Length(length.wall or _DAY, _NONE) if start.date_only else length
    return Length(_DAY if start.date_only else _NONE, _NONE)


def _made_uid(component: Component) -> str:
    """The same for the same content, whatever file it stands in."""
    digest = blake2b(digest_size=12)
    for name, raw in sorted(component.lines):
        # DTSTAMP may be the time of the export.
        if name != b"DTSTAMP":
            digest.update(raw + b"\n")
    return f"without-uid-{digest.hexdigest()}"
