"""The same contract against myworld, a Calendar API that nobody of us wrote.

What it does otherwise than Google is named in KNOWN_GAPS: a sentence there has to fail, so that a gap which
closes in a new version shows up.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest

from integrations.google_calendar import GoogleCalendar, GoogleCalendarGateway, GoogleClient
from scheduler_app.domain.events import CalendarEvent
from tests.contracts.calendar_gateway import CalendarGatewayContract
from tests.contracts.calendar_program import CALENDAR, HOUR, PAGE, TEN, TITLE
from tests.contracts.calendar_series import CalendarSeriesContract
from tests.integrations.google_calendar.independent import Independent, independent
from tests.integrations.google_calendar.stand import NOW, Spent, fixed_token

KNOWN_GAPS = {
    "test_a_stale_etag_is_a_conflict": "If-Match is ignored",
    "test_a_cancelled_event_cannot_be_marked": "If-Match is ignored, also on what was called off",
    "test_an_expired_cursor_raises_Expired": "there is no way to make its sync tokens expire",
    "test_what_changes_between_two_pages_is_not_lost": "a sync token is as new as the last page",
    "test_one_instance_is_marked_and_no_other": "an instance has another etag each time it is read",
    "test_a_moved_instance_is_told_with_its_series": "exceptions are hidden inside the master",
    "test_an_instance_called_off_is_told_as_cancelled": "exceptions are hidden inside the master",
}
_ROOM = "team-room1@clinic.example"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Independent]:
    with independent(tmp_path_factory.mktemp("myworld")) as world:
        yield world


@pytest.fixture(autouse=True)
def _known_gaps(request: pytest.FixtureRequest) -> None:
    reason = KNOWN_GAPS.get(request.function.__name__)
    if reason is not None:
        request.applymarker(pytest.mark.xfail(reason=f"myworld: {reason}", strict=True))


class TestAgainstMyworld(CalendarGatewayContract, CalendarSeriesContract):
    @pytest.fixture
    def gateway(self, world: Independent) -> Iterator[GoogleCalendarGateway]:
        world.reset()
        self.world = world
        self.bot, self.anna = (
            GoogleClient(fixed_token(world.token(who)), who, Spent(), endpoint=world.endpoint, timeout=5)
            for who in ("bot", "anna")
        )
        rooms = {CALENDAR: GoogleCalendar(_ROOM)}
        yield GoogleCalendarGateway(self.bot, rooms, lambda: NOW, page_size=PAGE)
        self.bot.close()
        self.anna.close()

    def person_books(
        self, gateway: Any, title: str = TITLE, start: datetime = TEN, description: str = ""
    ) -> CalendarEvent:
        fields = {"description": description} if description else {}
        event: CalendarEvent = gateway.event(CALENDAR, self._booked(title, start, **fields))
        return event

    def person_books_series(self, gateway: Any, weeks: int, title: str = TITLE) -> str:
        return self._booked(title, TEN, recurrence=[f"RRULE:FREQ=WEEKLY;COUNT={weeks}"])

    def person_retitles(self, gateway: Any, event_id: str, title: str) -> None:
        shown = msgspec.json.decode(self.anna.event(_ROOM, event_id))["summary"]
        own = gateway.event(CALENDAR, event_id).title
        self.anna.patch(_ROOM, event_id, {"summary": shown.removesuffix(own) + title}, None)

    def person_moves(self, gateway: Any, event_id: str, start: datetime) -> None:
        self.anna.patch(_ROOM, event_id, _span(start), None)

    def person_cancels(self, gateway: Any, event_id: str) -> None:
        self.anna.delete(_ROOM, event_id)

    def cursors_expire(self, gateway: Any) -> None:
        self.world.reset()

    def _booked(self, title: str, start: datetime, **fields: Any) -> str:
        booked = msgspec.json.decode(self.anna.insert(_ROOM, {"summary": title, **_span(start), **fields}))
        id: str = booked["id"]
        return id


def _span(start: datetime) -> dict[str, Any]:
    ends = start, start + HOUR
    first, last = ({"dateTime": at.isoformat(), "timeZone": "Europe/London"} for at in ends)
    return {"start": first, "end": last}
