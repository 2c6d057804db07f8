"""Whose appointment a title says it is: the name among the words that nothing explained."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from scheduler_app.domain import lexicon as lex
from scheduler_app.domain.doubts import SEVERAL, UNKNOWN
from scheduler_app.domain.names import sets_apart, words_apart
from scheduler_app.domain.pieces import DASH, SIGN, WORDS, Piece
from scheduler_app.domain.words import Token, fold

# Small words inside surnames, which may mean something elsewhere in a title.
_PARTICLES = frozenset(
    {"de", "del", "la", "las", "los", "le", "du", "des", "der", "den", "van", "von", "zu", "di", "da", "do"}
    | {"dos", "al", "el", "bin", "ben", "ibn", "abu", "st", "mc", "mac"}
)
_PRACTITIONERS = frozenset({"dr", "doctor", "prof", "sister", "nurse"})
_MOST_WORDS = 6


def tells_something(word: str) -> bool:
    """Whether a word (folded) of a name says more than that it is one."""
    return word in _PARTICLES or word in _PRACTITIONERS or sets_apart(word)


class Run(NamedTuple):
    """Unexplained words that belong together, as written. hosted: after "with", so perhaps staff."""

    text: str
    hosted: bool


def runs(pieces: Sequence[Piece], tokens: Sequence[Token], text: str) -> list[Run]:
    """The runs of unexplained words, in order; particles between and "Last, First" make one of two."""
    found = []
    place = 0
    while place < len(pieces):
        if pieces[place].kind != WORDS:
            place += 1
            continue
        last = _end_of_run(pieces, place, tokens, text)
        hosted = place > 0 and pieces[place - 1].kind == lex.HOST
        found.append(
            Run(text[tokens[pieces[place].start].start : _char_end(pieces[last], tokens, text)], hosted)
        )
        place = last + 1
    return found


def _end_of_run(pieces: Sequence[Piece], place: int, tokens: Sequence[Token], text: str) -> int:
    first = last = place
    while last + 2 < len(pieces) and pieces[last + 2].kind == WORDS:
        between = pieces[last + 1]
        words = [tokens[i].word for i in range(between.start, between.end)]
        if _PARTICLES.issuperset(words):
            last += 2
        elif between.sign == "," and first == last and _surname_first(pieces, last, tokens, text):
            return last + 2
        else:
            break
    return last


def _surname_first(pieces: Sequence[Piece], place: int, tokens: Sequence[Token], text: str) -> bool:
    """Whether "Smith, Anna" it is: one word, particles apart, a comma, and words written in one manner."""
    one, two = (
        text[tokens[p.start].start : tokens[p.end - 1].end] for p in (pieces[place], pieces[place + 2])
    )
    surname = [word for word in one.split() if fold(word) not in _PARTICLES]
    return len(surname) == 1 and all(_capital(word) == _capital(surname[0]) for word in two.split())


def _char_end(piece: Piece, tokens: Sequence[Token], text: str) -> int:
    last = tokens[piece.end - 1]
    initial = last.end - last.start == 1 and text[last.end : last.end + 1] == "."
    return last.end + initial


def best_name(found: Sequence[Run]) -> str | None:
    """The likeliest client's name: not after "with", written in capitals, several words, the first such."""
    names = [(run.hosted, name) for run in found if (name := _as_name(run.text))]
    own = [name for hosted, name in names if not hosted]
    candidates = own or [name for _, name in names if not _practitioner(name)]
    ranked = sorted(candidates, key=lambda name: (not _capital(name), len(name.split()) < 2))
    return _set_apart(ranked[0], found) if ranked else None


def _set_apart(name: str, found: Sequence[Run]) -> str:
    """The name with what makes it another person's: "Mary's daughter" is not Mary, nor Ben junior Ben."""
    kin, generation = words_apart(" ".join(run.text for run in found if not run.hosted))
    told = {fold(word) for word in name.split()}
    name = " ".join([name, *(word for word in generation if fold(word) not in told)])
    apart = [word for word in kin if fold(word) not in told]
    return f"{name} ({' '.join(apart)})" if apart else name


def _practitioner(name: str) -> bool:
    return fold(name.split()[0].strip(".")) in _PRACTITIONERS


@lru_cache(maxsize=4096)
def _as_name(text: str) -> str | None:
    """The words of a run that are written as a name; all of them where the writer uses no capitals."""
    words = text.split()
    if any(map(_capital, words)):
        words = _first_capitals(words)
    while len(words) > 1 and fold(words[-1]) in _PARTICLES:
        words.pop()
    name = " ".join(words).removesuffix("'s").removesuffix("’s").strip(" -'’_")
    fits = len(words) <= _MOST_WORDS and (len(name) > 1 or _capital(name))
    return name if name and fits else None


def _first_capitals(words: Sequence[str]) -> list[str]:
    """The first words written with capitals, with the particles before and between them."""
    first = next(place for place, word in enumerate(words) if _capital(word))
    end = first
    while end < len(words) and (_capital(words[end]) or fold(words[end]) in _PARTICLES):
        end += 1
    while first > 0 and fold(words[first - 1]) in _PARTICLES:
        first -= 1
    return list(words[first:end])


def _capital(word: str) -> bool:
    """Whether it begins with a capital, or with a letter of a script that has none."""
    return not word[:1].islower()


def doubts_about_lists(
    pieces: Sequence[Piece], tokens: Sequence[Token], text: str, only_name: bool
) -> set[str]:
    """Doubts about lists: "Botox + Xyz" holds a treatment nobody knows, "Anna & Ben" two people.

    only_name: there is one run of unexplained words, so "Anna / Botox" is read as a name and a treatment.
    """
    found = set()
    solid = [piece for piece in pieces if piece.kind != lex.NOISE]
    for at in range(1, len(solid) - 1):
        before, sign, after = solid[at - 1 : at + 2]
        if before.kind == after.kind == WORDS:
            hosted = at > 1 and solid[at - 2].kind == lex.HOST
            comma = sign.sign == "," and _full_name(before, tokens, text) and _full_name(after, tokens, text)
            if comma or (sign.joins and not hosted):
                found.add(SEVERAL)
        elif sign.joins and not (only_name and sign.sign == "/"):
            beyond = at + 2 if after.kind == WORDS else at - 2
            outer = solid[beyond] if 0 <= beyond < len(solid) else None
            alone = outer is None or outer.kind in (SIGN, DASH) or outer.joins
            item, other = (after, before) if after.kind == WORDS else (before, after)
            touches = sign.start in (
                item.end,
                item.start - 1,
            )  # else a note stands between: "+ new client Anna"
            if item.kind == WORDS and touches and alone and (other.named or other.absorbs):
                found.add(UNKNOWN)
    return found


def _full_name(piece: Piece, tokens: Sequence[Token], text: str) -> bool:
    """Whether a run is two words or more, each written as names are."""
    words = text[tokens[piece.start].start : tokens[piece.end - 1].end].split()
    return len(words) > 1 and all(map(_capital, words))
