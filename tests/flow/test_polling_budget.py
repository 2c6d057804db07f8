"""Five hundred calendars on one worker keep within the budget of requests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.store import SqlRequestBudget, SqlStore, open_store
from tests.contracts.store_base import HandClock
from tests.flow.polled_clinics import Scene, Seen, simulate

LIMITS = RequestLimits()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, migrated_file: bytes, clock: HandClock) -> Iterator[SqlStore]:
    (tmp_path / "clinic.db").write_bytes(migrated_file)
    store = open_store(f"sqlite:///{tmp_path / 'clinic.db'}", clock)
    yield store
    store.close()


def kept(seen: Seen) -> bool:
    return seen.busiest_account <= LIMITS.account and seen.busiest <= LIMITS.together


def test_polled_alone_they_use_half_of_one_accounts_budget_and_are_read_in_time(
    store: SqlStore, clock: HandClock
) -> None:
    seen = simulate(Scene("polled alone", minutes=6), SqlRequestBudget(store, LIMITS, clock), clock)
    assert kept(seen)
    assert 300 <= seen.mean <= 430  # the first minute reads all of them
    assert seen.lateness < 10


def test_with_channels_that_speak_almost_nothing_is_asked(store: SqlStore, clock: HandClock) -> None:
    seen = simulate(Scene("told", told=500, minutes=60), SqlRequestBudget(store, LIMITS, clock), clock)
    assert kept(seen)
    assert seen.requests <= 500 + 500 * 60 / 30 * 1.34


def test_a_start_that_wants_far_more_than_the_budget_is_spread_and_comes_to_its_end(
    store: SqlStore, clock: HandClock
) -> None:
    scene = Scene("first reading", pages=4, minutes=7)
    seen = simulate(scene, SqlRequestBudget(store, LIMITS, clock), clock)
    assert kept(seen)
    assert seen.busiest_account > LIMITS.account * 0.8  # and nothing is left unused
    assert seen.requests > 500 * 4
