"""What a calendar must do that people book in through us: the one kept in the database, the one in memory."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler_app.domain.events import CalendarEvent, EventDraft, Mark, Person
from scheduler_app.errors import Conflict, Invalid, NotFound
from scheduler_app.ports import BookableCalendar
from tests.contracts.calendar_gateway import CalendarGatewayContract
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, TEN, TITLE, all_pages, bare

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "move", "edit", "cancel", "mark", "unmark", "read"]),
        st.integers(0, 4),
        st.integers(0, 3),
    ),
    max_size=25,
)


# One gateway serves all examples of a test, and one test serves all adapters: both are meant.
SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    max_examples=25,
    deadline=None,
)


def draft(title: str = TITLE, start: datetime = TEN, description: str = "") -> EventDraft:
    """An hour in London."""
    return EventDraft(title, start, start + HOUR, "Europe/London", description)


class BookableCalendarContract(CalendarGatewayContract):
    """Sentences about booking, moving, editing and calling off."""

    @pytest.fixture
    def gateway(self) -> BookableCalendar:
        """The adapter under test."""
        raise NotImplementedError

    def person_books(
        self, gateway: Any, title: str = TITLE, start: datetime = TEN, description: str = ""
    ) -> CalendarEvent:
        event: CalendarEvent = gateway.book(CALENDAR, draft(title, start, description))
        return event

    def person_retitles(self, gateway: Any, event_id: str, title: str) -> None:
        event = gateway.event(CALENDAR, event_id)
        gateway.edit(CALENDAR, event_id, draft(title, event.start, event.description), event.etag)

    def person_moves(self, gateway: Any, event_id: str, start: datetime) -> None:
        gateway.move(CALENDAR, event_id, start, start + HOUR)

    def person_cancels(self, gateway: Any, event_id: str) -> None:
        gateway.cancel(CALENDAR, event_id)

    def test_what_was_booked_is_what_is_read(self, gateway: BookableCalendar) -> None:
        anna = Person("anna@example.org", "Anna Smith")
        east = timezone(timedelta(hours=9))
        wanted = EventDraft(
            TITLE, TEN.astimezone(east), (TEN + HOUR).astimezone(east), "Asia/Tokyo", "Latex", (anna,), "red"
        )
        booked = gateway.book(CALENDAR, wanted)
        read = gateway.event(CALENDAR, booked.id)
        assert read == booked
        assert (read.title, read.description, read.colour) == (TITLE, "Latex", "red")
        assert (read.start, read.end, read.zone) == (TEN, TEN + HOUR, "Asia/Tokyo")
        assert (read.attendees, read.status, read.mark) == ((anna,), "confirmed", None)
        assert read.created is not None
        assert read.uid

    def test_moving_keeps_everything_but_the_time(self, gateway: BookableCalendar) -> None:
        event = gateway.book(CALENDAR, draft(description="Latex"))
        moved = gateway.move(CALENDAR, event.id, TEN + 24 * HOUR, TEN + 26 * HOUR, event.etag)
        assert (moved.start, moved.end) == (TEN + 24 * HOUR, TEN + 26 * HOUR)
        assert (moved.title, moved.description, moved.created) == (TITLE, "Latex", event.created)

    def test_moving_to_where_it_is_changes_nothing(self, gateway: BookableCalendar) -> None:
        event = gateway.book(CALENDAR, draft())
        assert gateway.move(CALENDAR, event.id, event.start, event.end, event.etag) == event

    def test_moving_what_somebody_changed_meanwhile_is_a_conflict(self, gateway: BookableCalendar) -> None:
        event = gateway.book(CALENDAR, draft())
        gateway.move(CALENDAR, event.id, TEN + HOUR, TEN + 2 * HOUR)
        with pytest.raises(Conflict):
            gateway.move(CALENDAR, event.id, TEN, TEN + HOUR, event.etag)
        with pytest.raises(Conflict):
            gateway.edit(CALENDAR, event.id, draft("Botox"), event.etag)
        with pytest.raises(Conflict):
            gateway.cancel(CALENDAR, event.id, event.etag)

    def test_cancelling_twice_is_success(self, gateway: BookableCalendar) -> None:
        event = gateway.book(CALENDAR, draft())
        once = gateway.cancel(CALENDAR, event.id, event.etag)
        assert once.cancelled
        assert gateway.cancel(CALENDAR, event.id, event.etag) == once
        assert gateway.event(CALENDAR, event.id) == once

    def test_what_was_cancelled_cannot_be_moved_or_edited(self, gateway: BookableCalendar) -> None:
        event = gateway.book(CALENDAR, draft())
        gateway.cancel(CALENDAR, event.id)
        with pytest.raises(NotFound):
            gateway.move(CALENDAR, event.id, TEN, TEN + 2 * HOUR)
        with pytest.raises(NotFound):
            gateway.edit(CALENDAR, event.id, draft("Botox"))

    def test_nothing_is_booked_in_a_calendar_that_is_not_kept(self, gateway: BookableCalendar) -> None:
        with pytest.raises(NotFound):
            gateway.book("nowhere", draft())
        with pytest.raises(NotFound):
            gateway.between("nowhere", TEN, TEN + HOUR)

    @pytest.mark.parametrize(
        ("start", "end", "zone"),
        [
            (TEN, TEN, "Europe/London"),
            (TEN, TEN - HOUR, "Europe/London"),
            (TEN, TEN + HOUR, "Europe/Nowhere"),
            (TEN, TEN + HOUR, "../etc/passwd"),
            (TEN.replace(tzinfo=None), TEN + HOUR, "Europe/London"),
        ],
    )
    def test_times_that_are_none_are_refused(
        self, gateway: BookableCalendar, start: datetime, end: datetime, zone: str
    ) -> None:
        with pytest.raises(Invalid):
            gateway.book(CALENDAR, EventDraft(TITLE, start, end, zone))
        assert gateway.changes(CALENDAR, None).events == ()

    def test_between_holds_what_overlaps_and_was_not_called_off(self, gateway: BookableCalendar) -> None:
        late = gateway.book(CALENDAR, draft(start=TEN + HOUR))
        early = gateway.book(CALENDAR, draft(start=TEN))
        gateway.book(CALENDAR, draft(start=TEN - HOUR))  # ends as the span begins
        gateway.book(CALENDAR, draft(start=TEN + 2 * HOUR))  # begins as it ends
        gone = gateway.book(CALENDAR, draft(start=TEN))
        gateway.cancel(CALENDAR, gone.id)
        assert gateway.between(CALENDAR, TEN, TEN + 2 * HOUR) == [early, late]

    def test_calendars_do_not_know_each_other(self, gateway: Any) -> None:
        gateway.keep("other")
        event = gateway.book(CALENDAR, draft())
        assert gateway.changes("other", None).events == ()
        with pytest.raises(NotFound):
            gateway.event("other", event.id)

    def test_keeping_a_calendar_twice_loses_nothing(self, gateway: Any) -> None:
        event = gateway.book(CALENDAR, draft())
        gateway.keep(CALENDAR)
        assert gateway.event(CALENDAR, event.id) == event

    @SHARED
    @given(title=WORDS, description=WORDS, prefix=WORDS, text=WORDS)
    def test_whatever_the_words_unmarking_gives_them_back(
        self, gateway: BookableCalendar, title: str, description: str, prefix: str, text: str
    ) -> None:
        event = gateway.book(CALENDAR, draft(title, description=description))
        marked = gateway.mark(CALENDAR, event.id, Mark("note", prefix, text), event.etag)
        assert (marked.title, marked.description) == (title, description)
        assert bare(gateway.unmark(CALENDAR, event.id, marked.etag)) == bare(event)

    @SHARED
    @given(steps=STEPS)
    def test_who_follows_the_cursor_sees_what_stands_there(
        self, gateway: BookableCalendar, steps: list[tuple[str, int, int]]
    ) -> None:
        known: dict[str, CalendarEvent] = {}
        cursor = all_pages(gateway, None)[1]
        ours: list[str] = []
        for what, which, hours in steps:
            if what == "read":
                fresh, cursor = all_pages(gateway, cursor)
                known |= {event.id: event for event in fresh}
            else:
                act(gateway, ours, what, which, hours)
        known |= {event.id: event for event in all_pages(gateway, cursor)[0]}
        assert known == {id: gateway.event(CALENDAR, id) for id in ours}


def act(gateway: BookableCalendar, ours: list[str], what: str, which: int, hours: int) -> None:
    """One thing somebody does to one of our events, where that is possible."""
    if what == "book":
        ours.append(gateway.book(CALENDAR, draft(start=TEN + hours * HOUR)).id)
        return
    if not ours:
        return
    event = gateway.event(CALENDAR, ours[which % len(ours)])
    if event.cancelled and what != "cancel":
        return
    start = TEN + hours * HOUR
    if what == "move":
        gateway.move(CALENDAR, event.id, start, start + HOUR)
    elif what == "edit":
        gateway.edit(CALENDAR, event.id, draft(f"Botox {hours}", event.start))
    elif what == "cancel":
        gateway.cancel(CALENDAR, event.id)
    elif what == "mark":
        gateway.mark(CALENDAR, event.id, HOLD if hours else Mark("note", "", "."), event.etag)
    else:
        gateway.unmark(CALENDAR, event.id, event.etag)


def at_ten() -> datetime:
    """A clock that stands."""
    return datetime(2026, 3, 1, 9, tzinfo=UTC)
