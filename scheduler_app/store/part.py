"""What every part of a transaction stands on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.engine import Connection
from sqlalchemy.exc import StatementError

from scheduler_app.errors import Invalid
from scheduler_app.ports import Clock
from scheduler_app.store.driver import many_rows, of_sets
from scheduler_app.store.gathered import Gathered

# Half a surrogate pair, or a number beyond 64 bits: JSON from outside may hold either.
_UNSTORABLE = (UnicodeEncodeError, OverflowError)
Rows = CursorResult[*tuple[Any, ...]]


class Part:
    """A few tables, spoken to on the transaction's connection. clock: aware, UTC.

    gathered: what all parts of the transaction hold back; it is said before anything else is.
    """

    UNTURNED: frozenset[Executable] = frozenset()  # what is said at once, whoever else writes

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        self._connection = connection
        self._clock = clock
        self._gathered = gathered or Gathered()
        self._dialect = connection.dialect.name

    def _do(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> Rows:
        if self._gathered.waiting:
            self._gathered.flush()
        return self._do_at_once(statement, values)

    def _do_at_once(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> Rows:
        """Before what is held back: for what neither reads nor refers to any of it."""
        turn = self._gathered.turn
        if turn is not None and statement not in self.UNTURNED:
            self._gathered.turn = None
            turn()
        try:
            return self._connection.execute(statement, values)
        except _UNSTORABLE:
            raise _refused() from None
        except StatementError as fault:
            if isinstance(fault.orig, _UNSTORABLE) or _holds_nul(fault.orig):
                raise _refused() from None
            raise

    def _do_sets(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Ask about sets of texts. Columns are texts, or `as_written`."""
        if self._dialect != "sqlite":
            return self._do(statement, values).all()
        asked = of_sets(statement, self._connection.dialect)
        try:
            told = asked.values(values)
        except _UNSTORABLE:
            raise _refused() from None
        if told is None:
            return self._do(statement, values).all()
        self._gathered.flush()
        found = self._connection.exec_driver_sql(asked.text, told)
        rows = found.cursor.fetchall()
        found.close()
        return rows

    def _do_all(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Say it for every row; the rows have the same keys. For what was gathered."""
        if not rows:
            return
        if self._dialect != "sqlite":
            self._do(statement, rows)  # whose driver has its own ways to be quick
            return
        said = many_rows(statement, self._connection.dialect, tuple(rows[0]))
        try:
            self._connection.exec_driver_sql(said.text, said.written(rows))
        except _UNSTORABLE:
            raise _refused() from None

    def _do_all_of(
        self, statement: Executable, nouns: Sequence[Any], names: tuple[str, ...], **alike: Any
    ) -> None:
        """The same for rows that are nouns of ours, with attributes of these names. alike: what each row
        says besides."""
        if not nouns:
            return
        if self._dialect != "sqlite":
            self._do(statement, [{name: getattr(noun, name) for name in names} | alike for noun in nouns])
            return
        said = many_rows(statement, self._connection.dialect, names, (*alike,))
        try:
            self._connection.exec_driver_sql(said.text, said.written_of(nouns, **alike))
        except _UNSTORABLE:
            raise _refused() from None


def _holds_nul(fault: BaseException | None) -> bool:
    """Whether PostgreSQL's driver kept a text back that its server could not hold: nothing was sent."""
    return type(fault).__name__ == "DataError" and not getattr(fault, "sqlstate", None)


def _refused() -> Invalid:
    return Invalid("value-unstorable", "a text or a number cannot be stored")
