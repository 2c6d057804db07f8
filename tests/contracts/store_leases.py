"""When a row of work is due, and who may run it. Two rules carry the design; they come first."""

from typing import Any

from scheduler_app.ports import Claim, Store
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

    def test_a_signal_that_asks_for_nothing_new_writes_nothing(self, store: Store) -> None:
        touch(store)
        for plan in ("", "p-1", "p-1", ""):
            touch(store, delay=5, plan=plan)
        claim = claimed(store)
        assert (claim.want, claim.plan) == (2, "p-1")

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
