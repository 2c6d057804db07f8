"""The database itself: how it is opened, how a transaction begins, what a failure is called."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from sqlite3 import OperationalError
from typing import Any

import msgspec
from sqlalchemy import URL, create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.ports import Clock, Transaction
from scheduler_app.store.hurry import Hurry
from scheduler_app.store.postgres import reached
from scheduler_app.store.schema import migrate
from scheduler_app.store.scrubbing import scrub
from scheduler_app.store.sql import translated
from scheduler_app.store.transaction import SqlTransaction
from scheduler_app.store.turns import Turns
from scheduler_app.store.write_lock import begin_writing, leave_to_others

BUSY_MS = 15_000


def open_store(url: str, clock: Clock, busy_ms: int = BUSY_MS) -> "SqlStore":
    """The store at `sqlite:///path/to/file.db` or `postgresql+psycopg://…`; the file is made if need be.

    busy_ms: how long a writer waits for SQLite's one write lock.

    Nothing is asked of the database yet but to be there: call `migrate()` before the first
    transaction. Raises Invalid for an address it cannot use, Unavailable when nobody answers.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise Invalid("database-url", "the database's address cannot be read", "database") from None
    if address.get_backend_name() == "sqlite":
        file = Path(str(address.database)).absolute()
        return SqlStore(_sqlite(address, busy_ms), clock, file, busy_ms / 1000)
    if address.get_backend_name() in ("postgresql", "postgres"):
        return SqlStore(_postgresql(address), clock)
    raise Invalid("database-url", "the database must be SQLite or PostgreSQL", "database")


class SqlStore:
    """Implements ports.Store. Threads may share it; a transaction belongs to the thread that began it."""

    def __init__(
        self, engine: Engine, clock: Clock, file: Path | None = None, patience: float = BUSY_MS / 1000
    ) -> None:
        self.engine = engine
        self.file = file  # None where the database is no file of ours
        self.clock = clock
        self.turns = Turns()
        self.hurry = Hurry(file)
        self._patience = patience
        self._mine = threading.local()
        writing: dict[str, Any] = {"writes": True}
        reading: dict[str, Any] = {"writes": False}
        if engine.dialect.name == "postgresql":
            reading |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._writing = engine.execution_options(**writing)
        self._reading = engine.execution_options(**reading)

    def migrate(self) -> None:
        """Bring the schema to this version. Several processes may do so at once.

        Raises Invalid when a newer version of the program has written the database.
        """
        with self.writing() as connection:
            migrate(connection)

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A writing transaction: committed at the end, rolled back when anything is raised.

        Raises Unavailable for a database that is locked, full or away, Conflict for what somebody else
        wrote meanwhile, Invalid for what cannot be stored. A thread that writes already cannot begin
        another one.
        """
        return self._parts(self.writing())

    def reading(self) -> AbstractContextManager[Transaction]:
        """A consistent look without a write lock. Writing in it is a mistake and fails."""
        return self._parts(self._connected(self._reading))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a writing transaction, for the rest of this package."""
        if getattr(self._mine, "writes", False):
            raise RuntimeError("this thread writes already; a second transaction would wait for the first")
        self._mine.writes = True
        try:
            with self._turn(), self._connected(self._writing) as connection:
                began = time.monotonic()
                yield connection
        finally:
            self._mine.writes = False
        if self.file is not None:
            leave_to_others(time.monotonic() - began)

    def looking(self) -> AbstractContextManager[Connection]:
        """A connection for reading only, for the rest of this package."""
        return self._connected(self._reading)

    def scrub(self) -> None:
        """Let the file forget what was deleted from it. Raises Unavailable while others are at it."""
        scrub(self.engine)

    def close(self) -> None:
        """Give the connections back. The store can be used again."""
        self.engine.dispose()
        self.hurry.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.file is None:
            yield
            return
        with self.turns.in_turn(self._patience):
            self.hurry.let_by()
            yield

    @contextmanager
    def _parts(self, connected: AbstractContextManager[Connection]) -> Iterator[Transaction]:
        with connected as connection:
            held = SqlTransaction(connection, self.clock)
            try:
                yield held
                held.flush()
            finally:
                held.end()

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except PoolTimeout:
            raise Unavailable("every connection to the database is taken", retry_in=1.0) from None
        except DBAPIError as fault:
            ours = translated(fault.orig) if isinstance(fault.orig, Exception) else None
            if ours is None:
                raise
            raise ours from None
        except SqliteError as fault:  # from where a transaction begins, before the engine sees it
            raise translated(fault) or fault from None


def _sqlite(address: URL, busy_ms: int) -> Engine:
    file = address.database or ":"
    if file.startswith((":", "file:")) or address.query:
        raise Invalid("database-url", "SQLite needs a file: sqlite:///path/to/file.db", "database")
    # A new file is for our own eyes: it holds people's health. SQLite gives its journals the same mode.
    try:
        Path(file).touch(mode=0o600)
    except OSError as fault:
        raise Unavailable(f"the database's file cannot be opened: {fault.strerror}") from None
    # a thread of the web server may want each; the newest first, since every one keeps pages in memory
    engine = _engine(address, pool_size=16, max_overflow=64, pool_use_lifo=True)
    event.listen(engine, "connect", lambda connection, _record: prepare_sqlite(connection, busy_ms))
    event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, busy_ms))
    event.listen(engine, "reset", _reset_sqlite)
    return engine


def _postgresql(address: URL) -> Engine:
    ours, told = reached(address)
    try:
        return _engine(ours, pool_size=10, max_overflow=20, pool_pre_ping=True, connect_args=told)
    except ModuleNotFoundError:
        cure = "pip install 'psycopg[binary]'"
        raise Invalid("database-driver", f"the driver of PostgreSQL is missing: {cure}", "database") from None


def _engine(address: URL, **options: Any) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,  # failures end up in logs, and parameters are people's
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **options,
    )


def prepare_sqlite(connection: SqliteConnection, busy_ms: int = BUSY_MS) -> None:
    """A connection as all of ours are."""
    # The driver's own ideas about when a transaction begins are off: _begin_sqlite says it.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={busy_ms}")  # first: the others may have to wait
    connection.execute("PRAGMA synchronous=FULL")  # what was answered 2xx survives a power cut
    connection.execute("PRAGMA foreign_keys=ON")
    # pages of 4 kB: what it writes again and again is carried into the file four times less often
    connection.execute("PRAGMA wal_autocheckpoint=4000")
    _use_wal(connection)


def _use_wal(connection: SqliteConnection) -> None:
    """Write-ahead log: readers and the writer do not wait for each other. Kept in the file once set.

    While another process sets it too, SQLite answers "locked" without waiting.
    """
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return
    for attempt in range(100):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError:
            if attempt == 99:
                raise
            threading.Event().wait(0.05)


def _begin_sqlite(connection: Connection, busy_ms: int) -> None:
    """Writers take the write lock at once: one that reads first could not get it any more later."""
    if connection.get_execution_options().get("writes"):
        ours: Any = connection.connection.driver_connection
        ours.execute("PRAGMA cache_size=-8000")  # kB; a first sync touches every index of a clinic's book
        begin_writing(ours, busy_ms)
    else:
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")


def _reset_sqlite(connection: SqliteConnection, _record: object, _state: object) -> None:
    connection.rollback()
    connection.execute("PRAGMA query_only=OFF")
