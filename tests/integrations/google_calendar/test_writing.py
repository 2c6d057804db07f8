"""Writing on events at Google: only ours, only over what was read, never to guests, never twice."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduler_app.domain.clinic import MarkTerms
from scheduler_app.domain.events import Mark
from scheduler_app.errors import Conflict, Denied, Disconnected, Invalid, NotFound, Paused, Unavailable
from tests.contracts.calendar_program import CALENDAR, HOLD, HOUR, LATER, TEN, TITLE
from tests.contracts.calendar_time import GIVEN_BACK
from tests.google_double import ROOM, GoogleDouble
from tests.integrations.google_calendar.stand import Stand

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


class TestCallingOff:
    @pytest.mark.parametrize("notify", ["none", "externalOnly", "all"])
    def test_whom_google_tells_is_as_configured(self, google_double: GoogleDouble, notify: str) -> None:
        stand = Stand(google_double, terms=MarkTerms(notify=notify))
        event = stand.books()
        asked = asked_of(stand)
        stand.gateway.cancel(CALENDAR, event.id, event.etag)
        assert [(method, query["sendUpdates"]) for method, _, query in asked] == [("delete", notify)]
        stand.client.close()

    def test_what_is_purged_at_once_was_called_off(self, stand: Stand) -> None:
        event = stand.books()
        stand.double.fail(method="events.get", skip=1, status=404, reason="notFound")
        assert stand.gateway.cancel(CALENDAR, event.id, event.etag).cancelled


class TestChannels:
    def test_a_channel_is_opened_and_closed(self, stand: Stand) -> None:
        resource, expires = stand.gateway.watch(
            CALENDAR, "channel-1", "secret", "https://127.0.0.1:9/hooks/google"
        )
        assert (expires - stand.double.clock.now).days in (6, 7)
        assert [channel.id for channel in stand.double.channels] == ["channel-1"]
        assert resource
        stand.gateway.stop(CALENDAR, "channel-1", resource)
        assert stand.double.channels == []
        stand.gateway.stop(CALENDAR, "channel-1", resource)

    def test_an_address_that_google_refuses_says_so(self, stand: Stand) -> None:
        with pytest.raises(Invalid) as refused:
            stand.gateway.watch(CALENDAR, "channel-1", "secret", "http://clinic.example/hooks/google")
        assert (refused.value.code, refused.value.path) == ("address-refused", "SCHEDULER_PUBLIC_URL")


def same(stored: dict[str, Any]) -> dict[str, Any]:
    """Without what every write changes, and what says nothing by being empty."""
    changing = {"etag", "updated", "sequence"}
    kept = {key: value for key, value in stored.items() if key not in changing and value not in (None, "")}
    if not kept.get("extendedProperties", {}).get("private"):
        kept.pop("extendedProperties", None)
    if kept.get("transparency") == "opaque":
        kept.pop("transparency")
    return kept


def asked_of(stand: Stand) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every write from now on: its method, its body and its query."""
    seen: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
    ask = stand.client._ask

    def noting(method: str, *more: Any, **query: Any) -> bytes:
        if method in ("patch", "delete"):
            seen.append((method, query.get("body", {}), query))
        return ask(method, *more, **query)

    stand.client._ask = noting  # type: ignore[method-assign]
    return seen


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
