"""People, and what they are recognised by."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, delete, insert, or_, select, union, update
from sqlalchemy.sql.elements import ColumnElement

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import Known, compatible, name_keys, normal_code, normal_email
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect
from scheduler_app.store.tables import client_names as n
from scheduler_app.store.tables import clients as c
from scheduler_app.store.tables import identifiers as i
from scheduler_app.store.tables import identity_confirmations as k

PAGE = 1000
FIELDS = tuple(field.name for field in fields(Client))
WHOLE = select(*(c.c[name] for name in FIELDS))
BY_REF = WHOLE.where(c.c.ref == bindparam("is"))
ADD = insert(c)
ADD_NAMES = insert(n)
DROP_NAMES = delete(n).where(n.c.client == bindparam("of"))
CHANGE = update(c).where(c.c.ref == bindparam("is"))
REFS = select(c.c.ref).where(c.c.ref > bindparam("after")).order_by(c.c.ref).limit(PAGE)
FOUND = WHOLE.order_by(c.c.search, c.c.ref).limit(bindparam("most"))
CONFIRMED = (
    select(k.c.client)
    .where(k.c.source == bindparam("of"), k.c.source_id == bindparam("is"))
    .order_by(k.c.id.desc())
    .limit(1)
)
CONFIRM = insert(k)


def _bearing(kind: str) -> Select[Any]:
    return select(i.c.client).where(i.c.kind == kind, i.c.value == bindparam(kind))


# Values that are missing match nothing: the column holds no NULL, and NULL equals nothing.
SHARING = union(
    _bearing("platform").where(i.c.source == bindparam("of")),
    _bearing("email"),
    _bearing("phone"),
    _bearing("code"),
)
NAMESAKES = (
    select(c.c.ref, c.c.name)
    .join(n, n.c.client == c.c.ref)
    .where(n.c.key.in_(bindparam("names", expanding=True)))
    .distinct()
)
KNOWN = (
    select(c.c.ref, c.c.name, i.c.kind, i.c.value, i.c.source)
    .outerjoin(i, i.c.client == c.c.ref)
    .where(c.c.ref.in_(bindparam("refs", expanding=True)))
    .order_by(c.c.ref, i.c.kind, i.c.value)
)


@per_dialect
def _add_identifiers(dialect: str) -> Executable:
    return insert_new(dialect, i)


class SqlClients(Part):
    """Implements ports.Clients."""

    def get(self, ref: str) -> Client | None:
        """By our own ref."""
        row = self._do(BY_REF, {"is": ref}).first()
        return None if row is None else Client(*row)

    def add(self, client: Client, identifiers: Sequence[Identifier]) -> None:
        """A new person. The client's own code is one of the identifiers. Raises Conflict for a taken ref."""
        self._do(ADD, _row(client))
        self._name(client)
        self.add_identifiers(client.ref, (*identifiers, *_own_code(client)))

    def change(self, client: Client) -> None:
        """Replace what we hold about the person. Identifiers only ever grow."""
        values = _row(client)
        del values["ref"]
        self._do(CHANGE.values(values), {"is": client.ref})
        self._do(DROP_NAMES, {"of": client.ref})
        self._name(client)
        self.add_identifiers(client.ref, _own_code(client))

    def add_identifiers(self, ref: str, identifiers: Sequence[Identifier]) -> None:
        """More to recognise the person by; those already known change nothing."""
        rows = [
            {"client": ref, "kind": each.kind, "value": _normal(each), "source": each.source}
            for each in identifiers
        ]
        if rows:
            self._do(_add_identifiers(self._dialect), rows)

    def candidates(self, clues: Clues, source: str) -> Sequence[Known]:
        """Everybody who shares an identifier or a name with the clues (normalised)."""
        refs = set(self._do(SHARING, _signs(clues, source)).scalars())
        if clues.name and (keys := sorted(name_keys(clues.name))):
            named = self._do(NAMESAKES, {"names": keys})
            refs.update(ref for ref, name in named if compatible(clues.name, name))
        people: dict[str, _Signs] = {}
        if refs:
            for ref, name, kind, value, said_by in self._do(KNOWN, {"refs": sorted(refs)}):
                found = people.setdefault(ref, _Signs(ref, name))
                if kind is not None:
                    found.add(kind, value, ours=said_by == source)
        return [each.known() for each in people.values()]

    def confirmed(self, source: str, source_id: str) -> str | None:
        """The client a person confirmed for this event (or series), if one did."""
        client: str | None = self._do(CONFIRMED, {"of": source, "is": source_id}).scalar()
        return client

    def confirm(self, source: str, source_id: str, client: str, by: str, at: datetime) -> None:
        """The newest confirmation holds; older ones are kept."""
        row = {"source": source, "source_id": source_id, "client": client, "by": by, "at": at}
        self._do(CONFIRM, row)

    def refs(self, after: str = "") -> Iterator[str]:
        """Every client's ref that sorts after `after`, in order, in memory that does not grow with them."""
        while page := list(self._do(REFS, {"after": after}).scalars()):
            yield from page
            after = page[-1]

    def find(self, text: str, limit: int = 20) -> Sequence[Client]:
        """For people who search: by part of the name, e-mail, phone or code."""
        words = searchable(text).split()
        if not words:
            return []
        query = FOUND.where(or_(and_(*(_named(word) for word in words)), _signed(text)))
        return [Client(*row) for row in self._do(query, {"most": limit})]

    def _name(self, client: Client) -> None:
        rows = [{"client": client.ref, "key": key} for key in sorted(name_keys(client.name))]
        if rows:
            self._do(ADD_NAMES, rows)


