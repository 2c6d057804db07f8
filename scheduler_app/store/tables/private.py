"""What is the client's own: private links, addresses known to be theirs, wishes to be forgotten."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, ref

private_links = Table(
    "private_links",
    metadata,
    ref("ref", primary_key=True),
    Column("token_sha256", LargeBinary(32), nullable=False, unique=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("made_by", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("sent_at", Moment),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
)

verified_contacts = Table(
    "verified_contacts",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("how", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

erasures = Table(  # refs outlive the person: the audit log speaks of them
    "erasures",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("erased_by", Text),
    Column("erased_at", Moment),
)

erased_events = Table(  # so that reading a calendar again does not bring somebody back
    "erased_events",
    metadata,
    Column("key_sha256", LargeBinary(32), primary_key=True),
)
