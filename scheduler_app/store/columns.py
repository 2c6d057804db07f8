"""How our values lie in columns: the same on SQLite and PostgreSQL.

Times are UTC with the zone's name in a column beside them; days are ISO text, so that they sort and
can be read by a person who opens the database.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC. Raises ValueError for a naive one: it names no instant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To UTC. SQLite keeps no offset, so every time in it is UTC by this rule alone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without an offset names no instant; give it a timezone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(TypeDecorator[int]):
    """A day ordinal, kept as YYYY-MM-DD."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: int | None, _dialect: Dialect) -> str | None:
        """To ISO text. Raises ValueError for an ordinal outside the calendar."""
        return None if value is None else date.fromordinal(value).isoformat()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> int | None:
        """Back to the ordinal."""
        return None if value is None else date.fromisoformat(value).toordinal()


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of codes, kept as a JSON list in its own order."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, _dialect: Dialect) -> list[str] | None:
        """To a list."""
        return None if value is None else list(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> tuple[str, ...] | None:
        """Back to a tuple."""
        return None if value is None else tuple(value)
