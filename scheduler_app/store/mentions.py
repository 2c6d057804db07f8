"""Texts that speak of a person without pointing at one: found by their words, as far as they can be."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from scheduler_app.domain.identity import compatible
from scheduler_app.store import tables as t

Do = Callable[..., Any]
NAME = select(t.clients.c.name).where(t.clients.c.ref == bindparam("of"))
SIGNS = select(t.identifiers.c.kind, t.identifiers.c.value).where(t.identifiers.c.client == bindparam("of"))
_other = t.client_names.alias("other")
NAMESAKES = (
    select(t.clients.c.name)
    .join(_other, _other.c.client == t.clients.c.ref)
    .where(
        _other.c.key.in_(select(t.client_names.c.key).where(t.client_names.c.client == bindparam("of"))),
        t.clients.c.ref != bindparam("of"),
    )
    .distinct()
)
BODIES = (
    select(t.deliveries.c.source, t.deliveries.c.key, t.deliveries.c.received_at, t.deliveries.c.body)
    .add_columns(t.deliveries.c.error)
    .where(t.deliveries.c.body != bindparam("none"))
    .order_by(t.deliveries.c.received_at, t.deliveries.c.key)
)
SHORTEST_DIGITS = 7
SHORTEST_NAME = 5  # characters; "Al" stands in too many words


@dataclass(frozen=True, slots=True)
class PersonsWords:
    """What a text about the person may hold. alone: nobody else on record bears the name."""

    name: str
    contacts: tuple[str, ...]
    digits: tuple[str, ...]
    alone: bool

    def named_in(self, *texts: str) -> bool:
        """Whether the whole name stands there."""
        name = " ".join(self.name.casefold().split())
        if len(name) < SHORTEST_NAME:
            return False
        return any(name in " ".join(text.casefold().split()) for text in texts)

    def certain_in(self, *texts: str) -> bool:
        """Whether a contact stands there, or the name where nobody else bears it."""
        for text in texts:
            folded = text.casefold()
            if any(contact in folded for contact in self.contacts):
                return True
            figures = "".join(char for char in text if char.isdecimal())
            if any(digits in figures for digits in self.digits):
                return True
        return self.alone and self.named_in(*texts)


def words_of(do: Do, client: str) -> PersonsWords | None:
    """The person's words; None for a client nobody knows."""
    name = do(NAME, {"of": client}).scalar()
    if name is None:
        return None
    signs = do(SIGNS, {"of": client}).all()
    contacts = tuple(value.casefold() for kind, value in signs if kind == "email")
    # a number is written with or without its country code: the last digits are what both have
    digits = tuple(value[-9:] for kind, value in signs if kind == "phone" and len(value) >= SHORTEST_DIGITS)
    alone = not any(compatible(name, other) for other in do(NAMESAKES, {"of": client}).scalars())
    return PersonsWords(name, contacts, digits, alone)


def mentioned_deliveries(do: Do, words: PersonsWords) -> Sequence[Any]:
    """Deliveries whose bodies are still kept, and hold the person's words."""
    found = do(BODIES, {"none": b""})
    return [row for row in found if words.certain_in(*_readings(row.body))]


def _readings(body: bytes) -> Iterator[str]:
    """A body as text; JSON also as what it says, since letters may be written as numbers in it."""
    text = body.decode("utf-8", "replace")
    yield text
    try:
        yield json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return
