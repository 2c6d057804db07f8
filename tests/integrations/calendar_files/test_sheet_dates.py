"""Dates and times of tables, and what 03/04 means."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.calendar_files import sheet_dates
from integrations.calendar_files.sheet_dates import DateOrder, read_date, read_minutes, read_time
from tests.integrations.calendar_files.reading import events
from tests.integrations.calendar_files.test_sheet import table, told_as


def days(*dates: str, day_first: bool | None = None) -> list[str]:
    """The day each row is read as, or its fault in brackets."""
    return [
        told_as(item) for item in table("date,title", *(f'"{when}",x' for when in dates), day_first=day_first)
    ]


AMBIGUOUS = f"[{sheet_dates.AMBIGUOUS}]"


NO_SUCH = f"[{sheet_dates.NO_SUCH_DATE}]"


@pytest.mark.parametrize(
    ("dates", "day_first", "read"),
    [
        (["03/04/2026", "14/03/2026"], None, ["2026-04-03", "2026-03-14"]),
        (["03/04/2026", "03/14/2026"], None, ["2026-03-04", "2026-03-14"]),
        (["03/04/2026", "05/06/2026"], None, [AMBIGUOUS, AMBIGUOUS]),
        (["03/04/2026", "05/06/2026"], True, ["2026-04-03", "2026-06-05"]),
        (["03/04/2026", "05/06/2026"], False, ["2026-03-04", "2026-05-06"]),
        (["03/04/2026", "05/05/2026"], None, [AMBIGUOUS, "2026-05-05"]),
        (["03/04/2026", "14/03/2026", "03/14/2026"], None, [AMBIGUOUS, "2026-03-14", "2026-03-14"]),
        (["14/03/2026", "03/04/2026"], False, [NO_SUCH, "2026-03-04"]),
        (["03/14/2026"], True, [NO_SUCH]),
        (["03.04.2026", "05.06.26"], None, ["2026-04-03", "2026-06-05"]),
        (["3-4-2026", "14-3-2026"], None, ["2026-04-03", "2026-03-14"]),
        (["2026-03-04", "2026/3/4", "20260304", "2026.03.04"], None, ["2026-03-04"] * 4),
        (
            ["4 Mar 2026", "4th March 2026", "4-Mar-26", "Mar 4, 2026", "March 4th 2026"],
            None,
            ["2026-03-04"] * 5,
        ),
        (["Wed 4 Mar 2026", "Wednesday, March 4, 2026", "Mi. 04.03.2026"], None, ["2026-03-04"] * 3),
        (["Wed, 03/14/2026", "Wed 03/04/2026"], None, ["2026-03-14", "2026-03-04"]),
        (
            ["4. März 2026", "4 mars 2026", "4 de marzo"],
            None,
            ["2026-03-04", "2026-03-04", f"[{sheet_dates.UNREADABLE}]"],
        ),
        (["31/02/2026"], None, [NO_SUCH]),
        (["46095", "46095.4167"], None, [f"[{sheet_dates.NUMBER}]"] * 2),
        (["2026-03-1400"], None, [f"[{sheet_dates.UNREADABLE}]"]),
    ],
)
def test_dates_are_read_the_way_the_whole_column_is_written(
    dates: list[str], day_first: bool | None, read: list[str]
) -> None:
    assert days(*dates, day_first=day_first) == read


def test_an_ambiguous_date_names_the_cure() -> None:
    assert "--dates day-first or --dates month-first" in sheet_dates.AMBIGUOUS


def test_booking_dates_follow_the_visits_way_only_where_they_do_not_tell_themselves() -> None:
    follows = events(table("date,title,booked", "14/03/2026,a,03/01/2026"))
    assert [event.created and event.created.date() for event in follows] == [date(2026, 1, 3)]
    own = events(table("date,title,booked", "14/03/2026,a,03/01/2026", "15/03/2026,b,01/31/2026"))
    assert [event.created and event.created.date() for event in own] == [date(2026, 3, 1), date(2026, 1, 31)]


@given(st.dates(date(1930, 1, 1), date(2090, 1, 1)), st.booleans(), st.sampled_from("/-. "))
def test_every_date_is_read_as_it_was_written(day: date, day_first: bool, mark: str) -> None:
    written = (
        mark.join((f"{day:%d}", f"{day:%m}") if day_first else (f"{day:%m}", f"{day:%d}")) + f"{mark}{day:%Y}"
    )
    order = DateOrder(day_first, declared=True)
    assert read_date(written, order).day == day
    for other in (day.isoformat(), f"{day:%Y%m%d}", f"{day:%d %B %Y}", f"{day:%a} {day:%d-%b-%Y}"):
        assert read_date(other, DateOrder()).day == day


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_every_time_is_read_as_it_was_written(at: time) -> None:
    for written in (
        f"{at:%H:%M}",
        f"{at:%I:%M %p}",
        f"{at:%H:%M:%S}",
        f"{at:%H.%M}",
        f"{at:%Hh%M}",
        f"{at:%I:%M%p}".lower(),
    ):
        assert read_time(written) == at


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("30", 30), ("1:30", 90), ("1h 30", 90), ("1h", 60), ("90 min", 90), ("45.0", 45), ("2 hours", 120)],
)
def test_durations_are_read(written: str, minutes: int) -> None:
    assert read_minutes(written) == timedelta(minutes=minutes)
