"""PostgreSQL held to the contracts SQLite is held to."""

from collections.abc import Iterator

import pytest

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.ports import RequestBudget
from scheduler_app.store import GroupCommitInbox, SqlRequestBudget, SqlStore, open_store
from scheduler_app.store.inbox_writers import CoreWriter
from tests.contracts.request_budget import RequestBudgetContract, Spenders
from tests.contracts.store import StoreContract
from tests.contracts.store_base import HandClock
from tests.store import test_embedded


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def clock(self, clock: HandClock) -> HandClock:
        return clock

    @pytest.fixture
    def store(self, store: SqlStore) -> SqlStore:
        return store

    @pytest.fixture
    def inbox(self, store: SqlStore) -> Iterator[GroupCommitInbox]:
        inbox = GroupCommitInbox(store)
        assert isinstance(inbox._writer, CoreWriter)
        yield inbox
        inbox.close()


class TestEmbeddedCalendarOnPostgres(test_embedded.TestEmbeddedCalendar):
    """As it is on SQLite."""


class TestRequestBudgetOnPostgres(RequestBudgetContract):
    @pytest.fixture
    def clock(self, clock: HandClock) -> HandClock:
        return clock

    @pytest.fixture
    def spenders(self, url: str, clock: HandClock) -> Iterator[Spenders]:
        stores: list[SqlStore] = []

        def make(limits: RequestLimits, count: int) -> list[RequestBudget]:
            stores.extend(open_store(url, clock) for _ in range(count))
            return [SqlRequestBudget(store, limits, clock) for store in stores]

        yield make
        for store in stores:
            store.close()
