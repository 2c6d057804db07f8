"""The budget of requests that all processes on one database share."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.ports import Clock, RequestBudget
from scheduler_app.store import SqlRequestBudget, SqlStore, open_store
from scheduler_app.store.budgets import LEASE, Bucket
from tests.contracts.request_budget import Ledger, RequestBudgetContract, Spenders
from tests.contracts.store_base import HandClock

LIMITS = RequestLimits(account=30, together=50)


class TestSqlRequestBudget(RequestBudgetContract):
    @pytest.fixture
    def clock(self, clock: HandClock) -> HandClock:
        return clock

    @pytest.fixture
    def spenders(self, file: Path, clock: HandClock) -> Iterator[Spenders]:
        stores: list[SqlStore] = []

        def make(limits: RequestLimits, count: int) -> list[RequestBudget]:
            stores.extend(open_store(f"sqlite:///{file}", clock) for _ in range(count))
            return [SqlRequestBudget(store, limits, clock) for store in stores]

        yield make
        for store in stores:
            store.close()


tries = st.tuples(
    st.sampled_from((0.0, 0.01, 0.5, 1.0, LEASE, 7.0, 30.0, 59.0)),  # seconds that pass first
    st.integers(0, 2),  # which process
    st.sampled_from("ab"),
    st.integers(1, 25),  # how often
    st.integers(1, 3),  # units each time
)


@pytest.fixture
def afresh(store: SqlStore) -> Callable[[], SqlStore]:
    """A budget nobody has spent from yet, as often as one likes."""

    def empty() -> SqlStore:
        with store.writing() as connection:
            connection.exec_driver_sql("DELETE FROM request_budgets")
        return store

    return empty


def test_whoever_spends_and_whenever_no_minute_sees_more_than_the_limits(
    afresh: Callable[[], SqlStore],
) -> None:
    @settings(max_examples=40)
    @given(st.lists(tries, min_size=5, max_size=25), st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3))
    def spend(storm: list[tuple[float, int, str, int, int]], skews: list[float]) -> None:
        clock = HandClock()
        store, ledger = afresh(), Ledger(clock)
        crowd = [SqlRequestBudget(store, LIMITS, skewed(clock, skew)) for skew in skews]
        for passing, who, account, often, units in storm:
            clock.forward(passing)
            for _ in range(often):
                ledger.spend(crowd[who], account, units)
        assert ledger.most("a") <= LIMITS.account
        assert ledger.most("b") <= LIMITS.account
        assert ledger.most() <= LIMITS.together

    spend()


def skewed(clock: HandClock, seconds: float) -> Clock:
    """The clock of a machine that is not quite right."""
    return lambda: clock() + timedelta(seconds=seconds)


@pytest.mark.parametrize("limit", [10, 60, 600, 9000])
def test_what_a_full_bucket_and_a_minute_let_through_is_the_limit_with_leases_and_clocks_counted(
    limit: int,
) -> None:
    bucket = Bucket.of(limit)
    assert bucket.size + bucket.rate * (60 + LEASE + 1) == pytest.approx(limit)
    assert bucket.size >= min(10, limit / 2)


def test_who_spends_often_writes_seldom(store: SqlStore, clock: HandClock) -> None:
    budget = SqlRequestBudget(store, RequestLimits(600, 9000), clock)
    spent, writes = 0, counted_writes(store)
    for _ in range(480):
        clock.forward(0.125)
        budget.spend("a")
        spent += 1
    assert spent == 480
    assert writes() < 80


def test_who_spends_seldom_takes_no_more_than_is_needed(store: SqlStore, clock: HandClock) -> None:
    limits = RequestLimits(60, 9000)
    one = SqlRequestBudget(store, limits, clock)
    for _ in range(5):
        one.spend("a")
        clock.forward(90)
    one.spend("a")
    other = SqlRequestBudget(store, limits, clock)
    assert all_of(other, clock) == 9  # of a burst of ten


def test_a_process_that_dies_takes_at_most_a_quarter_of_the_burst_with_it(
    store: SqlStore, clock: HandClock
) -> None:
    limits = RequestLimits(600, 9000)
    killed = SqlRequestBudget(store, limits, clock)
    spent = 0
    while spent < 40:
        killed.spend("a")
        spent += 1
    heir = SqlRequestBudget(store, limits, clock)
    assert 60 - spent - 15 <= all_of(heir, clock) <= 60 - spent


def test_units_that_were_leased_and_not_spent_expire(store: SqlStore, clock: HandClock) -> None:
    budget = SqlRequestBudget(store, RequestLimits(600, 9000), clock)
    for _ in range(20):
        budget.spend("a")
    writes = counted_writes(store)
    budget.spend("a")
    assert writes() == 0
    clock.forward(LEASE)
    budget.spend("a")
    assert writes() > 0


def test_those_who_are_refused_are_given_turns_one_after_the_other(store: SqlStore, clock: HandClock) -> None:
    budget = SqlRequestBudget(store, RequestLimits(600, 9000), clock)
    ledger = Ledger(clock)
    for _ in range(300):
        ledger.spend(budget, "a")
    assert len(ledger.told) == 240
    assert min(ledger.told) >= 1.0
    assert 25 < max(ledger.told) <= 75


def test_more_than_a_budget_ever_holds_is_refused_with_the_cure(store: SqlStore, clock: HandClock) -> None:
    budget = SqlRequestBudget(store, RequestLimits(4, 9000), clock)
    with pytest.raises(Invalid, match="allow more requests a minute"):
        budget.spend("a", 3)
    budget.spend("a", 2)


def test_while_the_database_is_away_nothing_is_spent(file: Path, clock: HandClock) -> None:
    store = open_store(f"sqlite:///{file}", clock, busy_ms=20)
    budget = SqlRequestBudget(store, LIMITS, clock)
    other = sqlite3.connect(file, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        budget.spend("a")
    other.close()
    budget.spend("a")
    store.close()


def all_of(budget: RequestBudget, clock: HandClock) -> int:
    """How much can be spent at once."""
    ledger = Ledger(clock)
    while ledger.spend(budget, "a"):
        pass
    return len(ledger.spent)


def counted_writes(store: SqlStore) -> Callable[[], int]:
    """How many statements wrote since."""
    written: list[str] = []

    def overhear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    event.listen(store.engine, "before_cursor_execute", overhear)
    return lambda: len(written)
