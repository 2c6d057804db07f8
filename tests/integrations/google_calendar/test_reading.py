"""What is asked of Google while reading, and what only reading there can go wrong with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_app.errors import Expired, NotFound, Unavailable
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, PAGE, TEN
from tests.google_double import READ_ONLY, ROOM
from tests.integrations.google_calendar.stand import NOW, Stand


class TestHistory:
    def test_a_full_reading_goes_back_thirteen_months_and_says_so(self, stand: Stand) -> None:
        old = stand.books(start=NOW - timedelta(days=390)).id
        older = stand.books(start=NOW - timedelta(days=400)).id
        changes = stand.gateway.changes(CALENDAR, None)
        assert old in {event.id for event in changes.events}
        assert older not in {event.id for event in changes.events}
        assert changes.since == datetime(2025, 1, 28, tzinfo=UTC)

    def test_every_page_says_since_when(self, stand: Stand) -> None:
        for n in range(PAGE + 1):
            stand.books(start=TEN + n * HOUR)
        first = stand.gateway.changes(CALENDAR, None)
        last = stand.gateway.changes(CALENDAR, None, first.page)
        assert first.since == last.since is not None

    def test_afterwards_old_events_are_told_too(self, stand: Stand) -> None:
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        older = stand.books(start=NOW - timedelta(days=400)).id
        changes = stand.gateway.changes(CALENDAR, cursor)
        assert [event.id for event in changes.events] == [older]
        assert changes.since is None


class TestCursors:
    def test_another_size_of_pages_reads_everything_again(self, stand: Stand) -> None:
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        stand.gateway._size = 250
        with pytest.raises(Expired):
            stand.gateway.changes(CALENDAR, cursor)

    def test_pages_of_a_cursor_go_on_from_it(self, stand: Stand) -> None:
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        booked = {stand.books(start=TEN + n * HOUR).id for n in range(PAGE + 2)}
        first = stand.gateway.changes(CALENDAR, cursor)
        last = stand.gateway.changes(CALENDAR, cursor, first.page)
        assert {event.id for event in (*first.events, *last.events)} == booked
        assert not first.full
        assert not last.full

    @pytest.mark.parametrize(
        ("cursor", "page"), [(f"g1.{PAGE}.nonsense", None), (None, "1700000000.nonsense")]
    )
    def test_a_token_that_google_does_not_take_is_expired(
        self, stand: Stand, cursor: str | None, page: str | None
    ) -> None:
        with pytest.raises(Expired):
            stand.gateway.changes(CALENDAR, cursor, page)

    def test_an_answer_that_ends_nowhere_is_no_reading(self, stand: Stand) -> None:
        stand.client.page = lambda *_, **__: b'{"items": []}'  # type: ignore[method-assign]
        with pytest.raises(Unavailable):
            stand.gateway.changes(CALENDAR, None)


class TestEvents:
    def test_of_an_event_read_alone_the_calendars_zone_and_rights_are_known(self, stand: Stand) -> None:
        id = stand.anna.book(ROOM, "Anna Smith", "2026-07-01", "2026-07-02")
        event = stand.gateway.event(CALENDAR, id)
        assert event.all_day
        assert (event.zone, event.start) == ("Europe/London", datetime(2026, 6, 30, 23, tzinfo=UTC))
        assert event.writable

    def test_asking_what_a_calendar_is_happens_once(self, stand: Stand) -> None:
        id = stand.books().id
        assert stand.requests(lambda: stand.read(id)) == ["events.get"]

    def test_a_series_that_became_one_is_told_as_a_series(self, stand: Stand) -> None:
        id = stand.books().id
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        stand.anna.patch(ROOM, id, recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
        changes = stand.gateway.changes(CALENDAR, cursor)
        assert (changes.series, changes.events) == ((id,), ())

    def test_a_series_split_in_two_is_told_as_two(self, stand: Stand) -> None:
        series = stand.anna.book(ROOM, "Botox", TEN, TEN + HOUR, recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])
        cursor = stand.gateway.changes(CALENDAR, None).cursor
        later = stand.anna.split_series(ROOM, series, TEN + timedelta(weeks=2))
        assert set(stand.gateway.changes(CALENDAR, cursor).series) == {series, later}

    def test_a_series_with_nothing_in_the_span_is_still_a_series(self, stand: Stand) -> None:
        series = stand.anna.book(ROOM, "Botox", TEN, TEN + HOUR, recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
        far = TEN + timedelta(weeks=50)
        changes = stand.gateway.instances(CALENDAR, series, far, far + HOUR)
        assert (changes.events, changes.full, changes.since) == ((), True, far)

    @pytest.mark.parametrize(
        ("status", "reason"), [(404, "notFound"), (410, "updatedMinTooLongAgo"), (400, "invalid")]
    )
    def test_a_series_that_stands_is_never_told_as_gone(self, stand: Stand, status: int, reason: str) -> None:
        series = stand.anna.book(ROOM, "Botox", TEN, TEN + HOUR, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
        stand.double.fail("events.instances", status=status, reason=reason)
        with pytest.raises(Unavailable):
            stand.gateway.instances(CALENDAR, series, TEN, TEN + timedelta(weeks=4))
        assert len(stand.gateway.instances(CALENDAR, series, TEN, TEN + timedelta(weeks=4)).events) == 3

    def test_a_deleted_series_whose_instances_are_shown_as_cancelled_is_gone(self, stand: Stand) -> None:
        series = stand.anna.book(ROOM, "Botox", TEN, TEN + HOUR, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
        shown = stand.client.instances(ROOM, series).replace(b'"confirmed"', b'"cancelled"')
        stand.client.instances = lambda *_, **__: shown  # type: ignore[method-assign]
        told = stand.gateway.instances(CALENDAR, series, TEN, TEN + timedelta(weeks=4))
        assert [event.cancelled for event in told.events] == [True] * 3, (
            "the series stands: each was called off"
        )
        stand.anna.delete(ROOM, series)
        with pytest.raises(NotFound):
            stand.gateway.instances(CALENDAR, series, TEN, TEN + timedelta(weeks=4))

    def test_an_event_that_cannot_be_read_is_told_and_the_rest_is_read(self, stand: Stand) -> None:
        good = stand.books().id
        page = stand.client.page

        def spoiled(calendar: str, **query: Any) -> bytes:
            return page(calendar, **query).replace(b'"items":[', b'"items":[{"id":"bad","start":{}},')

        stand.client.page = spoiled  # type: ignore[method-assign]
        changes = stand.gateway.changes(CALENDAR, None)
        assert good in {event.id for event in changes.events}
        assert [told.where for told in changes.unreadable] == ["bad"]

    def test_only_what_we_read_is_asked_for(self, stand: Stand) -> None:
        event = stand.books(reminders={"useDefault": False}, visibility="private")
        content = stand.client.event(ROOM, event.id, fields="id,summary")
        assert b"reminders" not in content
        asked: list[str] = []
        page = stand.client.page

        def noting(calendar: str, **query: Any) -> bytes:
            content = page(calendar, **query)
            asked.append(content.decode())
            return content

        stand.client.page = noting  # type: ignore[method-assign]
        stand.gateway.changes(CALENDAR, None)
        assert event.id in asked[0]
        assert not any(word in asked[0] for word in ("reminders", "htmlLink", "hangoutLink"))


class TestBusy:
    def test_days_and_absences_take_time_and_free_entries_do_not(self, stand: Stand) -> None:
        stand.anna.book(ROOM, "Training", "2026-03-14", "2026-03-15")
        stand.anna.book(ROOM, "Note", TEN, TEN + HOUR, transparency="transparent")
        away = {"id": "away1", "summary": "Away", "eventType": "outOfOffice"}
        times = {"start": {"dateTime": TEN.isoformat()}, "end": {"dateTime": (TEN + HOUR).isoformat()}}
        stand.double.seed(ROOM, [{**away, **times}])
        found = stand.gateway.busy(CALENDAR, TEN, TEN + HOUR)
        assert [time.start for time in found] == [datetime(2026, 3, 14, tzinfo=UTC), TEN]

    def test_a_held_booking_is_free_where_its_slot_was_given_back_by_a_person(self, stand: Stand) -> None:
        event = stand.books()
        stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        stand.anna.free(ROOM, event.id)
        assert list(stand.gateway.busy(CALENDAR, TEN, TEN + HOUR)) == []


def test_a_calendar_that_may_only_be_read_says_so(stand: Stand) -> None:
    stand.double.person("anna").book(READ_ONLY, "Botox", TEN, TEN + HOUR)
    google = stand.gateway._calendars[CALENDAR]
    stand.gateway._calendars[CALENDAR] = type(google)(READ_ONLY)
    assert [event.writable for event in stand.gateway.changes(CALENDAR, None).events] == [False]
