"""The inbox as the flow reads it. How deliveries get in: inbox.py."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, bindparam, select, update

from scheduler_app.domain.deliveries import Delivery, RefusedDelivery
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect
from scheduler_app.store.tables import deliveries as d

PENDING = (
    select(d.c.source, d.c.key, d.c.received_at, d.c.body)
    .where(d.c.source == bindparam("of"), d.c.settled_at.is_(None))
    .order_by(d.c.received_at, d.c.key)
    .limit(bindparam("most"))
)
SOURCES = select(d.c.source).where(d.c.settled_at.is_(None)).distinct().order_by(d.c.source)
REFUSED = (
    select(d.c.source, d.c.key, d.c.received_at, d.c.error)
    .where(d.c.error != "")
    .order_by(d.c.received_at.desc(), d.c.key)
    .limit(bindparam("most"))
)
SETTLE = update(d).where(d.c.source == bindparam("of"), d.c.key == bindparam("named"))


@per_dialect
def arriving(dialect: str) -> Executable:
    """Wants source, key, received_at and body; rowcount is 0 for a duplicate."""
    named: dict[str, Any] = {name: bindparam(name) for name in ("source", "key", "received_at", "body")}
    return insert_new(dialect, d).values(named)


class SqlDeliveries(Part):
    """Implements ports.Deliveries."""

    def pending(self, source: str, limit: int) -> Sequence[Delivery]:
        """Those not settled yet, in the order they came."""
        return [Delivery(*row) for row in self._do(PENDING, {"of": source, "most": limit})]

    def settle(self, delivery: Delivery, error: str = "") -> None:
        """It is understood, or never will be. The key stays, so that a copy is still a duplicate.

        The body of one that was understood is dropped: what it said is in the book now.
        """
        done: dict[str, object] = {"settled_at": self._clock(), "error": error}
        if not error:
            done["body"] = b""
        self._do(SETTLE.values(done), {"of": delivery.source, "named": delivery.key})

    def sources_pending(self) -> Sequence[str]:
        """Senders with deliveries that are not settled."""
        return list(self._do(SOURCES).scalars())

    def refused(self, limit: int) -> Sequence[RefusedDelivery]:
        """Those settled with an error, the newest first."""
        return [RefusedDelivery(*row) for row in self._do(REFUSED, {"most": limit})]
