"""What came in, what wants doing, and what was decided to be done outside."""

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Integer, LargeBinary, String, Table, Text

from scheduler_app.store.columns import Moment
from scheduler_app.store.tables.base import metadata, partial, ref

OPEN_STATES = ("planned", "due", "waiting")

deliveries = Table(
    "deliveries",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("settled_at", Moment),
    Column("error", Text, nullable=False, server_default=""),
)
partial(
    "ix_deliveries_pending",
    deliveries.c.source,
    deliveries.c.received_at,
    where=deliveries.c.settled_at.is_(None),
)

work = Table(
    "work",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("want", Integer, nullable=False, server_default="1"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("due", Double, nullable=False),  # seconds since 1970 (UTC)
    Column("lease", String(32)),
    Column("lease_until", Double, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("plan", String(64), nullable=False, server_default=""),
)
partial("ix_work_due", work.c.due, where=work.c.want > work.c.done)
partial("ix_work_plan", work.c.plan, where=work.c.want > work.c.done)

outbox = Table(
    "outbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", String(32), nullable=False),
    ref("target", nullable=False),
    Column("plan", String(64), nullable=False, index=True),
    Column("mark", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("error", Text, nullable=False),
    Column("settled_at", Moment),
    Column("message", Text, nullable=False, server_default=""),
)
partial("ix_outbox_open", outbox.c.target, where=outbox.c.state.in_(OPEN_STATES))

marks_written = Table(
    "marks_written",
    metadata,
    ref("appointment", ForeignKey("appointments.ref"), primary_key=True),
    Column("mark", JSON, nullable=False),
    Column("etag", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("held_since", Moment),
)

mark_quarrels = Table(
    "mark_quarrels",
    metadata,
    ref("appointment", ForeignKey("appointments.ref"), primary_key=True),
    Column("start", Moment, nullable=False),
    Column("undone", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Boolean, nullable=False),
)
