"""What is known about clients: no row here is ever deleted or overwritten."""

from typing import Any

from sqlalchemy import Boolean, Column, Double, ForeignKey, Integer, String, Table, Text

from scheduler_app.store.columns import Day, Moment, Words
from scheduler_app.store.tables.base import metadata, ref


def _said() -> tuple[Column[Any], ...]:
    return (
        Column("said_by", String(16), nullable=False),
        Column("said_who", Text, nullable=False),
        Column("said_at", Moment, nullable=False),
        Column("accepted_by", Text),
        Column("accepted_at", Moment),
    )


def _withdrawn() -> tuple[Column[Any], ...]:
    return (
        Column("withdrawn", Boolean, nullable=False),
        Column("withdrawn_by", Text),
        Column("withdrawn_at", Moment),
    )


treatment_facts = Table(
    "treatment_facts",
    metadata,
    ref("ref", primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, index=True),
    Column("treatment", Text, nullable=False),
    *_said(),
    Column("on", String(10)),
    Column("started_on", String(10)),
    Column("ended_on", String(10)),
    Column("ongoing", Boolean, nullable=False),
    ref("replaces"),
    *_withdrawn(),
    Column("note", Text, nullable=False),
)

condition_facts = Table(
    "condition_facts",
    metadata,
    ref("ref", primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, index=True),
    Column("code", Text, nullable=False),
    *_said(),
    Column("present", Boolean, nullable=False),
    Column("cleared_by", Text),
    Column("cleared_reason", Text),
    Column("cleared_until", String(10)),
    ref("replaces"),
    *_withdrawn(),
)

screenings = Table(
    "screenings",
    metadata,
    ref("ref", primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, index=True),
    Column("on", String(10), nullable=False),
    *_said(),
    *_withdrawn(),
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    ref("client", ForeignKey("clients.ref"), nullable=False, index=True),
    ref("appointment", nullable=False, index=True),
    Column("day", Day, nullable=False),
    Column("treatments", Words, nullable=False),
    Column("finding", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", Double, nullable=False),  # seconds since 1970 (UTC), as the judge reads it
)
