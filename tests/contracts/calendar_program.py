"""A program that keeps clinic calendars, as the contract's sentences drive it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_app.domain.events import CalendarEvent, Mark
from scheduler_app.ports import CalendarGateway

CALENDAR = "desk"
PAGE = 3
TEN = datetime(2026, 3, 14, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLE = "Microneedling - Anna Smith"
HOLD = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.")
LATER = Mark("hold", "⛔20 Mar · ", "Possible from 20 March.")


class CalendarProgram:
    """What an adapter supplies. Methods that begin with person_ are done at the program itself."""

    @pytest.fixture
    def gateway(self) -> CalendarGateway:
        """The adapter under test."""
        raise NotImplementedError

    def person_books(
        self, gateway: Any, title: str = TITLE, start: datetime = TEN, description: str = ""
    ) -> CalendarEvent:
        """Somebody books an hour."""
        raise NotImplementedError

    def person_retitles(self, gateway: Any, event_id: str, title: str) -> None:
        """Somebody writes another title over their own words; what we wrote before it stays there."""
        raise NotImplementedError

    def person_moves(self, gateway: Any, event_id: str, start: datetime) -> None:
        """Somebody moves it, an hour long as before."""
        raise NotImplementedError

    def person_cancels(self, gateway: Any, event_id: str) -> None:
        """Somebody calls it off, or deletes it."""
        raise NotImplementedError

    def cursors_expire(self, gateway: Any) -> None:
        """Enough happens, or time passes, for every cursor to be too old."""
        raise NotImplementedError


def bare(event: CalendarEvent) -> CalendarEvent:
    """The event as its people made it: without our mark, and whatever a write changes by itself."""
    return replace(event, mark=None, etag="", updated=None)


def all_pages(
    gateway: CalendarGateway, cursor: str | None, page: str | None = None
) -> tuple[list[CalendarEvent], str]:
    """Everything from this page to the last one, and the cursor that came with that."""
    events: list[CalendarEvent] = []
    while True:
        changes = gateway.changes(CALENDAR, cursor, page)
        events += changes.events
        if changes.page is None:
            assert changes.cursor is not None
            return events, changes.cursor
        page = changes.page
