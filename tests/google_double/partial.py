"""`fields=`: the parts of an answer that were asked for.

Source: developers.google.com/workspace/calendar/api/guides/performance#partial.
"""

import re
from functools import lru_cache
from typing import Any

from tests.google_double.refusals import Json, invalid

Mask = dict[str, Any]
_PIECE = re.compile(r"[A-Za-z*]+|[(),/]")


@lru_cache(maxsize=64)
def mask(text: str) -> Mask:
    """`items(id,start/dateTime),nextPageToken` as nested names. Raises Refused(400)."""
    pieces = _PIECE.findall(text)
    if "".join(pieces) != text or not text:
        raise invalid(f"Invalid field selection {text}", "fields")
    found, rest = _names(pieces, 0)
    if rest != len(pieces):
        raise invalid(f"Invalid field selection {text}", "fields")
    return found


def _names(pieces: list[str], at: int) -> tuple[Mask, int]:
    found: Mask = {}
    while at < len(pieces) and pieces[at] not in "(),/":
        inner, name = found, pieces[at]
        inner = found.setdefault(name, {})
        at += 1
        while at + 1 < len(pieces) and pieces[at] == "/":
            inner = inner.setdefault(pieces[at + 1], {})
            at += 2
        if at < len(pieces) and pieces[at] == "(":
            below, at = _names(pieces, at + 1)
            inner.update(below)
            if at >= len(pieces) or pieces[at] != ")":
                raise invalid("Invalid field selection: a bracket stays open", "fields")
            at += 1
        if at < len(pieces) and pieces[at] == ",":
            at += 1
    return found, at


def part(value: Any, wanted: Mask) -> Any:
    """What of value was asked for."""
    if not wanted or "*" in wanted:
        return value
    if isinstance(value, list):
        return [part(each, wanted) for each in value]
    if isinstance(value, dict):
        return {name: part(value[name], below) for name, below in wanted.items() if name in value}
    return value


def known(wanted: Mask, properties: Json) -> None:
    """Raises Refused(400) for a name at the top that no answer of this kind has."""
    for name in wanted:
        if name != "*" and name not in properties:
            raise invalid(f"Invalid field selection {name}", "fields")
