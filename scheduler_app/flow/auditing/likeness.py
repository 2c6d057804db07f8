"""Who else might be whom: people of one name under different contacts, of different names under one.

Stories are never merged on that. What would break a rule if two of them were one person is shown in a
section of its own, for a person to look at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, product

from scheduler_app.domain.identity import compatible, name_key, name_keys
from scheduler_app.domain.words import WORD
from scheduler_app.flow.auditing.people import Person

Pair = tuple[int, int]

MOST_NAMESAKES = 4  # people under one name with contacts of their own: then it tells nobody from anybody
MOST_VISITS, MOST_VISITS_OF_A_WORD = 150, 40  # more, under a bare name or contact, are several people's
_CROWDED = 60  # names that share two words: not looked into further
_IDEOGRAPHS = "\u2e80"  # from here on scripts write a whole name in one word

Key = tuple[str, str]


def too_common(person: Person) -> bool:
    """Whether a bare name or contact stands on so many bookings that it cannot be one person's."""
    if person.certain:
        return False
    most = MOST_VISITS_OF_A_WORD if person.names and all(map(_one_word, person.names)) else MOST_VISITS
    return len(person.sightings) > most


def may_be_one(folk: Sequence[Person]) -> list[Pair]:
    """Places of people in `folk` who may be one person, the smaller first, sorted."""
    pairs = set(_sharing(folk))
    by_key: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(folk):
        for key in {name_key(name) for name in person.names}:
            by_key[key].append(place)
    for alike in _alike_keys(by_key, folk):
        members = sorted({place for key in alike for place in by_key[key]})
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


def _compatible(one: Person, other: Person) -> bool:
    return any(compatible(name, second) for name in one.names for second in other.names)


def _alike_keys(by_key: dict[str, list[int]], folk: Sequence[Person]) -> Iterable[tuple[str, ...]]:
    """Groups of one or two name keys whose bearers are worth comparing."""
    spelt = {
        key: next(n for n in folk[places[0]].names if name_key(n) == key) for key, places in by_key.items()
    }
    for key, places in by_key.items():
        if len(places) > 1:
            yield (key,)
    words = {key: name for key, name in spelt.items() if _one_word(name)}
    yield from _fuller_names(words, spelt)
    seen: set[Key] = set()
    for crowd in _crowds({key: name for key, name in spelt.items() if key not in words}):
        for one, other in combinations(sorted(crowd), 2):
            if (one, other) not in seen:
                seen.add((one, other))
                if compatible(spelt[one], spelt[other]):
                    yield (one, other)


def _one_word(name: str) -> bool:
    letters = name_key(name)
    return " " not in letters and not any(letter >= _IDEOGRAPHS for letter in letters)


def _fuller_names(words: dict[str, str], spelt: dict[str, str]) -> Iterable[Key]:
    """A name of one word beside the only fuller name it fits; where it fits several, it tells nothing."""
    fuller: dict[str, list[str]] = defaultdict(list)
    wanted = frozenset().union(*map(name_keys, words.values()))
    for key, name in spelt.items():
        if key not in words:
            for part in name_keys(name) & wanted:
                fuller[part].append(key)
    for key, name in words.items():
        candidates = {other for part in name_keys(name) for other in fuller[part]}
        fitting = [other for other in sorted(candidates) if compatible(name, spelt[other])]
        if len(fitting) == 1:
            yield key, fitting[0]


def _crowds(full: dict[str, str]) -> Iterable[set[str]]:
    """Names of several words that share two, spelt fully, in short or with an initial."""
    sharing: dict[Key, set[str]] = defaultdict(set)
    short: dict[Key, set[str]] = defaultdict(set)
    for key, name in full.items():
        for pair, with_initial in _pairs(name):
            (short if with_initial else sharing)[pair].add(key)
    for key, name in full.items():
        for pair in _initialled(name):
            if pair in short:
                short[pair].add(key)
    for crowd in (*sharing.values(), *short.values()):
        if 1 < len(crowd) <= _CROWDED:
            yield crowd


def _spellings(name: str) -> list[tuple[str, frozenset[str]]]:
    """Each word, and the keys it is found by; none for an initial."""
    return [(word, name_keys(word)) for word in WORD.findall(name.casefold())]


def _pairs(name: str) -> Iterable[tuple[Key, bool]]:
    """Two words of the name, in every spelling; and whether one is an initial."""
    for (one, keys), (other, more) in combinations(_spellings(name), 2):
        if keys and more:
            yield from (((min(a, b), max(a, b)), False) for a, b in product(keys, more))
        elif keys and len(other) == 1:
            yield from (((other, key), True) for key in keys)
        elif more and len(one) == 1:
            yield from (((one, key), True) for key in more)


def _initialled(name: str) -> Iterable[Key]:
    """The name's words with another shortened to its initial."""
    for (one, keys), (other, more) in combinations(_spellings(name), 2):
        yield from ((other[0], key) for key in keys if more)
        yield from ((one[0], key) for key in more if keys)
