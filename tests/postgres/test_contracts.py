"""PostgreSQL held to the contracts SQLite is held to."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.ports import RequestBudget
from scheduler_app.store import EmbeddedCalendar, GroupCommitInbox, SqlRequestBudget, SqlStore, open_store
from scheduler_app.store.inbox_writers import CoreWriter
from tests.contracts.bookable_calendar import BookableCalendarContract, at_ten, draft
from tests.contracts.calendar_program import CALENDAR, PAGE
from tests.contracts.request_budget import RequestBudgetContract, Spenders
from tests.contracts.store import StoreContract
from tests.contracts.store_base import HandClock


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


class TestEmbeddedCalendarOnPostgres(BookableCalendarContract):
    @pytest.fixture
    def gateway(self, store: SqlStore) -> EmbeddedCalendar:
        gateway = EmbeddedCalendar(store, PAGE)
        gateway.keep(CALENDAR)
        return gateway

    def cursors_expire(self, gateway: Any) -> None:
        gone = gateway.book(CALENDAR, draft())
        gateway.cancel(CALENDAR, gone.id)
        gateway.prune(CALENDAR, at_ten() + timedelta(seconds=1))


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
