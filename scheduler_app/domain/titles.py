"""Reading a title: what was booked, for whom, and what a person must look at first.

How it reads, in short (config/treatments.toml holds the words, tests/cases/titles.toml the examples):
- Whole words, longest phrase first, each word used once. What is unknown stays unknown and is a doubt.
- A consultation swallows the treatment beside it: "Botox consultation" is a consultation.
- A follow-up ("Botox review", "2 week check") is a doubt with the treatment as a guess: clinics top up at
  them, so it is neither the treatment again nor nothing. A top-up is the treatment.
- A title that says it is cancelled or missed keeps its treatments and is a doubt, with the status it
  claims: whoever wrote it may have moved the visit, and only the calendar's own status ends one.
- A PRP or "plasma facial" is a facial, with a doubt: it may involve needles. A vampire facial is
  microneedling. Neither is a plasma pen.
- Training and meetings are no booking whatever else they name. Lunch and holiday are none where no
  treatment is named; beside one they are a doubt.
- A medication is never booked and never recorded; it is a doubt.
- A misspelling is read where it is declared; anything merely near a treatment is a doubt with a guess.
- The description books nothing, except a line labelled as service, read where the title names nothing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from scheduler_app.domain import bearer, doubts
from scheduler_app.domain import lexicon as lex
from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.catalogue import CalendarDefaults, Catalogue
from scheduler_app.domain.contacts import ContactFinder, labelled, plain
from scheduler_app.domain.doubts import DOUBTS
from scheduler_app.domain.lexicon import Lexicon, Match, Meaning
from scheduler_app.domain.moulds import Moulds, Shape
from scheduler_app.domain.pieces import WORDS, Piece, in_pieces
from scheduler_app.domain.readings import Reading, Told
from scheduler_app.domain.sense import Sense, make_sense
from scheduler_app.domain.settling import settle
from scheduler_app.domain.spelling import Spelling
from scheduler_app.domain.words import Token, phrase, tidy, tokens

__all__ = ["DOUBTS", "CalendarDefaults", "Reader", "Reading", "strip_mark"]

_LONGEST_TITLE = 1000  # characters; Google and Outlook show far fewer
_LONGEST_DESCRIPTION = 100_000
_SHORT_NOTE = 300  # characters
_CANNED = 2048  # short notes, of which the newest are remembered
_MOST_WORDS_OF_A_NAME = 4  # of a title that is nothing but a name
_SPACE = "[\\s\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff]*"
_MARK = re.compile(rf"(?:{_SPACE}(?:⛔[^·•∙・\n]{{0,30}}|[?⚠❓❗][\ufe0f\s]*)[·•∙・]{_SPACE})+")
_NO_DEFAULTS = CalendarDefaults()


def strip_mark(title: str) -> str:
    """The title without our own marks ("⛔15 Mar · ", "? · "), also doubled or with spaces changed."""
    found = _MARK.match(title)
    return title[found.end() :] if found else title


class _Part(NamedTuple):
    """One text, read by itself. bare: it holds a name at most, so a default may say what for."""

    sense: Sense
    clues: Clues
    bare: bool
    seen: tuple[tuple[str, str], ...]


class _Note(NamedTuple):
    """What a description adds."""

    clues: Clues
    service: Sense | None


_NO_NOTE = _Note(Clues(), None)
_SILENT = frozenset({lex.NOISE, lex.JOIN, lex.LINK, lex.TOPIC, lex.HOST, WORDS, "sign", "dash"})


class Reader:
    """Reads titles by one catalogue. Compiled once; never changes; threads may share it."""

    def __init__(self, catalogue: Catalogue) -> None:
        wording = catalogue.wording
        self._lexicon = Lexicon(catalogue)
        self._spelling = Spelling(self._lexicon.aliases, wording.lookalikes)
        self._contacts = ContactFinder(wording.client_codes, wording.own_contacts)
        self._service_labels = frozenset(map(phrase, wording.service_labels))
        self._name_labels = frozenset(map(phrase, wording.name_labels))
        self._canned = lru_cache(maxsize=_CANNED)(self._note)
        self._moulds: Moulds[_Part] = Moulds(self._tells_something)
        self._told = Told(_CANNED)

    def read(
        self,
        title: str,
        description: str = "",
        *,
        colour: str = "",
        labels: Iterable[str] = (),
        defaults: CalendarDefaults | None = None,
    ) -> Reading:
        """What one entry of a clinic calendar says. Takes any text, in time linear to it; never raises.

        colour and labels are the entry's own, as the calendar names them; defaults are the calendar's. Of
        a title 1,000 characters are read (more is a doubt), of a description 100,000.
        """
        text, too_long = _shortened(strip_mark(title))
        mould = None if too_long else self._moulds.shape(text)
        if mould is None or len(description) > _SHORT_NOTE:
            part = self._part(text, too_long, mould)
            return self._reading(part, description, colour, labels, defaults)
        shape, words = mould
        beside = (shape, description, colour, tuple(labels))
        reading = self._told.recall(beside, defaults, words)
        if reading is None:
            part = self._part(text, too_long, mould)
            reading = self._reading(part, description, colour, beside[-1], defaults)
            if (cast := self._moulds.cast(shape)) is not None:
                self._told.keep(beside, defaults, reading, cast.name)
        return reading

    def _reading(
        self,
        part: _Part,
        description: str,
        colour: str,
        labels: Iterable[str],
        defaults: CalendarDefaults | None,
    ) -> Reading:
        note = self._noted(description) if description else _NO_NOTE
        sense = part.sense
        away = sense.absence and not sense.told and note.service is None
        if sense.no_booking or away:
            return Reading(booking=False, seen=part.seen)
        origin = settle(sense, part.bare, note.service, colour, labels, defaults or _NO_DEFAULTS)
        if origin is None:
            return Reading(booking=False, seen=part.seen)
        treatments = _each_once(sense.treatments) if sense.treatments else ()
        return Reading(
            treatments,
            True,
            tuple(doubt for doubt in DOUBTS if doubt in sense.doubts) if sense.doubts else (),
            _each_once(code for code in sense.guesses if code not in treatments) if sense.guesses else (),
            sense.status,
            _either(part.clues, note.clues),
            origin,
            part.seen,
        )

    def _part(self, text: str, too_long: bool, mould: tuple[Shape, list[str]] | None) -> _Part:
        if mould is None:
            return self._part_of(text, too_long)
        shape, words = mould
        cast = self._moulds.cast(shape)
        if cast is None:
            part = self._part_of(text, too_long)
            self._moulds.keep(shape, words, part._replace(sense=part.sense.copy()), part.clues.name)
            return part
        name = None if cast.name is None else " ".join(words[cast.name])
        return _Part(cast.told.sense.copy(), Clues(name), cast.told.bare, cast.told.seen)

    def _part_in(self, text: str) -> _Part:
        text, too_long = _shortened(text)
        return self._part(text, too_long, None if too_long else self._moulds.shape(text))

    def _tells_something(self, word: str) -> bool:
        known = word in self._lexicon.words or bearer.tells_something(word)
        return known or self._spelling.guess(word) is not None

    def _part_of(self, text: str, too_long: bool) -> _Part:
        contacts = self._contacts.find(text)
        text = contacts.text
        found = tokens(text)
        pieces = in_pieces(found, self._matches(found), text)
        sense = make_sense(pieces)
        runs = bearer.runs(pieces, found, text)
        name = bearer.best_name(runs)
        sense.doubts |= bearer.doubts_about_lists(pieces, found, text, len(runs) < 2)
        if too_long:
            sense.doubt(doubts.TOO_LONG)
        if doubts.SEVERAL in sense.doubts:
            name = None
        bare = not (sense.told or sense.generic) and len(runs) < 2 and (not runs or _only(runs[0].text, name))
        clues = Clues(name, contacts.email, contacts.phone, contacts.code)
        return _Part(sense, clues, bare, _seen(pieces, found, text))

    def _matches(self, found: list[Token]) -> list[Match]:
        """The catalogue's phrases, and unexplained words that are nearly a treatment's, as hints of it."""
        matches = self._lexicon.find(found)
        used = {place for match in matches for place in range(match.start, match.end)}
        near = [
            Match(place, place + 1, Meaning(lex.HINT, "", (guess,)))
            for place, token in enumerate(found)
            if place not in used and token.kind == "word" and (guess := self._spelling.guess(token.word))
        ]
        return sorted(matches + near) if near else matches

    def _noted(self, description: str) -> _Note:
        """Short notes are written again and again ("Deposit paid")."""
        return self._canned(description) if len(description) <= _SHORT_NOTE else self._note(description)

    def _note(self, description: str) -> _Note:
        contacts = self._contacts.find(plain(tidy(description[:_LONGEST_DESCRIPTION])))
        lines = contacts.text.splitlines()
        names = (self._part_in(value).clues.name for value in labelled(lines, self._name_labels))
        clues = Clues(next(filter(None, names), None), contacts.email, contacts.phone, contacts.code)
        services = labelled(lines, self._service_labels)
        return _Note(clues, self._part_in("; ".join(services)).sense if services else None)


def _shortened(text: str) -> tuple[str, bool]:
    """The tidy text, and whether there was more of it."""
    return tidy(text[:_LONGEST_TITLE]), len(text) > _LONGEST_TITLE


def _each_once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _either(first: Clues, second: Clues) -> Clues:
    """Each clue of the title, or else of the description."""
    if second is _NO_NOTE.clues or second == _NO_NOTE.clues:
        return first
    return Clues(
        first.name or second.name,
        first.email or second.email,
        first.phone or second.phone,
        first.code or second.code,
    )


def _only(run: str, name: str | None) -> bool:
    """Whether a run is a name and nothing more."""
    return name is not None and len(name.split()) <= _MOST_WORDS_OF_A_NAME and len(run) - len(name) <= 2


def _seen(pieces: list[Piece], found: list[Token], text: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (text[found[piece.start].start : found[piece.end - 1].end], piece.meaning.code or piece.kind)
        for piece in pieces
        if piece.kind not in _SILENT
    )
