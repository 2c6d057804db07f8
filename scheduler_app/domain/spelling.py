"""Words that are nearly a treatment's. They never count as one; they only make a person look."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from scheduler_app.domain.words import fold

_SHORTEST = 5  # letters; anything near a shorter word is as likely a name
_TWO_SLIPS_FROM = 9  # letters; a word this long may hold two slips of the pen
_CACHED = 65536  # words; a clinic's clients share their names


class Spelling:
    """Finds the treatment a misspelt word may mean.

    A slip is a letter left out, put in, changed, or two changed round. The first letter must be right
    ("Miller" is no filler), and words declared as lookalikes never count.
    """

    def __init__(self, aliases: Mapping[str, str], lookalikes: Iterable[str]) -> None:
        self._aliases = {word: code for word, code in aliases.items() if len(word) >= _SHORTEST}
        self._not = frozenset(map(fold, lookalikes))
        self._trimmed: dict[str, tuple[str, ...]] = {}
        for word in self._aliases:
            for trimmed in set(_trim(word, _slips(word))):
                self._trimmed[trimmed] = (*self._trimmed.get(trimmed, ()), word)
        self.guess = lru_cache(maxsize=_CACHED)(self._guess)

    def _guess(self, word: str) -> str | None:
        """The code of the alias that `word` (folded) nearly is, or that is written onto another word."""
        if len(word) < _SHORTEST or word in self._not or len(word) > 40:
            return None
        near = {alias for trimmed in _trim(word, _slips(word)) for alias in self._trimmed.get(trimmed, ())}
        ranked = sorted((_distance(word, alias), alias) for alias in near if alias[0] == word[0])
        for distance, alias in ranked:
            if distance <= _slips(alias):
                return self._aliases[alias]
        return self._inside(word)

    def _inside(self, word: str) -> str | None:
        """ "Botoxkontrolle", "Annamicroneedling": an undeclared compound; the longest alias in it counts."""
        for length in range(len(word) - 1, _SHORTEST - 1, -1):
            code = self._aliases.get(word[:length])
            if code is None and length > _SHORTEST:
                code = self._aliases.get(word[-length:])
            if code is not None:
                return code
        return None


def _slips(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _trim(word: str, times: int) -> Iterator[str]:
    """The word with up to `times` letters left out: words within as many slips share one such form."""
    yield word
    if times:
        for place in range(len(word)):
            yield from _trim(word[:place] + word[place + 1 :], times - 1)


def _distance(one: str, two: str) -> int:
    """Slips between two words (Damerau-Levenshtein distance, optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
