"""Rows of work: what becomes of failures, and of plans."""

from typing import Any

import pytest

from scheduler_app.ports import Store, Transaction
from tests.contracts.store_base import HandClock
from tests.contracts.store_leases import (
    KIND,
    LEASE,
    DueContract,
    LeaseContract,
    claim,
    claimed,
    settle,
    touch,
)


class WorkContract(DueContract, LeaseContract):
    """A part of StoreContract."""

    def test_failures_wait_longer_each_time(self, store: Store, clock: HandClock) -> None:
        touch(store)
        for wait in (2, 4, 8):
            settle(store, claimed(store), "it broke")
            clock.forward(wait * 0.74)
            assert claim(store) is None
            clock.forward(wait * 0.52)
        assert claimed(store).attempts == 4

    def test_success_forgets_the_failures(self, store: Store, clock: HandClock) -> None:
        touch(store)
        settle(store, claimed(store), "it broke", retry_in=1)
        clock.forward(1)
        settle(store, claimed(store))
        touch(store)
        assert claimed(store).attempts == 1

    def test_what_never_ends_is_parked_after_twelve_tries(self, store: Store, clock: HandClock) -> None:
        touch(store)
        for _ in range(12):
            claimed(store)
            clock.forward(LEASE)
        assert claim(store) is None
        touch(store)
        assert claim(store) is None
        with store.transaction() as tx:
            (parked,) = tx.work.parked()
            assert (parked.kind, parked.key, parked.attempts) == (KIND, "desk", 12)
            assert tx.work.overdue() == (0, 0.0)

    def test_a_mistake_of_ours_is_parked_and_tells_why(self, store: Store, clock: HandClock) -> None:
        touch(store)
        for _ in range(12):
            settle(store, claimed(store), "KeyError at judge.py:7")
            clock.forward(4 * 3600)
        assert claim(store) is None
        with store.reading() as tx:
            assert [row.error for row in tx.work.parked()] == ["KeyError at judge.py:7"]

    @pytest.mark.parametrize("how", [{"retriable": True}, {"retry_in": 30.0}])
    def test_an_outage_elsewhere_never_parks_a_row(
        self, store: Store, clock: HandClock, how: dict[str, Any]
    ) -> None:
        touch(store)
        for _ in range(40):
            settle(store, claimed(store), "503", **how)
            clock.forward(1300)
        assert claim(store) is not None

    def test_a_parked_row_can_be_tried_again(self, store: Store, clock: HandClock) -> None:
        touch(store)
        with store.transaction() as tx:
            assert not tx.work.revive(KIND, "desk")
        for _ in range(12):
            claimed(store)
            clock.forward(LEASE)
        with store.transaction() as tx:
            assert tx.work.revive(KIND, "desk")
            assert tx.work.parked() == []
        assert claimed(store).attempts == 1

    def test_overdue_counts_what_is_due_and_nobody_runs(self, store: Store, clock: HandClock) -> None:
        touch(store, "a")
        clock.forward(3)
        touch(store, "b")
        touch(store, "later", delay=60)
        with store.reading() as tx:
            assert tx.work.overdue() == (2, 3.0)
        claimed(store)
        with store.reading() as tx:
            assert tx.work.overdue() == (1, 0.0)

    def test_a_row_is_wanted_while_it_is_due_or_somebody_is_at_it(
        self, store: Store, clock: HandClock
    ) -> None:
        def wanted(key: str = "desk") -> bool:
            with store.reading() as tx:
                return tx.work.wanted(KIND, key)

        assert not wanted()
        touch(store)
        assert wanted()
        assert not wanted("another")
        held = claimed(store)
        assert wanted()
        settle(store, held, again_in=300)
        assert not wanted()
        clock.forward(300)
        settle(store, claimed(store), "failed")
        assert not wanted()
        clock.forward(3600)
        assert wanted()

    def test_a_plan_is_whole_when_none_of_its_rows_wants_anything(self, store: Store) -> None:
        def waiting(tx: Transaction) -> int:
            return tx.work.in_plan("p1")

        touch(store, "a", plan="p1")
        touch(store, "b", plan="p1")
        touch(store, "a")  # a plain signal does not take it out of the plan
        touch(store, "c", delay=60, plan="p2")  # after both
        with store.transaction() as tx:
            assert waiting(tx) == 2
        held = claimed(store)
        assert held.plan == "p1"
        settle(store, held)
        settle(store, claimed(store))
        with store.transaction() as tx:
            assert waiting(tx) == 0

    def test_a_plan_need_not_wait_for_a_row_that_left_it_and_waits_again_once_it_is_touched(
        self, store: Store
    ) -> None:
        touch(store, "a", plan="p1")
        touch(store, "b", plan="p2")
        claimed(store)
        with store.transaction() as tx:
            assert not tx.work.leave("p2", KIND, "a")  # of which it is none
            assert (tx.work.in_plan("p1"), tx.work.in_plan("p2")) == (1, 1)
            assert tx.work.leave("p1", KIND, "a")
            assert (tx.work.in_plan("p1"), tx.work.in_plan("p2")) == (0, 1)
            tx.work.touch(KIND, "a", plan="p1")
            assert tx.work.in_plan("p1") == 1

    def test_a_row_at_rest_forgets_its_plan(self, store: Store) -> None:
        touch(store, plan="p1")
        settle(store, claimed(store))
        touch(store)
        assert claimed(store).plan == ""

    def test_a_newer_plan_takes_a_row_over(self, store: Store) -> None:
        touch(store, plan="p1")
        touch(store, plan="p2")
        with store.transaction() as tx:
            assert (tx.work.in_plan("p1"), tx.work.in_plan("p2")) == (0, 1)
