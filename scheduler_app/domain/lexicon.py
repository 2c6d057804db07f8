"""The catalogue's words compiled for matching: whole words, longest phrase first, each word used once."""

from collections.abc import Collection, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from scheduler_app.domain.catalogue import Catalogue, Wording
from scheduler_app.domain.words import ANY_NUMBER, Token, phrase

TREATMENT, MEDICATION, HINT = "treatment", "medication", "hint"
NO_BOOKING, ABSENCE, DECOY, UNCATALOGUED, GENERIC = (
    "no-booking",
    "absence",
    "decoy",
    "uncatalogued",
    "generic",
)
NEGATION, MENTION, FOLLOW_UP, REPEAT = "negation", "mention", "follow-up", "repeat"
CANCELLED, MISSED, TENTATIVE, ALTERNATIVE = "cancelled", "missed", "tentative", "alternative"
JOIN, LINK, TOPIC, HOST, STAFF, NOISE = "join", "link", "topic", "host", "staff", "noise"
_NEVER_RUN_TOGETHER = frozenset({DECOY, NEGATION, MENTION, TENTATIVE, JOIN, LINK, TOPIC, HOST, STAFF, NOISE})
_SHORTEST_RUN_TOGETHER = 6  # letters: "lipfiller" may lose its space, "no w" may not

Words = tuple[str, ...]


class Meaning(NamedTuple):
    """What a phrase stands for: its kind, the treatment's code, and the codes it may also mean."""

    kind: str
    code: str = ""
    guesses: tuple[str, ...] = ()
    absorbs: bool = False


class Match(NamedTuple):
    """A phrase found: tokens[start:end] are used up by it."""

    start: int
    end: int
    meaning: Meaning


class _Phrases:
    """Phrases to look up at a place in a text, without trying lengths that no phrase has."""

    def __init__(self, meanings: dict[Words, Meaning]) -> None:
        self.meanings = meanings
        self.longest: dict[str, int] = {}
        for words in meanings:
            self.longest[words[0]] = max(len(words), self.longest.get(words[0], 0))

    def at(self, place: int, exact: list[str], loose: list[str]) -> Iterator[tuple[int, Meaning]]:
        """Where each phrase that begins at `place` ends, the longest first."""
        longest = self.longest.get(exact[place], 0)
        if loose is not exact:
            longest = max(longest, self.longest.get(loose[place], 0))
        for end in range(min(place + longest, len(exact)), place, -1):
            meaning = self.meanings.get(tuple(exact[place:end]))
            if meaning is None and loose is not exact:
                meaning = self.meanings.get(tuple(loose[place:end]))
            if meaning is not None:
                yield end, meaning


