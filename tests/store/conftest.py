"""A migrated database in a file of its own, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.store import SqlStore, open_store
from tests.contracts.bookable_calendar import at_ten


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; tests work on copies of it."""
    file = tmp_path_factory.mktemp("migrated") / "clinic.db"
    store = open_store(f"sqlite:///{file}", at_ten)
    store.migrate()
    store.close()
    return file


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """The file of `store`."""
    copy = tmp_path / "clinic.db"
    copy.write_bytes(migrated.read_bytes())
    return copy


@pytest.fixture
def store(file: Path) -> Iterator[SqlStore]:
    """An empty clinic."""
    store = open_store(f"sqlite:///{file}", at_ten)
    yield store
    store.close()
