"""How far words like "no", "post", "consultation" and "review" reach in a title."""

from collections.abc import Sequence
from typing import NamedTuple

from scheduler_app.domain import lexicon as lex
from scheduler_app.domain.doubts import MENTIONED, NEGATED
from scheduler_app.domain.pieces import DASH, OBJECTS, SIGN, WORDS, Piece

_OPENS_A_SCOPE = frozenset({lex.NEGATION, lex.MENTION, lex.TOPIC})
_ENDS_A_SCOPE = frozenset(",;+():|?¿!<>=~*•·→")
_WITHIN = frozenset("():")  # "Consultation (Botox)", "Botox: consult"
_STOPS_ABOUT = frozenset({lex.NEGATION, lex.MENTION})
_STANDS_BETWEEN = frozenset({WORDS, DASH, lex.HOST, lex.STAFF, lex.TENTATIVE})


def set_aside(pieces: Sequence[Piece]) -> tuple[dict[int, str], bool]:
    """Which pieces a "no" or a "post" before them takes out of the booking, and by which doubt.

    A "no" reaches over unexplained words ("no more of the Botox"), a "post" only over words that mean
    nothing. Both end with what they name and its list ("no Botox or filler"), and at a sign, a colon right
    after them apart ("Hx: Botox"). The second value says whether some "no" names nothing we know, which is
    a doubt all the same.
    """
    found: dict[int, str] = {}
    scope, open_ended, dangling = "", False, False
    for place, piece in enumerate(pieces):
        if piece.kind == lex.NEGATION:
            scope, open_ended = NEGATED, True
        elif piece.kind in _OPENS_A_SCOPE:
            if scope != NEGATED:
                scope, open_ended = MENTIONED, True
        elif not scope:
            continue
        elif piece.kind in OBJECTS and (open_ended or pieces[place - 1].joins):
            found[place] = scope
            open_ended = False
        elif piece.sign == ":" and pieces[place - 1].kind in _OPENS_A_SCOPE:
            continue
        elif piece.kind in OBJECTS or piece.sign in _ENDS_A_SCOPE or piece.kind == DASH:
            dangling |= open_ended and scope == NEGATED
            scope = ""
        elif piece.kind == WORDS and scope == MENTIONED:
            scope = ""
    return found, dangling or (open_ended and scope == NEGATED)


class About(NamedTuple):
    """The treatments one consultation or follow-up only talks about.

    pieces: places of those treatments. unsure: a name or a dash stands between, so it may be two things.
    beside: places of treatments listed with them that may be meant for real ("Botox & filler consult").
    """

    pieces: tuple[int, ...]
    unsure: bool = False
    beside: tuple[int, ...] = ()


class _Reached(NamedTuple):
    place: int
    unsure: bool
    linked: bool  # "re", "for" stands between


def about(pieces: Sequence[Piece], absorber: int) -> About:
    """What the absorbing piece talks about: what "re" or "for" leads to, else what precedes, else follows.

    Signs that make lists end its reach, brackets and colons do not. After "re" it takes the whole list.
    """
    before = _nearest(pieces, absorber, -1)
    after = _nearest(pieces, absorber, 1)
    if after is not None and after.linked:
        taken = (after.place, *_list_after(pieces, after.place, 1))
        return About(taken if before is None else (before.place, *taken))
    chosen = before or after
    if chosen is None:
        return About(())
    step = -1 if chosen is before else 1
    listed = _list_after(pieces, chosen.place, step)
    beside = tuple(place for place in listed if pieces[place - step].sign != "+")
    return About((chosen.place,), chosen.unsure, beside)


def _nearest(pieces: Sequence[Piece], place: int, step: int) -> _Reached | None:
    unsure = linked = False
    place += step
    while 0 <= place < len(pieces):
        piece = pieces[place]
        if piece.named:
            return _Reached(place, unsure, linked)
        if piece.joins or piece.absorbs or piece.kind in _STOPS_ABOUT:
            return None
        if piece.kind == SIGN and piece.sign not in _WITHIN:
            return None
        if piece.kind in (lex.LINK, lex.TOPIC):
            linked = True
        elif piece.kind in _STANDS_BETWEEN:
            unsure = True
        place += step
    return None


def _list_after(pieces: Sequence[Piece], place: int, step: int) -> list[int]:
    """The other members of the list that pieces[place] belongs to, going one way."""
    found = []
    while 0 <= place + 2 * step < len(pieces) and pieces[place + step].joins:
        place += 2 * step
        if not pieces[place].named:
            break
        found.append(place)
    return found
