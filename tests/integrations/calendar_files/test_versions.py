"""One UID more than once, none at all, and the ids events get."""

import zipfile
from pathlib import Path

from integrations.calendar_files.series import OUTDATED
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import calendar, events, local, read_bytes, read_file, vevent


def kept(*components: str) -> list[tuple[str, str]]:
    found = events(read_bytes(calendar(*components)))
    assert len({event.id for event in found}) == len(found)
    return [(local(event)[5:], event.title) for event in found]


AT_TEN, AT_TWO = "DTSTART:20260314T100000Z", "DTSTART:20260314T140000Z"


def test_the_same_event_twice_is_one() -> None:
    assert kept(vevent("SUMMARY:a"), vevent("SUMMARY:a")) == [("03-14 10:00", "a")]


def test_of_two_versions_at_the_same_time_the_newer_counts() -> None:
    older = vevent("SUMMARY:older", "LAST-MODIFIED:20260101T000000Z")
    newer = vevent("SUMMARY:newer", "LAST-MODIFIED:20260102T000000Z")
    assert kept(older, newer) == kept(newer, older) == [("03-14 10:00", "newer")]


def test_where_nothing_tells_which_is_newer_the_later_in_the_file_counts() -> None:
    assert kept(vevent("SUMMARY:first"), vevent("SUMMARY:second")) == [("03-14 10:00", "second")]


def test_dtstamp_tells_where_nothing_else_does() -> None:
    newer = vevent("SUMMARY:newer", "DTSTAMP:20260102T000000Z")
    older = vevent("SUMMARY:older", "DTSTAMP:20260101T000000Z")
    assert kept(newer, older) == [("03-14 10:00", "newer")]


def test_a_higher_sequence_is_a_move_and_the_old_time_is_told_and_gone() -> None:
    moved, old = vevent("SEQUENCE:2", start=AT_TWO), vevent("SEQUENCE:1", start=AT_TEN)
    for order in ((moved, old), (old, moved)):
        told, event = read_bytes(calendar(*order))
        assert isinstance(told, Unreadable)
        assert told.why == OUTDATED
        assert isinstance(event, CalendarEvent)
        assert local(event)[5:] == "03-14 14:00"


def test_a_higher_sequence_at_the_same_time_says_nothing_of_the_lower() -> None:
    assert kept(vevent("SEQUENCE:2", "SUMMARY:new"), vevent("SEQUENCE:1", "SUMMARY:old")) == [
        ("03-14 10:00", "new")
    ]


def test_a_higher_sequence_may_be_a_cancellation() -> None:
    found = events(read_bytes(calendar(vevent("STATUS:CANCELLED", "SEQUENCE:3"), vevent("SEQUENCE:2"))))
    assert [event.status for event in found] == ["cancelled"]


def test_one_uid_given_to_several_events_loses_none_of_them() -> None:
    assert kept(vevent("SUMMARY:a", start=AT_TEN), vevent("SUMMARY:b", start=AT_TWO)) == [
        ("03-14 10:00", "a"),
        ("03-14 14:00", "b"),
    ]


def test_one_uid_given_to_several_series_loses_none_of_them() -> None:
    first = vevent("RRULE:FREQ=DAILY;COUNT=2", start=AT_TEN)
    second = vevent("RRULE:FREQ=DAILY;COUNT=2", start="DTSTART:20260315T100000Z")
    assert [day for day, _ in kept(first, second)] == [
        "03-14 10:00",
        "03-15 10:00",
        "03-15 10:00",
        "03-16 10:00",
    ]


def test_events_keep_their_place_in_the_file_and_a_group_stands_at_its_last_part() -> None:
    found = kept(
        vevent("SUMMARY:a", uid="a"),
        vevent("SUMMARY:twice", uid="t"),
        vevent("SUMMARY:b", uid="b"),
        vevent("SUMMARY:twice", uid="t"),
        vevent("SUMMARY:c", uid="c"),
    )
    assert [title for _, title in found] == ["a", "b", "twice", "c"]


def test_an_event_without_uid_gets_one_that_lasts_from_export_to_export() -> None:
    first, second = (
        events(read_bytes(calendar(vevent("SUMMARY:a", f"DTSTAMP:2026010{day}T000000Z", uid=None))))[0]
        for day in (1, 2)
    )
    assert first.id == second.id == first.uid
    assert first.id.startswith("without-uid-")


def test_events_without_uid_are_told_apart_by_their_content_and_a_repetition_is_the_same() -> None:
    twins = [vevent("SUMMARY:a", uid=None), vevent("SUMMARY:b", uid=None), vevent("SUMMARY:a", uid=None)]
    assert [title for _, title in kept(*twins)] == ["a", "b"]
    assert [title for _, title in kept(vevent("SUMMARY:a", uid=""), vevent("SUMMARY:a", uid=""))] == ["a"]


def test_folded_uids_are_the_same_uid() -> None:
    assert kept(vevent("UID:long-na\r\n me", uid=None), vevent("UID:long-name", uid=None)) == [
        ("03-14 10:00", "")
    ]


def test_parts_of_a_series_may_stand_in_several_calendars_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        moved = vevent("RECURRENCE-ID:20260315T100000Z", start="DTSTART:20260320T100000Z")
        archive.writestr("a.ics", calendar(moved))
        archive.writestr("b.ics", calendar(vevent("RRULE:FREQ=DAILY;COUNT=3", start=AT_TEN)))
    assert [local(event)[5:10] for event in events(read_file(path))] == ["03-14", "03-16", "03-20"]
