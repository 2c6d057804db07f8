"""What every part of a transaction stands on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.engine import Connection

from scheduler_app.ports import Clock

Rows = CursorResult[*tuple[Any, ...]]


class Part:
    """A few tables, spoken to on the transaction's connection. clock: aware, UTC."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._dialect = connection.dialect.name

    def _do(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> Rows:
        return self._connection.execute(statement, values)
