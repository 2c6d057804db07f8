"""Calendars that other programs keep: series, channels, how we stand with each, quarrels over marks."""

import sqlalchemy as sa
from alembic import op

from scheduler_app.domain.names import kept_keys

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """New columns come last in their tables, as SQLite adds them."""
    op.add_column("appointments", sa.Column("series", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "appointments", sa.Column("writable", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("appointments", sa.Column("booked_by", sa.Text(), nullable=False, server_default=""))
    where = sa.text("series != ''")
    op.create_index(
        "ix_appointments_series",
        "appointments",
        ["source", "series"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.add_column("marks_written", sa.Column("held_since", MOMENT))
    _quarrels()
    _calendars()
    _names_by_two_words()


def _names_by_two_words() -> None:
    """Whole calendars of people are looked up at once: the keys are the program's, so it makes them anew."""
    clients = sa.table("clients", sa.column("ref"), sa.column("name"))
    names = sa.table("client_names", sa.column("client"), sa.column("key"))
    connection = op.get_bind()
    held = connection.execute(sa.select(clients.c.ref, clients.c.name)).all()
    connection.execute(sa.delete(names))
    for ref, name in held:
        if rows := [{"client": ref, "key": key} for key in sorted(kept_keys(name))]:
            connection.execute(sa.insert(names), rows)


def _quarrels() -> None:
    op.create_table(
        "mark_quarrels",
        sa.Column("appointment", sa.String(64), sa.ForeignKey("appointments.ref"), primary_key=True),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
    )


def _calendars() -> None:
    op.create_table(
        "calendar_states",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("started_at", MOMENT),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("covers", sa.String(8), nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("fault", sa.String(64), nullable=False),
        sa.Column("fault_since", MOMENT),
        sa.Column("writes_paused_until", MOMENT),
    )
    op.create_table(
        "known_series",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("series", sa.Text(), primary_key=True),
        sa.Column("read_until", MOMENT, nullable=False),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("heard_at", MOMENT),
        sa.Column("stopped_at", MOMENT),
    )
    op.create_index("ix_channels_calendar", "channels", ["calendar"])
    op.create_table(
        "request_budgets",
        sa.Column("account", sa.Text(), primary_key=True),
        sa.Column("left", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
