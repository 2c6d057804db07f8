"""When a calendar is looked at again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.flow.polling import longest_wait, next_look, trusted, went_untold

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ = CalendarState("desk", read_at=NOW - HOUR)
HEARD = Channel("a", "desk", b"", NOW - 24 * HOUR, "r", NOW + 24 * HOUR, heard_at=NOW - 2 * HOUR)
middle = 0.5


def test_a_calendar_with_a_channel_we_heard_through_is_looked_at_every_half_hour() -> None:
    assert next_look(READ, [HEARD], NOW, middle) == 1800


def test_a_calendar_without_a_channel_is_looked_at_every_90_seconds() -> None:
    assert next_look(READ, [], NOW, middle) == 90


def test_a_channel_that_never_spoke_was_stopped_or_has_expired_is_none() -> None:
    for dead in (
        replace(HEARD, heard_at=None),
        replace(HEARD, stopped_at=NOW),
        replace(HEARD, expires_at=NOW),
        replace(HEARD, expires_at=None),
    ):
        assert trusted([dead], NOW) == []
        assert next_look(READ, [dead], NOW, middle) == 90


def test_the_moment_a_renewal_was_missed_the_calendar_is_looked_at() -> None:
    soon = replace(HEARD, expires_at=NOW + timedelta(minutes=10))
    assert next_look(READ, [soon], NOW, middle) == 600
    heir = replace(soon, id="b", expires_at=NOW + 24 * HOUR)
    assert next_look(READ, [soon, heir], NOW, middle) == 1800


def test_a_calendar_that_cannot_be_read_is_tried_every_quarter_of_an_hour() -> None:
    closed = replace(READ, fault="access-withdrawn", fault_since=NOW)
    assert next_look(closed, [HEARD], NOW, middle) == 900


@given(st.floats(0, 1), st.sampled_from(["", "access-withdrawn"]), st.sampled_from([[], [HEARD]]))
def test_looks_are_spread_by_a_quarter_and_never_later_than_the_longest_wait(
    jitter: float, fault: str, channels: list[Channel]
) -> None:
    state = replace(READ, fault=fault)
    plain = next_look(state, channels, NOW, middle)
    look = next_look(state, channels, NOW, jitter)
    assert plain * 0.75 - 1e-6 <= look <= plain * 1.25 + 1e-6
    assert look <= longest_wait(state, channels, NOW)


def test_changes_a_channel_should_have_told_of_and_did_not_are_noticed() -> None:
    assert went_untold(READ, [HEARD], NOW)


def test_nothing_is_held_against_a_channel_that_spoke_since_the_last_look_or_a_moment_ago() -> None:
    assert not went_untold(READ, [replace(HEARD, heard_at=NOW - timedelta(minutes=59))], NOW)
    just_read = replace(READ, read_at=NOW - timedelta(seconds=1))
    assert not went_untold(just_read, [replace(HEARD, heard_at=NOW - timedelta(minutes=3))], NOW)
    assert went_untold(just_read, [replace(HEARD, heard_at=NOW - timedelta(minutes=4))], NOW)
    assert went_untold(READ, [replace(HEARD, heard_at=READ.read_at)], NOW)


def test_one_channel_that_spoke_is_enough() -> None:
    assert not went_untold(READ, [HEARD, replace(HEARD, id="b", heard_at=NOW)], NOW)


def test_a_first_look_a_look_after_a_fault_and_one_without_channels_prove_nothing() -> None:
    assert not went_untold(CalendarState("desk"), [HEARD], NOW)
    assert not went_untold(replace(READ, fault="access-withdrawn"), [HEARD], NOW)
    assert not went_untold(READ, [], NOW)
