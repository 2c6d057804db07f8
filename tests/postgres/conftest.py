"""One server for all tests, and one migrated database, empty at the beginning of each."""

from collections.abc import Iterator

import pytest

from scheduler_app.store import SqlStore, open_store
from tests.contracts.store_base import HandClock
from tests.postgres.server import PostgresServer, programs


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """Stopped at the end, whatever happened."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed")
    server = PostgresServer(found)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def migrated(server: PostgresServer) -> Iterator[str]:
    """The name of a database with every table."""
    with server.database() as name:
        store = open_store(server.url(name), HandClock())
        store.migrate()
        store.close()
        yield name


@pytest.fixture
def database(server: PostgresServer, migrated: str) -> str:
    """The name of a migrated one without a row."""
    server.start()  # where a test before stopped it and failed
    server.empty(migrated)
    return migrated


@pytest.fixture
def url(server: PostgresServer, database: str) -> str:
    """The address of `database`."""
    return server.url(database)


@pytest.fixture
def clock() -> HandClock:
    """What the store goes by; it stands until a test moves it."""
    return HandClock()


@pytest.fixture
def store(url: str, clock: HandClock) -> Iterator[SqlStore]:
    """An empty clinic."""
    store = open_store(url, clock)
    yield store
    store.close()
