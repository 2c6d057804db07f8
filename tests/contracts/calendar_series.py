"""Bookings that come every week, for calendars that know such series."""

from datetime import timedelta

import pytest

from scheduler_app.domain.events import CalendarEvent
from scheduler_app.errors import NotFound
from scheduler_app.ports import SeriesCalendar
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, PAGE, TEN, TITLE, CalendarProgram, bare

WEEK = timedelta(weeks=1)
LATER = TEN + 100 * WEEK


def all_instances(gateway: SeriesCalendar, series: str, since: object = None) -> list[CalendarEvent]:
    """Every instance up to LATER, page by page."""
    found: list[CalendarEvent] = []
    page = None
    while True:
        changes = gateway.instances(CALENDAR, series, TEN - WEEK, LATER, page)
        assert (changes.full, changes.cursor) == (True, None)
        found += changes.events
        page = changes.page
        if page is None:
            return found


class CalendarSeriesContract(CalendarProgram):
    """Sentences about series; inherited beside CalendarGatewayContract."""

    def person_books_series(self, gateway: SeriesCalendar, weeks: int, title: str = TITLE) -> str:
        """Somebody books TEN to eleven in London, every week, so many times; the series' id."""
        raise NotImplementedError

    def test_a_series_is_told_by_its_id_and_is_no_event(self, gateway: SeriesCalendar) -> None:
        cursor = gateway.changes(CALENDAR, None).cursor
        series = self.person_books_series(gateway, 3)
        for since in (cursor, None):
            changes = gateway.changes(CALENDAR, since)
            assert (changes.series, changes.events) == ((series,), ())

    def test_instances_are_events_of_their_own(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 2)
        first, second = all_instances(gateway, series)
        assert (first.start, second.start) == (TEN, TEN + WEEK)
        assert first.id != second.id
        assert {event.series for event in (first, second)} == {series}
        assert {event.title for event in (first, second)} == {TITLE}
        assert first.recurring

    def test_an_instance_keeps_its_hour_when_the_clocks_change(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 4)
        hours = [event.start.hour for event in all_instances(gateway, series)]
        assert hours == [10, 10, 10, 9]  # UTC; London is an hour ahead from 29 March on

    def test_only_instances_of_the_span_are_told(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 4)
        span = gateway.instances(CALENDAR, series, TEN + WEEK, TEN + WEEK + HOUR)
        assert [event.start for event in span.events] == [TEN + WEEK]

    def test_pages_hold_every_instance_once(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 2 * PAGE + 1)
        found = [event.id for event in all_instances(gateway, series)]
        assert len(set(found)) == len(found) == 2 * PAGE + 1

    def test_one_instance_is_marked_and_no_other(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        second = all_instances(gateway, series)[1]
        marked = gateway.mark(CALENDAR, second.id, HOLD, second.etag)
        assert (marked.mark, marked.title, marked.series) == (HOLD, TITLE, series)
        assert [event.mark for event in all_instances(gateway, series)] == [None, HOLD, None]
        assert gateway.event(CALENDAR, second.id) == marked

    def test_unmarking_an_instance_gives_back_what_was_there(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        second = all_instances(gateway, series)[1]
        marked = gateway.mark(CALENDAR, second.id, HOLD, second.etag)
        after = gateway.unmark(CALENDAR, second.id, marked.etag)
        assert bare(after) == bare(second)

    def test_a_moved_instance_is_told_with_its_series(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        second = all_instances(gateway, series)[1]
        cursor = gateway.changes(CALENDAR, None).cursor
        self.person_moves(gateway, second.id, TEN + WEEK + HOUR)
        (moved,) = gateway.changes(CALENDAR, cursor).events
        assert (moved.id, moved.series, moved.start) == (second.id, series, TEN + WEEK + HOUR)

    def test_an_instance_called_off_is_told_as_cancelled(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        second = all_instances(gateway, series)[1]
        cursor = gateway.changes(CALENDAR, None).cursor
        assert gateway.cancel(CALENDAR, second.id, second.etag).cancelled
        told = {event.id: event.cancelled for event in gateway.changes(CALENDAR, cursor).events}
        assert told == {second.id: True}
        assert [event.cancelled for event in all_instances(gateway, series)] == [False, True, False]

    def test_instances_take_their_time(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        first, second, _ = all_instances(gateway, series)
        gateway.mark(CALENDAR, first.id, HOLD, first.etag)
        taken = gateway.busy(CALENDAR, TEN, TEN + WEEK + HOUR)
        assert [(time.id, time.start) for time in taken] == [(first.id, TEN), (second.id, TEN + WEEK)]

    def test_a_series_called_off_is_told_by_its_id(self, gateway: SeriesCalendar) -> None:
        series = self.person_books_series(gateway, 3)
        cursor = gateway.changes(CALENDAR, None).cursor
        self.person_cancels(gateway, series)
        assert series in gateway.changes(CALENDAR, cursor).series
        with pytest.raises(NotFound):
            gateway.instances(CALENDAR, series, TEN - WEEK, LATER)

    def test_what_never_was_a_series_has_no_instances(self, gateway: SeriesCalendar) -> None:
        event = self.person_books(gateway)
        for id in ("none", event.id):
            with pytest.raises(NotFound):
                gateway.instances(CALENDAR, id, TEN, TEN + HOUR)
