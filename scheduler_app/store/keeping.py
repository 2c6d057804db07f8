"""What is old enough to go, found and dropped in small sets: each its own short transaction elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Double, Table, and_, bindparam, delete, exists, func, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from scheduler_app.domain.story import NOT_HELD
from scheduler_app.store.columns import Moment
from scheduler_app.store.part import Part
from scheduler_app.store.tables import OPEN_MAILS, OPEN_STATES, appointments, clients, erasures
from scheduler_app.store.tables import deliveries as d
from scheduler_app.store.tables import mails as m
from scheduler_app.store.tables import outbox as o
from scheduler_app.store.tables import private_links as p
from scheduler_app.store.tables import work as w

BEFORE = bindparam("before", type_=Moment)
BEFORE_SECONDS = bindparam("seconds", type_=Double)

OVER = select(appointments.c.ref).where(appointments.c.end < BEFORE)

# What goes: from which table, and which rows.
OLD: Mapping[str, tuple[Table, ColumnElement[bool]]] = {
    "delivery-bodies": (d, and_(d.c.settled_at < BEFORE, d.c.body != b"")),
    "refused-deliveries": (d, and_(d.c.settled_at < BEFORE, d.c.error != "")),
    "settled-deliveries": (d, and_(d.c.settled_at < BEFORE, d.c.error == "")),
    "settled-work": (
        w,
        and_(w.c.want <= w.c.done, w.c.due < BEFORE_SECONDS, w.c.lease_until < BEFORE_SECONDS),
    ),
    "settled-actions": (o, and_(o.c.state.not_in(OPEN_STATES), o.c.settled_at < BEFORE)),
    # what a letter put into the client's calendar is remembered for as long as the visit is ahead
    "mails": (m, and_(m.c.state.not_in(OPEN_MAILS), m.c.created_at < BEFORE, m.c.appointment.in_(OVER))),
    "private-links": (p, p.c.expires_at < BEFORE),
}
EMPTIED = {"delivery-bodies": {"body": b""}}

_visit = appointments
IDLE = (
    select(clients.c.ref)
    .where(
        clients.c.ref > bindparam("after"),
        clients.c.created_at < BEFORE,
        ~exists().where(
            _visit.c.client == clients.c.ref,
            _visit.c.end >= BEFORE,
            _visit.c.status.not_in(sorted(NOT_HELD)),
        ),
        ~exists().where(erasures.c.client == clients.c.ref, erasures.c.erased_at.is_not(None)),
    )
    .order_by(clients.c.ref)
    .limit(bindparam("most"))
)


def _some(table: Table, where: ColumnElement[bool]) -> ColumnElement[bool]:
    keys = tuple(table.primary_key)
    few = select(*keys).where(where).limit(bindparam("most"))
    return keys[0].in_(few) if len(keys) == 1 else tuple_(*keys).in_(few)


COUNT = {what: select(func.count()).select_from(table).where(where) for what, (table, where) in OLD.items()}
DROP = {
    what: (
        update(table).where(_some(table, where)).values(EMPTIED[what])
        if what in EMPTIED
        else delete(table).where(_some(table, where))
    )
    for what, (table, where) in OLD.items()
}


class SqlRetention(Part):
    """Implements ports.Retention."""

    def count(self, what: str, before: datetime) -> int:
        """How many rows would go."""
        return int(self._do(COUNT[what], _values(what, before)).scalar_one())

    def drop(self, what: str, before: datetime, limit: int) -> int:
        """Let at most so many go; how many went."""
        return self._do(DROP[what], _values(what, before) | {"most": limit}).rowcount

    def idle_clients(self, before: datetime, limit: int, after: str = "") -> Sequence[str]:
        """Clients known since before then, without a visit that ends later; refs that sort after `after`."""
        return list(self._do(IDLE, {"before": before, "most": limit, "after": after}).scalars())


def _values(what: str, before: datetime) -> dict[str, Any]:
    return {"seconds": before.timestamp()} if what == "settled-work" else {"before": before}
