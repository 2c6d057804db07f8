"""Gaps add as the CDC's CDSi Logic Specification v4.6 says (CALCDT-2, 3, 5, 6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.gaps import Gap, add_months, first_reaching_past
from scheduler_app.errors import Invalid
from tests.domain.oracle import plus

ordinals = st.dates(date(1900, 1, 1), date(2190, 1, 1)).map(date.toordinal)


@pytest.mark.parametrize(
    ("start", "gap", "end"),
    [
        ("2000-01-01", "6 months", "2000-07-01"),
        ("2000-11-01", "6 months", "2001-05-01"),
        ("2000-02-01", "5 weeks", "2000-03-07"),
        ("2001-02-01", "5 weeks", "2001-03-08"),
        ("2000-03-31", "6 months", "2000-10-01"),
        ("2010-08-31", "6 months", "2011-03-01"),
        ("2025-08-31", "6 months", "2026-03-01"),
        ("2024-12-31", "2 months", "2025-03-01"),
        ("2024-10-31", "1 month", "2024-12-01"),
        ("2023-12-29", "2 months", "2024-02-29"),
        ("2024-02-29", "12 months", "2025-03-01"),
        ("2026-01-01", "0 days", "2026-01-01"),
    ],
)
def test_a_gap_ends_where_the_specification_says(start: str, gap: str, end: str) -> None:
    assert Gap.parse(gap).after(date.fromisoformat(start).toordinal()) == date.fromisoformat(end).toordinal()


@pytest.mark.parametrize(
    "text", ["", "soon", "2", "weeks", "-1 days", "1.5 months", "2 years", "2  weeks", "99999 days"]
)
def test_what_is_no_gap_is_refused_with_the_cure(text: str) -> None:
    with pytest.raises(Invalid, match="write it as"):
        Gap.parse(text)


@pytest.mark.parametrize("text", ["1 day", "10 days", "1 week", "2 weeks", "1 month", "6 months", "0 days"])
def test_a_gap_reads_back_as_it_was_written(text: str) -> None:
    assert str(Gap.parse(text)) == text


@given(ordinals, st.integers(0, 60))
def test_months_agree_with_the_plain_calendar(day: int, months: int) -> None:
    assert date.fromordinal(add_months(day, months)) == plus(date.fromordinal(day), Gap(months, "month"))


@given(ordinals, st.integers(0, 60))
def test_adding_months_never_goes_back_when_the_start_goes_on(day: int, months: int) -> None:
    assert add_months(day, months) <= add_months(day + 1, months)


@given(ordinals, st.integers(0, 60), st.sampled_from(("day", "week", "month")))
def test_the_days_before_a_gap_are_exactly_those_that_have_waited(day: int, count: int, unit: str) -> None:
    gap = Gap(count, unit)
    edge = gap.before(day)
    assert gap.after(edge) > day
    assert gap.after(edge - 1) <= day


@given(ordinals, st.integers(0, 60))
def test_the_first_day_past_a_date_is_found_for_months(day: int, months: int) -> None:
    edge = first_reaching_past(day, months)
    assert add_months(edge, months) > day >= add_months(edge - 1, months)
