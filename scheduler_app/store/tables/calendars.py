"""Clinic calendars kept here, and how far those kept elsewhere have been read."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

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
