"""Exceptions of series: moved, cancelled, missing, turning all that follows."""

from datetime import date

import pytest

from scheduler_app.domain.events import Unreadable
from tests.integrations.calendar_files.reading import (
    LONDON_MONDAY,
    WHOLE_DAY,
    calendar,
    events,
    local,
    read_bytes,
    starts,
    vevent,
)

WEEKLY = vevent("RRULE:FREQ=WEEKLY;COUNT=4", "SUMMARY:plain", "DURATION:PT30M", start=LONDON_MONDAY)


def exception(replaced: str, start: str, *lines: str) -> str:
    return vevent(replaced, *lines, start=start)


@pytest.mark.parametrize(
    "replaced",
    [
        "RECURRENCE-ID;TZID=Europe/London:20260309T100000",
        "RECURRENCE-ID:20260309T100000Z",
        "RECURRENCE-ID;TZID=Europe/Madrid:20260309T110000",
        "RECURRENCE-ID:20260309T100000",  # without a zone: the series' own clocks
        "RECURRENCE-ID;VALUE=DATE:20260309",
        "RECURRENCE-ID;TZID=GMT Standard Time:20260309T100000",
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_an_exception_replaces_its_instance_wherever_it_stands_and_however_it_names_it(
    replaced: str, before: bool
) -> None:
    moved = exception(replaced, "DTSTART;TZID=Europe/London:20260311T150000")
    parts = (moved, WEEKLY) if before else (WEEKLY, moved)
    found = starts(*parts, head="X-WR-TIMEZONE:Asia/Tokyo")
    assert found == ["03-02 10:00", "03-11 15:00", "03-16 10:00", "03-23 10:00"]


@pytest.mark.parametrize(
    "replaced",
    ["RECURRENCE-ID;VALUE=DATE:20260303", "RECURRENCE-ID:20260303T000000", "RECURRENCE-ID:20260303T000000Z"],
)
def test_an_exception_replaces_a_whole_day(replaced: str) -> None:
    master = vevent("RRULE:FREQ=DAILY;COUNT=3", start=WHOLE_DAY)
    assert starts(master, exception(replaced, "DTSTART;VALUE=DATE:20260320")) == ["03-02", "03-04", "03-20"]


def test_a_cancelled_instance_is_told_as_cancelled() -> None:
    gone = exception(
        "RECURRENCE-ID;TZID=Europe/London:20260309T100000",
        "DTSTART;TZID=Europe/London:20260309T100000",
        "STATUS:CANCELLED",
    )
    found = events(read_bytes(calendar(WEEKLY, gone)))
    assert sorted((local(event), event.status) for event in found) == [
        ("2026-03-02 10:00", "confirmed"),
        ("2026-03-09 10:00", "cancelled"),
        ("2026-03-16 10:00", "confirmed"),
        ("2026-03-23 10:00", "confirmed"),
    ]


def test_an_instance_left_out_stays_out_though_its_exception_was_forgotten() -> None:
    forgotten = exception("RECURRENCE-ID:20260309T100000Z", "DTSTART:20260309T150000Z")
    for left_out in ("EXDATE:20260309T100000Z", "EXDATE;VALUE=DATE:20260309"):
        master = WEEKLY.replace("SUMMARY", f"{left_out}\nSUMMARY")
        assert starts(master, forgotten) == ["03-02 10:00", "03-16 10:00", "03-23 10:00"]


def test_an_instance_keeps_its_id_when_it_is_moved() -> None:
    plain = {event.id for event in events(read_bytes(calendar(WEEKLY)))}
    moved = exception("RECURRENCE-ID:20260309T100000Z", "DTSTART:20260401T100000Z")
    assert {event.id for event in events(read_bytes(calendar(WEEKLY, moved)))} == plain


def test_of_two_versions_of_an_exception_the_newer_counts() -> None:
    replaced = "RECURRENCE-ID:20260309T100000Z"
    older = exception(replaced, "DTSTART:20260310T100000Z", "SEQUENCE:1")
    newer = exception(replaced, "DTSTART:20260311T100000Z", "SEQUENCE:2")
    for order in ((older, newer), (newer, older)):
        assert starts(WEEKLY, *order)[1] == "03-11 10:00"


def test_this_and_all_later_instances_move_together() -> None:
    turn = exception(
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20260316T100000",
        "DTSTART;TZID=Europe/London:20260317T140000",
        "SUMMARY:afternoons",
        "DURATION:PT45M",
    )
    single = exception("RECURRENCE-ID:20260323T100000Z", "DTSTART:20260325T080000Z", "SUMMARY:once")
    master = WEEKLY.replace("COUNT=4", "COUNT=5")
    found = sorted(events(read_bytes(calendar(single, master, turn))), key=lambda event: event.start)
    assert [(local(event)[5:], event.title) for event in found] == [
        ("03-02 10:00", "plain"),
        ("03-09 10:00", "plain"),
        ("03-17 14:00", "afternoons"),
        ("03-25 08:00", "once"),
        ("03-31 14:00", "afternoons"),
    ]
    assert [(event.end - event.start).total_seconds() / 60 for event in found] == [30, 30, 45, 0, 45]


def test_an_exception_moved_into_the_window_is_given_and_one_moved_out_is_not() -> None:
    window = (date(2026, 3, 9), date(2026, 3, 15))
    inside = exception("RECURRENCE-ID:20260323T100000Z", "DTSTART:20260312T100000Z")
    outside = exception("RECURRENCE-ID:20260309T100000Z", "DTSTART:20260330T100000Z")
    assert starts(WEEKLY, inside, outside, window=window) == ["03-12 10:00"]


def test_an_exception_whose_series_is_missing_is_an_event_by_itself() -> None:
    alone = exception("RECURRENCE-ID:20260309T100000Z", "DTSTART:20260311T100000Z")
    (event,) = events(read_bytes(calendar(alone)))
    assert (event.id, event.uid, event.recurring) == ("one_20260309T100000Z", "one", True)


def test_an_exception_to_an_event_that_does_not_repeat_replaces_it() -> None:
    moved = exception("RECURRENCE-ID:20260302T100000Z", "DTSTART:20300101T100000Z")
    assert starts(vevent(start=LONDON_MONDAY), moved) == ["01-01 10:00"]


def test_an_exception_that_says_nothing_readable_is_told_and_so_is_an_absurd_move() -> None:
    for replaced, start in (
        ("RECURRENCE-ID:someday", "DTSTART:20260311T100000Z"),
        ("RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T100000Z", "DTSTART:20990311T100000Z"),
    ):
        found = read_bytes(calendar(WEEKLY, exception(replaced, start)))
        assert any(isinstance(item, Unreadable) for item in found)
