"""Text taken apart into words, the same way for titles, for the catalogue and for people's names."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Vowel signs and accents that \w leaves out although they stand inside words (Unicode's combining marks of
# the Latin, Hebrew, Arabic, Devanagari and Thai blocks).
_SIGNS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_SIGNS}])*")
# A number takes along what joins digits (10:30, 0.5, 3/6). A dash separates where a space is beside it and
# belongs to the word where none is ("Botox - Anna", "Anne-Marie"). Apostrophes, dots and emoji are no tokens.
_TOKEN = re.compile(
    rf"(?P<word>{WORD.pattern})|(?P<number>\d+(?:[.,:/⁄\-]\d+)*)"
    r"|(?P<dash>[\-–]+(?=\s|$)|(?<=\s)[\-–]+|^[\-–]+|[—―]+)"
    r"|(?P<sign>[+±&/\\,;:|()\[\]{}<>?¿!=*~•·→⁄؟،؛\n\r\u2028\u2029])"
)
_ONE_SIGN = str.maketrans("\\⁄[{]}؟¿،؛\n\r\u2028\u2029", "//(())??,;;;;;")
ANY_NUMBER = "#"  # in a phrase: any number, but no time of day
_APOSTROPHES = frozenset("'’ʼ׳`´")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f-\u009f\u200b]")


class Token(NamedTuple):
    """One piece of a text as it is matched (words folded, signs in one form), and where it stands.

    glued: an apostrophe ties it to the word before ("O'Brien").
    """

    word: str
    kind: str  # word, number, dash or sign
    start: int
    end: int
    glued: bool = False


def tidy(text: str) -> str:
    """The text in NFKC, control characters made spaces, direction marks and soft hyphens taken out."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", _CONTROL.sub(" ", text)))


@lru_cache(maxsize=32768)
def fold(word: str) -> str:
    """A word as it is compared: case and accents do not matter ("Bótox" is "botox", "Größe" "grosse")."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def tokens(text: str) -> list[Token]:
    """The text's pieces in order; `text` is tidy. A number keeps its digits, a dash is "-"."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        word = match[0]
        start, end = match.span()
        if kind == "word":
            glued = text[start - 1 : start] in _APOSTROPHES and bool(found) and found[-1].end == start - 1
            found.append(Token(fold(word), kind, start, end, glued))
            continue
        if kind == "sign":
            word = word.translate(_ONE_SIGN)
        elif kind == "dash":
            word = "-"
        found.append(Token(word, kind, start, end))
    return found


def phrase(text: str) -> tuple[str, ...]:
    """A declared phrase as it is matched; "#" in it is any number."""
    return tuple(
        token.word
        for part in re.split("(#)", tidy(text))
        for token in ([Token(ANY_NUMBER, "number", 0, 0)] if part == ANY_NUMBER else tokens(part))
    )
