"""People read beforehand for many clues at once, with those who are added meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import Known, compatible, normal_code, normal_email
from scheduler_app.domain.names import kept_keys, sought_keys

Sign = tuple[str, str, str]  # kind, value, and for a platform's id the platform


class SignRow(NamedTuple):
    """One thing that a person is recognised by; kind is None for a person of whom there is nothing."""

    client: str
    name: str
    kind: str | None
    value: str
    source: str


class Person:
    """Somebody, with all they are recognised by."""

    def __init__(self, ref: str, name: str) -> None:
        self.ref, self.name = ref, name
        self.signs: dict[Sign, None] = {}
        self._known: Known | None = None

    def sign(self, sign: Sign) -> None:
        """Recognised by this too."""
        self.signs[sign] = None
        self._known = None

    def known(self, source: str) -> Known:
        """As identification sees them, always for one source: another's platform ids say nothing to it."""
        if self._known is None:
            self._known = self._made(source)
        return self._known

    def _made(self, source: str) -> Known:
        emails, phones, codes, ids = [], [], [], []
        for kind, value, where in self.signs:
            if kind == "email":
                emails.append(value)
            elif kind == "phone":
                phones.append(value)
            elif kind == "code":
                codes.append(value)
            elif where == source:
                ids.append(value)
        return Known(self.ref, self.name, *map(_each_once, (emails, phones, codes, ids)))


class ExpectedClients:
    """Answers what one report after the other asks about people, as the database would.

    people: everybody who shares an identifier with any of the clues. namesakes: by name, those of
    compatible names, for the clues that nobody shares an identifier with.
    """

    def __init__(self, source: str, clues: Iterable[Clues]) -> None:
        self.source = source
        self._signs = {each: signs_of(each, source) for each in clues}
        self._people: dict[str, Person] = {}
        self._bearing: dict[Sign, list[str]] = {}
        self._namesakes: Mapping[str, Sequence[Known]] = {}
        self._fresh: dict[str, Client] = {}
        self._fresh_by_key: dict[str, list[str]] = {}

    def meet(self, rows: Iterable[SignRow]) -> None:
        """These people are known, by these signs."""
        for ref, name, kind, value, source in rows:
            person = self._people.get(ref) or self._people.setdefault(ref, Person(ref, name))
            if kind is not None:
                self._sign(person, (kind, value, source))

    def signs_wanted(self) -> Mapping[str, set[str]]:
        """By kind, the values whose bearers are to be met."""
        wanted: dict[str, set[str]] = {}
        for kind, value, _ in chain.from_iterable(self._signs.values()):
            wanted.setdefault(kind, set()).add(value)
        return wanted

    def names_wanted(self) -> list[str]:
        """The names whose namesakes may be asked for: nobody shares an identifier with their clues."""
        known = self._bearing
        strangers = (clues for clues, signs in self._signs.items() if not any(s in known for s in signs))
        return sorted({clues.name for clues in strangers if clues.name})

    def meet_namesakes(self, namesakes: Mapping[str, Sequence[Known]]) -> None:
        """By each of the names wanted, who is called so."""
        self._namesakes = namesakes

    def candidates(self, clues: Clues, source: str) -> list[Known] | None:
        """Who shares an identifier with the clues; where nobody does, who bears a compatible name.

        None for clues that were not expected, or not of this source.
        """
        signs = self._signs.get(clues) if source == self.source else None
        if signs is None:
            return None
        people, bearing = self._people, self._bearing
        if refs := {ref: None for sign in signs for ref in bearing.get(sign, ())}:
            return [people[ref].known(source) for ref in refs]
        if not clues.name:
            return []
        fresh = {ref for key in sought_keys(clues.name) for ref in self._fresh_by_key.get(key, ())}
        found = [ref for ref in fresh if compatible(clues.name, self._fresh[ref].name)]
        return [*self._namesakes.get(clues.name, ()), *(people[ref].known(source) for ref in found)]

    def get(self, ref: str) -> Client | None:
        """Somebody who was added meanwhile."""
        return self._fresh.get(ref)

    def add(self, client: Client) -> None:
        """Somebody new."""
        self._people[client.ref] = Person(client.ref, client.name)
        self._fresh[client.ref] = client
        for key in kept_keys(client.name):
            self._fresh_by_key.setdefault(key, []).append(client.ref)

    def add_identifiers(self, ref: str, identifiers: Iterable[Identifier]) -> list[Identifier]:
        """Those that are new of somebody known here."""
        person = self._people[ref]
        fresh = [each for each in identifiers if (each.kind, each.value, each.source) not in person.signs]
        for each in fresh:
            self._sign(person, (each.kind, each.value, each.source))
        return fresh

    def bears(self, ref: str, identifiers: Iterable[Identifier]) -> bool:
        """Whether this person is known here by all of these already."""
        person = self._people.get(ref)
        return person is not None and all(
            [(each.kind, each.value, each.source) in person.signs for each in identifiers]
        )

    def knows(self, ref: str) -> bool:
        """Whether all signs of this person are here."""
        return ref in self._people

    def _sign(self, person: Person, sign: Sign) -> None:
        person.sign(sign)
        refs = self._bearing.setdefault(_named(*sign), [])
        if person.ref not in refs:
            refs.append(person.ref)


def signs_of(clues: Clues, source: str) -> list[Sign]:
    """What somebody of these clues (normalised) would be recognised by."""
    found = [("platform", clues.platform_id, source)] if clues.platform_id else []
    if clues.email:
        found.append(("email", clues.email, ""))
    if clues.phone:
        found.append(("phone", clues.phone, ""))
    if clues.code:
        found.append(("code", clues.code, ""))
    return found


def _each_once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values)) if len(values) > 1 else tuple(values)


def _named(kind: str, value: str, source: str) -> Sign:
    return (kind, value, source if kind == "platform" else "")


def normal_value(identifier: Identifier) -> str:
    """Normalised again, so that a careless edge cannot hide a person from us."""
    if identifier.kind == "email":
        return normal_email(identifier.value) or identifier.value
    if identifier.kind == "code":
        return normal_code(identifier.value) or identifier.value
    return identifier.value
