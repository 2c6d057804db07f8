"""Deliveries: taken in once, kept until they are understood."""

from dataclasses import replace
from datetime import timedelta

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.ports import Inbox, Store
from tests.contracts.store_base import NOW, StoreBase

FIRST = Delivery("acme", "k1", NOW, b'{"n": 1}\x00\xff')


def nth(number: int, source: str = "acme") -> Delivery:
    """One of many, in the order they came."""
    return Delivery(source, f"k{9 - number}", NOW + timedelta(seconds=number), b"{}")


class DeliveriesContract(StoreBase):
    """A part of StoreContract."""

    def test_a_delivery_comes_back_as_it_went_in(self, store: Store, inbox: Inbox) -> None:
        assert inbox.accept(FIRST)
        with store.reading() as tx:
            assert tx.deliveries.pending("acme", 10) == [FIRST]

    def test_a_second_copy_is_a_duplicate_and_changes_nothing(self, store: Store, inbox: Inbox) -> None:
        assert inbox.accept(FIRST)
        assert not inbox.accept(replace(FIRST, body=b"other", received_at=NOW + timedelta(days=1)))
        with store.reading() as tx:
            assert tx.deliveries.pending("acme", 10) == [FIRST]

    def test_keys_are_unique_within_their_source_only(self, inbox: Inbox) -> None:
        assert inbox.accept(FIRST)
        assert inbox.accept(replace(FIRST, source="other"))

    def test_they_are_read_in_the_order_they_came(self, store: Store, inbox: Inbox) -> None:
        for number in (2, 1, 3):
            inbox.accept(nth(number))
        inbox.accept(nth(0, "other"))
        with store.reading() as tx:
            assert tx.deliveries.pending("acme", 2) == [nth(1), nth(2)]

    def test_what_is_settled_is_not_pending_and_still_a_duplicate(self, store: Store, inbox: Inbox) -> None:
        inbox.accept(nth(1))
        inbox.accept(nth(2))
        with store.transaction() as tx:
            tx.deliveries.settle(nth(1))
            tx.deliveries.settle(nth(2), "unreadable")
            assert tx.deliveries.pending("acme", 10) == []
        assert not inbox.accept(nth(1))
        assert not inbox.accept(nth(2))

    def test_what_could_not_be_understood_is_told_with_the_reason_the_newest_first(
        self, store: Store, inbox: Inbox
    ) -> None:
        for number in (1, 2, 3):
            inbox.accept(nth(number))
        with store.transaction() as tx:
            tx.deliveries.settle(nth(1), "no such field")
            tx.deliveries.settle(nth(2))
            tx.deliveries.settle(nth(3), "no JSON")
            told = [(refused.key, refused.error) for refused in tx.deliveries.refused(5)]
            assert told == [(nth(3).key, "no JSON"), (nth(1).key, "no such field")]
            assert len(tx.deliveries.refused(1)) == 1

    def test_sources_with_something_pending_are_known(self, store: Store, inbox: Inbox) -> None:
        for source in ("beta", "acme", "gone"):
            inbox.accept(nth(1, source))
        with store.transaction() as tx:
            tx.deliveries.settle(nth(1, "gone"))
            assert tx.deliveries.sources_pending() == ["acme", "beta"]

    def test_a_new_delivery_says_that_its_source_wants_looking_at(self, store: Store, inbox: Inbox) -> None:
        inbox.accept(nth(1))
        inbox.accept(nth(2))
        inbox.accept(nth(1, "other"))
        with store.transaction() as tx:
            one, two = tx.work.claim(["ingest"], 10), tx.work.claim(["ingest"], 10)
            assert one is not None
            assert two is not None
            assert {(one.kind, one.key), (two.kind, two.key)} == {("ingest", "acme"), ("ingest", "other")}
            tx.work.settle(one)
            tx.work.settle(two)
        inbox.accept(nth(1))  # a duplicate is no news
        with store.transaction() as tx:
            assert tx.work.claim(["ingest"], 10) is None
