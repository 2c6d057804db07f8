"""Clients' feeds: tokens, entries as published, and the bytes polls are answered with."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, ref

feeds = Table(
    "feeds",
    metadata,
    ref("ref", primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, unique=True),
    Column("generation", Integer, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

feed_tokens = Table(  # older generations stay, so that their polls are told 410 and not 404
    "feed_tokens",
    metadata,
    Column("token_sha256", LargeBinary(32), primary_key=True),
    ref("feed", ForeignKey("feeds.ref"), nullable=False, index=True),
    Column("generation", Integer, nullable=False),
)

feed_entries = Table(
    "feed_entries",
    metadata,
    ref("feed", ForeignKey("feeds.ref"), primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("block", LargeBinary, nullable=False),
)

feed_bytes = Table(
    "feed_bytes",
    metadata,
    ref("feed", ForeignKey("feeds.ref"), primary_key=True),
    Column("etag", Text, nullable=False),  # before the bytes: SQLite reads a row from its front
    Column("changed_at", Moment, nullable=False),
    Column("zipped", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
