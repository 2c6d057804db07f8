"""A database with rows of work, and a clock to pass."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler_app.store import SqlStore, open_store


class Clock:
    """Ours to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[SqlStore]:
    store = open_store(f"sqlite:///{tmp_path / 'clinic.db'}", clock)
    store.migrate()
    yield store
    store.close()


def touch(store: SqlStore, kind: str, key: str = "k", delay: float = 0.0) -> None:
    with store.transaction() as tx:
        tx.work.touch(kind, key, delay=delay)


def due(store: SqlStore) -> int:
    with store.reading() as tx:
        return tx.work.overdue()[0]


def error_of(store: SqlStore, kind: str, key: str = "k") -> str | None:
    with store.looking() as connection:
        row = connection.exec_driver_sql(
            "SELECT error FROM work WHERE kind = ? AND key = ?", (kind, key)
        ).one()
        return row[0] if row[0] is None else str(row[0])
