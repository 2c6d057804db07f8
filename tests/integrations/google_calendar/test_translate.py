"""From the Calendar API's events to ours."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from integrations.google_calendar.moments import NEVER, Home
from integrations.google_calendar.shapes import event_decoder
from integrations.google_calendar.translate import event_of, inputs_hash
from scheduler_app.domain.events import CalendarEvent, Person

HOME = Home("Europe/London", True, "room1@clinic.example")
RAW: dict[str, Any] = {
    "kind": "calendar#event",
    "id": "ev1",
    "etag": '"7"',
    "status": "confirmed",
    "htmlLink": "https://www.google.com/calendar/event?eid=x",
    "created": "2026-01-01T10:00:00.000Z",
    "updated": "2026-01-02T10:00:00.123Z",
    "summary": "Microneedling - Anna Smith",
    "start": {"dateTime": "2026-06-14T10:00:00+01:00", "timeZone": "Europe/London"},
    "end": {"dateTime": "2026-06-14T11:00:00+01:00", "timeZone": "Europe/London"},
    "iCalUID": "ev1@google.com",
    "organizer": {"email": "room1@clinic.example", "displayName": "Room 1", "self": True},
    "creator": {"email": "desk@clinic.example"},
    "reminders": {"useDefault": True},
    "eventType": "default",
    "something": {"nobody": ["knows", 1]},
}


def read(home: Home = HOME, **changes: Any) -> CalendarEvent:
    raw = {key: value for key, value in (RAW | changes).items() if value is not None}
    return event_of(event_decoder.decode(msgspec.json.encode(raw)), home)


def test_times_become_utc_and_the_zone_is_kept() -> None:
    event = read()
    assert (event.start, event.end) == (
        datetime(2026, 6, 14, 9, tzinfo=UTC),
        datetime(2026, 6, 14, 10, tzinfo=UTC),
    )
    assert (event.zone, event.all_day) == ("Europe/London", False)


def test_who_and_when_are_told() -> None:
    event = read()
    assert (event.id, event.etag, event.uid, event.status) == ("ev1", '"7"', "ev1@google.com", "confirmed")
    assert event.organizer == Person("room1@clinic.example", "Room 1", True)
    assert event.creator == Person("desk@clinic.example")
    assert event.created == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert event.updated == datetime(2026, 1, 2, 10, 0, 0, 123000, tzinfo=UTC)


def test_a_time_without_an_offset_is_of_its_zone() -> None:
    event = read(start={"dateTime": "2026-06-14T10:00:00", "timeZone": "Asia/Tokyo"})
    assert (event.start, event.zone) == (datetime(2026, 6, 14, 1, tzinfo=UTC), "Asia/Tokyo")


@pytest.mark.parametrize("zone", [None, "Mars/Olympus", "../etc/passwd", "GMT+01:00"])
def test_a_zone_that_nobody_knows_is_the_calendars(zone: str | None) -> None:
    assert read(start={"dateTime": "2026-06-14T10:00:00+01:00", "timeZone": zone}).zone == "Europe/London"


def test_days_go_from_midnight_to_midnight_where_the_calendar_is() -> None:
    event = read(Home("America/New_York"), start={"date": "2026-03-08"}, end={"date": "2026-03-09"})
    assert event.all_day
    assert event.zone == "America/New_York"
    assert event.start == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert event.end == datetime(2026, 3, 9, 4, tzinfo=UTC)  # an hour is missing that day


def test_a_day_that_ends_before_it_ends_is_a_day() -> None:
    event = read(Home("UTC"), start={"date": "2026-03-08"}, end={"date": "2026-03-08"})
    assert (event.end - event.start).days == 1


@pytest.mark.parametrize(
    "times",
    [
        {"start": {}, "end": {}},
        {"start": None, "end": None},
        {"start": {"dateTime": "tomorrow"}, "end": {"dateTime": "tomorrow"}},
        {"start": {"date": "2026-02-30"}, "end": {"date": "2026-03-01"}},
    ],
)
def test_times_that_are_none_are_a_fault(times: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(**times)


def test_the_year_0_is_no_time_of_making() -> None:
    assert read(created="0000-12-31T00:00:00.000Z").created is None


@pytest.mark.parametrize(
    ("updated", "made"),
    [
        ("2026-01-01T10:00:00.399Z", "2026-01-01T10:00:00.399"),  # nobody changed it since
        ("2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00"),
        ("2026-01-01T10:00:01.000Z", "2026-01-01T10:00:00"),  # somebody may have
        ("2026-01-01T09:59:59.999Z", "2026-01-01T10:00:00"),
    ],
)
def test_when_it_was_made_is_told_as_exactly_as_google_knows_it(updated: str, made: str) -> None:
    assert read(updated=updated).created == datetime.fromisoformat(made).replace(tzinfo=UTC)


def test_of_a_deletion_only_its_id_is_certain() -> None:
    event = event_of(event_decoder.decode(b'{"id":"ev1","status":"cancelled"}'), HOME)
    assert (event.id, event.cancelled, event.start, event.series) == ("ev1", True, NEVER, "")


def test_a_cancelled_exception_is_told_at_the_time_it_would_have_had() -> None:
    raw: dict[str, Any] = {"id": "s_1", "status": "cancelled", "recurringEventId": "s"}
    raw |= {"originalStartTime": {"dateTime": "2026-03-14T10:00:00Z"}}
    event = event_of(event_decoder.decode(msgspec.json.encode(raw)), HOME)
    assert (event.cancelled, event.series, event.recurring) == (True, "s", True)
    assert event.start == datetime(2026, 3, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(("transparency", "busy"), [(None, True), ("opaque", True), ("transparent", False)])
def test_free_time_is_free(transparency: str | None, busy: bool) -> None:
    assert read(transparency=transparency).busy is busy


def test_a_colour_has_the_name_that_people_see() -> None:
    assert read(colorId="10").colour == "Basil"
    assert read(colorId="99").colour == "99"
    assert read().colour == ""


def test_a_label_is_told_by_its_id() -> None:
    assert read(eventLabelId="00000000-0000-4000-8000-000000000001").labels == (
        "00000000-0000-4000-8000-000000000001",
    )


def test_rooms_are_nobody() -> None:
    guests = [
        {"email": "anna@example.org", "displayName": "Anna", "responseStatus": "accepted"},
        {"email": "room1@clinic.example", "self": True},
        {"email": "c_1@resource.calendar.google.com", "resource": True},
    ]
    assert read(attendees=guests).attendees == (
        Person("anna@example.org", "Anna"),
        Person("room1@clinic.example", itself=True),
    )


@pytest.mark.parametrize(
    ("changes", "writable"),
    [
        ({}, True),
        ({"organizer": None}, True),
        ({"organizer": {"email": "Room1@clinic.example"}}, True),
        ({"organizer": {"email": "someone@else.example"}}, False),
        ({"locked": True}, False),
        ({"eventType": "fromGmail"}, False),
        ({"eventType": "outOfOffice"}, False),
    ],
)
def test_only_what_is_organised_here_is_ours_to_write_on(changes: dict[str, Any], writable: bool) -> None:
    assert read(**changes).writable is writable


def test_nothing_is_ours_to_write_on_where_we_may_only_read() -> None:
    assert not read(Home("Europe/London", False)).writable


def test_a_description_is_read_without_the_tags_of_the_editor() -> None:
    described = "Client: Anna &amp; Ben<br>Service:&nbsp;<b>Botox</b><p>a</p><ul><li>b</li></ul>"
    assert read(description=described).description == "Client: Anna & Ben\nService: Botoxa\nb\n"


def test_a_description_of_plain_words_is_left_alone() -> None:
    assert read(description="5 < 6 & 7 > 2\n <3").description == "5 < 6 & 7 > 2\n <3"


class TestInputs:
    def test_they_change_with_what_an_event_is_judged_by(self) -> None:
        hashes = {
            inputs_hash(event)
            for event in (
                read(),
                read(summary="Botox"),
                read(description="Latex"),
                read(status="tentative"),
                read(end={"dateTime": "2026-06-14T12:00:00+01:00"}),
                read(attendees=[{"email": "anna@example.org"}]),
            )
        }
        assert len(hashes) == 6

    def test_they_do_not_change_with_its_colour(self) -> None:
        assert inputs_hash(read()) == inputs_hash(read(colorId="10", transparency="transparent"))
