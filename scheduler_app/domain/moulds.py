"""Titles of one mould: they differ in nothing but the words of a name, so that they are read alike.

A calendar holds the same few phrases with ever other names. What a mould was read as holds for all of its
titles, because a word counts as interchangeable only where nothing asks which word it is: it belongs to
no phrase, is near no treatment's name, marks nobody's kin or generation, and begins with a capital.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from scheduler_app.domain.words import WORD, fold

_WORDS = re.compile(f"({WORD.pattern})")
_TAKEN = "\0"  # stands where a word was taken out
# Contacts and times are read from more than whole words, and apostrophes tie words together.
_NO_MOULD = re.compile("[\\d@'’ʼ׳`´\0]")
_LONGEST = 200  # characters of a title
_MOST = 4096  # moulds kept
_CACHED = 32768  # words, with whatever stands between them and the next space

Shape = str
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cast(Generic[T]):
    """What a mould was read as. name: which of the interchangeable words are the name, none for no name."""

    told: T
    name: slice | None


class Moulds(Generic[T]):
    """What titles were read as, by mould. Bounded; threads may share it.

    telling: whether a word (folded) tells something by itself, so that it is not interchangeable.
    """

    def __init__(self, telling: Callable[[str], bool]) -> None:
        self._telling = telling
        self._casts: dict[Shape, Cast[T] | None] = {}
        self._apart = lru_cache(maxsize=_CACHED)(self._taken_apart)

    def shape(self, text: str) -> tuple[Shape, list[str]] | None:
        """The tidy text with its interchangeable words taken out, and these; None where it is no mould's."""
        if len(text) > _LONGEST or _NO_MOULD.search(text):
            return None
        shapes: list[Shape] = []
        taken: list[str] = []
        for piece in text.split(" "):  # no word holds a space
            shape, words = self._apart(piece)
            shapes.append(shape)
            taken += words
        return " ".join(shapes), taken

    def cast(self, shape: Shape) -> Cast[T] | None:
        """What titles of this shape are read as, if that is known."""
        return self._casts.get(shape)

    def keep(self, shape: Shape, taken: list[str], told: T, name: str | None) -> None:
        """A title with these words was read so. A name that is not some of them, next to each other and
        unmistakable, teaches nothing about the next title."""
        place = _place(taken, name.split()) if name is not None else None
        if len(set(taken)) < len(taken) or (name is not None and place is None):
            return
        if len(self._casts) >= _MOST:
            self._casts.clear()
        self._casts[shape] = Cast(told, place)

    def _taken_apart(self, piece: str) -> tuple[Shape, tuple[str, ...]]:
        parts = _WORDS.split(piece)
        taken = tuple(word for word in parts[1::2] if self._is_free(word))
        parts[1::2] = [_TAKEN if self._is_free(word) else word for word in parts[1::2]]
        return "".join(parts), taken

    def _is_free(self, word: str) -> bool:
        return len(word) > 1 and not word[0].islower() and not self._telling(fold(word))


def _place(words: list[str], name: list[str]) -> slice | None:
    """Where the words of the name stand among the words."""
    for start in range(len(words) - len(name) + 1):
        if words[start : start + len(name)] == name:
            return slice(start, start + len(name))
    return None
