"""GoogleCalendarGateway against the tests' own Calendar API, held to the contract of all calendars."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from integrations.google_calendar import GoogleCalendarGateway
from scheduler_app.domain.events import CalendarEvent
from tests.contracts.calendar_gateway import CalendarGatewayContract
from tests.contracts.calendar_program import HOUR, TEN, TITLE
from tests.contracts.calendar_series import CalendarSeriesContract
from tests.google_double import ROOM, GoogleDouble
from tests.integrations.google_calendar.stand import Stand


class TestGoogleCalendarGateway(CalendarGatewayContract, CalendarSeriesContract):
    @pytest.fixture
    def gateway(self, google_double: GoogleDouble) -> Iterator[GoogleCalendarGateway]:
        self.stand = Stand(google_double)
        yield self.stand.gateway
        self.stand.client.close()

    def person_books(
        self, gateway: Any, title: str = TITLE, start: datetime = TEN, description: str = ""
    ) -> CalendarEvent:
        fields: dict[str, Any] = {"description": description} if description else {}
        return self.stand.books(title, start, **fields)

    def person_books_series(self, gateway: Any, weeks: int, title: str = TITLE) -> str:
        rule = f"RRULE:FREQ=WEEKLY;COUNT={weeks}"
        return self.stand.anna.book(ROOM, title, TEN, TEN + HOUR, recurrence=[rule])

    def person_retitles(self, gateway: Any, event_id: str, title: str) -> None:
        shown = self.stand.stored(event_id)["summary"]
        own = self.stand.read(event_id).title
        self.stand.anna.retitle(ROOM, event_id, shown.removesuffix(own) + title)

    def person_moves(self, gateway: Any, event_id: str, start: datetime) -> None:
        self.stand.anna.move(ROOM, event_id, start, start + HOUR)

    def person_cancels(self, gateway: Any, event_id: str) -> None:
        self.stand.anna.delete(ROOM, event_id)

    def cursors_expire(self, gateway: Any) -> None:
        self.stand.double.expire_sync_tokens()
