"""The book: appointments, every change to them, and what they were judged to be."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from scheduler_app.store.columns import Day, Moment, Words
from scheduler_app.store.tables.base import metadata, partial, ref

appointments = Table(
    "appointments",
    metadata,
    ref("ref", primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    ref("client", ForeignKey("clients.ref"), index=True),
    Column("treatments", Words, nullable=False),
    Column("start", Moment, nullable=False, index=True),
    Column("end", Moment, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("status", String(32), nullable=False),
    Column("booked_at", Moment),
    Column("reported_at", Moment, nullable=False),
    Column("version", BigInteger),
    Column("location", Text, nullable=False),
    Column("calendar", Text),
    Column("title", Text, nullable=False),
    Column("doubts", Words, nullable=False),
    Column("by_staff", Boolean, nullable=False),
    ref("replaced_by"),
    Column("series", Text, nullable=False, server_default=""),
    Column("writable", Boolean, nullable=False, server_default=true()),
    Column("booked_by", Text, nullable=False, server_default=""),
    Column("carries", Text, nullable=False, server_default=""),
    ref("same_as"),
    Column("heard_at", Moment),  # first, from its source; NULL where a row of history tells of that
    UniqueConstraint("source", "source_id"),
    Index(None, "calendar", "start"),
)
partial("ix_appointments_unassigned", appointments.c.start, where=appointments.c.client.is_(None))
partial(
    "ix_appointments_series",
    appointments.c.source,
    appointments.c.series,
    where=appointments.c.series != text("''"),
)
partial("ix_appointments_carries", appointments.c.carries, where=appointments.c.carries != text("''"))
partial("ix_appointments_same_as", appointments.c.same_as, where=appointments.c.same_as.is_not(None))

appointment_history = Table(
    "appointment_history",
    metadata,
    Column("id", Integer, primary_key=True),
    ref("appointment", ForeignKey("appointments.ref"), nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("changes", JSON, nullable=False),  # field: [before, after]
)

verdicts = Table(
    "verdicts",
    metadata,
    ref("appointment", ForeignKey("appointments.ref"), primary_key=True),
    ref("client", nullable=False, index=True),
    Column("outcome", String(16), nullable=False),
    Column("earliest", Day),
    Column("earliest_not_blocked", Day),
    Column("findings", JSON, nullable=False),
    Column("rulebook", String(64), nullable=False, index=True),
    Column("day", Day, nullable=False),
    Column("judged_at", Moment, nullable=False),
)
