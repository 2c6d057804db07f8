"""What wants doing, calendars kept here, feeds, and who may ask."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables that others point at come first. Names of constraints: store/tables/base.py."""
    _working()
    _outbox()
    _calendars()
    _feeds()
    _doors()


def _working() -> None:
    op.create_table(
        "deliveries",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
    )
    _partial("ix_deliveries_pending", "deliveries", ["source", "received_at"], "settled_at IS NULL")
    op.create_table(
        "work",
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("want", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("lease_until", sa.Double(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error", sa.Text()),
        sa.Column("plan", sa.String(64), nullable=False, server_default=""),
    )
    _partial("ix_work_due", "work", ["due"], "want > done")
    _partial("ix_work_plan", "work", ["plan"], "want > done")


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("mark", sa.JSON()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("settled_at", MOMENT),
    )
    _partial("ix_outbox_open", "outbox", ["target"], "state IN ('planned', 'due', 'waiting')")
    op.create_index("ix_outbox_plan", "outbox", ["plan"])
    op.create_table(
        "marks_written",
        sa.Column("appointment", sa.String(64), sa.ForeignKey("appointments.ref"), primary_key=True),
        sa.Column("mark", sa.JSON(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
    )


def _calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("kept_since", MOMENT, nullable=False),
    )
    op.create_table(
        "calendar_events",
        sa.Column("calendar", sa.Text(), sa.ForeignKey("calendars.id"), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("end", MOMENT, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("mark", sa.JSON()),
        sa.UniqueConstraint("calendar", "sequence"),
    )
    op.create_index("ix_calendar_events_calendar_start", "calendar_events", ["calendar", "start"])
    op.create_table(
        "cursors",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("cursor", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("client"),
    )
    op.create_table(
        "feed_tokens",
        sa.Column("token_sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("feed", sa.String(64), sa.ForeignKey("feeds.ref"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
    )
    op.create_index("ix_feed_tokens_feed", "feed_tokens", ["feed"])
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.String(64), sa.ForeignKey("feeds.ref"), primary_key=True),
        sa.Column("uid", sa.Text(), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "feed_bytes",
        sa.Column("feed", sa.String(64), sa.ForeignKey("feeds.ref"), primary_key=True),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("zipped", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def _doors() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
    )
    op.create_index("ix_audit_log_target", "audit_log", ["target"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.UniqueConstraint("sha256"),
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=chosen, postgresql_where=chosen)