class _Signs:
    """A candidate while the rows about it are read."""

    def __init__(self, ref: str, name: str) -> None:
        self._ref, self._name = ref, name
        self._values: dict[str, list[str]] = {"email": [], "phone": [], "code": [], "platform": []}

    def add(self, kind: str, value: str, ours: bool) -> None:
        # another source's platform ids say nothing to this one
        if kind != "platform" or ours:
            self._values[kind].append(value)

    def known(self) -> Known:
        signs = (tuple(dict.fromkeys(values)) for values in self._values.values())
        return Known(self._ref, self._name, *signs)


def _signs(clues: Clues, source: str) -> dict[str, str | None]:
    return {
        "of": source,
        "platform": clues.platform_id,
        "email": normal_email(clues.email),
        "phone": clues.phone,
        "code": normal_code(clues.code),
    }


def searchable(text: str) -> str:
    """As it is compared when people search: no accents, no capitals, single spaces."""
    bare = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join("".join(bare).casefold().split())


def _named(word: str) -> ColumnElement[bool]:
    return c.c.search.contains(word, autoescape=True)


def _signed(text: str) -> ColumnElement[bool]:
    """An e-mail, phone or code that holds the text; phones however their digits are set apart."""
    said = [and_(i.c.kind == "email", i.c.value.contains(text.strip().lower(), autoescape=True))]
    if code := normal_code(text):
        said.append(and_(i.c.kind == "code", i.c.value.contains(code, autoescape=True)))
    digits = "".join(char for char in text if char.isdecimal()).lstrip("0")
    if len(digits) >= 3:
        said.append(and_(i.c.kind == "phone", i.c.value.contains(digits, autoescape=True)))
    return c.c.ref.in_(select(i.c.client).where(or_(*said)))


def _row(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in FIELDS} | {"search": searchable(client.name)}


def _own_code(client: Client) -> tuple[Identifier, ...]:
    return (Identifier("code", client.code),) if client.code else ()


def _normal(identifier: Identifier) -> str:
    """Normalised again, so that a careless edge cannot hide a person from us."""
    if identifier.kind == "email":
        return normal_email(identifier.value) or identifier.value
    if identifier.kind == "code":
        return normal_code(identifier.value) or identifier.value
    return identifier.value
