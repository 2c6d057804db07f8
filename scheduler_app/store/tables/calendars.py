"""Clinic calendars kept here, and how far those kept elsewhere have been read."""

from sqlalchemy import (
    JSON,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, ref

calendars = Table(  # those kept here; the clinic's list of all its calendars is configuration
    "calendars",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),  # of the newest change
    Column("floor", Integer, nullable=False),  # cursors below it have missed what was pruned
    Column("kept_since", Moment, nullable=False),
)

calendar_events = Table(
    "calendar_events",
    metadata,
    Column("calendar", Text, ForeignKey("calendars.id"), primary_key=True),
    ref("id", primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("start", Moment, nullable=False),
    Column("end", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("attendees", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("mark", JSON(none_as_null=True)),  # apart, so that a person's words are never touched
    UniqueConstraint("calendar", "sequence"),
    Index(None, "calendar", "start"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("cursor", Text),
    Column("at", Moment, nullable=False),
)

calendar_states = Table(
    "calendar_states",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("started_at", Moment),
    Column("started_by", Text, nullable=False),
    Column("covers", String(8), nullable=False),
    Column("read_at", Moment),
    Column("fault", String(64), nullable=False),
    Column("fault_since", Moment),
    Column("writes_paused_until", Moment),
)

known_series = Table(
    "known_series",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    Column("read_until", Moment, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    ref("id", primary_key=True),
    Column("calendar", Text, nullable=False, index=True),
    Column("token_sha256", LargeBinary(32), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("resource", Text, nullable=False),
    Column("expires_at", Moment),
    Column("heard_at", Moment),
    Column("stopped_at", Moment),
)

request_budgets = Table(  # by account, and by "" for everybody together
    "request_budgets",
    metadata,
    Column("account", Text, primary_key=True),
    Column("left", Double, nullable=False),
    Column("at", Double, nullable=False),  # seconds since 1970 (UTC) when so much was left
)
