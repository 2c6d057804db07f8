"""The outbox: decided once, one open wish for each appointment, settled when done."""

from dataclasses import replace

from scheduler_app.domain.actions import DONE, DUE, FAILED, PLANNED, SUPERSEDED, WAITING, Action, WrittenMark
from scheduler_app.domain.events import Mark
from scheduler_app.ports import Store
from tests.contracts.store_base import HOUR, NOW, StoreBase, visit
from tests.contracts.store_book import book

HOLD = Mark("hold", "⛔15 Mar · ", "Possible from 15 March.", "red")


def action(key: str, target: str = "a1", plan: str = "p1", minutes: int = 0) -> Action:
    """A hold to be written."""
    return Action(key, "mark", target, plan, HOLD, NOW + minutes * HOUR / 60)


class OutboxContract(StoreBase):
    """A part of StoreContract."""

    def test_an_action_comes_back_as_it_was_planned(self, store: Store) -> None:
        lift = Action("k2", "unmark", "a2", "p1", None, NOW)
        with store.transaction() as tx:
            assert tx.outbox.plan(action("k1"))
            assert tx.outbox.plan(lift)
            assert tx.outbox.open_for("a1") == action("k1")
            assert tx.outbox.open_for("a2") == lift
            assert tx.outbox.open_for("a3") is None
            assert tx.outbox.in_plan("p1") == [action("k1"), lift]

    def test_the_same_wish_is_written_once(self, store: Store) -> None:
        with store.transaction() as tx:
            assert tx.outbox.plan(action("k1"))
            assert not tx.outbox.plan(action("k1", minutes=5))
            assert not tx.outbox.plan(replace(action("k1"), plan="p2"))
            assert tx.outbox.open_for("a1") == action("k1")

    def test_a_newer_wish_takes_the_place_of_the_open_one(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.plan(action("other", target="a2"))
            assert tx.outbox.plan(action("k2", plan="p2", minutes=1))
            assert tx.outbox.open_for("a1") == action("k2", plan="p2", minutes=1)
            assert [each.state for each in tx.outbox.in_plan("p1")] == [SUPERSEDED, PLANNED]

    def test_a_wish_that_comes_back_is_open_again(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.plan(action("k2", minutes=1))
            assert tx.outbox.plan(action("k1", plan="p3", minutes=2))
            assert tx.outbox.open_for("a1") == action("k1", plan="p3", minutes=2)

    def test_what_was_done_or_failed_is_not_wished_for_again_under_its_key(self, store: Store) -> None:
        with store.transaction() as tx:
            for key, state in (("k1", DONE), ("k2", FAILED)):
                tx.outbox.plan(action(key, target=key))
                tx.outbox.settle(key, state)
                assert not tx.outbox.plan(action(key, target=key))
                assert tx.outbox.open_for(key) is None

    def test_what_was_done_stays_done_when_something_new_is_wished_for(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.settle("k1", DONE)
            tx.outbox.plan(action("k2", plan="p2"))
            assert [each.state for each in tx.outbox.in_plan("p1")] == [DONE]

    def test_a_plan_is_released_as_one(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.plan(action("k2", target="a2"))
            tx.outbox.plan(action("k3", target="a3", plan="p2"))
            tx.outbox.settle("k2", DONE)
            assert tx.outbox.unreleased() == ["p1", "p2"]
            assert tx.outbox.due("a1") is None
            assert tx.outbox.set_state("p1", DUE) == ["a1"]
            assert tx.outbox.set_state("p1", DUE) == []
            assert tx.outbox.due("a1") == replace(action("k1"), state=DUE)
            assert tx.outbox.due_targets() == ["a1"]
            assert tx.outbox.unreleased() == ["p2"]

    def test_a_stopped_plan_waits_until_it_is_approved(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.plan(action("k2", target="a2", minutes=1))
            tx.outbox.plan(action("k3", target="a3", plan="p2"))
            assert sorted(tx.outbox.set_state("p1", WAITING)) == ["a1", "a2"]
            assert {plan: [a.key for a in held] for plan, held in tx.outbox.waiting().items()} == {
                "p1": ["k1", "k2"]
            }
            assert tx.outbox.open_for("a1") == replace(action("k1"), state=WAITING)
            assert tx.outbox.due_targets() == []
            tx.outbox.set_state("p1", DUE)
            assert tx.outbox.waiting() == {}
            assert tx.outbox.due_targets() == ["a1", "a2"]

    def test_a_settled_action_tells_how_it_ended(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.outbox.plan(action("k1"))
            tx.outbox.settle("k1", FAILED, "no such calendar")
            (ended,) = tx.outbox.in_plan("p1")
            assert (ended.state, ended.error) == (FAILED, "no such calendar")
            assert tx.outbox.open_for("a1") is None

    def test_the_mark_that_stands_outside_is_known(self, store: Store) -> None:
        first = WrittenMark("a1", HOLD, '"1"', NOW)
        second = WrittenMark("a1", Mark("note", "", "."), '"2"', NOW + HOUR)
        with store.transaction() as tx:
            book(tx, visit())
            assert tx.outbox.written("a1") is None
            tx.outbox.put_written(first)
            assert tx.outbox.written("a1") == first
            tx.outbox.put_written(second)
            assert tx.outbox.written("a1") == second
            tx.outbox.drop_written("a1")
            tx.outbox.drop_written("a1")
            assert tx.outbox.written("a1") is None
