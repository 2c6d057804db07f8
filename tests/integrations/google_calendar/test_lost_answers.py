"""Answers that never came, people who were faster, and pauses: what stands there decides."""

import pytest

from scheduler_app.domain.events import Mark
from scheduler_app.errors import Conflict, NotFound, Paused, Unavailable
from tests.contracts.calendar_program import CALENDAR, HOUR, TEN
from tests.google_double import ROOM
from tests.integrations.google_calendar.stand import Stand

RED = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", "Tomato")


class TestLostAnswers:
    """The write happened, and its answer never came."""

    def test_a_mark_that_stands_is_no_conflict(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.patch", when="after", status=503)
        marked = stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        assert marked.mark == RED
        assert marked == stand.read(event.id)

    def test_a_connection_that_ends_after_the_write_is_no_conflict(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.patch", when="after", drop=True)
        assert stand.gateway.mark(CALENDAR, event.id, RED, event.etag).mark == RED

    def test_a_mark_taken_off_is_no_conflict(self, stand: Stand) -> None:
        event = stand.books()
        marked = stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        stand.double.fail(method="events.patch", when="after", status=503)
        assert stand.gateway.unmark(CALENDAR, event.id, marked.etag).mark is None

    def test_a_booking_changed_since_is_a_conflict_although_our_mark_stands(self, stand: Stand) -> None:
        event = stand.books()

        def moves() -> None:
            stand.anna.move(ROOM, event.id, TEN + 24 * HOUR, TEN + 25 * HOUR)

        stand.nap.meanwhile = moves
        stand.double.fail(method="events.patch", when="after", status=503)
        with pytest.raises(Conflict):
            stand.gateway.mark(CALENDAR, event.id, RED, event.etag)

    def test_somebody_who_was_faster_is_a_conflict_and_stays(self, stand: Stand) -> None:
        event = stand.books()
        stand.anna.retitle(ROOM, event.id, "Botox - Anna Smith")
        with pytest.raises(Conflict):
            stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        assert stand.stored(event.id)["summary"] == "Botox - Anna Smith"

    def test_somebody_who_was_faster_is_a_conflict_where_nothing_had_to_be_written_too(
        self, stand: Stand
    ) -> None:
        event = stand.books()
        stand.anna.retitle(ROOM, event.id, "Botox - Anna Smith")
        with pytest.raises(Conflict):
            stand.gateway.unmark(CALENDAR, event.id, event.etag)

    def test_a_mark_is_not_written_on_what_was_called_off_meanwhile(self, stand: Stand) -> None:
        event = stand.books()
        stand.anna.delete(ROOM, event.id)
        with pytest.raises(NotFound):
            stand.gateway.mark(CALENDAR, event.id, RED, event.etag)

    def test_an_event_called_off_is_called_off(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.delete", when="after", drop=True)
        assert stand.gateway.cancel(CALENDAR, event.id, event.etag).cancelled

    def test_nothing_happened_where_the_write_never_came(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.patch", status=503, times=None)
        with pytest.raises(Unavailable):
            stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        assert stand.read(event.id) == event

    def test_writes_pause_and_reading_goes_on(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.patch", status=403, reason="quotaExceeded", times=None)
        with pytest.raises(Paused):
            stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        assert [read.id for read in stand.gateway.changes(CALENDAR, None).events] == [event.id]
