"""Events of clinic calendars, whatever program keeps them, and the marks we write on them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.quick import quickly_made
from scheduler_app.errors import Invalid


@quickly_made
@dataclass(frozen=True, slots=True)
class Person:
    """An attendee or organizer of an event."""

    email: str = ""
    name: str = ""
    itself: bool = False  # the calendar's own account (Google's `self`)


@dataclass(frozen=True, slots=True)
class Mark:
    """What we wrote, or want to write, on an event.

    kind: `hold`, `review`, `note`, or `clash` (the rules allow it again, and its slot is taken by now).
    prefix goes before the title ("⛔15 Mar · "), text into the description between our markers, colour
    is the calendar's own word for one ("" leaves the person's). free: the slot is given back, so that
    others can book it; False leaves busy or free as the person has it.
    """

    kind: str
    prefix: str
    text: str
    colour: str = ""
    free: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event, or one instance of a series, with our own mark already taken off.

    id is unique within its calendar; uid is RFC 5545's UID, shared by a series. start and end are
    aware and in UTC; zone is the IANA name they were written in; for an all-day event they are local
    midnights in zone, end exclusive. status: confirmed, tentative or cancelled. For a deletion only
    id, etag and status are certain. title and description are the receptionist's own words, and
    busy and colour are as the person has them. series: id of the series it is an instance of, "" for an
    event of its own. writable: whether we may write on it (False on a guest's copy). creator: who
    booked it. hidden: its words are kept from us, and with them any mark: only its times are told.
    """

    id: str
    etag: str
    status: str
    start: datetime
    end: datetime
    zone: str
    uid: str = ""
    title: str = ""
    description: str = ""
    location: str = ""
    all_day: bool = False
    busy: bool = True
    kind: str = "default"
    colour: str = ""
    labels: tuple[str, ...] = ()
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    recurring: bool = False
    mark: Mark | None = None
    series: str = ""
    writable: bool = True
    creator: Person | None = None
    hidden: bool = False

    @property
    def cancelled(self) -> bool:
        """Whether it was called off or deleted."""
        return self.status == "cancelled"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of somebody's calendar that could not be read, told instead of dropped.

    where is a place a person can open ("bookings.ics line 123"), why the fault and, where there is
    one, the cure. Neither holds a name, a title or an address.
    """

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what changed in a calendar since a cursor.

    cursor is None until the last page. full means that these pages hold everything there is, so
    whatever is missing from them (of what ends after `since`, where it is given) has vanished.
    series: ids of series that were booked, changed or called off; their instances are not among the
    events and are asked for one by one (SeriesCalendar.instances). unreadable: events that stand in the
    calendar and cannot be read, so that they are neither known nor vanished; `where` is the event's id.
    writable: whether we may write in the calendar at all.
    """

    events: tuple[CalendarEvent, ...]
    page: str | None
    cursor: str | None
    full: bool = False
    series: tuple[str, ...] = ()
    since: datetime | None = None
    unreadable: tuple[Unreadable, ...] = ()
    writable: bool = True


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A stretch of a calendar that somebody's event takes, called off and free ones apart."""

    id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What a person types to book in a calendar: for calendars we keep ourselves."""

    title: str
    start: datetime
    end: datetime
    zone: str
    description: str = ""
    attendees: tuple[Person, ...] = ()
    colour: str = ""


def takes_time(event: CalendarEvent) -> bool:
    """Whether nobody else can have its time: it is not called off, not free, and its slot not given back."""
    return event.busy and not event.cancelled and not (event.mark is not None and event.mark.free)


def check_times(start: datetime, end: datetime, zone: str = "UTC") -> None:
    """Raise Invalid unless start and end are instants in that order and zone is an IANA name."""
    if start.tzinfo is None or end.tzinfo is None:
        raise Invalid("event-times", "start and end need an offset or a zone", "start")
    if end <= start:
        raise Invalid("event-times", "the end must lie after the start", "end")
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise Invalid("zone-unknown", "zone is no IANA name; write it like Europe/London", "zone") from None
