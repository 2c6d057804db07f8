"""What every program that keeps clinic calendars must do for us, whoever wrote it.

An adapter inherits CalendarGatewayContract and supplies `gateway` (pages of PAGE events, an empty calendar
named CALENDAR) and what people do at that program. For calendars that people book in through us see
bookable_calendar.py, for those that know series calendar_series.py.
"""

import pytest

from scheduler_app.errors import Conflict, NotFound
from scheduler_app.ports import CalendarGateway
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, LATER, TEN, TITLE, bare
from tests.contracts.calendar_reading import CalendarReadingContract
from tests.contracts.calendar_time import CalendarTimeContract


class CalendarGatewayContract(CalendarReadingContract, CalendarTimeContract):
    """Sentences every gateway makes true."""

    # Marks

    def test_a_mark_keeps_the_persons_own_words(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway, description="Allergic to latex.\nCall before.")
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        assert (marked.title, marked.description) == (TITLE, "Allergic to latex.\nCall before.")
        assert marked.mark == HOLD

    def test_own_mark_is_stripped_before_reading(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway, description="Latex")
        start = gateway.changes(CALENDAR, None).cursor
        gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        (read,) = gateway.changes(CALENDAR, start).events
        again = gateway.event(CALENDAR, event.id)
        assert (read.title, read.description, read.mark) == (TITLE, "Latex", HOLD)
        assert (again.title, again.description, again.mark) == (TITLE, "Latex", HOLD)

    def test_a_mark_changes_nothing_but_the_mark(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway, description="Latex")
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        assert bare(marked) == bare(event)

    def test_unmark_restores_exactly(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway, "  ⛔ [Botox]  Anna -- 2nd  ", description="a\n\n- b\n ")
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        after = gateway.unmark(CALENDAR, event.id, marked.etag)
        assert after.mark is None
        assert bare(after) == bare(event)
        assert gateway.event(CALENDAR, event.id) == after

    def test_a_new_mark_takes_the_place_of_the_old_one(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        first = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        second = gateway.mark(CALENDAR, event.id, LATER, first.etag)
        assert second.mark == LATER
        assert bare(gateway.unmark(CALENDAR, event.id, second.etag)) == bare(event)

    def test_marking_twice_changes_nothing(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        once = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        cursor = gateway.changes(CALENDAR, None).cursor
        assert gateway.mark(CALENDAR, event.id, HOLD, once.etag) == once
        assert gateway.changes(CALENDAR, cursor).events == ()

    def test_unmarking_what_is_not_marked_changes_nothing(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        assert gateway.unmark(CALENDAR, event.id, event.etag) == event

    def test_a_person_may_retitle_a_marked_event_and_the_mark_stays(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        self.person_retitles(gateway, event.id, "Botox - Anna Smith")
        read = gateway.event(CALENDAR, event.id)
        assert (read.title, read.mark) == ("Botox - Anna Smith", HOLD)
        assert gateway.unmark(CALENDAR, event.id, read.etag).title == "Botox - Anna Smith"

    def test_a_mark_survives_a_move(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        self.person_moves(gateway, event.id, TEN + 24 * HOUR)
        assert gateway.event(CALENDAR, event.id).mark == HOLD

    # Etags

    def test_a_stale_etag_is_a_conflict(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        self.person_moves(gateway, event.id, TEN + HOUR)
        with pytest.raises(Conflict):
            gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        with pytest.raises(Conflict):
            gateway.unmark(CALENDAR, event.id, event.etag)
        assert gateway.event(CALENDAR, event.id).mark is None

    def test_every_change_gives_a_new_etag(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        self.person_moves(gateway, event.id, TEN + HOUR)
        moved = gateway.event(CALENDAR, event.id)
        unmarked = gateway.unmark(CALENDAR, event.id, moved.etag)
        assert len({event.etag, marked.etag, moved.etag, unmarked.etag}) == 4

    def test_the_etag_of_a_write_is_the_one_that_is_read(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        (read,) = gateway.changes(CALENDAR, None).events
        assert marked.etag == gateway.event(CALENDAR, event.id).etag == read.etag

    # What is gone

    def test_an_event_that_never_was_is_not_found(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        with pytest.raises(NotFound):
            gateway.event(CALENDAR, "none")
        with pytest.raises(NotFound):
            gateway.mark(CALENDAR, "none", HOLD, event.etag)

    def test_a_cancelled_event_cannot_be_marked(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        self.person_cancels(gateway, event.id)
        with pytest.raises(NotFound):
            gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        with pytest.raises(NotFound):
            gateway.unmark(CALENDAR, event.id, event.etag)

    def test_a_calendar_that_is_gone_is_not_found(self, gateway: CalendarGateway) -> None:
        with pytest.raises(NotFound):
            gateway.changes("nowhere", None)
