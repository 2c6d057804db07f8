"""The few things SQLite and PostgreSQL say differently, said once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, cast

import msgspec
from sqlalchemy import JSON, Boolean, Column, ColumnElement, Executable, Table, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import NULLTYPE

from scheduler_app.errors import Conflict, Invalid, SchedulerError, Unavailable
from scheduler_app.store.columns import Day, Moment, Words

_INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_DECODE = msgspec.json.Decoder(list[datetime]).decode
PER_DIALECT: list[Callable[[str], Executable]] = []


def per_dialect(build: Callable[[str], Executable]) -> Callable[[str], Executable]:
    """A statement that differs between databases, built once for each; tests compile them all."""
    kept = cache(build)
    PER_DIALECT.append(kept)
    return kept


def insert_into(dialect: str, table: Table) -> Any:
    """The insert that knows what to do on a conflict."""
    return _INSERTS[dialect](table)


def insert_new(dialect: str, table: Table) -> Insert:
    """Insert, or leave the row that is there alone; rowcount tells which."""
    inserted: Insert = insert_into(dialect, table).on_conflict_do_nothing()
    return inserted.execution_options(preserve_rowcount=True)  # PostgreSQL's driver forgets it else


def upsert(dialect: str, table: Table, keep: Sequence[str] = ()) -> Insert:
    """Insert, or bring the row with the same primary key up to date, all columns but `keep`."""
    insert = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    fresh = {
        column.name: insert.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.name not in keep
    }
    upserted: Insert = insert.on_conflict_do_update(index_elements=keys, set_=fresh)
    return upserted


def as_written(column: Column[Any]) -> ColumnElement[Any]:
    """The column as the driver gives it; `readers` makes our values of it."""
    return type_coerce(column, NULLTYPE)


@cache
def readers(
    table: Table, names: tuple[str, ...], dialect: str
) -> Callable[[Sequence[Sequence[Any]]], Iterator[Sequence[Any]]]:
    """What makes rows of columns `as_written` rows of our values, several times faster than one by one."""
    kinds = [(place, table.c[name].type) for place, name in enumerate(names)]
    ours = _FROM_SQLITE if dialect == "sqlite" else _FROM_POSTGRESQL
    made = [(place, ours[type(kind)]) for place, kind in kinds if type(kind) in ours]

    def read(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        columns: list[Iterable[Any]] = [*zip(*rows, strict=True)]
        for place, make in made if columns else ():
            if make is _instant:
                columns[place] = _instants(cast(tuple[str | None, ...], columns[place]))
            else:
                columns[place] = [None if value is None else make(value) for value in columns[place]]
        return zip(*columns, strict=True)

    return read


def moments(dialect: str) -> Callable[[Any], datetime]:
    """What makes a moment `as_written` ours."""
    return (_FROM_SQLITE if dialect == "sqlite" else _FROM_POSTGRESQL)[Moment]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


def _instants(texts: Sequence[str | None]) -> Sequence[datetime | None]:
    """A column of them, four times faster where none is missing and all are as we write them."""
    if None not in texts:
        with suppress(msgspec.MsgspecError):
            return _DECODE('["' + 'Z","'.join(cast(Sequence[str], texts)) + 'Z"]')
    return [None if text is None else _instant(text) for text in texts]


@lru_cache(maxsize=1024)
def _tuple(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text))


@lru_cache(maxsize=4096)
def _ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


_FROM_SQLITE: Mapping[type, Callable[[Any], Any]] = {
    Moment: _instant,
    Words: _tuple,
    Boolean: bool,
    Day: _ordinal,
    JSON: msgspec.json.decode,
}
_FROM_POSTGRESQL: Mapping[type, Callable[[Any], Any]] = {
    Moment: lambda moment: moment.astimezone(UTC),
    Words: tuple,
    Day: _ordinal,
}


_TAKEN = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_ROWID", "23505")
# 54: a text too long for an index, among others
_REFUSED = ("SQLITE_CONSTRAINT", "SQLITE_TOOBIG", "SQLITE_MISMATCH", "22", "23", "54")
_FORBIDDEN = "42501"
_OUR_MISTAKE = ("SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE", "42")


def translated(fault: Exception) -> SchedulerError | None:
    """A driver's failure in our words, or None for a mistake in our own SQL.

    Only the database's code is told: messages may hold values, and values are people's. Codes: SQLite's
    result codes, PostgreSQL's SQLSTATE (appendix A of its manual).
    """
    code = str(getattr(fault, "sqlite_errorname", None) or getattr(fault, "sqlstate", None) or "")
    if code in _TAKEN:
        return Conflict(f"the database holds one already: {code}")
    if code.startswith(_REFUSED) or type(fault).__name__ == "DataError":
        return Invalid("value-refused", f"the database refused a value: {code or 'unreadable'}")
    if code == _FORBIDDEN:
        return Invalid(
            "database-rights", f"the database's account may not do this ({code}): let it own the database"
        )
    if code.startswith(_OUR_MISTAKE) or type(fault).__name__ == "ProgrammingError":
        return None
    return Unavailable(f"the database did not do it: {code or 'it does not answer'}", retry_in=1.0)
