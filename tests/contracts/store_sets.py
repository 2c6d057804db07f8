"""Many rows at once: read beforehand, held back, said in sets; no answer differs by it."""

import pytest

from scheduler_app.domain.appointments import Clues
from scheduler_app.domain.clients import Identifier
from scheduler_app.errors import Conflict, Invalid
from scheduler_app.ports import HeldVerdict, Store
from tests.contracts.store_base import HOUR, NOW, HandClock, StoreBase, client, visit
from tests.contracts.store_book import book
from tests.contracts.store_leases import KIND, claim, claimed, settle, touch
from tests.contracts.store_outbox import action
from tests.contracts.store_verdicts import CLEAR

SOURCE = "hooks:acme"
EMAIL = Identifier("email", "anna@example.org")


class SetsContract(StoreBase):
    """A part of StoreContract."""

    def test_what_was_held_back_is_there_for_whoever_asks_in_the_same_transaction(self, store: Store) -> None:
        clues = Clues(name="Anna Smith", email=EMAIL.value)
        with store.transaction() as tx:
            tx.expect(SOURCE, ["booking-a1", "booking-a2"], {clues})
            assert tx.clients.candidates(clues, SOURCE) == []
            tx.clients.add(client(), [EMAIL])
            assert [known.ref for known in tx.clients.candidates(clues, SOURCE)] == ["c1"]
            assert tx.clients.get("c1") == client()
            tx.appointments.put(visit(), by=SOURCE, at=NOW)
            assert tx.appointments.by_source(SOURCE, "booking-a1") == visit()
            assert tx.appointments.by_source(SOURCE, "booking-a2") is None
            assert list(tx.appointments.of_client("c1")) == [visit()]
            assert list(tx.clients.refs()) == ["c1"]
        with store.reading() as tx:
            assert tx.appointments.get("a1") == visit()
            assert [change.field for change in tx.appointments.history("a1")][:2] == ["ref", "source"]

    def test_when_it_was_heard_of_first_outlasts_what_is_heard_later(self, store: Store) -> None:
        for hours, status in enumerate(("booked", "noshow", "cancelled")):
            with store.transaction() as tx:
                tx.expect(SOURCE, ["booking-a1"], set())
                if not hours:
                    tx.clients.add(client(), [])
                tx.appointments.put(visit(status=status), by=SOURCE, at=NOW + hours * HOUR)
        with store.reading() as tx:
            *born, noshow, cancelled = tx.appointments.history("a1")
        assert {(change.by, change.at, change.before) for change in born} == {(SOURCE, NOW, None)}
        assert [change.after for change in born if change.field == "status"] == ["booked"]
        assert [(change.at, change.after) for change in (noshow, cancelled)] == [
            (NOW + HOUR, "noshow"),
            (NOW + 2 * HOUR, "cancelled"),
        ]

    def test_what_was_held_back_and_cannot_be_is_refused_as_a_whole(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])

        def put(who: str, *, again: bool) -> None:
            with store.transaction() as tx:
                tx.expect(SOURCE, ["booking-a1"], set())
                tx.appointments.put(visit(client=who), by=SOURCE, at=NOW)
                if again:
                    tx.clients.add(client(), [])

        with pytest.raises(Conflict):
            put("c1", again=True)
        with pytest.raises(Invalid):
            put("nobody", again=False)
        with store.reading() as tx:
            assert tx.appointments.get("a1") is None

    def test_a_verdict_that_moves_to_another_client_is_dropped_from_neither(self, store: Store) -> None:
        held = HeldVerdict("a1", "c1", CLEAR, "r1", 1, NOW)
        moved = HeldVerdict("a1", "", CLEAR, "r1", 1, NOW)
        for first in (True, False):
            with store.transaction() as tx:
                if first:
                    book(tx, visit())
                tx.verdicts.put([held])
            with store.transaction() as tx:
                tx.expect_stories(["c1"], ["a1"])
                if first:
                    tx.verdicts.drop(sorted(tx.verdicts.of_client("c1")))
                tx.verdicts.put([moved])
                assert tx.verdicts.of_client("c1") == {}
                assert tx.verdicts.get("a1") == moved
            with store.reading() as tx:
                assert tx.verdicts.get("a1") == moved

    def test_only_what_left_a_trace_outside_is_asked_about(self, store: Store) -> None:
        with store.transaction() as tx:
            book(tx, visit("a1"), visit("a2"))
            tx.outbox.plan(action("k1"))
            assert tx.outbox.traces(["a1", "a2"]) == {"a1"}
        with store.transaction() as tx:
            tx.expect_stories(["c1"], [])
            assert tx.outbox.open_for("a2") is None
            tx.outbox.plan(action("k2", "a2"))
            assert tx.outbox.open_for("a2") == action("k2", "a2")
            assert tx.outbox.open_for("a1") == action("k1")

    def test_many_touches_are_touches(self, store: Store, clock: HandClock) -> None:
        with store.transaction() as tx:
            tx.work.touch_all(KIND, {"b", "a"}, delay=60, plan="p1")
        assert claim(store) is None
        with store.transaction() as tx:
            assert tx.work.in_plan("p1") == 2
        clock.forward(60)
        assert {claimed(store).key, claimed(store).key} == {"a", "b"}

    def test_a_plan_is_hastened_without_what_runs_or_backs_off(self, store: Store, clock: HandClock) -> None:
        touch(store, "failed", plan="p1")
        settle(store, claimed(store), "it broke", retry_in=60)
        touch(store, "other", delay=60, plan="p2")
        touch(store, "waits", delay=60, plan="p1")
        with store.transaction() as tx:
            assert tx.work.hasten("p1") == 1
        hastened = claimed(store)
        assert hastened.key == "waits"
        assert claim(store) is None
        settle(store, hastened)
        clock.forward(60)
        assert {claimed(store).key, claimed(store).key} == {"failed", "other"}

    def test_rows_taken_along_are_done_with_the_transaction_or_not_at_all(self, store: Store) -> None:
        for key in ("a", "b", "c"):
            touch(store, key, plan=f"p-{key}")

        def half_done() -> None:
            with store.transaction() as tx:
                assert len(tx.work.take_along(KIND, 5)) == 3
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half_done()
        with store.transaction() as tx:
            taken = tx.work.take_along(KIND, 2)
        assert {(row.key, row.plan) for row in taken} <= {("a", "p-a"), ("b", "p-b"), ("c", "p-c")}
        assert len(taken) == 2
        assert claimed(store).key not in {row.key for row in taken}
        assert claim(store) is None

    def test_nobody_takes_along_what_failed_is_leased_or_waits(self, store: Store, clock: HandClock) -> None:
        touch(store, "failed")
        settle(store, claimed(store), "it broke", retry_in=1)
        clock.forward(2)
        touch(store, "later", delay=HOUR.total_seconds())
        touch(store, "mine")
        assert {claimed(store).key} <= {"failed", "mine"}
        with store.transaction() as tx:
            assert "failed" not in {row.key for row in tx.work.take_along(KIND, 5)}
            assert tx.work.take_along(KIND, 5) == []

    def test_a_touch_after_a_row_was_taken_along_wants_it_again(self, store: Store) -> None:
        touch(store, "a")
        with store.transaction() as tx:
            assert len(tx.work.take_along(KIND, 5)) == 1
        assert claim(store) is None
        touch(store, "a")
        assert claimed(store).key == "a"
