"""How a batch of deliveries is put on disk."""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Unavailable
from scheduler_app.store.database import SqlStore, prepare_sqlite
from scheduler_app.store.deliveries import arriving
from scheduler_app.store.driver import DriverSql, moment_in_sqlite
from scheduler_app.store.sql import translated
from scheduler_app.store.turns import Locked
from scheduler_app.store.work_rows import touching
from scheduler_app.store.write_lock import LOCKED, begin_writing


class SqliteWriter:
    """On a connection of its own, with statements compiled once."""

    def __init__(self, store: SqlStore, file: Path, kind: str, patience: float) -> None:
        dialect = store.engine.dialect
        self._file = file
        self._turns = store.turns
        self._hurry = store.hurry
        self._clock = store.clock
        self._kind = kind
        self._patience = patience
        self._arriving = DriverSql(arriving("sqlite"), dialect)
        self._touching = DriverSql(touching("sqlite"), dialect)
        self._connection: sqlite3.Connection | None = None

    def write(self, deliveries: Sequence[Delivery]) -> list[bool]:
        """One transaction, before any other, whichever process began it later; the source's work row is
        touched in it."""
        with self._hurry.shown(), self._turns.first(self._patience):
            return self._written(deliveries)

    def _written(self, deliveries: Sequence[Delivery]) -> list[bool]:
        try:
            connection = self._connected()
            begin_writing(connection, round(self._patience * 1000))
            outcomes = [self._put(connection, delivery) for delivery in deliveries]
            self._touch(connection, deliveries, outcomes)
            connection.execute("COMMIT")
        except BaseException as fault:
            self.close()  # whatever it left open is rolled back with it
            if not isinstance(fault, sqlite3.Error):
                raise
            if getattr(fault, "sqlite_errorcode", 0) & 0xFF in LOCKED:
                raise Locked("the database is locked", retry_in=5.0) from None
            raise translated(fault) or fault from None
        return outcomes

    def close(self) -> None:
        """Let go of the connection; the next batch opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _put(self, connection: sqlite3.Connection, delivery: Delivery) -> bool:
        values = self._arriving.values(
            source=delivery.source,
            key=delivery.key,
            received_at=moment_in_sqlite(delivery.received_at),
            body=delivery.body,
        )
        return connection.execute(self._arriving.text, values).rowcount == 1

    def _touch(
        self, connection: sqlite3.Connection, deliveries: Sequence[Delivery], outcomes: Sequence[bool]
    ) -> None:
        due = self._clock().timestamp()
        for source in news(deliveries, outcomes):
            values = self._touching.values(kind=self._kind, key=source, due=due, plan="")
            connection.execute(self._touching.text, values)

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._file, check_same_thread=False)
            try:
                prepare_sqlite(connection, round(self._patience * 1000))
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


class CoreWriter:
    """On the engine, for databases with many machines around them."""

    def __init__(self, store: SqlStore, kind: str) -> None:
        self._store = store
        self._kind = kind

    def write(self, deliveries: Sequence[Delivery]) -> list[bool]:
        """One transaction; the source's work row is touched in it."""
        try:
            return self._written(deliveries)
        except Unavailable as fault:  # the database, and no delivery: none of the others would fare better
            raise Locked(str(fault), fault.retry_in) from None

    def _written(self, deliveries: Sequence[Delivery]) -> list[bool]:
        due = self._store.clock().timestamp()
        with self._store.writing() as connection:
            dialect = connection.dialect.name
            outcomes = [
                connection.execute(arriving(dialect), asdict(delivery)).rowcount == 1
                for delivery in deliveries
            ]
            for source in news(deliveries, outcomes):
                values = {"kind": self._kind, "key": source, "due": due, "plan": ""}
                connection.execute(touching(dialect), values)
        return outcomes

    def close(self) -> None:
        """The engine is the store's."""


def news(deliveries: Sequence[Delivery], outcomes: Sequence[bool]) -> list[str]:
    """Sources that said something new, in one order for everybody (row locks on PostgreSQL)."""
    return sorted({each.source for each, new in zip(deliveries, outcomes, strict=True) if new})
