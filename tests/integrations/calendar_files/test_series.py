"""Series: rules, dates added and left out, exceptions, and where they are cut."""

from datetime import date

import pytest

from tests.integrations.calendar_files.reading import (
    LONDON_MONDAY,
    WHOLE_DAY,
    calendar,
    days_of,
    events,
    read_bytes,
    starts,
    utc,
    vevent,
)


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], ["03-02", "03-03", "03-04"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260316T100000Z"], ["03-02", "03-09", "03-16"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260316T095959Z"], ["03-02", "03-09"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260316"], ["03-02", "03-09", "03-16"]),  # a date means that day too
        (["RRULE:FREQ=WEEKLY;UNTIL=20260316T100000"], ["03-02", "03-09", "03-16"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3;INTERVAL=2"], ["03-02", "03-16", "03-30"]),
        (["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO,WE"], ["03-02", "03-04", "03-09", "03-11"]),
        (["RRULE:FREQ=MONTHLY;COUNT=3;BYDAY=1MO"], ["03-02", "04-06", "05-04"]),
        (["RRULE:FREQ=MONTHLY;COUNT=2;BYMONTHDAY=31"], ["03-02", "03-31", "05-31"]),
        (["RRULE:FREQ=YEARLY;UNTIL=99991231T235959Z"], ["03-02"]),
        (["RRULE:freq=weekly;count=2;wkst=su"], ["03-02", "03-09"]),
        (["RRULE:COUNT=2;FREQ=WEEKLY;"], ["03-02", "03-09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=-1;UNTIL=20260310T000000Z"], ["03-02", "03-09"]),
        (["RRULE:FREQ=WEEKLY;RSCALE=GREGORIAN;COUNT=2"], ["03-02", "03-09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2"], ["03-02", "03-03", "03-09"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/London:20260309T100000"], ["03-02", "03-16"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260309T100000Z,20260316T100000Z"], ["03-02"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260309T100000"],
            ["03-02", "03-16"],
        ),  # the series' own clocks
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20260309"], ["03-02", "03-16"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/London:20260302T100000"], ["03-09", "03-16"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260309T110000Z"], ["03-02", "03-09", "03-16"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"], ["03-09"]),
        (["RDATE;TZID=Europe/London:20260305T100000,20260307T100000"], ["03-02", "03-05", "03-07"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE:20260305T100000Z,20260309T100000Z"],
            ["03-02", "03-05", "03-09"],
        ),
        (["RRULE:FREQ=WEEKLY;UNTIL=20260301T000000Z"], []),  # cut off before it began
        (["RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2"], ["03-02", "03-03", "03-10"]),  # DTSTART always counts
    ],
)
def test_a_series_falls_on_the_days_its_rules_say(lines: list[str], days: list[str]) -> None:
    assert days_of(*lines) == [f"{day} 10:00" for day in days]
    if not any("T095959" in line or "T110000" in line for line in lines):
        dates = [line.replace(";TZID=Europe/London", ";VALUE=DATE") for line in lines]
        dates = [line.replace("T100000Z", "").replace("T100000", "") for line in dates]
        assert days_of(*dates, start=WHOLE_DAY) == days


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260304T000000Z", "03-04"),
        ("20260304T235959Z", "03-04"),
        ("20260304", "03-04"),
    ],
)
def test_a_whole_day_series_ends_on_the_day_until_names(until: str, last: str) -> None:
    assert days_of(f"RRULE:FREQ=DAILY;UNTIL={until}", start=WHOLE_DAY)[-1] == last


def test_a_whole_day_series_may_end_with_the_calendar_itself() -> None:
    endless = vevent("RRULE:FREQ=DAILY;UNTIL=99991231T235959Z", start=WHOLE_DAY)
    assert len(starts(endless, zone="Asia/Tokyo", window=(date(2026, 3, 1), date(2026, 3, 10)))) == 9


def test_outlooks_whole_day_series_ends_on_the_day_whose_midnight_until_is() -> None:
    content = vevent("RRULE:FREQ=DAILY;UNTIL=20260303T230000Z", start=WHOLE_DAY)
    assert starts(content, zone="Europe/Madrid") == ["03-02", "03-03", "03-04"]


def test_the_time_of_day_holds_across_the_clock_change() -> None:
    found = events(
        read_bytes(calendar(vevent("RRULE:FREQ=WEEKLY;COUNT=5", "DURATION:PT30M", start=LONDON_MONDAY)))
    )
    assert [event.start for event in found][-2:] == [utc("2026-03-23T10:00"), utc("2026-03-30T09:00")]
    assert {event.end - event.start for event in found} == {found[0].end - found[0].start}
    assert all(event.recurring and event.zone == "Europe/London" for event in found)


def test_a_series_in_utc_or_without_a_zone_keeps_its_own_clocks() -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=5"
    assert days_of(rule, start="DTSTART:20260302T100000Z")[-1] == "03-30 11:00"
    assert days_of(rule, start="DTSTART:20260302T100000")[-1] == "03-30 10:00"


def test_an_instance_at_a_time_that_does_not_exist_comes_after_the_gap() -> None:
    found = days_of("RRULE:FREQ=DAILY;COUNT=3", start="DTSTART;TZID=Europe/London:20260328T013000")
    assert found == ["03-28 01:30", "03-29 02:30", "03-30 01:30"]


def test_instances_are_given_inside_the_window_only_and_both_its_days_count() -> None:
    window = (date(2026, 3, 9), date(2026, 3, 23))
    assert days_of("RRULE:FREQ=WEEKLY", window=window) == ["03-09 10:00", "03-16 10:00", "03-23 10:00"]
    assert days_of("RRULE:FREQ=WEEKLY", start=WHOLE_DAY, window=window) == ["03-09", "03-16", "03-23"]
    assert days_of("RRULE:FREQ=WEEKLY;COUNT=3", window=window) == ["03-09 10:00", "03-16 10:00"]


def test_single_events_are_given_whatever_the_window() -> None:
    assert days_of(window=(date(2030, 1, 1), date(2030, 1, 2))) == ["03-02 10:00"]


def test_an_old_series_reaches_a_late_window() -> None:
    window = (date(2026, 3, 1), date(2026, 3, 10))
    assert days_of(
        "RRULE:FREQ=WEEKLY", start="DTSTART;TZID=Europe/London:19990104T100000", window=window
    ) == [
        "03-02 10:00",
        "03-09 10:00",
    ]


def test_a_window_as_wide_as_the_calendar_is_borne() -> None:
    assert len(days_of("RRULE:FREQ=YEARLY;COUNT=50", window=(date.min, date.max))) == 50


def test_a_period_brings_its_own_length() -> None:
    content = calendar(
        vevent(
            "DURATION:PT30M",
            "RDATE;VALUE=PERIOD:20260305T100000Z/PT2H,20260306T100000Z/20260306T103000Z",
            start=LONDON_MONDAY,
        )
    )
    lengths = [(event.end - event.start).total_seconds() / 60 for event in events(read_bytes(content))]
    assert lengths == [30, 120, 30]


def test_times_without_a_zone_inside_a_series_are_on_its_own_clocks() -> None:
    lines = ("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20260309T100000", "RDATE:20260320T100000")
    found = starts(vevent(*lines, start=LONDON_MONDAY), head="X-WR-TIMEZONE:Asia/Tokyo")
    assert found == ["03-02 10:00", "03-20 10:00"]
