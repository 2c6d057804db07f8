"""Everything that is held about one person, and the wish to be forgotten."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, func, literal, select, union_all

from scheduler_app.errors import NotFound
from scheduler_app.store import tables as t
from scheduler_app.store.erasing import Erasing, event_key
from scheduler_app.store.mentions import mentioned_deliveries, words_of
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect
from scheduler_app.store.tables import erased_events as gone_events
from scheduler_app.store.tables import erasures as e
from scheduler_app.store.whereabouts import HELD, LEFT_OUT, SECRETS

ASKED = select(e.c.client, e.c.asked_at).where(e.c.erased_at.is_(None)).order_by(e.c.asked_at, e.c.client)
ERASED_AT = select(e.c.erased_at).where(e.c.client == bindparam("of"))
REFUSE = delete(e).where(e.c.client == bindparam("of"), e.c.erased_at.is_(None))
ANYTHING_GONE = select(gone_events.c.key_sha256).limit(1)
GONE = select(gone_events.c.key_sha256).where(gone_events.c.key_sha256 == bindparam("is"))
TOLD = {
    table: select(*(column for column in table.columns if (table, column.name) not in SECRETS))
    .where(where)
    .order_by(*table.primary_key)
    for table, where in HELD.items()
    if table not in LEFT_OUT
}


def _unaccepted(table: Table) -> Any:
    bare = and_(table.c.said_by == literal("client"), table.c.accepted_by.is_(None), ~table.c.withdrawn)
    return select(table.c.client, table.c.said_at.label("at")).where(bare)


_ALL = union_all(*(_unaccepted(each) for each in (t.treatment_facts, t.condition_facts, t.screenings)))
_SAID = _ALL.subquery()
UNACCEPTED = (
    select(_SAID.c.client)
    .group_by(_SAID.c.client)
    .order_by(func.max(_SAID.c.at).desc(), _SAID.c.client)
    .limit(bindparam("most"))
)


@per_dialect
def _ask(dialect: str) -> Any:
    return insert_new(dialect, e)


class SqlPersonal(Part):
    """Implements ports.Personal."""

    _any_gone: bool | None = None

    def everything(self, client: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every row about the client, by table, as values JSON has. Raises NotFound.

        What a sender sent and nobody could read is found by the person's words, as far as it can be.
        """
        words = words_of(self._do, client)
        if words is None:
            raise NotFound("no client goes by this ref")
        told: dict[str, Sequence[Mapping[str, Any]]] = {}
        for table, query in TOLD.items():
            rows = self._do(query, {"client": client}).mappings().all()
            told[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
        found = mentioned_deliveries(self._do, words)
        told[t.deliveries.name] = [
            {name: _plain(getattr(row, name)) for name in ("source", "key", "received_at", "body", "error")}
            for row in found
        ]
        return told

    def unaccepted(self, limit: int) -> Sequence[str]:
        """Clients with statements of their own that nobody accepted or withdrew, the newest first."""
        return list(self._do(UNACCEPTED, {"most": limit}).scalars())

    def ask_erasure(self, client: str, by: str, at: datetime) -> None:
        """The client wants to be forgotten; asking twice is asking once."""
        row = {"client": client, "asked_by": by, "asked_at": at, "erased_by": None, "erased_at": None}
        self._do(_ask(self._dialect), row)

    def refuse_erasure(self, client: str) -> bool:
        """The wish is dropped; False when there was none."""
        return self._do(REFUSE, {"of": client}).rowcount == 1

    def erasures_asked(self) -> Mapping[str, datetime]:
        """Clients who asked and are still here, and since when."""
        return {row.client: row.asked_at for row in self._do(ASKED)}

    def erased_at(self, client: str) -> datetime | None:
        """When the person was erased; None for one who was not."""
        when: datetime | None = self._do(ERASED_AT, {"of": client}).scalar()
        return when

    def erase(self, client: str, by: str, at: datetime) -> Mapping[str, int]:
        """As the port says."""
        words = words_of(self._do, client)
        if words is None:
            raise NotFound("no client goes by this ref")
        return Erasing(self._do, self._dialect, client, words).erase(by, at)

    def gone(self, source: str, source_id: str) -> bool:
        """Whether this event went with somebody who was erased. Costs nothing where nobody ever was."""
        if self._any_gone is None:
            self._any_gone = self._do(ANYTHING_GONE).first() is not None
        return self._any_gone and self._do(GONE, {"is": event_key(source, source_id)}).first() is not None


def _plain(value: Any) -> Any:
    """As JSON has it: moments in UTC with their offset, bytes as the text they are."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, tuple):
        return list(value)
    return value
