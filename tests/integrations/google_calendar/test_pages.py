"""A page of events: one bad event never stops the rest, and none is lost in silence."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from integrations.google_calendar.moments import Home
from integrations.google_calendar.pages import busy_of, event_in, reading_of
from scheduler_app.errors import Disconnected, Unavailable
from tests.integrations.google_calendar.test_translate import RAW

HOME = Home("UTC", True, "room1@clinic.example")


def page(*items: Any, **more: Any) -> bytes:
    return msgspec.json.encode({"timeZone": "Europe/London", "accessRole": "writer", "items": items} | more)


def test_what_a_calendar_says_of_itself_is_read() -> None:
    assert reading_of(page(), HOME).home == Home("Europe/London", True, "room1@clinic.example")
    assert not reading_of(page(accessRole="reader"), HOME).home.writable
    assert reading_of(page(timeZone="Mars/Olympus"), HOME).home.zone == "UTC"


@pytest.mark.parametrize("role", ["freeBusyReader", "none"])
def test_a_calendar_that_shows_us_only_what_is_busy_is_closed_to_us(role: str) -> None:
    bare = {name: RAW[name] for name in ("id", "start", "end")}
    with pytest.raises(Disconnected) as refused:
        reading_of(page(bare, accessRole=role), HOME)
    assert refused.value.code == "access-withdrawn"


@pytest.mark.parametrize(
    ("title", "read"),
    [("\0Botox\0\0 - Anna\0", "Botox - Anna"), ("a\\\0b", "a\\b"), ("C:\\u0000", "C:\\u0000")],
)
def test_a_character_that_no_database_keeps_is_left_out(title: str, read: str) -> None:
    raw = RAW | {"summary": title}
    assert [event.title for event in reading_of(page(raw), HOME).events] == [read]
    assert event_in(msgspec.json.encode(raw)).summary == read


def test_masters_of_series_are_no_events() -> None:
    found = reading_of(page(RAW | {"id": "s", "recurrence": ["RRULE:FREQ=WEEKLY"]}, RAW), HOME)
    assert (found.series, [event.id for event in found.events]) == (("s",), ["ev1"])


def test_a_deletion_with_nothing_but_an_id_may_have_been_a_series() -> None:
    found = reading_of(page({"id": "x", "status": "cancelled"}), HOME)
    assert found.series == ("x",)
    assert [(event.id, event.cancelled) for event in found.events] == [("x", True)]


def test_a_deletion_that_tells_its_time_was_no_series() -> None:
    assert reading_of(page(RAW | {"status": "cancelled"}), HOME).series == ()


def test_a_cancelled_exception_is_no_series() -> None:
    gone = {"id": "s_1", "status": "cancelled", "recurringEventId": "s"}
    assert reading_of(page(gone), HOME).series == ()


@pytest.mark.parametrize(
    "bad",
    [
        {"start": {"date": 5}},
        {"start": {"dateTime": "tomorrow"}},
        {"start": "tomorrow", "end": 7},
        {"end": {"date": "2026-02-30"}},
    ],
)
def test_an_event_whose_time_cannot_be_read_is_told_and_the_rest_is_read(bad: dict[str, Any]) -> None:
    found = reading_of(page(RAW | {"id": "bad"} | bad, RAW), HOME)
    assert [event.id for event in found.events] == ["ev1"]
    assert [told.where for told in found.unreadable] == ["bad"]
    assert "Anna" not in found.unreadable[0].why


@pytest.mark.parametrize(
    ("bad", "title"),
    [
        ({"summary": 5}, ""),
        ({"attendees": "everybody"}, "Microneedling - Anna Smith"),
        ({"extendedProperties": {"private": {"a": 1}}}, "Microneedling - Anna Smith"),
        ({"organizer": []}, "Microneedling - Anna Smith"),
    ],
)
def test_an_event_of_which_a_part_cannot_be_read_is_read_without_it(bad: dict[str, Any], title: str) -> None:
    found = reading_of(page(RAW | bad, RAW | {"id": "ev2"}), HOME)
    assert [event.id for event in found.events] == ["ev1", "ev2"]
    assert found.events[0].title == title
    assert found.events[0].start == datetime(2026, 6, 14, 9, tzinfo=UTC)
    assert found.unreadable == ()


def test_a_series_whose_rules_cannot_be_read_is_still_one() -> None:
    found = reading_of(page(RAW | {"id": "s", "recurrence": "weekly"}), HOME)
    assert (found.series, found.events) == (("s",), ())


def test_an_entry_that_does_not_even_say_which_it_is_is_told() -> None:
    found = reading_of(page(RAW, 7, {"summary": "Anna"}), HOME)
    assert [event.id for event in found.events] == ["ev1"]
    assert [told.where for told in found.unreadable] == ["entry 2 of a page", "entry 3 of a page"]


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", b"[]", b'{"items": 5}'])
def test_what_is_no_page_is_no_empty_calendar(content: bytes) -> None:
    with pytest.raises(Unavailable):
        reading_of(content, HOME)
    with pytest.raises(Unavailable):
        busy_of(content, HOME)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"<html>"])
def test_what_is_no_event_is_told(content: bytes) -> None:
    with pytest.raises(Unavailable):
        event_in(content)


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({}, True),
        ({"transparency": "transparent"}, False),
        ({"status": "cancelled"}, False),
        ({"attendees": [{"email": "a@b.example", "self": True, "responseStatus": "declined"}]}, False),
        ({"attendees": [{"email": "a@b.example", "responseStatus": "declined"}]}, True),
        ({"eventType": "outOfOffice"}, True),
        ({"eventType": "focusTime"}, True),
        ({"eventType": "workingLocation"}, False),
        ({"eventType": "birthday"}, False),
        ({"end": {"dateTime": "2026-06-14T10:00:00+01:00"}}, False),
        ({"start": {"dateTime": "tomorrow"}}, False),
    ],
)
def test_what_takes_time(changes: dict[str, Any], taken: bool) -> None:
    assert bool(busy_of(page(RAW | changes), HOME).times) is taken
