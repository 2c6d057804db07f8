"""People, and what they are recognised by."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, delete, insert, or_, select, union, update
from sqlalchemy.engine import Connection

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Client, Identifier
from scheduler_app.domain.identity import Known, compatible, normal_code, normal_email
from scheduler_app.domain.names import kept_keys, sought_keys
from scheduler_app.ports import Clock
from scheduler_app.store.expected_clients import ExpectedClients, Person, SignRow, normal_value
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.people_sql import BEARING, KNOWN, NAMED, NAMESAKES
from scheduler_app.store.searching import named, searchable, signed
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
ANY_CONFIRMED = select(k.c.id).where(k.c.source == bindparam("of")).limit(1)
ALL_CONFIRMED = (
    select(k.c.source_id, k.c.client)
    .where(k.c.source == bindparam("of"), k.c.source_id.in_(bindparam("ids", expanding=True)))
    .order_by(k.c.id)
)


def _bearing(kind: str) -> Select[Any]:
    return select(i.c.client).where(i.c.kind == kind, i.c.value == bindparam(kind))


# Values that are missing match nothing: the column holds no NULL, and NULL equals nothing.
SHARING = union(
    _bearing("platform").where(i.c.source == bindparam("of")),
    _bearing("email"),
    _bearing("phone"),
    _bearing("code"),
)


@per_dialect
def _add_identifiers(dialect: str) -> Executable:
    return insert_new(dialect, i)


class SqlClients(Part):
    """Implements ports.Clients."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._people = ExpectedClients("", ())
        self._expected: set[tuple[str, str]] = set()
        self._confirmed: dict[tuple[str, str], str] = {}
        self._rows: list[dict[str, Any]] = []
        self._names: list[dict[str, Any]] = []
        self._signs: list[dict[str, Any]] = []
        self._gathered.join(self._say)

    def expect(self, source: str, clues: Collection[Clues], ids: Collection[str]) -> None:
        """Read what `candidates` and `confirmed` will be asked; who is added meanwhile is gathered."""
        self._expected.update((source, id) for id in ids)
        confirmed = self._do(ANY_CONFIRMED, {"of": source}).first() is not None
        for some in in_sets(ids) if confirmed else ():
            told = self._do_sets(ALL_CONFIRMED, {"of": source, "ids": some})
            self._confirmed |= {(source, id): client for id, client in told}
        people = self._people = ExpectedClients(source, clues)
        for kind, values in sorted(people.signs_wanted().items()):
            for some in in_sets(sorted(values)):
                bearers = self._do_sets(BEARING, {"kind": kind, "values": some})
                people.meet(map(SignRow._make, bearers))
        people.meet_namesakes(self._namesakes(people.names_wanted()))

    def get(self, ref: str) -> Client | None:
        """By our own ref."""
        if (fresh := self._people.get(ref)) is not None:
            return fresh
        row = self._do(BY_REF, {"is": ref}).first()
        return None if row is None else Client(*row)

    def add(self, client: Client, identifiers: Sequence[Identifier]) -> None:
        """A new person. The client's own code is one of the identifiers. Raises Conflict for a taken ref."""
        self._rows.append(_row(client))
        self._names += _name_rows(client)
        if self._gathered.on:
            self._people.add(client)
            self._gathered.waiting = True
        else:
            self._gathered.flush_now()
        self.add_identifiers(client.ref, (*identifiers, *_own_code(client)))

    def change(self, client: Client) -> None:
        """Replace what we hold about the person. Identifiers only ever grow."""
        values = _row(client)
        del values["ref"]
        self._do(CHANGE.values(values), {"is": client.ref})
        self._do(DROP_NAMES, {"of": client.ref})
        if names := _name_rows(client):
            self._do(ADD_NAMES, names)
        self._people = ExpectedClients("", ())
        self.add_identifiers(client.ref, _own_code(client))

    def add_identifiers(self, ref: str, identifiers: Sequence[Identifier]) -> None:
        """More to recognise the person by; those already known change nothing."""
        if self._people.bears(ref, identifiers):
            return
        named = [Identifier(each.kind, normal_value(each), each.source) for each in identifiers]
        expected = self._people.knows(ref)
        if expected:
            named = self._people.add_identifiers(ref, named)
        self._signs += [
            {"client": ref, "kind": each.kind, "value": each.value, "source": each.source} for each in named
        ]
        if expected:
            self._gathered.waiting = True
        else:
            self._gathered.flush_now()

    def candidates(self, clues: Clues, source: str) -> Sequence[Known]:
        """Everybody who shares an identifier or a name with the clues (normalised)."""
        if (expected := self._people.candidates(clues, source)) is not None:
            return expected
        refs = set(self._do(SHARING, _signs(clues, source)).scalars())
        if clues.name and (keys := sorted(sought_keys(clues.name))):
            named = self._do(NAMESAKES, {"names": keys})
            refs.update(ref for ref, name in named if compatible(clues.name, name))
        people: dict[str, Person] = {}
        for ref, name, kind, value, said_by in self._known(sorted(refs)):
            person = people.setdefault(ref, Person(ref, name))
            if kind is not None:
                person.sign((kind, value, said_by))
        return [person.known(source) for person in people.values()]

    def confirmed(self, source: str, source_id: str) -> str | None:
        """The client a person confirmed for this event (or series), if one did."""
        if (source, source_id) in self._expected:
            return self._confirmed.get((source, source_id))
        client: str | None = self._do(CONFIRMED, {"of": source, "is": source_id}).scalar()
        return client

    def confirm(self, source: str, source_id: str, client: str, by: str, at: datetime) -> None:
        """The newest confirmation holds; older ones are kept."""
        row = {"source": source, "source_id": source_id, "client": client, "by": by, "at": at}
        self._do(CONFIRM, row)
        self._confirmed[source, source_id] = client

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
        query = FOUND.where(or_(and_(*(named(word) for word in words)), signed(text)))
        return [Client(*row) for row in self._do(query, {"most": limit})]

    def _known(self, refs: Collection[str]) -> Iterator[SignRow]:
        for some in in_sets(refs):
            yield from map(SignRow._make, self._do_sets(KNOWN, {"refs": some}))

    def _namesakes(self, names: Sequence[str]) -> Mapping[str, Sequence[Known]]:
        """By name, who bears a compatible one; nothing more is told of them."""
        keys = {name: sought_keys(name) for name in names}
        bearing: dict[str, list[tuple[str, str]]] = {}
        for some in in_sets(sorted(frozenset().union(*keys.values()))):
            for ref, called, key in self._do_sets(NAMED, {"names": some}):
                bearing.setdefault(key, []).append((ref, called))
        found: dict[str, Sequence[Known]] = {}
        for name, own in keys.items():
            people = {person for key in own for person in bearing.get(key, ())}
            found[name] = [Known(ref, called) for ref, called in people if compatible(name, called)]
        return found

    def _say(self) -> None:
        rows, names, signs = self._rows, self._names, self._signs
        self._rows, self._names, self._signs = [], [], []
        self._do_all(ADD, rows)
        self._do_all(ADD_NAMES, names)
        self._do_all(_add_identifiers(self._dialect), signs)


def _signs(clues: Clues, source: str) -> dict[str, str | None]:
    return {
        "of": source,
        "platform": clues.platform_id,
        "email": normal_email(clues.email),
        "phone": clues.phone,
        "code": normal_code(clues.code),
    }


def _row(client: Client) -> dict[str, Any]:
    return {name: getattr(client, name) for name in FIELDS} | {"search": searchable(client.name)}


def _name_rows(client: Client) -> list[dict[str, Any]]:
    return [{"client": client.ref, "key": key} for key in sorted(kept_keys(client.name))]


def _own_code(client: Client) -> tuple[Identifier, ...]:
    return (Identifier("code", client.code),) if client.code else ()
