"""Which of a book's names may be one person's, found without holding every name against every other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, product

from scheduler_app.domain.identity import compatible, name_keys
from scheduler_app.domain.words import WORD

_CROWDED = 60  # names that share two words: not looked into further
_IDEOGRAPHS = "\u2e80"  # from here on scripts write a whole name in one word


def one_word(key: str) -> bool:
    """Whether a name, by its key, is a first or last name alone."""
    return " " not in key and not any(letter >= _IDEOGRAPHS for letter in key)


def alike(spelt: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of different keys whose names may be one person's. spelt: a name for each key.

    A name of one word is paired only with the one fuller name it fits: where it fits several it tells
    nothing.
    """
    words = {key: name for key, name in spelt.items() if one_word(key)}
    fuller = {key: name for key, name in spelt.items() if key not in words}
    yield from _only_fuller(words, fuller)
    seen: set[tuple[str, str]] = set()
    for crowd in _crowds(fuller):
        for one, other in combinations(sorted(crowd), 2):
            if (one, other) not in seen and compatible(spelt[one], spelt[other]):
                seen.add((one, other))
                yield (one, other)


def _only_fuller(words: Mapping[str, str], fuller: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    wanted = frozenset().union(*(name_keys(name) for name in words.values()))
    bearing: dict[str, list[str]] = defaultdict(list)
    if wanted:
        for key, name in fuller.items():
            for part in name_keys(name) & wanted:
                bearing[part].append(key)
    for key, name in words.items():
        candidates = {other for part in name_keys(name) for other in bearing[part]}
        fitting = [other for other in sorted(candidates) if compatible(name, fuller[other])]
        if len(fitting) == 1:
            yield key, fitting[0]


class _Shared:
    """Keys of names by the two words they share; memory grows only where something is shared."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self.crowds: dict[str, set[str]] = {}

    def add(self, pair: str, key: str) -> None:
        first = self._first.setdefault(pair, key)
        if first != key:
            self.crowds.setdefault(pair, {first}).add(key)

    def __contains__(self, pair: str) -> bool:
        return pair in self._first


def _crowds(fuller: Mapping[str, str]) -> Iterator[set[str]]:
    """Names that share two words, spelt fully, in short, or one of them as an initial."""
    whole, short = _Shared(), _Shared()
    initialled = False
    for key, one, other in _word_pairs(fuller):
        initial = len(one) == 1 or len(other) == 1
        initialled = initialled or initial
        for pair in _with_initial(one, other) if initial else _in_full(one, other):
            (short if initial else whole).add(pair, key)
    for key, one, other in _word_pairs(fuller) if initialled else ():
        for pair in (*_with_initial(one[0], other), *_with_initial(one, other[0])):
            if pair in short:
                short.add(pair, key)
    for crowd in (*whole.crowds.values(), *short.crowds.values()):
        if len(crowd) <= _CROWDED:
            yield crowd


def _word_pairs(names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for key, name in names.items():
        for one, other in combinations(WORD.findall(name.casefold()), 2):
            yield key, one, other


@lru_cache(maxsize=65_536)
def _found_by(word: str) -> frozenset[str]:
    return name_keys(word)


def _in_full(one: str, other: str) -> Iterable[str]:
    return (f"{min(a, b)} {max(a, b)}" for a, b in product(_found_by(one), _found_by(other)))


def _with_initial(one: str, other: str) -> Iterable[str]:
    if len(one) == 1:
        return [f"{one} {part}" for part in _found_by(other)]
    return [f"{other} {part}" for part in _found_by(one)] if len(other) == 1 else []
