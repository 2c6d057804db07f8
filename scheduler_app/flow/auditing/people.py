"""Who is who in a book, for certain: a shared contact together with a compatible name, or a client code.

Names are not transitive: "A. Smith" fits Anna Smith and Alan Smith, who are two. So people are not built
up booking by booking, which would depend on the order, but told apart among all who share a contact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler_app.domain.identity import compatible, name_key
from scheduler_app.flow.auditing.contacts import CODE
from scheduler_app.flow.auditing.ties import Ties
from scheduler_app.flow.auditing.whose import Whose


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the book tells apart.

    certain: their visits are one person's beyond doubt; else what they share is a bare name, a contact
    without a name, or a name that fits two people. names: every spelling, the most frequent first.
    sightings: places in the book's list, in order.
    """

    certain: bool
    names: tuple[str, ...]
    contacts: tuple[str, ...]
    sightings: tuple[int, ...]

    @property
    def known_as(self) -> str | None:
        """What the report calls them: a name, else the contact that is all one has."""
        if self.names:
            return self.names[0]
        return self.contacts[0].partition(":")[2] if self.contacts else None


def people(told: Sequence[Whose]) -> tuple[list[Person], tuple[int, ...]]:
    """Everybody in the book, and the appointments that name nobody. The order of the book is kept."""
    places: dict[Whose, list[int]] = defaultdict(list)
    for place, client in enumerate(told):
        places[client].append(place)
    nobody = tuple(places.pop(Whose(None, ()), ()))
    signed = [client for client in places if client.contacts and (client.name or _code(client))]
    bare = [client for client in places if not client.contacts]
    nameless = [client for client in places if client.contacts and not (client.name or _code(client))]
    found = [_person(group, places, certain) for group, certain in (*_certain(signed), *_namesakes(bare))]
    found += [_person(group, places, False) for group in _tied(nameless)]
    return sorted(found, key=lambda person: person.sightings), nobody


def _code(client: Whose) -> bool:
    return any(contact.startswith(CODE) for contact in client.contacts)


def _certain(signed: Sequence[Whose]) -> Iterable[tuple[list[Whose], bool]]:
    for household in _tied(signed):
        names = sorted({client.name for client in household if client.name})
        bearer = tell_apart(names)
        ties = Ties()
        marks: dict[Whose, object] = {}
        for client in household:
            mark = _mark(client, household, bearer)
            marks[client] = mark
            ties.tie((mark, contact) for contact in client.contacts)
        groups: dict[object, list[Whose]] = defaultdict(list)
        for client in household:
            groups[ties.root((marks[client], client.contacts[0]))].append(client)
        for group in groups.values():
            yield group, isinstance(marks[group[0]], int)


def _mark(client: Whose, household: Sequence[Whose], bearer: dict[str, int | None]) -> object:
    """Which person of a household: a number, or a text for one that fits several."""
    if client.name:
        number = bearer[client.name]
        return client.name if number is None else number
    codes = {contact for contact in client.contacts if contact.startswith(CODE)}
    owners = {
        bearer[other.name] for other in household if other.name and not codes.isdisjoint(other.contacts)
    }
    if not owners:
        return -1
    number = owners.pop()
    return "" if owners or number is None else number


def _tied(clients: Sequence[Whose]) -> list[list[Whose]]:
    """Groups that share contacts, however many steps apart."""
    ties = Ties()
    for client in clients:
        ties.tie(client.contacts)
    groups: dict[object, list[Whose]] = defaultdict(list)
    for client in clients:
        groups[ties.root(client.contacts[0])].append(client)
    return list(groups.values())


def _namesakes(bare: Sequence[Whose]) -> Iterable[tuple[list[Whose], bool]]:
    """Bare names, one group for each; Mr and Mrs Smith are two, and Smith alone a third."""
    by_key: dict[str, list[Whose]] = defaultdict(list)
    for client in bare:
        by_key[name_key(client.name or "")].append(client)
    for alike in by_key.values():
        bearer = tell_apart(sorted(client.name or "" for client in alike))
        groups: dict[object, list[Whose]] = defaultdict(list)
        for client in alike:
            number = bearer[client.name or ""]
            groups[client.name if number is None else number].append(client)
        for group in groups.values():
            yield group, False


def tell_apart(names: Sequence[str]) -> dict[str, int | None]:
    """Number the people behind some names; None for a name that fits two of them.

    Names of one number are compatible with each other, all of them.
    """
    beside: dict[str, set[str]] = {name: set() for name in names}
    for one, other in combinations(beside, 2):
        if compatible(one, other):
            beside[one].add(other)
            beside[other].add(one)
    unsure = {
        name
        for name, fitting in beside.items()
        if any(second not in beside[first] for first, second in combinations(sorted(fitting), 2))
    }
    numbers: dict[str, int | None] = dict.fromkeys(unsure)
    for name, fitting in beside.items():
        if name not in unsure:
            # What is left falls into groups in which every name fits every other.
            known = next(
                (numbers[other] for other in sorted(fitting) if numbers.get(other) is not None), None
            )
            numbers[name] = len(numbers) if known is None else known
    return numbers


def _person(group: Sequence[Whose], places: dict[Whose, list[int]], certain: bool) -> Person:
    counts: dict[str, int] = defaultdict(int)
    for client in group:
        if client.name:
            counts[client.name] += len(places[client])
    names = sorted(counts, key=lambda name: (-counts[name], -len(name), name))
    contacts = sorted({contact for client in group for contact in client.contacts})
    sightings = sorted(place for client in group for place in places[client])
    return Person(certain, tuple(names), tuple(contacts), tuple(sightings))
