"""What is known about clients. Rows are added and marked, never deleted or overwritten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, Table, bindparam, exists, insert, select, update
from sqlalchemy.engine import Connection

from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.story import Override
from scheduler_app.errors import NotFound
from scheduler_app.ports import Clock
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.sql import as_written, readers
from scheduler_app.store.tables import condition_facts, overrides, screenings, treatment_facts

TABLES = (treatment_facts, condition_facts, screenings)
NOUNS: Mapping[Table, type[Any]] = {
    treatment_facts: TreatmentFact,
    condition_facts: ConditionFact,
    screenings: Screening,
    overrides: Override,
}
SAID = ("said_by", "said_who", "said_at", "accepted_by")
ADD_OVERRIDE = insert(overrides)


def _own(noun: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(noun) if field.name != "said")


def _columns(table: Table) -> tuple[str, ...]:
    """Whose it is, the noun's own columns, then those of who said it."""
    return ("client", *_own(NOUNS[table]), *(() if table is overrides else SAID))


def _of_clients(table: Table) -> Select[Any]:
    in_order = (table.c.id,) if table is overrides else (table.c.said_at, table.c.ref)
    asked = table.c.client.in_(bindparam("clients", expanding=True))
    return select(*(as_written(table.c[name]) for name in _columns(table))).where(asked).order_by(*in_order)


READ = {table: _of_clients(table) for table in NOUNS}
ANY = select(*(exists(select(table.c.client)) for table in NOUNS))
ADD = {table: insert(table) for table in TABLES}
# The first withdrawal and the first acceptance stand; a second one changes nothing.
WITHDRAW = {
    table: update(table)
    .where(table.c.ref == bindparam("is"), table.c.withdrawn.is_(False))
    .values(withdrawn=True, withdrawn_by=bindparam("who"), withdrawn_at=bindparam("when"))
    for table in TABLES
}
ACCEPT = {
    table: update(table)
    .where(table.c.ref == bindparam("is"), table.c.accepted_by.is_(None))
    .values(accepted_by=bindparam("who"), accepted_at=bindparam("when"))
    for table in TABLES
}
WHOSE = {table: select(table.c.client).where(table.c.ref == bindparam("is")) for table in TABLES}


class SqlRecords(Part):
    """Implements ports.Records."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._expected: dict[Table, dict[str, list[Any]]] = {}

    def expect(self, clients: Collection[str]) -> None:
        """Read what is known about all of them."""
        known = self._do(ANY).one()
        for table, any_at_all in zip(NOUNS, known, strict=True):
            found = self._expected.setdefault(table, {})
            for some in in_sets(clients):
                found |= self._read(table, some) if any_at_all else {client: [] for client in some}

    def treatments(self, client: str) -> Sequence[TreatmentFact]:
        """All ever said, in the order it was said: withdrawn and replaced ones too."""
        return self._of(treatment_facts, client)

    def conditions(self, client: str) -> Sequence[ConditionFact]:
        """As `treatments`."""
        return self._of(condition_facts, client)

    def screenings(self, client: str) -> Sequence[Screening]:
        """As `treatments`."""
        return self._of(screenings, client)

    def overrides(self, client: str) -> Sequence[Override]:
        """All ever given, oldest first; which of them still hold is the judge's question."""
        return self._of(overrides, client)

    def add_treatment(self, fact: TreatmentFact) -> None:
        """Raises Conflict for a ref that is taken, Invalid for an unknown client; so do the next three."""
        self._add(treatment_facts, fact)

    def add_condition(self, fact: ConditionFact) -> None:
        """As `add_treatment`."""
        self._add(condition_facts, fact)

    def add_screening(self, screening: Screening) -> None:
        """As `add_treatment`."""
        self._add(screenings, screening)

    def add_override(self, override: Override, client: str) -> None:
        """As `add_treatment`."""
        values = {name: getattr(override, name) for name in _own(Override)}
        self._expected.clear()
        self._do(ADD_OVERRIDE, values | {"client": client})

    def withdraw(self, ref: str, by: str, at: datetime) -> str:
        """Mark a fact of any kind as withdrawn; its client's ref. Raises NotFound."""
        return self._stamp(WITHDRAW, ref, by, at)

    def accept(self, ref: str, by: str, at: datetime) -> str:
        """A practitioner takes a client's statement as fact; its client's ref. Raises NotFound."""
        return self._stamp(ACCEPT, ref, by, at)

    def _of(self, table: Table, client: str) -> list[Any]:
        expected = self._expected.get(table, {})
        return expected[client] if client in expected else self._read(table, [client])[client]

    def _read(self, table: Table, clients: Sequence[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {client: [] for client in clients}
        read = readers(table, _columns(table), self._dialect)
        for client, *row in read(self._do_sets(READ[table], {"clients": clients})):
            found[client].append(_told(table, row))
        return found

    def _add(self, table: Table, fact: TreatmentFact | ConditionFact | Screening) -> None:
        said = fact.said
        values = {name: getattr(fact, name) for name in _own(type(fact))}
        values |= {"said_by": said.by, "said_who": said.who, "said_at": said.at}
        if said.accepted_by is not None:
            values |= {"accepted_by": said.accepted_by, "accepted_at": said.at}
        self._expected.clear()
        self._do(ADD[table], values)

    def _stamp(self, marks: Mapping[Table, Executable], ref: str, by: str, at: datetime) -> str:
        for table in TABLES:
            client: str | None = self._do(WHOSE[table], {"is": ref}).scalar()
            if client is not None:
                self._expected.clear()
                self._do(marks[table], {"is": ref, "who": by, "when": at})
                return client
        raise NotFound("no fact goes by this ref")


def _told(table: Table, row: Sequence[Any]) -> Any:
    noun = NOUNS[table]
    if noun is Override:
        return Override(*row)
    own = _own(noun)
    return noun(**dict(zip(own, row, strict=False)), said=Said(*row[len(own) :]))
