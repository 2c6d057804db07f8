"""Times without an offset: placed by the zone, refused where clocks skip them, told where they come twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.local_times import instant_of
from scheduler_app.errors import Invalid

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])


def test_an_ordinary_time_is_one_moment() -> None:
    assert instant_of(datetime.fromisoformat("2026-07-01T10:00"), LONDON) == (
        datetime(2026, 7, 1, 9, tzinfo=UTC),
        False,
    )


def test_a_time_the_clocks_show_twice_is_the_first_of_them_and_told() -> None:
    assert instant_of(datetime.fromisoformat("2026-10-25T01:30"), LONDON) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        True,
    )


def test_a_time_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Invalid) as fault:
        instant_of(datetime.fromisoformat("2026-03-29T01:30"), LONDON, "start_datetime")
    assert (fault.value.code, fault.value.path) == ("time-does-not-exist", "start_datetime")


@given(MOMENTS, ZONES)
def test_what_clocks_show_at_a_moment_leads_back_to_it_or_to_its_twin(moment: datetime, zone: str) -> None:
    shown = moment.astimezone(ZoneInfo(zone))
    found, twice = instant_of(shown.replace(tzinfo=None, fold=0), ZoneInfo(zone))
    assert found == moment or (twice and found < moment)
