"""A migrated database in a file of its own, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.store import SqlStore, open_store
from tests.contracts.store_base import HandClock


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; tests work on copies of it."""
    file = tmp_path_factory.mktemp("migrated") / "clinic.db"
    store = open_store(f"sqlite:///{file}", HandClock())
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
def clock() -> HandClock:
    """What the store goes by; it stands until a test moves it."""
    return HandClock()


@pytest.fixture
def store(file: Path, clock: HandClock) -> Iterator[SqlStore]:
    """An empty clinic."""
    store = open_store(f"sqlite:///{file}", clock)
    yield store
    store.close()
