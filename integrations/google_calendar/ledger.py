"""What we remember about a mark, kept as private properties of the event itself.

Private properties belong to this calendar's copy and nobody sees them in the program. Google drops keys of
more than 44 characters and cuts values after 1024 without a word, so a longer value is kept in pieces.
Source: https://developers.google.com/workspace/calendar/api/guides/extended-properties
"""

import hashlib
from collections.abc import Iterable, Mapping

from scheduler_app.domain.events import Mark
from scheduler_app.errors import Invalid

PREFIX = "gap."
KIND, TITLE, TEXT, COLOUR, FREE = "gap.kind", "gap.prefix", "gap.text", "gap.colour", "gap.free"
INPUTS, OUTPUT = "gap.in", "gap.out"
_PIECE = 1000  # bytes, so that it holds whatever Google counts
_PIECES = 8


def remembered(mark: Mark) -> dict[str, str]:
    """The properties that tell of a mark what its event does not show. Raises Invalid for one too long."""
    kept = {KIND: mark.kind, OUTPUT: output_hash(mark)}
    kept |= _pieces(TITLE, mark.prefix) | _pieces(TEXT, mark.text)
    if mark.colour:
        kept[COLOUR] = mark.colour
    if mark.free:
        kept[FREE] = "yes"
    return kept


def recalled(private: Mapping[str, str | None]) -> Mark | None:
    """The mark as it was asked for, or None where none is remembered."""
    kind = private.get(KIND)
    if not kind:
        return None
    prefix, text = _whole(TITLE, private), _whole(TEXT, private)
    return Mark(kind, prefix, text, private.get(COLOUR) or "", private.get(FREE) == "yes")


def output_hash(mark: Mark) -> str:
    """A hash of everything that is asked for with a mark."""
    return digest((mark.kind, mark.prefix, mark.text, mark.colour, "yes" if mark.free else ""))


def digest(parts: Iterable[str]) -> str:
    """A hash of the parts in their order; parts with other borders give another one."""
    hashed = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(encoded) + encoded)
    return hashed.hexdigest()[:32]


def difference(now: Mapping[str, str | None], wanted: Mapping[str, str]) -> dict[str, str | None]:
    """What to send so that our properties become the wanted ones: None takes one away."""
    ours = {key: value for key, value in now.items() if key.startswith(PREFIX) and value is not None}
    changed: dict[str, str | None] = {key: value for key, value in wanted.items() if ours.get(key) != value}
    return changed | dict.fromkeys(ours.keys() - wanted.keys())


def _pieces(key: str, value: str) -> dict[str, str]:
    pieces, rest = [], value
    while rest:
        piece = rest.encode()[:_PIECE].decode(errors="ignore")
        pieces.append(piece)
        rest = rest[len(piece) :]
    if len(pieces) > _PIECES:
        raise Invalid("mark-too-long", "what is to be written on the event is too long", "mark.text")
    return {key if n == 0 else f"{key}.{n}": piece for n, piece in enumerate(pieces)}


def _whole(key: str, private: Mapping[str, str | None]) -> str:
    keys = [key, *(f"{key}.{n}" for n in range(1, _PIECES))]
    return "".join(private.get(key) or "" for key in keys)
