"""What is known about clients. Rows are added and marked, never deleted or overwritten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Executable, Select, Table, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from scheduler_app.domain.facts import ConditionFact, Said, Screening, TreatmentFact
from scheduler_app.domain.story import Override
from scheduler_app.errors import NotFound
from scheduler_app.ports import Clock
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.tables import condition_facts, overrides, screenings, treatment_facts

TABLES = (treatment_facts, condition_facts, screenings)
OVERRIDE = tuple(field.name for field in fields(Override))
OF_CLIENTS: BindParameter[Any] = bindparam("clients", expanding=True)
OVERRIDES = (
    select(overrides.c.client, *(overrides.c[name] for name in OVERRIDE))
    .where(overrides.c.client.in_(OF_CLIENTS))
    .order_by(overrides.c.id)
)
ADD_OVERRIDE = insert(overrides)


def _own(noun: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(noun) if field.name != "said")


def _of_clients(table: Table, noun: type[Any]) -> Select[Any]:
    """Whose it is, the noun's own columns, then those of who said it."""
    said = (table.c.said_by, table.c.said_who, table.c.said_at, table.c.accepted_by)
    own = (table.c[name] for name in _own(noun))
    in_order = select(table.c.client, *own, *said).order_by(table.c.said_at, table.c.ref)
    return in_order.where(table.c.client.in_(OF_CLIENTS))


NOUNS: Mapping[Table, type[Any]] = {
    treatment_facts: TreatmentFact,
    condition_facts: ConditionFact,
    screenings: Screening,
}
READ = {table: _of_clients(table, noun) for table, noun in NOUNS.items()} | {overrides: OVERRIDES}
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
        for table in (*NOUNS, overrides):
            found = self._expected.setdefault(table, {})
            for some in in_sets(clients):
                found |= self._read(table, some)

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
        values = {name: getattr(override, name) for name in OVERRIDE}
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
        for client, *row in self._do(READ[table], {"clients": clients}):
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
    if table is overrides:
        return Override(*row)
    noun = NOUNS[table]
    own = _own(noun)
    return noun(**dict(zip(own, row, strict=False)), said=Said(*row[len(own) :]))