class Lexicon:
    """Finds the catalogue's phrases in a list of tokens. Never changes once made; threads may share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        meanings: dict[Words, Meaning] = {}
        for words, meaning in _declared(catalogue):
            meanings.setdefault(words, meaning)
        for words, meaning in list(_derived(catalogue, meanings)):
            meanings.setdefault(words, meaning)
        self._phrases = _Phrases(meanings)
        self._tails = {
            treatment.code: _Phrases({phrase(tail): Meaning(NOISE) for tail in treatment.tails})
            for treatment in catalogue.treatments.values()
            if treatment.tails
        }
        every = [*meanings, *(words for tails in self._tails.values() for words in tails.meanings)]
        self.words = frozenset(word for words in every for word in words)  # of any phrase, folded
        self.aliases = {
            words[0]: treatment.code
            for treatment in catalogue.treatments.values()
            for words in _phrases(treatment.aliases)
            if len(words) == 1
        }

    def find(self, tokens: list[Token]) -> list[Match]:
        """The phrases in `tokens` in order, none overlapping: longer ones go first, then earlier ones.

        A treatment's phrase includes the tails that follow it, brackets looked through.
        """
        exact = [token.word for token in tokens]
        loose = exact
        if any(token.kind == "number" for token in tokens):
            loose = [
                ANY_NUMBER if token.kind == "number" and ":" not in token.word else token.word
                for token in tokens
            ]
        starts = self._phrases.longest
        found = [
            Match(start, self._after_tails(meaning.code, end, exact, loose), meaning)
            for start, word in enumerate(loose)
            if word in starts or exact[start] in starts
            for end, meaning in self._phrases.at(start, exact, loose)
            if not _cuts_a_word(tokens, start, end)
        ]
        return found if len(found) < 2 else _longest_first(found, len(exact))

    def _after_tails(self, code: str, end: int, exact: list[str], loose: list[str]) -> int:
        tails = self._tails.get(code)
        if tails is None:
            return end
        place = end
        while place < len(exact):
            if exact[place] == "(":
                place += 1
                continue
            stop = next((stop for stop, _ in tails.at(place, exact, loose)), 0)
            if not stop:
                break
            end = place = stop
        return end


def _cuts_a_word(tokens: list[Token], start: int, end: int) -> bool:
    """Whether an apostrophe ties the phrase to the rest of a longer word; "l'acide" and "Anna's" are two."""
    tied_before = tokens[start].glued and len(tokens[start - 1].word) > 2
    return tied_before or (end < len(tokens) and tokens[end].glued and len(tokens[end].word) > 1)


def _longest_first(found: list[Match], length: int) -> list[Match]:
    taken = bytearray(length)
    kept = []
    for match in sorted(found, key=lambda match: (match.start - match.end, match.start)):
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            kept.append(match)
    kept.sort()
    return kept


def _declared(catalogue: Catalogue) -> Iterator[tuple[Words, Meaning]]:
    """Phrases as they stand in the catalogue; of two claims to one phrase the first counts."""
    wording, treatments = catalogue.wording, catalogue.treatments.values()
    yield from _plain(DECOY, wording.decoys)
    hints: dict[Words, tuple[str, ...]] = {}
    for treatment in treatments:
        for words in _phrases(treatment.hints):
            hints[words] = (*hints.get(words, ()), treatment.code)
    for treatment in treatments:
        kind = MEDICATION if treatment.medication else TREATMENT
        for words in _phrases((*treatment.aliases, treatment.name, treatment.code)):
            yield words, Meaning(kind, treatment.code, hints.get(words, ()), treatment.absorbs)
    for words, codes in hints.items():
        yield words, Meaning(HINT, "", codes)
    for kind, texts in _around(wording):
        yield from _plain(kind, texts)
    for unit in _phrases(wording.units):
        yield (ANY_NUMBER, *unit), Meaning(NOISE)
        yield (*unit, ANY_NUMBER), Meaning(NOISE)


def _around(wording: Wording) -> Iterable[tuple[str, Collection[str]]]:
    return (
        (STAFF, wording.staff),
        (NO_BOOKING, wording.no_booking),
        (UNCATALOGUED, wording.uncatalogued),
        (CANCELLED, wording.cancelled),
        (MISSED, wording.missed),
        (FOLLOW_UP, wording.follow_ups),
        (REPEAT, wording.repeats),
        (TENTATIVE, wording.tentative),
        (NEGATION, wording.negations),
        (MENTION, wording.mentions),
        (ABSENCE, wording.absence),
        (GENERIC, wording.generic),
        (ALTERNATIVE, wording.alternatives),
        (JOIN, wording.joins),
        (HOST, wording.hosts),
        (TOPIC, wording.topics),
        (LINK, wording.links),
        (NOISE, wording.noise),
    )


def _phrases(texts: Iterable[str]) -> Iterator[Words]:
    return (words for words in map(phrase, texts) if words)


def _plain(kind: str, texts: Iterable[str]) -> Iterator[tuple[Words, Meaning]]:
    return ((words, Meaning(kind)) for words in _phrases(texts))


def _derived(catalogue: Catalogue, meanings: dict[Words, Meaning]) -> Iterator[tuple[Words, Meaning]]:
    """Declared forms: prefixes and suffixes written onto aliases, and phrases without their spaces."""
    wording = catalogue.wording
    absorbers = [treatment for treatment in catalogue.treatments.values() if treatment.absorbs]
    for treatment in catalogue.treatments.values():
        aliases = [words for words in _phrases(treatment.aliases) if meanings[words].code == treatment.code]
        for words, prefix in product(aliases, _forms(wording.prefixes, treatment.prefixes)):
            if _one_script(prefix, words[0]):
                yield (prefix + words[0], *words[1:]), meanings[words]
        for words, suffix in product(aliases, _forms(wording.suffixes, treatment.suffixes)):
            if _one_script(suffix, words[-1]):
                yield (*words[:-1], words[-1] + suffix), meanings[words]
        for absorber in absorbers if not treatment.absorbs else ():
            for words, suffix in product(aliases, _forms(absorber.suffixes, ())):
                yield (*words[:-1], words[-1] + suffix), Meaning(TREATMENT, absorber.code, (), True)
    for words, meaning in meanings.items():
        joined = "".join(words)
        long_enough = len(words) > 1 and len(joined) >= _SHORTEST_RUN_TOGETHER and joined.isalpha()
        if long_enough and meaning.kind not in _NEVER_RUN_TOGETHER:
            yield (joined,), meaning


def _forms(shared: Iterable[str], own: Iterable[str]) -> list[str]:
    return ["".join(phrase(form)) for form in (*shared, *own)]


def _one_script(affix: str, word: str) -> bool:
    """Whether both are written in one script; the blocks of Unicode that matter here are 256 letters long."""
    latin = "\u0250"
    both_latin = affix < latin and word < latin
    return word.isalpha() and (both_latin or ord(affix[:1] or " ") >> 8 == ord(word[:1]) >> 8)
