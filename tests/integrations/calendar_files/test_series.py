"""Series: rules, dates added and left out, exceptions, and where they are cut."""

from datetime import date

import pytest

from integrations.calendar_files import rules, unrolling
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import calendar, events, local, read_bytes, utc, vevent

LONDON_MONDAY = "DTSTART;TZID=Europe/London:20260302T100000"
WHOLE_DAY = "DTSTART;VALUE=DATE:20260302"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def starts(
    *components: str, window: tuple[date, date] = YEAR, head: str = "", zone: str = "Europe/London"
) -> list[str]:
    found = events(read_bytes(calendar(*components, head=head), window=window, zone=zone))
    assert len({event.id for event in found}) == len(found)
    return sorted(local(event, zone)[5:].removesuffix(" 00:00") for event in found if not event.cancelled)


def days_of(*lines: str, start: str = LONDON_MONDAY, window: tuple[date, date] = YEAR) -> list[str]:
    return starts(vevent(*lines, start=start), window=window)


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


def test_times_without_a_zone_inside_a_series_are_on_its_own_clocks() -> None:
    lines = ("RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20260309T100000", "RDATE:20260320T100000")
    found = starts(vevent(*lines, start=LONDON_MONDAY), head="X-WR-TIMEZONE:Asia/Tokyo")
    assert found == ["03-02 10:00", "03-20 10:00"]


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


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=FORTNIGHTLY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=many",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=0MO",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTHDAY=1;BYSETPOS=0",
        "FREQ=DAILY;BYHOUR=-1",
        "FREQ=DAILY;BYHOUR=ten",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=WEEKLY;WKST=8",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;UNTIL=20260231T000000Z",
        "FREQ=YEARLY;RSCALE=HEBREW",
        "W1 MO #10",
        "",
        "COUNT=3",
    ],
)
def test_a_rule_that_cannot_be_read_is_told_at_its_event(rule: str) -> None:
    (fault,) = read_bytes(calendar(vevent(f"RRULE:{rule}", start=LONDON_MONDAY)))
    assert isinstance(fault, Unreadable)
    assert fault.where == "book.ics line 4"
    assert "RRULE" in fault.why


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE:yesterday",
        "RDATE:20260305T250000",
        "RDATE;VALUE=PERIOD:20260305T100000Z/-PT1H",
        "EXRULE:FREQ=NEVER",
    ],
)
def test_a_date_of_a_series_that_cannot_be_read_is_told_at_its_event(line: str) -> None:
    (fault,) = read_bytes(calendar(vevent("RRULE:FREQ=WEEKLY;COUNT=2", line, start=LONDON_MONDAY)))
    assert isinstance(fault, Unreadable)


def test_the_exceptions_of_a_series_that_cannot_be_read_are_still_given() -> None:
    broken = vevent("RRULE:FREQ=NEVER", start=LONDON_MONDAY)
    moved = exception("RECURRENCE-ID:20260309T100000Z", "DTSTART:20260311T100000Z")
    fault, event = read_bytes(calendar(broken, moved))
    assert isinstance(fault, Unreadable)
    assert isinstance(event, CalendarEvent)


def test_an_exception_that_says_nothing_readable_is_told_and_so_is_an_absurd_move() -> None:
    for replaced, start in (
        ("RECURRENCE-ID:someday", "DTSTART:20260311T100000Z"),
        ("RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T100000Z", "DTSTART:20990311T100000Z"),
    ):
        found = read_bytes(calendar(WEEKLY, exception(replaced, start)))
        assert any(isinstance(item, Unreadable) for item in found)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,30",
    ],
)
def test_a_series_no_clinic_could_keep_is_told_at_once(rule: str) -> None:
    start = "DTSTART;TZID=Europe/London:19700101T100000"
    (fault,) = read_bytes(calendar(vevent(f"RRULE:{rule}", start=start)))
    assert isinstance(fault, Unreadable)
    assert fault.why == rules.TOO_OFTEN


def test_a_rule_that_never_comes_true_gives_its_first_day_and_ends() -> None:
    assert days_of("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == ["03-02 10:00"]


def test_a_series_is_cut_after_so_many_instances_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unrolling, "MOST_INSTANCES", 10)
    found = read_bytes(calendar(vevent("RRULE:FREQ=DAILY", start=LONDON_MONDAY), vevent(uid="next")))
    assert [type(item) for item in found] == [CalendarEvent] * 10 + [Unreadable, CalendarEvent]
    assert isinstance(found[10], Unreadable)
    assert "only the first ones were read" in found[10].why
