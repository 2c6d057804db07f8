"""Clients' feeds as they are built. How polls read them: shelf.py."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Executable, and_, bindparam, delete, or_, select

from scheduler_app.domain.entries import Feed, FeedBytes, PublishedEntry
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect, upsert
from scheduler_app.store.tables import feed_bytes, feed_tokens, feeds
from scheduler_app.store.tables import feed_entries as e

ENTRY = tuple(field.name for field in fields(PublishedEntry))
OF_CLIENT = select(feeds.c.ref, feeds.c.client, feeds.c.generation, feeds.c.revoked).where(
    feeds.c.client == bindparam("of")
)
OF_TOKEN = (
    select(
        feeds.c.ref,
        feeds.c.client,
        feeds.c.generation,
        or_(feeds.c.revoked, feeds.c.generation != feed_tokens.c.generation),
    )
    .join(feed_tokens, feed_tokens.c.feed == feeds.c.ref)
    .where(feed_tokens.c.token_sha256 == bindparam("of"))
)
ENTRIES = select(*(e.c[name] for name in ENTRY)).where(e.c.feed == bindparam("of")).order_by(e.c.uid)
STAMP = select(feed_bytes.c.etag, feed_bytes.c.changed_at).where(feed_bytes.c.feed == bindparam("of"))
TOKENS = (
    select(feed_tokens.c.token_sha256)
    .join(feeds, and_(feeds.c.ref == feed_tokens.c.feed, feeds.c.generation == feed_tokens.c.generation))
    .where(feeds.c.ref == bindparam("of"))
    .order_by(feed_tokens.c.token_sha256)
)
DROP = delete(e).where(e.c.feed == bindparam("of"), e.c.uid == bindparam("is"))


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, feeds, keep=["client"])


@per_dialect
def _put_token(dialect: str) -> Executable:
    return insert_new(dialect, feed_tokens)


@per_dialect
def _put_entry(dialect: str) -> Executable:
    return upsert(dialect, e)


@per_dialect
def _put_bytes(dialect: str) -> Executable:
    return upsert(dialect, feed_bytes)


class SqlFeeds(Part):
    """Implements ports.Feeds."""

    def of_client(self, client: str) -> Feed | None:
        """A client has one feed at most."""
        row = self._do(OF_CLIENT, {"of": client}).first()
        return None if row is None else Feed(*row)

    def of_token(self, token_sha256: bytes) -> Feed | None:
        """The feed this token opens; with revoked=True for one that it opened once."""
        row = self._do(OF_TOKEN, {"of": token_sha256}).first()
        return None if row is None else Feed(row[0], row[1], row[2], bool(row[3]))

    def put(self, feed: Feed, token_sha256: bytes) -> None:
        """Open it for this token. Tokens of other generations open nothing any more, and are told so."""
        values = {"ref": feed.ref, "client": feed.client}
        self._do(_put(self._dialect), values | {"generation": feed.generation, "revoked": feed.revoked})
        token = {"token_sha256": token_sha256, "feed": feed.ref, "generation": feed.generation}
        self._do(_put_token(self._dialect), token)

    def entries(self, feed: str) -> Mapping[str, PublishedEntry]:
        """As published, by uid."""
        return {row[0]: PublishedEntry(*row) for row in self._do(ENTRIES, {"of": feed})}

    def put_entries(self, feed: str, entries: Sequence[PublishedEntry], dropped: Sequence[str]) -> None:
        """Publish these, and take the dropped uids away."""
        if entries:
            rows = [{name: getattr(entry, name) for name in ENTRY} | {"feed": feed} for entry in entries]
            self._do(_put_entry(self._dialect), rows)
        if dropped:
            self._do(DROP, [{"of": feed, "is": uid} for uid in dropped])

    def put_bytes(self, feed: str, served: FeedBytes) -> None:
        """What polls are answered with from now on."""
        values = {"feed": feed, "etag": served.etag, "changed_at": served.changed_at}
        self._do(_put_bytes(self._dialect), values | {"zipped": served.zipped, "body": served.body})

    def stamp(self, feed: str) -> tuple[str, datetime] | None:
        """etag and changed_at of the bytes as they are; None where there are none yet."""
        row = self._do(STAMP, {"of": feed}).first()
        return None if row is None else (row.etag, row.changed_at)

    def tokens(self, feed: str) -> Sequence[bytes]:
        """The SHA-256 of every token of the feed's current generation."""
        return list(self._do(TOKENS, {"of": feed}).scalars())
