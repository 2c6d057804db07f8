"""Clients' feeds, as they are built."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler_app.domain.entries import Feed, FeedBytes, PublishedEntry
from scheduler_app.errors import Conflict, Invalid
from scheduler_app.ports import Store
from tests.contracts.store_base import NOW, StoreBase, client

FEED = Feed("f1", "c1")
TOKEN = bytes(range(32))
SERVED = FeedBytes(b"BEGIN:VCALENDAR\r\n", b"\x1f\x8b\x00", '"abc"', NOW)


def entry(uid: str, **changes: object) -> PublishedEntry:
    """One as it was published."""
    plain = PublishedEntry(uid, "d" * 64, 0, NOW, b"BEGIN:VEVENT\r\n\x00", False, NOW + timedelta(days=7))
    return replace(plain, **changes)  # type: ignore[arg-type]


class FeedsContract(StoreBase):
    """A part of StoreContract."""

    def test_a_client_has_one_feed(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            assert tx.feeds.of_client("c1") is None
            tx.feeds.put(FEED, TOKEN)
            assert tx.feeds.of_client("c1") == FEED
        with pytest.raises(Conflict), store.transaction() as tx:
            tx.feeds.put(Feed("f2", "c1"), b"2" * 32)

    def test_nobody_has_a_feed_who_is_not_there(self, store: Store) -> None:
        with pytest.raises(Invalid), store.transaction() as tx:
            tx.feeds.put(FEED, TOKEN)

    def test_the_tokens_of_the_current_generation_are_known(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(FEED, TOKEN)
            tx.feeds.put(FEED, TOKEN)
            assert tx.feeds.tokens("f1") == [TOKEN]
            tx.feeds.put(FEED, b"r" * 32)  # the same generation under a rotated key
            assert tx.feeds.tokens("f1") == [TOKEN, b"r" * 32]
            tx.feeds.put(replace(FEED, generation=2), b"2" * 32)
            assert tx.feeds.tokens("f1") == [b"2" * 32]
            assert tx.feeds.of_client("c1") == replace(FEED, generation=2)
            assert tx.feeds.tokens("f9") == []

    def test_a_token_tells_the_feed_it_opens_or_opened(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(FEED, TOKEN)
            assert tx.feeds.of_token(TOKEN) == FEED
            assert tx.feeds.of_token(b"x" * 32) is None
            tx.feeds.put(replace(FEED, generation=2), b"2" * 32)
            assert tx.feeds.of_token(TOKEN) == replace(FEED, generation=2, revoked=True)
            assert tx.feeds.of_token(b"2" * 32) == replace(FEED, generation=2)
            tx.feeds.put(replace(FEED, generation=2, revoked=True), b"2" * 32)
            assert tx.feeds.of_token(b"2" * 32) == replace(FEED, generation=2, revoked=True)

    def test_a_revoked_feed_says_so(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(FEED, TOKEN)
            tx.feeds.put(replace(FEED, revoked=True), TOKEN)
            assert tx.feeds.of_client("c1") == replace(FEED, revoked=True)

    def test_entries_come_back_as_they_were_published(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(FEED, TOKEN)
            tx.feeds.put_entries("f1", [entry("b"), entry("a", block=b"", digest="")], [])
            assert tx.feeds.entries("f1") == {"a": entry("a", block=b"", digest=""), "b": entry("b")}
            changed = entry("b", sequence=1, cancelled=True, changed_at=NOW + timedelta(seconds=1))
            tx.feeds.put_entries("f1", [changed, entry("c")], ["a", "never-there"])
            assert tx.feeds.entries("f1") == {"b": changed, "c": entry("c")}
            assert tx.feeds.entries("f9") == {}

    def test_the_stamp_is_that_of_the_newest_bytes(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.clients.add(client(), [])
            tx.feeds.put(FEED, TOKEN)
            assert tx.feeds.stamp("f1") is None
            tx.feeds.put_bytes("f1", SERVED)
            tx.feeds.put_bytes("f1", replace(SERVED, etag='"def"', changed_at=NOW + timedelta(seconds=1)))
            assert tx.feeds.stamp("f1") == ('"def"', NOW + timedelta(seconds=1))
