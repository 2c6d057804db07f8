"""One question, asked thousands of times a second: compiled once, one connection a thread."""

import sqlite3
import threading
import weakref
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy import Executable

from scheduler_app.errors import Unavailable
from scheduler_app.store.database import SqlStore
from scheduler_app.store.driver import DriverSql

_WAIT_MS = 1000  # readers wait for nobody but somebody who repairs the file


class Reader(Protocol):
    """Asks for the one row that goes by a value."""

    def first(self, value: bytes) -> tuple[Any, ...] | None:
        """The row, or None. Raises Unavailable."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


def reader(store: SqlStore, query: Executable) -> Reader:
    """For a query with one parameter."""
    return _SqliteReader(store, query) if store.file is not None else _CoreReader(store, query)


class _Held:
    """A thread's connection: closed with the thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class _SqliteReader:
    def __init__(self, store: SqlStore, query: Any) -> None:
        self._file = f"file:{quote(str(store.file))}?mode=rw"
        sql = DriverSql(query, store.engine.dialect)
        self._text = sql.text
        self._mine = threading.local()
        self._all: weakref.WeakSet[_Held] = weakref.WeakSet()
        dialect = store.engine.dialect
        self._from: list[tuple[int, Callable[[Any], Any]]] = [
            (place, read)
            for place, column in enumerate(query.selected_columns)
            if (read := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def first(self, value: bytes) -> tuple[Any, ...] | None:
        try:
            row = self._mine.held.connection.execute(self._text, (value,)).fetchone()
        except (AttributeError, sqlite3.Error):  # none yet, or one that outlived its database
            row = self._first_on_a_new_connection(value)
        return row if row is None or not self._from else self._read(row)

    def close(self) -> None:
        for held in list(self._all):
            held.connection.close()

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, read in self._from:
            values[place] = read(values[place])
        return tuple(values)

    def _first_on_a_new_connection(self, value: bytes) -> Any:
        try:
            return self._open().connection.execute(self._text, (value,)).fetchone()
        except sqlite3.Error as fault:
            self._mine.held = None
            code = getattr(fault, "sqlite_errorname", type(fault).__name__)
            raise Unavailable(f"the database did not answer: {code}") from None

    def _open(self) -> _Held:
        # mode=rw: a file that is gone is no reason to make an empty one
        connection = sqlite3.connect(self._file, uri=True, isolation_level=None, check_same_thread=False)
        held = _Held(connection)
        connection.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        connection.execute("PRAGMA query_only=ON")
        self._mine.held = held
        self._all.add(held)
        return held


class _CoreReader:
    def __init__(self, store: SqlStore, query: Any) -> None:
        self._store = store
        self._query = query
        (self._name,) = query.compile().params

    def first(self, value: bytes) -> tuple[Any, ...] | None:
        with self._store.looking() as connection:
            row = connection.execute(self._query, {self._name: value}).first()
        return None if row is None else tuple(row)

    def close(self) -> None:
        """The engine is the store's."""
