"""Clients, and what they are recognised by."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, ref

clients = Table(
    "clients",
    metadata,
    ref("ref", primary_key=True),
    Column("name", Text, nullable=False),
    Column("search", Text, nullable=False),  # the name as people type it when they search
    Column("created_at", Moment, nullable=False),
    Column("code", Text, index=True),
    Column("language", String(16), nullable=False),
    Column("privacy", String(16), nullable=False),
    Column("invitations", Boolean, nullable=False),
)

client_names = Table(  # the spellings under which a name is looked up; compatible names share one
    "client_names",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("key", Text, primary_key=True, index=True),
)

identifiers = Table(
    "identifiers",
    metadata,
    ref("client", ForeignKey("clients.ref"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Index(None, "kind", "value"),
)

identity_confirmations = Table(
    "identity_confirmations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    ref("client", ForeignKey("clients.ref"), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "source", "source_id"),
)
