"""Rules that cannot be read, or not to their end."""

import pytest

from integrations.calendar_files import rules, unrolling
from scheduler_app.domain.events import CalendarEvent, Unreadable
from tests.integrations.calendar_files.reading import LONDON_MONDAY, calendar, days_of, read_bytes, vevent
from tests.integrations.calendar_files.test_exceptions import exception


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
