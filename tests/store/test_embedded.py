"""The calendar kept in the database, held to the contract of all calendars."""

from datetime import timedelta
from typing import Any

import pytest

from scheduler_app.errors import NotFound
from scheduler_app.store import EmbeddedCalendar, SqlStore
from tests.contracts.bookable_calendar import BookableCalendarContract, at_ten, draft
from tests.contracts.calendar_program import CALENDAR, HOLD, PAGE


class TestEmbeddedCalendar(BookableCalendarContract):
    @pytest.fixture
    def gateway(self, store: SqlStore) -> EmbeddedCalendar:
        gateway = EmbeddedCalendar(store, PAGE)
        gateway.keep(CALENDAR)
        return gateway

    def cursors_expire(self, gateway: Any) -> None:
        gone = gateway.book(CALENDAR, draft())
        gateway.cancel(CALENDAR, gone.id)
        gateway.prune(CALENDAR, at_ten() + timedelta(seconds=1))

    def test_pruning_forgets_only_what_was_called_off_long_ago(self, gateway: EmbeddedCalendar) -> None:
        standing, gone = gateway.book(CALENDAR, draft()), gateway.book(CALENDAR, draft())
        gateway.cancel(CALENDAR, gone.id)
        assert gateway.prune(CALENDAR, at_ten()) == 0
        assert gateway.prune(CALENDAR, at_ten() + timedelta(days=1)) == 1
        assert gateway.event(CALENDAR, standing.id) == standing
        with pytest.raises(NotFound):
            gateway.event(CALENDAR, gone.id)

    def test_a_calendar_outlives_the_process(self, gateway: EmbeddedCalendar, store: SqlStore) -> None:
        event = gateway.book(CALENDAR, draft())
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        store.close()
        assert EmbeddedCalendar(store).event(CALENDAR, event.id) == marked
