"""The few things SQLite and PostgreSQL say differently, said once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Executable, Table, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import NULLTYPE

from scheduler_app.errors import Conflict, Invalid, SchedulerError, Unavailable
from scheduler_app.store.columns import Day, Moment, Words

_INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_SET = re.compile(r"\(__\[POSTCOMPILE_\w+\]\)")  # as SQLAlchemy writes a set before it knows its size
_ENCODE = msgspec.json.Encoder().encode
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


class DriverSql:
    """A statement compiled once, for the driver's own connection: hot paths skip the toolkit."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text: str = str(compiled)
        self._order: Sequence[str] = compiled.positiontup or ()
        self._fixed: Mapping[str, Any] = compiled.params

    def values(self, **given: Any) -> tuple[Any, ...]:
        """What the driver is handed, in its order."""
        known = {**self._fixed, **given}
        return tuple(known[name] for name in self._order)


class OfSets:
    """A question about sets of texts, compiled once for SQLite's own connection: each set goes as one value.

    Rows come as the driver gives them. Other values than the sets are texts too.
    """

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self.text: str = _SET.sub("(SELECT value FROM json_each(?))", str(compiled))
        self._order: Sequence[str] = compiled.positiontup
        self._fixed: Mapping[str, Any] = compiled.params

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What the driver is handed; None for what SQLite's JSON would cut short."""
        known = {
            name: value if isinstance(value, str) else _ENCODE(value)
            for name, value in {**self._fixed, **given}.items()
        }
        told = [known[name] for name in self._order]
        if any(b"\\u0000" in each for each in told if isinstance(each, bytes)):
            return None
        return tuple(each.decode() if isinstance(each, bytes) else each for each in told)


class ManyRows:
    """A statement compiled once and said for many rows on SQLite's own connection.

    names: the keys of each row. Values are written as the columns' types write them.
    """

    def __init__(self, statement: Executable, dialect: Dialect, names: Sequence[str]) -> None:
        compiled: Any = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, column_keys=names
        )
        self.text: str = str(compiled)
        writers = {name: _writer(bind.type, dialect) for name, bind in compiled.binds.items()}
        order: Sequence[str] = compiled.positiontup
        self._of_row, self._of_noun = _taking(itemgetter, order), _taking(attrgetter, order)
        self._writers = [
            (place, write) for place, name in enumerate(order) if (write := writers[name]) is not None
        ]
        self._fixed = {
            name: value for name, value in compiled.params.items() if name not in names and value is not None
        }

    def written(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """What the driver is handed."""
        if self._fixed:
            rows = [{**self._fixed, **row} for row in rows]
        return self._by_columns(map(self._of_row, rows))

    def written_of(self, nouns: Iterable[Any]) -> list[tuple[Any, ...]]:
        """The same for rows whose values are attributes of these."""
        return self._by_columns(map(self._of_noun, nouns))

    def _by_columns(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Many a column says the same all the way down, and is written once."""
        columns: list[Iterable[Any]] = [*zip(*rows, strict=True)]
        for place, write in self._writers if columns else ():
            values: tuple[Any, ...] = columns[place]  # type: ignore[assignment]
            # in JSON what Python calls equal may be written apart: 1 and true
            alike = write in _EXACT and values.count(values[0]) == len(values)
            columns[place] = repeat(write(values[0]), len(values)) if alike else map(write, values)
        return [*zip(*columns, strict=True)]


def _taking(getter: Any, names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes these values out of a row, as a tuple even where it is one."""
    take: Callable[[Any], Any] = getter(*names)
    return take if len(names) > 1 else lambda row: (take(row),)


def _writer(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Moment):
        return _moment
    if isinstance(kind, Words):
        return _words
    if isinstance(kind, Day):
        return _day
    if isinstance(kind, Boolean):
        return None  # the driver writes 1 and 0 by itself
    write: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return write


def _moment(value: datetime | None) -> str | None:
    """As SQLAlchemy writes a time into SQLite, several times faster."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a datetime without an offset names no instant; give it a timezone")
        value = value.astimezone(UTC)
    text = _ENCODE(value).decode()  # "2026-03-01T09:00:00Z", in its quotes
    return f"{text[1:11]} {text[12:27] if value.microsecond else text[12:20] + '.000000'}"


def _words(value: Sequence[str] | None) -> str | None:
    return None if value is None else _codes(tuple(value))


@lru_cache(maxsize=4096)
def _day(value: int | None) -> str | None:
    return None if value is None else date.fromordinal(value).isoformat()


@lru_cache(maxsize=1024)
def _codes(value: tuple[str, ...]) -> str:
    """As the engine writes JSON. Few combinations of codes are in use."""
    return msgspec.json.encode(value).decode()


_EXACT = (_moment, _words, _day)


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
            columns[place] = [None if value is None else make(value) for value in columns[place]]
        return zip(*columns, strict=True)

    return read


def moments(dialect: str) -> Callable[[Any], datetime]:
    """What makes a moment `as_written` ours."""
    return (_FROM_SQLITE if dialect == "sqlite" else _FROM_POSTGRESQL)[Moment]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


@lru_cache(maxsize=1024)
def _tuple(text: str) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(text))


_FROM_SQLITE: Mapping[type, Callable[[Any], Any]] = {Moment: _instant, Words: _tuple, Boolean: bool}
_FROM_POSTGRESQL: Mapping[type, Callable[[Any], Any]] = {
    Moment: lambda moment: moment.astimezone(UTC),
    Words: tuple,
}

many_rows = lru_cache(maxsize=256)(ManyRows)
of_sets = lru_cache(maxsize=256)(OfSets)

_TAKEN = ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_ROWID", "23505")
_REFUSED = ("SQLITE_CONSTRAINT", "SQLITE_TOOBIG", "SQLITE_MISMATCH", "22", "23")
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
    if code.startswith(_OUR_MISTAKE) or type(fault).__name__ == "ProgrammingError":
        return None
    return Unavailable(f"the database did not do it: {code or type(fault).__name__}", retry_in=1.0)
