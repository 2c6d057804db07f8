"""One row of a table -> one event."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from hashlib import blake2b

from integrations.calendar_files.columns import Columns
from integrations.calendar_files.faults import Fault
from integrations.calendar_files.moments import instant
from integrations.calendar_files.plain import plain
from integrations.calendar_files.properties import clean
from integrations.calendar_files.sheet_dates import (
    DateOrder,
    Written,
    is_time,
    read_date,
    read_minutes,
    read_time,
)
from integrations.calendar_files.zones import Zone, named_zone
from scheduler_app.domain.events import CalendarEvent, Person

_TRUE = frozenset(("true", "yes", "y", "1", "x", "wahr", "ja", "oui", "si", "vero"))
_CANCELLED = (
    *("cancel", "declin", "delet", "reject", "void", "no show", "no-show", "noshow", "did not attend", "dna"),
    *(
        "missed",
        "not attended",
        "failed to attend",
        "abgesagt",
        "storniert",
        "nicht erschienen",
        "annul",
        "ausente",
    ),
)
_TENTATIVE = (
    "tentative",
    "pending",
    "request",
    "unconfirmed",
    "not confirmed",
    "provisional",
    "waiting",
    "waitlist",
)
_DAY = timedelta(days=1)
_NO_DATE = "has no date"
_ENDS_FIRST = "ends before it starts"
_ZONE = "names a time zone that is none: write an IANA name such as Europe/London"


class Table:
    """What is known of a table before its rows are read, and the ids given so far."""

    def __init__(self, columns: Columns, home: Zone, visits: DateOrder, booked: DateOrder) -> None:
        self._columns = columns
        self._home = home
        self._visits = visits
        self._booked = booked
        self._given: Counter[int] = Counter()

    def event(self, row: Sequence[str]) -> tuple[CalendarEvent, bool]:
        """The event of a row, and whether its booking time could not be read.

        Raises Fault where the row says no time, or one that cannot be read.
        """
        cells = [clean(cell) for cell in row]
        zone = self._zone(cells)
        start, all_day = self._start(cells)
        begins = _instant(start, zone)
        ends = self._end(cells, start, zone, begins)
        if ends < begins:
            raise Fault(_ENDS_FIRST)
        created, lost = self._created(cells, zone)
        number = self._columns.value(cells, "id")
        title, attendees = self._title(cells), self._attendees(cells)
        emails = [person.email for person in attendees]
        told = (begins.isoformat(), title, *emails, *self._columns.values(cells, "phone"))
        own_id = f"{number or 'without-id'}-{_digest(told)}"
        event = CalendarEvent(
            id=self._unique(own_id),
            etag="",
            status=_status(self._columns.value(cells, "status")),
            start=begins,
            end=ends,
            zone=zone.name or self._home.name,
            uid=number or own_id,
            title=title,
            description=self._description(cells),
            location=_one_line(self._columns.value(cells, "location")),
            all_day=all_day,
            labels=tuple(dict.fromkeys(self._columns.values(cells, "label"))),
            attendees=attendees,
            created=created,
        )
        return event, lost

    def _zone(self, cells: Sequence[str]) -> Zone:
        name = self._columns.value(cells, "zone")
        if not name:
            return self._home
        zone = named_zone(name)
        if zone is None:
            raise Fault(_ZONE)
        return zone

    def _start(self, cells: Sequence[str]) -> tuple[Written, bool]:
        day, at = self._day_and_time(cells, "start", "date", "time")
        if not day:
            raise Fault(_NO_DATE)
        start = read_date(day, self._visits)
        if start.at is None and at:
            start = start._replace(at=read_time(at))
        marked = self._columns.value(cells, "all_day").casefold() in _TRUE
        all_day = start.at is None or (marked and start.at == time())
        return (Written(start.day) if all_day else start), all_day

    def _end(self, cells: Sequence[str], start: Written, zone: Zone, begins: datetime) -> datetime:
        day, at = self._day_and_time(cells, "end", "end_date", "end_time")
        end = read_date(day, self._visits) if day else start._replace(at=None)
        if start.at is None:
            # The end of a whole day is exclusive, yet many programs repeat the start for a single day.
            return _instant(Written(start.day + _DAY if end.day == start.day else end.day), zone)
        if end.at is None and at:
            end = end._replace(at=read_time(at))
        if end.at is not None:
            return _instant(end, zone)
        lasts = self._columns.value(cells, "duration")
        return begins + (read_minutes(lasts) if lasts else timedelta())

    def _day_and_time(self, cells: Sequence[str], both: str, day: str, at: str) -> tuple[str, str]:
        value = self._columns.value(cells, both)
        beside = self._columns.value(cells, day), self._columns.value(cells, at)
        if value and is_time(value):
            # "Date, Start, End": a column of times beside one of dates.
            return beside[0], value
        return value or beside[0], beside[1]

    def _created(self, cells: Sequence[str], zone: Zone) -> tuple[datetime | None, bool]:
        value = self._columns.value(cells, "booked")
        if not value:
            return None, False
        try:
            return _instant(read_date(value, self._booked), zone), False
        except Fault:
            return None, True

    def _title(self, cells: Sequence[str]) -> str:
        what = self._columns.value(cells, "treatment") or self._columns.value(cells, "title")
        who = self._client(cells)
        if not what or not who or who.casefold() in what.casefold():
            return _one_line(what or who)
        return _one_line(f"{what} - {who}")

    def _client(self, cells: Sequence[str]) -> str:
        parts = [self._columns.value(cells, role) for role in ("first_name", "last_name")]
        return _one_line(self._columns.value(cells, "client") or " ".join(part for part in parts if part))

    def _attendees(self, cells: Sequence[str]) -> tuple[Person, ...]:
        email, name = self._columns.value(cells, "email"), self._client(cells)
        return (Person(email=email, name=name),) if email or name else ()

    def _description(self, cells: Sequence[str]) -> str:
        columns = self._columns
        lines = [plain(value) for value in columns.values(cells, "description")]
        if columns.value(cells, "treatment"):
            lines = [*columns.values(cells, "title"), *lines]
        lines += [f"Phone: {value}" for value in columns.values(cells, "phone")]
        lines += [f"Client code: {value}" for value in columns.values(cells, "client_code")]
        return "\n".join(lines)

    def _unique(self, own_id: str) -> str:
        known = hash(own_id)
        self._given[known] += 1
        return own_id if self._given[known] == 1 else f"{own_id}_{self._given[known]}"


def _instant(written: Written, zone: Zone) -> datetime:
    local = datetime.combine(written.day, written.at or time())
    return instant(local, zone if written.offset is None else Zone("", written.offset))


def _status(value: str) -> str:
    word = value.casefold()
    if any(known in word for known in _TENTATIVE):
        return "tentative"
    return "cancelled" if any(known in word for known in _CANCELLED) else "confirmed"


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _digest(told: Sequence[str]) -> str:
    """Tells rows apart whose numbers are the same: two treatments of one visit, or two tables by chance.

    What may change from one export to the next, such as a status or a note, takes no part.
    """
    return blake2b("\x1f".join(told).encode("utf-8", "replace"), digest_size=8).hexdigest()
