"""What a title's pieces amount to, together: what is booked, and what a person must look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler_app.domain import doubts
from scheduler_app.domain import lexicon as lex
from scheduler_app.domain.pieces import OBJECTS, SIGN, Piece
from scheduler_app.domain.scope import about, set_aside


@dataclass(slots=True)
class Sense:
    """The outcome, gathered piece by piece. told: something spoke of a treatment, booked or not."""

    treatments: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    doubts: set[str] = field(default_factory=set)
    status: str = ""
    no_booking: bool = False
    absence: bool = False
    told: bool = False
    repeats: bool = False
    generic: bool = False

    def doubt(self, doubt: str, *guesses: str) -> None:
        """Remember a doubt, and which treatments may be meant."""
        self.doubts.add(doubt)
        self.guesses += guesses

    def copy(self) -> "Sense":
        """One that can be told more."""
        return Sense(
            [*self.treatments],
            [*self.guesses],
            {*self.doubts},
            self.status,
            self.no_booking,
            self.absence,
            self.told,
            self.repeats,
            self.generic,
        )


def make_sense(pieces: Sequence[Piece]) -> Sense:
    """Decide what is booked. Linear in the number of pieces."""
    sense = Sense()
    aside, dangling = set_aside(pieces)
    if dangling:
        sense.doubt(doubts.NEGATED)
    talked_about: set[int] = set()
    for place, piece in enumerate(pieces):
        if piece.absorbs and place not in aside:
            talked_about.update(_talk(sense, pieces, place))
    hints: list[tuple[str, ...]] = []
    for place, piece in enumerate(pieces):
        if piece.kind not in OBJECTS:
            _say(sense, piece)
            if piece.kind == lex.ALTERNATIVE and _both_booked(pieces, place, aside):
                sense.doubt(doubts.TENTATIVE)
            continue
        sense.told = True
        if piece.kind == lex.MEDICATION:
            sense.doubt(doubts.MEDICATION)
        if aside.get(place) == doubts.NEGATED or (place in aside and place not in talked_about):
            sense.doubt(aside[place], *piece.codes)
        elif place not in talked_about:
            _name(sense, piece)
            hints.append(piece.meaning.guesses)
    for guesses in hints:
        if guesses and not set(guesses) & set(sense.treatments):
            sense.doubt(doubts.DOUBTFUL, *guesses)
    return sense


def _name(sense: Sense, piece: Piece) -> None:
    if piece.kind == lex.TREATMENT:
        sense.treatments.append(piece.meaning.code)
    elif piece.kind == lex.UNCATALOGUED:
        sense.doubt(doubts.UNKNOWN)


def _talk(sense: Sense, pieces: Sequence[Piece], place: int) -> tuple[int, ...]:
    """Take what a consultation or follow-up talks about out of the booking; a follow-up may repeat it."""
    subject = about(pieces, place)
    if subject.unsure or subject.beside:
        sense.doubt(doubts.DOUBTFUL)
    may_repeat = subject.unsure or pieces[place].kind == lex.FOLLOW_UP
    for treatment in (*(subject.pieces if may_repeat else ()), *subject.beside):
        sense.guesses += pieces[treatment].codes
    return subject.pieces


def _say(sense: Sense, piece: Piece) -> None:
    """Words and signs around the treatments."""
    kind, sign = piece.kind, piece.sign
    if kind in (lex.CANCELLED, lex.MISSED):
        sense.status = "cancelled" if kind == lex.CANCELLED else sense.status or "noshow"
        sense.doubt(doubts.CANCELLED)
    elif kind == lex.FOLLOW_UP:
        sense.told = True
        sense.doubt(doubts.FOLLOW_UP)
    elif kind == lex.NO_BOOKING:
        sense.no_booking = True
    elif kind == lex.ABSENCE:
        sense.absence = True
    elif kind == lex.REPEAT:
        sense.repeats = True
    elif kind in (lex.GENERIC, lex.DECOY):
        sense.generic = True
    elif kind == SIGN and sign in "?¿":
        sense.doubt(doubts.QUESTION)
    elif kind == lex.TENTATIVE or sign == "±":
        sense.doubt(doubts.TENTATIVE)


def _both_booked(pieces: Sequence[Piece], place: int, aside: Mapping[int, str]) -> bool:
    """Whether an "or" leaves open which treatment it is: "Botox or filler", but not "no Botox or filler"."""
    sides = (place - 1, place + 1)
    return all(0 <= i < len(pieces) and i not in aside and pieces[i].kind in OBJECTS for i in sides)
