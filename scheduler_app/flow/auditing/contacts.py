"""Whose contacts stand on the book's events: the clients', or those of the clinic and its staff.

Calendars invite practitioners and rooms along with clients, and descriptions quote the clinic's own
number. Such a contact, taken for a client's, would tie strangers together.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scheduler_app.domain.events import Person
from scheduler_app.domain.identity import compatible, normal_email

EMAIL, PHONE, CODE = "e:", "p:", "c:"

_NAMES_KEPT = 64
_NO_FAMILY = 8  # so many names beside one contact are no family
_BUSY_SHARE, _BUSY_LEAST, _BUSY_NAMES = 0.2, 5, 4
_NAMELESS_LEAST = 20


class Invited(NamedTuple):
    """An attendee: the address, and the name the calendar gives it (often the address again, or none)."""

    email: str
    name: str


class Contacts:
    """Every attendee and organizer met, each kept once; and what is known to be the clinic's own."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        """own: contacts in normal form ("e:desk@clinic.example", "p:+44…")."""
        self.attendees: list[Invited] = []
        self.own = set(own)
        self._places: dict[Invited, int] = {}
        self._hosted: dict[str, set[str]] = {}

    def invited(self, people: Iterable[Person], host: Person | None, name: str | None) -> tuple[int, ...]:
        """Places in `attendees` of those who may be the client; name is the title's.

        Whoever invites is left out: that is the clinic or its booking system.
        """
        inviting = None if host is None else normal_email(host.email)
        if host is not None and inviting is not None:
            if host.itself:
                self.own.add(EMAIL + inviting)
            _note(self._hosted.setdefault(EMAIL + inviting, set()), name)
        places = []
        for person in people:
            email = normal_email(person.email)
            if email is None or email == inviting:
                continue
            if person.itself:
                self.own.add(EMAIL + email)
                continue
            places.append(self._place(Invited(email, person.name)))
        return tuple(dict.fromkeys(places))

    def hosts(self) -> set[str]:
        """Addresses that invited more than one person: the clinic's, wherever else they stand."""
        return {contact for contact, names in self._hosted.items() if _different(names, 2) >= 2}

    def _place(self, invited: Invited) -> int:
        place = self._places.get(invited)
        if place is None:
            place = self._places[invited] = len(self.attendees)
            self.attendees.append(invited)
        return place


class Tally:
    """Counts how often each contact stands on an appointment, and beside which names."""

    def __init__(self, appointments: int) -> None:
        self._events: dict[str, int] = {}
        self._names: dict[str, set[str]] = {}
        self._total = appointments

    def count(self, contact: str, names: Iterable[str]) -> None:
        """The contact stands on one more appointment, beside these names."""
        self._events[contact] = self._events.get(contact, 0) + 1
        beside = self._names.setdefault(contact, set())
        for name in names:
            _note(beside, name)

    def the_clinics(self) -> set[str]:
        """Contacts that cannot be one client's or one family's."""
        return {contact for contact in self._events if self._the_clinics(contact)}

    def _the_clinics(self, contact: str) -> bool:
        events, names = self._events[contact], self._names[contact]
        busy = events > self._total * _BUSY_SHARE
        if not names:
            return busy and events >= _NAMELESS_LEAST
        if len(names) < _BUSY_NAMES:
            return False
        different = _different(names, _NO_FAMILY)
        return different >= _NO_FAMILY or (busy and events >= _BUSY_LEAST and different >= _BUSY_NAMES)


def _note(names: set[str], name: str | None) -> None:
    if name and len(names) < _NAMES_KEPT:
        names.add(name)


def _different(names: Iterable[str], enough: int) -> int:
    """How many people the names stand for at least; counting stops at `enough`."""
    people: list[str] = []
    for name in sorted(names):
        if compatible(name, name) and not any(compatible(name, person) for person in people):
            people.append(name)
            if len(people) >= enough:
                break
    return len(people)


def client_emails(name: str | None, invited: Sequence[Invited]) -> list[Invited]:
    """Which of the attendees is the client named in the title (None: the title names nobody).

    Those who bear the name; else the only one without a name, or whose address holds part of it. Where
    that leaves several, none: a stranger's address would be worse than no address.
    """
    if name is None:
        return list(invited) if len({one.email for one in invited}) == 1 else []
    fitting = [one for one in invited if compatible(name, one.name)]
    if fitting:
        return fitting
    bare = [one for one in invited if not compatible(one.name, one.name)]
    if len(bare) > 1:
        bare = [one for one in bare if _hints_at(one.email, name)]
    return bare if len({one.email for one in bare}) == 1 else []


def _hints_at(email: str, name: str) -> bool:
    local = email.partition("@")[0]
    return any(len(word) > 2 and word in local for word in name.casefold().split())
