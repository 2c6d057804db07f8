"""A title in pieces: the phrases that were found, the signs between them, and the words nothing explained."""

from collections.abc import Sequence
from typing import NamedTuple

from scheduler_app.domain import lexicon as lex
from scheduler_app.domain.lexicon import Match, Meaning
from scheduler_app.domain.words import Token

WORDS, SIGN, DASH = "words", "sign", "dash"
OBJECTS = frozenset({lex.TREATMENT, lex.MEDICATION, lex.HINT, lex.UNCATALOGUED})
_LIST_SIGNS = frozenset("+&/")
_END = Meaning("")


class Piece(NamedTuple):
    """tokens[start:end]: a phrase (kind as in lexicon), a SIGN, a DASH, or WORDS that nothing explained."""

    kind: str
    start: int
    end: int
    meaning: Meaning = _END
    sign: str = ""

    @property
    def joins(self) -> bool:
        """Whether it makes a list of what stands on both sides."""
        return self.sign in _LIST_SIGNS or self.kind in (lex.JOIN, lex.ALTERNATIVE)

    @property
    def absorbs(self) -> bool:
        """Whether the treatment beside it is only talked about."""
        return self.meaning.absorbs or self.kind == lex.FOLLOW_UP

    @property
    def named(self) -> bool:
        """Whether it names something that could be booked, a consultation apart."""
        return self.kind in OBJECTS and not self.meaning.absorbs

    @property
    def codes(self) -> tuple[str, ...]:
        """The procedures it names or hints at."""
        if self.kind == lex.HINT:
            return self.meaning.guesses
        return (self.meaning.code,) if self.kind == lex.TREATMENT else ()


def in_pieces(tokens: Sequence[Token], matches: Sequence[Match], text: str) -> list[Piece]:
    """Tokens and phrases in one order. Numbers are left out: they only part what stands around them."""
    pieces: list[Piece] = []
    place = 0
    for match in matches:
        if place < match.start:
            _add_unexplained(pieces, tokens, place, match.start, text)
        pieces.append(Piece(match.meaning.kind, match.start, match.end, match.meaning))
        place = match.end
    if place < len(tokens):
        _add_unexplained(pieces, tokens, place, len(tokens), text)
    return pieces


def _add_unexplained(pieces: list[Piece], tokens: Sequence[Token], first: int, stop: int, text: str) -> None:
    begin = -1
    for place in range(first, stop):
        token = tokens[place]
        if begin >= 0 and (token.kind != "word" or not _adjoin(text, tokens[place - 1].end, token.start)):
            pieces.append(Piece(WORDS, begin, place))
            begin = -1
        if token.kind == "word":
            begin = place if begin < 0 else begin
        elif token.kind != "number":
            pieces.append(Piece(token.kind, place, place + 1, _END, token.word))
    if begin >= 0:
        pieces.append(Piece(WORDS, begin, stop))


def _adjoin(text: str, end: int, start: int) -> bool:
    """Whether two words belong to one run: only a space, hyphen, apostrophe or dot between them."""
    gap = text[end:start]
    return gap == " " or not gap.strip(" \t\u00a0-‐‑'’ʼ`´._")
