"""Writing on events at Google: only ours, only over what was read, never to guests, never twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.events import Mark
from scheduler_app.errors import Denied, Disconnected, Invalid
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, LATER, TEN, TITLE
from tests.contracts.calendar_time import GIVEN_BACK
from tests.google_double import ROOM, GoogleDouble
from tests.integrations.google_calendar.stand import Stand, asked_of

RED = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", "Tomato")
GUESTS = [{"email": "anna.smith@example.org"}, {"email": "dr.lee@example.org"}]


class TestWhatIsWritten:
    def test_a_hold_is_seen_in_the_calendar(self, stand: Stand) -> None:
        event = stand.books(colorId="10")
        stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        shown = stand.stored(event.id)
        assert shown["summary"] == f"⛔15 Mar · {TITLE}"
        assert "Possible from 15 March." in shown["description"]
        assert shown["colorId"] == "11"
        assert shown.get("transparency", "opaque") == "opaque"

    def test_taking_it_off_leaves_the_event_as_it_was(self, stand: Stand) -> None:
        event = stand.books(colorId="10", attendees=GUESTS, location="Room 1", visibility="private")
        before = stand.stored(event.id)
        marked = stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        stand.gateway.unmark(CALENDAR, event.id, marked.etag)
        assert same(stand.stored(event.id)) == same(before)

    def test_a_slot_given_back_is_shown_as_free(self, stand: Stand) -> None:
        event = stand.books()
        marked = stand.gateway.mark(CALENDAR, event.id, GIVEN_BACK, event.etag)
        assert stand.stored(event.id)["transparency"] == "transparent"
        stand.gateway.unmark(CALENDAR, event.id, marked.etag)
        assert stand.stored(event.id).get("transparency", "opaque") == "opaque"

    def test_guests_are_left_alone_and_told_nothing(self, stand: Stand) -> None:
        event = stand.books(attendees=GUESTS)
        asked = asked_of(stand)
        marked = stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        stand.gateway.unmark(CALENDAR, event.id, marked.etag)
        assert [query["sendUpdates"] for _, _, query in asked] == ["none", "none"]
        assert all("attendees" not in body for _, body, _ in asked)
        assert {guest.email for guest in stand.read(event.id).attendees} >= {
            guest["email"] for guest in GUESTS
        }

    def test_a_label_is_put_on_and_taken_off(self, stand: Stand) -> None:
        label = stand.double.label(ROOM, "Too soon")
        event = stand.books()
        hold = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", label)
        marked = stand.gateway.mark(CALENDAR, event.id, hold, event.etag)
        assert stand.stored(event.id)["eventLabelId"] == label
        assert (marked.mark, marked.labels) == (hold, ())
        after = stand.gateway.unmark(CALENDAR, event.id, marked.etag)
        assert not stand.stored(event.id).get("eventLabelId")
        assert after.labels == ()

    def test_a_label_of_the_clinics_survives_a_hold_with_a_colour(self, stand: Stand) -> None:
        label = stand.double.label(ROOM, "VIP")
        id = stand.books().id
        stand.anna.label(ROOM, id, label)
        event = stand.read(id)
        assert event.labels == (label,)
        marked = stand.gateway.mark(CALENDAR, id, RED, event.etag)
        assert stand.stored(id)["eventLabelId"] == label
        stand.gateway.unmark(CALENDAR, id, marked.etag)
        assert stand.stored(id)["eventLabelId"] == label

    def test_a_description_that_the_editor_rewrote_is_still_understood(self, stand: Stand) -> None:
        event = stand.books(description="Latex\nCall before")
        stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        stand.anna.save_in_editor(ROOM, event.id)
        read = stand.read(event.id)
        assert (read.mark, read.description) == (RED, "Latex\nCall before")
        after = stand.gateway.unmark(CALENDAR, event.id, read.etag)
        assert after.description == "Latex\nCall before"
        assert "gap" not in stand.stored(event.id)["description"]

    def test_a_person_who_takes_the_prefix_off_is_seen_and_the_rest_can_be_taken_off(
        self, stand: Stand
    ) -> None:
        event = stand.books()
        stand.gateway.mark(CALENDAR, event.id, RED, event.etag)
        stand.anna.retitle(ROOM, event.id, TITLE)
        read = stand.read(event.id)
        assert (read.mark, read.title, read.colour) == (replace(RED, prefix=""), TITLE, "")
        stand.gateway.unmark(CALENDAR, event.id, read.etag)
        stored = stand.stored(event.id)
        assert (stored.get("description") or "", stored.get("colorId")) == ("", None)

    def test_an_event_with_a_colour_nobody_knows_is_held_without_one(self, stand: Stand) -> None:
        event = stand.books(colorId="10")
        stand.gateway.mark(CALENDAR, event.id, Mark("hold", "x · ", "y", "no-colour"), event.etag)
        assert stand.stored(event.id)["colorId"] == "10"

    def test_a_colour_of_the_configuration_that_is_none_is_refused(self, google_double: GoogleDouble) -> None:
        with pytest.raises(Invalid) as refused:
            Stand(google_double, terms=MarkTerms(colours={"hold": "reddish"}))
        assert refused.value.path == f"calendar.{CALENDAR}.marks.colours.hold"


class TestWhatIsNotOurs:
    @pytest.mark.parametrize("fields", [{"organizer": {"email": "x@else.example"}}, {"locked": True}])
    def test_a_copy_of_somebody_elses_event_is_not_written_on(
        self, stand: Stand, fields: dict[str, Any]
    ) -> None:
        seeded(stand, **fields)
        event = stand.read("copy1")
        assert not event.writable
        acts: list[Callable[[], object]] = [
            lambda: stand.gateway.mark(CALENDAR, "copy1", HOLD, event.etag),
            lambda: stand.gateway.cancel(CALENDAR, "copy1", event.etag),
        ]
        for act in acts:
            mark = stand.double.mark()
            with pytest.raises(Denied):
                act()
            assert {request.method for request in stand.double.requests_since(mark)} <= {"events.get"}

    def test_what_was_shared_for_reading_only_is_ours_again_once_it_is_not_whoever_read_that(
        self, stand: Stand
    ) -> None:
        event = stand.books()
        stand.double.share(ROOM, "bot", "reader")
        stand.gateway.changes(CALENDAR, None)
        assert not stand.gateway.event(CALENDAR, event.id).writable
        stand.double.share(ROOM, "bot", "writer")  # it is another process that reads the calendar next
        assert stand.gateway.event(CALENDAR, event.id).writable

    def test_nothing_is_written_where_we_may_only_read(self, stand: Stand) -> None:
        stand.double.share(ROOM, "bot", "reader")
        event = stand.books()
        assert not event.writable
        with pytest.raises(Denied):
            stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)

    def test_a_right_withdrawn_meanwhile_disconnects_the_calendar(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.share(ROOM, "bot", "reader")
        with pytest.raises(Disconnected) as closed:
            stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)
        assert closed.value.code == "access-withdrawn"

    def test_an_event_of_a_calendar_that_is_gone_is_not_taken_for_deleted(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.unshare(ROOM, "bot")
        acts: list[Callable[[], object]] = [
            lambda: stand.gateway.event(CALENDAR, event.id),
            lambda: stand.gateway.mark(CALENDAR, event.id, HOLD, "other"),
            lambda: stand.gateway.cancel(CALENDAR, event.id),
            lambda: stand.gateway.instances(CALENDAR, event.id, TEN, TEN + HOUR),
            lambda: stand.gateway.changes(CALENDAR, None),
        ]
        for act in acts:
            with pytest.raises(Disconnected) as closed:
                act()
            assert closed.value.code == "calendar-missing"


def same(stored: dict[str, Any]) -> dict[str, Any]:
    """Without what every write changes, and what says nothing by being empty."""
    changing = {"etag", "updated", "sequence"}
    kept = {key: value for key, value in stored.items() if key not in changing and value not in (None, "")}
    if not kept.get("extendedProperties", {}).get("private"):
        kept.pop("extendedProperties", None)
    if kept.get("transparency") == "opaque":
        kept.pop("transparency")
    return kept


def seeded(stand: Stand, **fields: Any) -> None:
    """An event that is no client's to make."""
    times = {"start": {"dateTime": TEN.isoformat()}, "end": {"dateTime": (TEN + HOUR).isoformat()}}
    stand.double.seed(ROOM, [{"id": "copy1", "summary": TITLE, **times, **fields}])


def test_another_mark_over_the_first_is_one_write(stand: Stand) -> None:
    event = stand.books()
    first = stand.gateway.mark(CALENDAR, event.id, HOLD, event.etag)
    assert stand.requests(lambda: stand.gateway.mark(CALENDAR, event.id, LATER, first.etag)) == [
        "events.patch"
    ]
