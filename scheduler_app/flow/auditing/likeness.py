"""Who else might be whom: people of one name under different contacts, of different names under one.

Stories are never merged on that. What would break a rule if two of them were one person is shown in a
section of its own, for a person to look at.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product

from scheduler_app.domain.identity import compatible, name_key
from scheduler_app.flow.auditing.namesakes import alike, one_word
from scheduler_app.flow.auditing.people import Person

Pair = tuple[int, int]

MOST_NAMESAKES = 4  # people under one name with contacts of their own: then it tells nobody from anybody
MOST_VISITS, MOST_VISITS_OF_A_WORD = 150, 40  # more, under a bare name or contact, are several people's


def too_common(person: Person) -> bool:
    """Whether a bare name or contact stands on so many bookings that it cannot be one person's."""
    if person.certain or len(person.sightings) <= MOST_VISITS_OF_A_WORD:
        return False
    word = bool(person.names) and all(one_word(name_key(name)) for name in person.names)
    return word or len(person.sightings) > MOST_VISITS


def may_be_one(folk: Sequence[Person]) -> list[Pair]:
    """Places of people in `folk` who may be one person, the smaller first, sorted."""
    pairs = set(_sharing(folk))
    bearers: dict[str, list[int]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for place, person in enumerate(folk):
        keys = {name_key(name): name for name in person.names}
        spelt |= keys
        for key in keys:
            bearers[key].append(place)
    for keys_alike in _worth_comparing(bearers, spelt):
        members = sorted({place for key in keys_alike for place in bearers[key]})
        bare = [place for place in members if not folk[place].contacts]
        bearing = [place for place in members if folk[place].contacts]
        among = combinations(bearing, 2) if len(bearing) <= MOST_NAMESAKES else ()
        for one, other in (*among, *combinations(bare, 2), *product(bare, bearing)):
            if _compatible(folk[one], folk[other]):
                pairs.add((min(one, other), max(one, other)))
    return sorted(pairs)


def _sharing(folk: Sequence[Person]) -> Iterable[Pair]:
    holders: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(folk):
        for contact in person.contacts:
            holders[contact].append(place)
    for sharing in holders.values():
        yield from combinations(sharing, 2)


def _worth_comparing(
    bearers: Mapping[str, Sequence[int]], spelt: Mapping[str, str]
) -> Iterable[tuple[str, ...]]:
    for key, places in bearers.items():
        if len(places) > 1:
            yield (key,)
    yield from alike(spelt)


def _compatible(one: Person, other: Person) -> bool:
    return any(compatible(name, second) for name in one.names for second in other.names)
