"""Rows of work under leases. Two rules about when a row is due carry the design; they come first."""

from typing import Any

import pytest

from scheduler_app.ports import Claim, Store, Transaction
from tests.contracts.store_base import HandClock, StoreBase

KIND = "sync"
LEASE = 10.0


def claim(store: Store, *kinds: str) -> Claim | None:
    """Whatever is due."""
    with store.transaction() as tx:
        return tx.work.claim(kinds or (KIND,), LEASE)


def claimed(store: Store) -> Claim:
    """What must be due."""
    found = claim(store)
    assert found is not None
    return found


def touch(store: Store, key: str = "desk", delay: float = 0.0, plan: str = "") -> None:
    """Say that it wants looking at."""
    with store.transaction() as tx:
        tx.work.touch(KIND, key, delay, plan)


def settle(store: Store, held: Claim, error: str | None = None, **how: Any) -> bool:
    """End the run."""
    with store.transaction() as tx:
        return tx.work.settle(held, error, **how)


class DueContract(StoreBase):
    """When a row is due."""

    def test_a_signal_pulls_a_row_forward_that_waits_for_its_next_poll(
        self, store: Store, clock: HandClock
    ) -> None:
        touch(store)
        settle(store, claimed(store), again_in=300)
        assert claim(store) is None
        clock.forward(5)
        touch(store)
        assert claimed(store).key == "desk"

    def test_a_signal_during_a_run_is_not_swallowed_by_the_next_poll(
        self, store: Store, clock: HandClock
    ) -> None:
        touch(store)
        held = claimed(store)
        touch(store)
        settle(store, held, again_in=300)
        assert claimed(store).want > held.want

    def test_periodic_work_is_due_again_later(self, store: Store, clock: HandClock) -> None:
        touch(store)
        settle(store, claimed(store), again_in=300)
        clock.forward(299)
        assert claim(store) is None
        clock.forward(2)
        assert claim(store) is not None

    def test_a_signal_during_a_run_makes_it_run_again_at_once(self, store: Store) -> None:
        touch(store)
        held = claimed(store)
        touch(store)
        assert settle(store, held)
        assert settle(store, claimed(store))
        assert claim(store) is None

    def test_many_signals_before_the_run_are_one_run(self, store: Store) -> None:
        for _ in range(5):
            touch(store)
        settle(store, claimed(store))
        assert claim(store) is None

    def test_the_first_of_many_delayed_signals_fixes_the_deadline(
        self, store: Store, clock: HandClock
    ) -> None:
        touch(store, delay=2)
        clock.forward(1)
        touch(store, delay=2)
        clock.forward(1)
        assert claim(store) is not None

    def test_a_signal_does_not_cut_short_a_wait_after_failure(self, store: Store, clock: HandClock) -> None:
        touch(store)
        settle(store, claimed(store), "503", retry_in=60)
        touch(store)
        clock.forward(59)
        assert claim(store) is None
        clock.forward(2)
        assert claim(store) is not None

    def test_a_delayed_signal_to_a_row_at_rest_waits_its_delay(self, store: Store, clock: HandClock) -> None:
        touch(store)
        settle(store, claimed(store))
        clock.forward(60)
        touch(store, delay=2)
        assert claim(store) is None
        clock.forward(2)
        assert claim(store) is not None

    def test_the_most_overdue_comes_first(self, store: Store, clock: HandClock) -> None:
        touch(store, "new", delay=1)
        touch(store, "old")
        clock.forward(2)
        assert (claimed(store).key, claimed(store).key) == ("old", "new")


class LeaseContract(StoreBase):
    """Who may run a row."""

    def test_nobody_else_runs_what_is_leased(self, store: Store, clock: HandClock) -> None:
        touch(store)
        claimed(store)
        touch(store)
        clock.forward(LEASE - 1)
        assert claim(store) is None

    def test_a_lease_that_ran_out_is_taken_over_and_the_old_owner_cannot_settle(
        self, store: Store, clock: HandClock
    ) -> None:
        touch(store)
        dead = claimed(store)
        clock.forward(LEASE)
        new = claimed(store)
        assert (new.key, new.attempts) == (dead.key, 2)
        with store.transaction() as tx:
            assert not tx.work.renew(dead, LEASE)
        assert not settle(store, dead)
        assert not settle(store, dead, "late")
        assert settle(store, new)

    def test_a_renewed_lease_holds(self, store: Store, clock: HandClock) -> None:
        touch(store)
        held = claimed(store)
        for _ in range(5):
            clock.forward(LEASE - 1)
            with store.transaction() as tx:
                assert tx.work.renew(held, LEASE)
            assert claim(store) is None
        assert settle(store, held)

    def test_kinds_nobody_asked_for_are_left_alone(self, store: Store) -> None:
        touch(store)
        assert claim(store, "judge", "dispatch") is None
        assert claim(store, "judge", KIND) is not None

    def test_keys_of_different_kinds_are_different_rows(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.work.touch("judge", "c1")
            tx.work.touch("publish", "c1")
        assert claim(store, "judge") is not None
        assert claim(store, "publish") is not None


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
        touch(store, "c", plan="p2")
        with store.transaction() as tx:
            assert waiting(tx) == 2
        held = claimed(store)
        assert held.plan == "p1"
        settle(store, held)
        settle(store, claimed(store))
        with store.transaction() as tx:
            assert waiting(tx) == 0

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
