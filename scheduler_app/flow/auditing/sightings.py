"""Events, reduced to what judging a book needs: a hundred thousand of them fit into little memory."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from scheduler_app.domain.audits import Listed
from scheduler_app.domain.catalogue import CalendarDefaults
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.identity import normal_code, normal_email
from scheduler_app.domain.titles import Reading
from scheduler_app.flow.auditing.contacts import CODE, EMAIL, PHONE, Contacts
from scheduler_app.flow.auditing.phones import NormalPhone, in_one_form, plain_phone
from scheduler_app.flow.flow import TitleReader

Kept = TypeVar("Kept")

CALLED_OFF, BOOKED, IDLE = 2, 1, 0
_BOOKABLE = frozenset({"", "default", "fromGmail"})  # Google's other kinds are no appointments
_FIRST_CREDIBLE = 1990  # Google writes the year 0 where it does not know when an event was made
_UNDATED = -1e12  # seconds: bookings without a time rank before all others, in the order of the file


class Sighting(NamedTuple):
    """One event that seems to be an appointment.

    id is unique in the book. start: seconds since 1970. given: contacts the words themselves give, in
    normal form; invited: places in Contacts.attendees. claimed_off: the title says that the visit was
    cancelled or missed, the calendar does not. calendar: the ordinal of the one it stands in.
    """

    id: str
    uid: str
    title: str
    start: float
    zone: str
    all_day: bool
    day: int
    status: str
    treatments: tuple[str, ...]
    doubts: tuple[str, ...]
    booked_at: float
    name: str | None
    given: tuple[str, ...]
    invited: tuple[int, ...]
    claimed_off: bool
    calendar: int

    @property
    def entry(self) -> tuple[object, ...]:
        """Equal in two calendars for one client, it is one visit that was entered in both."""
        return (self.start, self.treatments, self.doubts, self.claimed_off)

    def listed(self) -> Listed:
        """As a report shows it."""
        moment = datetime.fromtimestamp(self.start, _zone(self.zone))
        start = moment.date().isoformat() if self.all_day else moment.isoformat(timespec="seconds")
        return Listed(self.uid, self.title, start, self.day)


class _Held(NamedTuple):
    """The newest version of one event met so far."""

    changed: float
    standing: int
    day: int
    order: int
    sighting: Sighting | None = None

    def newer_than(self, other: "_Held") -> bool:
        """By when it was changed; with equal times a cancellation wins, then the later start."""
        return self._age() > other._age()

    def _age(self) -> tuple[float, int, float, str]:
        seen = self.sighting
        start, title = (seen.start, seen.title) if seen else (0.0, "")
        return (self.changed, self.standing, start, title)


class Book:
    """Collects events from any number of files; one that stands in two of them counts once."""

    def __init__(
        self,
        reader: TitleReader,
        normal_phone: NormalPhone,
        contacts: Contacts,
        defaults: CalendarDefaults | None = None,
    ) -> None:
        """normal_phone: E.164 of a number as people write it, None for what is none."""
        self._defaults = defaults
        self._reader = reader
        self._normal_phone = normal_phone
        self._contacts = contacts
        self._held: dict[str, _Held] = {}
        self._kept: dict[object, object] = {}

    def add(self, event: CalendarEvent, calendar: int = 0) -> None:
        """Take in one event of that calendar, or the newer version of one that is held."""
        known = self._held.get(event.id)
        order = len(self._held) if known is None else known.order
        held = self._read(event, order, calendar)
        if known is None or held.newer_than(known):
            self._held[event.id] = held

    def standings(self, since: int | None, until: int | None) -> Mapping[int, int]:
        """How many events of each standing lie in the period, both ends included."""
        counts = {CALLED_OFF: 0, BOOKED: 0, IDLE: 0}
        for held in self._held.values():
            if (since is None or held.day >= since) and (until is None or held.day <= until):
                counts[held.standing] += 1
        return counts

    def close(self) -> list[Sighting]:
        """Every appointment, by time and id, whatever the order of the files. The rest is forgotten."""
        seen = [held.sighting for held in self._held.values() if held.sighting is not None]
        self._held, self._kept = {}, {}
        seen.sort(key=lambda sighting: (sighting.start, sighting.id))
        return self._with_phones(seen)

    def _with_phones(self, seen: list[Sighting]) -> list[Sighting]:
        """The same with every telephone number in the form that all ways of writing it share."""
        own = [contact for contact in self._contacts.own if contact.startswith(PHONE)]
        written = {contact for sighting in seen for contact in sighting.given if contact.startswith(PHONE)}
        forms = in_one_form((contact.removeprefix(PHONE) for contact in (*written, *own)), self._normal_phone)
        changed = {PHONE + number: form for number, form in forms.items() if form != number}
        for contact in own:
            if form := changed.get(contact):
                self._contacts.own.add(PHONE + form)
        for place, sighting in enumerate(seen):
            if any(contact in changed for contact in sighting.given):
                seen[place] = sighting._replace(given=tuple(_changed(sighting.given, changed)))
        return seen

    def _read(self, event: CalendarEvent, order: int, calendar: int) -> _Held:
        changed = _seconds(event.updated) or _seconds(event.created) or 0.0
        day = event.start.astimezone(_zone(event.zone)).toordinal()
        if event.cancelled:
            return _Held(changed, CALLED_OFF, day, order)
        if event.kind not in _BOOKABLE:
            return _Held(changed, IDLE, day, order)
        reading = self._reader.read(
            event.title,
            event.description,
            colour=event.colour,
            labels=event.labels,
            defaults=self._defaults,
        )
        if not reading.booking:
            return _Held(changed, IDLE, day, order)
        return _Held(changed, BOOKED, day, order, self._sighting(event, reading, day, order, calendar))

    def _sighting(
        self, event: CalendarEvent, reading: Reading, day: int, order: int, calendar: int
    ) -> Sighting:
        once = self._once
        created = _seconds(event.created)
        name = reading.name or None
        return Sighting(
            id=event.id,
            uid=event.uid or event.id,
            title=event.title,
            start=event.start.timestamp(),
            zone=once(event.zone),
            all_day=event.all_day,
            day=day,
            status="pending" if event.status == "tentative" else "booked",
            treatments=once(reading.treatments),
            doubts=once(reading.doubts),
            booked_at=_UNDATED + order if created is None else created,
            name=once(name),
            given=once(self._given(reading)),
            invited=once(self._contacts.invited(event.attendees, event.organizer, name)),
            claimed_off=bool(reading.status),
            calendar=calendar,
        )

    def _given(self, reading: Reading) -> tuple[str, ...]:
        clues = reading.clues
        found = []
        if email := normal_email(clues.email):
            found.append(EMAIL + email)
        if clues.phone and (phone := plain_phone(clues.phone)):
            found.append(PHONE + phone)
        if code := normal_code(clues.code):
            found.append(CODE + code)
        return tuple(found)

    def _once(self, value: Kept) -> Kept:
        """The first object equal to this one: names, zones and contacts repeat a thousand times."""
        return self._kept.setdefault(value, value)  # type: ignore[return-value]  # equal, so of its type


def _changed(given: Iterable[str], changed: Mapping[str, str | None]) -> Iterator[str]:
    for contact in given:
        if contact not in changed:
            yield contact
        elif form := changed[contact]:
            yield PHONE + form


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None or moment.year < _FIRST_CREDIBLE else moment.timestamp()


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
