"""Our mark on an event: folded into its fields, and taken off again. Pure.

A mark is written as a prefix before the title, a block after the description (block.py), a colour or an
event label, and, where the slot is given back, as free time. What it was is remembered in private properties
(ledger.py); for a colour, a label and free time also what stood there before.

Whose field is it? A field is ours while it still holds what we wrote. Whatever a person changed afterwards is
theirs: taking the mark off leaves it, and another mark does not write over it.

What stands? The mark is read as far as it does: without its prefix where a person took that away from the
title, without its text where they took the block out of the description, and with free=False where they made
the event busy again. So whoever compares it with what was written sees that it was undone, and that
something of it is left to be taken off. None: neither prefix nor block nor given-back time is left (of a mark
that never had a prefix or a block: nor its colour). What is left is never taken for the person's own words.
A person's other colour does not undo a mark.

Without properties (a copy of the event made by a program that loses them) the block alone says what the
mark was, and free time is taken for given back by us: taken for the person's, a visit that was held would
be no booking any more, and nobody would be told. A mark without a block is then taken for the person's own
words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.google_calendar import ledger
from integrations.google_calendar.block import joined, parted
from integrations.google_calendar.colours import colour_id, label_id
from scheduler_app.domain.events import Mark

OPAQUE, TRANSPARENT = "opaque", "transparent"
_PERSONS = "-"  # noted instead of what we wrote, once a person changed it: never to be written over
_SPACES = str.maketrans("\xa0\u202f", "  ")


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an event a mark may touch. colour and label are Google's ids, "" for none."""

    title: str = ""
    description: str = ""
    colour: str = ""
    label: str = ""
    free: bool = False
    private: Mapping[str, str | None] = field(default_factory=dict)


def touched(private: Mapping[str, str | None], description: str) -> bool:
    """Whether something on the event may be ours: a quick look, before a thorough one."""
    return ledger.KIND in private or "⟦" in description


def strip(shown: Shown) -> tuple[Shown, Mark | None]:
    """The event as its people have it, without properties of ours, and our mark if one stands on it."""
    private, asked = shown.private, ledger.recalled(shown.private)
    description, found = parted(shown.description, asked.text if asked else "")
    if asked is None:
        if found is None:
            return replace(shown, private={}), None
        asked = Mark(found.kind, found.prefix_of(shown.title), found.text)
        private = {"gap.time.was": OPAQUE, "gap.time.set": TRANSPARENT}
    title, prefixed = _without(asked.prefix, shown.title)
    own = Shown(
        title,
        description,
        _Field("gap.colour", private).own(shown.colour),
        _Field("gap.label", private).own(shown.label),
        _Field("gap.time", private).own(_time(shown.free)) == TRANSPARENT,
    )
    left = Mark(
        asked.kind,
        asked.prefix if prefixed else "",
        asked.text if found is not None else "",
        asked.colour,
        shown.free and private.get("gap.time.set") == TRANSPARENT,
    )
    bare = not (asked.prefix or asked.text)
    stands = left.prefix or left.text or left.free or (bare and _holds_a_field(shown))
    return own, left if stands else None


def fold(shown: Shown, mark: Mark, inputs: str = "") -> dict[str, Any]:
    """The body of a patch that puts the mark on the event in place of any other of ours; {} if it stands so.

    inputs: a hash of what was judged, kept beside it. Raises Invalid for a mark too long to be kept.
    """
    own, _ = strip(shown)
    colour, label = colour_id(mark.colour), label_id(mark.colour)
    if shown.label and own.label:
        colour = ""  # where labels are in use, a colour written over one may take it away
    fields = (
        _Field("gap.colour", shown.private).asked(shown.colour, own.colour, colour),
        _Field("gap.label", shown.private).asked(shown.label, own.label, label),
        _Field("gap.time", shown.private).asked(
            _time(shown.free), _time(own.free), TRANSPARENT if mark.free else ""
        ),
    )
    wanted = replace(
        own,
        title=mark.prefix + own.title,
        description=joined(own.description, mark.kind, mark.prefix, mark.text),
        colour=fields[0][0],
        label=fields[1][0],
        free=fields[2][0] == TRANSPARENT,
    )
    kept = ledger.remembered(mark)
    for _, notes in fields:
        kept |= notes
    body = _patch(shown, wanted, kept)
    if body and inputs:
        body.setdefault("extendedProperties", {"private": {}})["private"][ledger.INPUTS] = inputs
    return body


def unfold(shown: Shown) -> dict[str, Any]:
    """The body of a patch that takes off whatever of ours is left on the event; {} if nothing is."""
    own, _ = strip(shown)
    return _patch(shown, own, {})


@dataclass(frozen=True, slots=True)
class _Field:
    """A field that holds one word of Google's, with our notes about what was there and what we wrote."""

    name: str
    private: Mapping[str, str | None]

    def own(self, now: str) -> str:
        """What the person has there: what was there before us, unless they changed it since."""
        written = self.private.get(f"{self.name}.set")
        return (self.private.get(f"{self.name}.was") or "") if written is not None and written == now else now

    def asked(self, now: str, own: str, wanted: str) -> tuple[str, dict[str, str]]:
        """What is to stand there when we want a word ("" for none), and the notes to keep about it."""
        if not wanted:
            return own, {}
        written = self.private.get(f"{self.name}.set")
        if written is not None and written != now:
            return now, {f"{self.name}.set": _PERSONS}
        return wanted, {f"{self.name}.was": own, f"{self.name}.set": wanted}


def _patch(shown: Shown, wanted: Shown, kept: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if wanted.title != shown.title:
        body["summary"] = wanted.title
    if wanted.description != shown.description:
        body["description"] = wanted.description
    if wanted.colour != shown.colour:
        body["colorId"] = wanted.colour or None
    if wanted.label != shown.label:
        body["eventLabelId"] = wanted.label or None
    if wanted.free != shown.free:
        body["transparency"] = _time(wanted.free)
    before = {key: value for key, value in shown.private.items() if not (kept and key == ledger.INPUTS)}
    if properties := ledger.difference(before, kept):
        body["extendedProperties"] = {"private": properties}
    return body


def _holds_a_field(shown: Shown) -> bool:
    fields = (("gap.colour", shown.colour), ("gap.label", shown.label), ("gap.time", _time(shown.free)))
    return any(shown.private.get(f"{name}.set") == now for name, now in fields)


def _time(free: bool) -> str:
    return TRANSPARENT if free else OPAQUE


def _without(prefix: str, title: str) -> tuple[str, bool]:
    """The title without the prefix, and whether it was there: no-break spaces are spaces."""
    if title.startswith(prefix):
        return title[len(prefix) :], True
    if title.translate(_SPACES).startswith(prefix.translate(_SPACES)):
        return title[len(prefix) :], True
    if title.strip() == prefix.strip():
        return "", True
    return title, False
