"""What a clinic calendar's time is: calling off, slots that are taken, and slots given back."""

import pytest

from scheduler_app.domain.events import Mark, takes_time
from scheduler_app.errors import Conflict, NotFound
from scheduler_app.ports import CalendarGateway
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, TEN, CalendarProgram, bare

GIVEN_BACK = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", free=True)


class CalendarTimeContract(CalendarProgram):
    """A part of CalendarGatewayContract."""

    # Calling off

    def test_what_we_call_off_is_told_as_cancelled(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        cursor = gateway.changes(CALENDAR, None).cursor
        assert gateway.cancel(CALENDAR, event.id, event.etag).cancelled
        (gone,) = gateway.changes(CALENDAR, cursor).events
        assert (gone.id, gone.cancelled) == (event.id, True)

    def test_calling_off_twice_changes_nothing(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        gateway.cancel(CALENDAR, event.id)
        cursor = gateway.changes(CALENDAR, None).cursor
        assert gateway.cancel(CALENDAR, event.id).cancelled
        assert gateway.cancel(CALENDAR, event.id, event.etag).cancelled
        assert gateway.changes(CALENDAR, cursor).events == ()

    def test_calling_off_what_changed_meanwhile_is_a_conflict(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        self.person_moves(gateway, event.id, TEN + HOUR)
        with pytest.raises(Conflict):
            gateway.cancel(CALENDAR, event.id, event.etag)
        assert not gateway.event(CALENDAR, event.id).cancelled

    def test_what_never_was_cannot_be_called_off(self, gateway: CalendarGateway) -> None:
        with pytest.raises(NotFound):
            gateway.cancel(CALENDAR, "none")

    # Time that is taken

    def test_busy_times_are_what_overlaps_in_order_of_start(self, gateway: CalendarGateway) -> None:
        late = self.person_books(gateway, start=TEN + HOUR)
        early = self.person_books(gateway)
        self.person_books(gateway, start=TEN - HOUR)  # ends as the span begins
        self.person_books(gateway, start=TEN + 2 * HOUR)  # begins as it ends
        found = gateway.busy(CALENDAR, TEN, TEN + 2 * HOUR)
        assert [(time.id, time.start, time.end) for time in found] == [
            (early.id, TEN, TEN + HOUR),
            (late.id, TEN + HOUR, TEN + 2 * HOUR),
        ]

    def test_more_busy_times_than_a_page_holds_are_all_told(self, gateway: CalendarGateway) -> None:
        booked = [self.person_books(gateway, start=TEN + n * HOUR).id for n in range(7)]
        assert [time.id for time in gateway.busy(CALENDAR, TEN, TEN + 24 * HOUR)] == booked

    def test_what_was_called_off_takes_no_time(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        gateway.cancel(CALENDAR, event.id)
        assert list(gateway.busy(CALENDAR, TEN, TEN + HOUR)) == []

    def test_what_is_held_still_takes_its_time(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        marked = gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        assert takes_time(marked)
        assert [time.id for time in gateway.busy(CALENDAR, TEN, TEN + HOUR)] == [event.id]

    def test_a_slot_given_back_takes_no_time_and_is_still_a_booking(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        marked = gateway.mark(CALENDAR, event.id, GIVEN_BACK, event.etag)
        assert (marked.mark, marked.busy, takes_time(marked)) == (GIVEN_BACK, True, False)
        assert gateway.event(CALENDAR, event.id) == marked
        assert list(gateway.busy(CALENDAR, TEN, TEN + HOUR)) == []

    def test_a_slot_taken_back_takes_its_time_again(self, gateway: CalendarGateway) -> None:
        event = self.person_books(gateway)
        free = gateway.mark(CALENDAR, event.id, GIVEN_BACK, event.etag)
        held = gateway.mark(CALENDAR, event.id, HOLD, free.etag)
        assert [time.id for time in gateway.busy(CALENDAR, TEN, TEN + HOUR)] == [event.id]
        given = gateway.mark(CALENDAR, event.id, GIVEN_BACK, held.etag)
        after = gateway.unmark(CALENDAR, event.id, given.etag)
        assert bare(after) == bare(event)
        assert [time.id for time in gateway.busy(CALENDAR, TEN, TEN + HOUR)] == [event.id]

    def test_nothing_is_known_of_the_time_of_a_calendar_that_is_not_kept(
        self, gateway: CalendarGateway
    ) -> None:
        with pytest.raises(NotFound):
            gateway.busy("nowhere", TEN, TEN + HOUR)
