"""Statements for SQLite's own connection: hot paths skip the toolkit, and say the same."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any, cast

import msgspec
from sqlalchemy import Boolean, Executable
from sqlalchemy.engine import Dialect

from scheduler_app.store.columns import Day, Moment, Words

_SET = re.compile(r"\(__\[POSTCOMPILE_\w+\]\)")  # as SQLAlchemy writes a set before it knows its size
_ENCODE = msgspec.json.Encoder().encode


def _compiled(statement: Executable, dialect: Dialect, **options: Any) -> Any:
    """Every statement of ours is a clause that compiles; its type does not say so."""
    return cast(Any, statement).compile(dialect=dialect, **options)


class DriverSql:
    """A statement compiled once, for the driver's own connection: hot paths skip the toolkit."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = _compiled(statement, dialect)
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
        compiled = _compiled(statement, dialect)
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

    names: the keys of each row; alike: of what all of them say. Values are written as the columns' types
    write them.
    """

    def __init__(
        self, statement: Executable, dialect: Dialect, names: Sequence[str], alike: Sequence[str] = ()
    ) -> None:
        compiled = _compiled(statement, dialect, column_keys=(*names, *alike))
        self.text: str = str(compiled)
        writers = {name: _writer(bind.type, dialect) for name, bind in compiled.binds.items()}
        self._fixed = {
            name: value
            for name, value in compiled.params.items()
            if name not in names and (name in alike or value is not None)
        }
        order: Sequence[str] = compiled.positiontup
        given = [name for name in order if name not in self._fixed]
        self._of_row, self._of_noun = _taking(itemgetter, given), _taking(attrgetter, given)
        self._writers = [
            (place, write) for place, name in enumerate(given) if (write := writers[name]) is not None
        ]
        self._alike = [
            (place, name, writers[name] or _as_it_is)
            for place, name in enumerate(order)
            if name in self._fixed
        ]

    def written(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """What the driver is handed."""
        return self._by_columns(map(self._of_row, rows), {})

    def written_of(self, nouns: Iterable[Any], **alike: Any) -> list[tuple[Any, ...]]:
        """The same for rows whose values are attributes of these."""
        return self._by_columns(map(self._of_noun, nouns), alike)

    def _by_columns(self, rows: Iterable[tuple[Any, ...]], alike: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Many a column says the same all the way down, and is written once."""
        taken: list[tuple[Any, ...]] = [*zip(*rows, strict=True)]
        if not taken:
            return []
        columns: list[Iterable[Any]] = [*taken]
        for place, write in self._writers:
            columns[place] = _column(write, taken[place])
        said = {**self._fixed, **alike}
        for place, name, write in self._alike:
            columns.insert(place, repeat(write(said[name]), len(taken[0])))
        return [*zip(*columns, strict=True)]


def _taking(getter: Any, names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes these values out of a row, as a tuple even where it is one."""
    take: Callable[[Any], Any] = getter(*names)
    return take if len(names) > 1 else lambda row: (take(row),)


def _column(write: Callable[[Any], Any], values: tuple[Any, ...]) -> Iterable[Any]:
    # in JSON what Python calls equal may be written apart: 1 and true
    if write in _EXACT and values.count(values[0]) == len(values):
        return repeat(write(values[0]), len(values))
    return moments_in_sqlite(values) if write is moment_in_sqlite else map(write, values)


def _as_it_is(value: Any) -> Any:
    return value


def _writer(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Moment):
        return moment_in_sqlite
    if isinstance(kind, Words):
        return _words
    if isinstance(kind, Day):
        return _day
    if isinstance(kind, Boolean):
        return None  # the driver writes 1 and 0 by itself
    write: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return write


def moment_in_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy writes a time into SQLite, several times faster."""
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError("a datetime without an offset names no instant; give it a timezone")
        value = value.astimezone(UTC)
    text = _ENCODE(value).decode()  # "2026-03-01T09:00:00Z", in its quotes
    return f"{text[1:11]} {text[12:27] if value.microsecond else text[12:20] + '.000000'}"


def moments_in_sqlite(values: Sequence[datetime | None]) -> Sequence[str | None]:
    """The same for a whole column, faster where all are in UTC, as ours are."""
    if not all(value is not None and value.tzinfo is UTC for value in values):
        return [*map(moment_in_sqlite, values)]
    text = _ENCODE(values).decode()
    return [each if "." in each else each + ".000000" for each in text[2:-3].replace("T", " ").split('Z","')]


def _words(value: Sequence[str] | None) -> str | None:
    return None if value is None else _codes(tuple(value))


@lru_cache(maxsize=4096)
def _day(value: int | None) -> str | None:
    return None if value is None else date.fromordinal(value).isoformat()


@lru_cache(maxsize=1024)
def _codes(value: tuple[str, ...]) -> str:
    """As the engine writes JSON. Few combinations of codes are in use."""
    return msgspec.json.encode(value).decode()


_EXACT = (moment_in_sqlite, _words, _day)
many_rows = lru_cache(maxsize=256)(ManyRows)
of_sets = lru_cache(maxsize=256)(OfSets)
