"""When an event is: zones by name and by description, whole days, lengths, times that do not exist."""

import pytest

from tests.integrations.calendar_files.reading import (
    calendar,
    events,
    one,
    read_bytes,
    start_of,
    utc,
    vevent,
    why,
)


@pytest.mark.parametrize(
    ("lines", "zone", "start", "end"),
    [
        (["DTSTART;VALUE=DATE:20260314"], "Asia/Tokyo", "2026-03-13T15:00", "2026-03-14T15:00"),
        (["DTSTART:20260314"], "Asia/Tokyo", "2026-03-13T15:00", "2026-03-14T15:00"),
        (
            ["DTSTART;VALUE=DATE:20260314", "DTEND;VALUE=DATE:20260316"],
            "Asia/Tokyo",
            "2026-03-13T15:00",
            "2026-03-15T15:00",
        ),
        (
            ["DTSTART;VALUE=DATE:20260314", "DTEND;VALUE=DATE:20260314"],
            "Asia/Tokyo",
            "2026-03-13T15:00",
            "2026-03-14T15:00",
        ),
        (
            ["DTSTART;VALUE=DATE:20260314", "DURATION:P2D"],
            "Asia/Tokyo",
            "2026-03-13T15:00",
            "2026-03-15T15:00",
        ),
        # A day of 23 hours.
        (["DTSTART;VALUE=DATE:20260329"], "Europe/London", "2026-03-29T00:00", "2026-03-29T23:00"),
    ],
)
def test_a_whole_day_reaches_from_midnight_to_midnight_there(
    lines: list[str], zone: str, start: str, end: str
) -> None:
    event = one(calendar(vevent(*lines, start=None)), zone=zone)
    assert (event.all_day, event.start, event.end, event.zone) == (True, utc(start), utc(end), zone)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART;TZID=Europe/Madrid:20260402T000000", "DTEND;TZID=Europe/Madrid:20260403T000000"),
        ("DTSTART:20260401T220000Z", "DTEND:20260402T220000Z"),
    ],
)
def test_outlooks_mark_makes_a_whole_day_of_two_midnights(start: str, end: str) -> None:
    event = one(calendar(vevent(end, "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", start=start)), zone="Europe/Madrid")
    assert (event.all_day, event.start, event.zone) == (True, utc("2026-04-01T22:00"), "Europe/Madrid")


def test_outlooks_mark_makes_no_whole_day_of_other_times() -> None:
    content = calendar(
        vevent("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"), vevent("X-MICROSOFT-CDO-ALLDAYEVENT:FALSE", uid="2")
    )
    assert [event.all_day for event in events(read_bytes(content))] == [False, False]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ([], "2026-03-14T10:00"),
        (["DTEND:20260314T100000Z"], "2026-03-14T10:00"),
        (["DTEND:20260314T104500Z"], "2026-03-14T10:45"),
        (["DTEND;TZID=Europe/Madrid:20260314T114500"], "2026-03-14T10:45"),
        (["DURATION:PT45M"], "2026-03-14T10:45"),
        (["DURATION:PT1H30M15S"], "2026-03-14T11:30:15"),
        (["DURATION:P1W"], "2026-03-21T10:00"),
        (["DURATION:P1DT1H"], "2026-03-15T11:00"),
        (["DURATION:+PT45M"], "2026-03-14T10:45"),
        (["DURATION:PT45M", "DTEND:20260314T103000Z"], "2026-03-14T10:30"),
    ],
)
def test_an_event_ends_at_its_end_or_after_its_duration_or_where_it_starts(
    lines: list[str], end: str
) -> None:
    assert one(calendar(vevent(*lines))).end == utc(end)


def test_days_of_a_duration_keep_the_hour_across_the_clock_change_and_hours_do_not() -> None:
    days, hours = (
        start_of("DTSTART;TZID=Europe/London:20260328T100000\n" + length)
        for length in ("DURATION:P1D", "DURATION:PT24H")
    )
    assert (days.end, hours.end) == (utc("2026-03-29T09:00"), utc("2026-03-29T10:00"))


def test_an_end_never_comes_before_a_start_that_does_not_exist() -> None:
    event = start_of("DTSTART;TZID=Europe/London:20260329T013000\nDTEND;TZID=Europe/London:20260329T020000")
    assert event.start == event.end == utc("2026-03-29T01:30")


NO_TIME = "has a date or time that cannot be read"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DTEND:20260314T093000Z"], "ends before it starts"),
        (["DTSTART;VALUE=DATE:20260314", "DTEND;VALUE=DATE:20260313"], "ends before it starts"),
        (["DURATION:-PT30M"], "ends before it starts"),
        (["DURATION:half an hour"], "DURATION that cannot be read"),
        (["DURATION:P"], "DURATION that cannot be read"),
        (["DTEND:20260315"], "only one has a time of day"),
        (["DTSTART;VALUE=DATE:20260314", "DTEND:20260315T100000Z"], "only one has a time of day"),
        (["DTSTART:"], NO_TIME),
        (["DTSTART:tomorrow"], NO_TIME),
        (["DTSTART:2026-03-14T10:00:00Z"], NO_TIME),
        (["DTSTART:20260314T1000"], NO_TIME),
        (["DTSTART:20260314X100000"], NO_TIME),
        (["DTSTART:２０２６0314T100000"], NO_TIME),
        (["DTSTART:20260231T100000"], "does not exist"),
        (["DTSTART:20260314T250000"], "does not exist"),
        (["DTSTART;VALUE=DATE:20261301"], "does not exist"),
        (["DTSTART:00010101T000000"], "beyond all calendars"),
        (["DTSTART:99991231T235959Z", "DURATION:P9W"], "beyond all calendars"),
        (["DTSTART;TZID=Nowhere/Special:20260314T100000"], "time zone the file does not describe"),
        (["DTSTART:20260314T100000Z", "DTSTART:20260315T100000Z"], "two different DTSTART"),
        ([], "no DTSTART"),
    ],
)
def test_an_event_whose_time_cannot_be_told_is_told_instead(lines: list[str], reason: str) -> None:
    own = (
        lines
        if any(line.startswith("DTSTART") for line in lines) or not lines
        else ["DTSTART:20260314T100000Z", *lines]
    )
    assert reason in why(calendar(vevent(*own, start=None), head="X-WR-TIMEZONE:Asia/Tokyo"))
