"""How a clinic calendar is read: changes, cursors, pages."""

from datetime import timedelta

import pytest

from scheduler_app.errors import Expired
from scheduler_app.ports import CalendarGateway
from tests.contracts.calendar_program import CALENDAR, HOUR, PAGE, TEN, CalendarProgram, all_pages


class CalendarReadingContract(CalendarProgram):
    """A part of CalendarGatewayContract."""

    # Reading

    def test_times_are_utc_and_the_zone_is_kept(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        assert (event.start, event.end) == (TEN, TEN + HOUR)
        assert event.start.utcoffset() == event.end.utcoffset() == timedelta(0)
        assert event.zone == "Europe/London"

    def test_without_a_cursor_everything_is_read(self, gateway: CalendarGateway) -> None:
        booked = {self.person_books(gateway, start=TEN + n * HOUR).id for n in range(2)}
        changes = gateway.changes(CALENDAR, None)
        assert {event.id for event in changes.events} == booked
        assert changes.full

    def test_changes_since_a_cursor_are_only_those(self, gateway: CalendarGateway) -> None:
        self.person_books(gateway)
        cursor = gateway.changes(CALENDAR, None).cursor
        new = self.person_books(gateway, start=TEN + HOUR)
        changes = gateway.changes(CALENDAR, cursor)
        assert [event.id for event in changes.events] == [new.id]
        assert not changes.full
        assert gateway.changes(CALENDAR, changes.cursor).events == ()

    def test_a_cursor_may_be_used_again(self, gateway: CalendarGateway) -> None:
        cursor = gateway.changes(CALENDAR, None).cursor
        event = self.person_books(gateway)
        for _ in range(2):
            assert [read.id for read in gateway.changes(CALENDAR, cursor).events] == [event.id]

    def test_a_cancelled_event_comes_as_cancelled(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        cursor = gateway.changes(CALENDAR, None).cursor
        self.person_cancels(gateway, event.id)
        (gone,) = gateway.changes(CALENDAR, cursor).events
        assert (gone.id, gone.cancelled) == (event.id, True)

    def test_a_full_reading_shows_nothing_cancelled_as_standing(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        self.person_cancels(gateway, event.id)
        assert all(read.cancelled for read in gateway.changes(CALENDAR, None).events)

    def test_an_expired_cursor_raises_Expired(self, gateway: CalendarGateway) -> None:  # noqa: N802
        self.person_books(gateway)
        cursor = gateway.changes(CALENDAR, None).cursor
        self.cursors_expire(gateway)
        with pytest.raises(Expired):
            gateway.changes(CALENDAR, cursor)
        assert gateway.changes(CALENDAR, None).full

    def test_a_cursor_nobody_handed_out_raises_Expired(self, gateway: CalendarGateway) -> None:  # noqa: N802
        with pytest.raises(Expired):
            gateway.changes(CALENDAR, "no-cursor-of-yours")

    # Pages

    def test_the_cursor_comes_with_the_last_page_only(self, gateway: CalendarGateway) -> None:
        for n in range(PAGE + 1):
            self.person_books(gateway, start=TEN + n * HOUR)
        first = gateway.changes(CALENDAR, None)
        assert (len(first.events), first.cursor) == (PAGE, None)
        last = gateway.changes(CALENDAR, None, first.page)
        assert (len(last.events), last.page) == (1, None)
        assert last.cursor is not None
        assert first.full
        assert last.full

    def test_pages_hold_everything_once(self, gateway: CalendarGateway) -> None:
        cursor = gateway.changes(CALENDAR, None).cursor
        booked = [self.person_books(gateway, start=TEN + n * HOUR).id for n in range(2 * PAGE + 1)]
        for start in (None, cursor):
            read = [event.id for event in all_pages(gateway, start)[0]]
            assert sorted(read) == sorted(booked)

    def test_a_page_that_is_exactly_full_is_the_last_one(self, gateway: CalendarGateway) -> None:
        for n in range(PAGE):
            self.person_books(gateway, start=TEN + n * HOUR)
        changes = gateway.changes(CALENDAR, None)
        assert (len(changes.events), changes.page) == (PAGE, None)

    def test_what_changes_between_two_pages_is_not_lost(self, gateway: CalendarGateway) -> None:
        booked = [self.person_books(gateway, start=TEN + n * HOUR) for n in range(PAGE + 2)]
        first = gateway.changes(CALENDAR, None)
        self.person_cancels(gateway, first.events[0].id)
        self.person_moves(gateway, first.events[1].id, TEN - 24 * HOUR)
        new = self.person_books(gateway, start=TEN + 99 * HOUR)
        known = {event.id: event for event in first.events}
        later, cursor = all_pages(gateway, None, first.page)
        known |= {event.id: event for event in later}
        known |= {event.id: event for event in all_pages(gateway, cursor)[0]}
        assert known[first.events[0].id].cancelled
        assert known[first.events[1].id].start == TEN - 24 * HOUR
        assert known.keys() == {event.id for event in (*booked, new)}
