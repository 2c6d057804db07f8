"""Clients, the book and what is known."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tables that others point at come first. Names of constraints: store/tables/base.py."""
    _people()
    _book()
    _history_and_verdicts()
    _treatments()
    _conditions()
    _screenings_and_overrides()


def _people() -> None:
    op.create_table(
        "clients",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("privacy", sa.String(16), nullable=False),
        sa.Column("invitations", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_clients_code", "clients", ["code"])
    op.create_table(
        "client_names",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
    )
    op.create_index("ix_client_names_key", "client_names", ["key"])
    op.create_table(
        "identifiers",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), primary_key=True),
    )
    op.create_index("ix_identifiers_kind_value", "identifiers", ["kind", "value"])
    op.create_table(
        "identity_confirmations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index(
        "ix_identity_confirmations_source_source_id", "identity_confirmations", ["source", "source_id"]
    )


def _book() -> None:
    op.create_table(
        "appointments",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref")),
        sa.Column("treatments", sa.JSON(), nullable=False),
        sa.Column("start", MOMENT, nullable=False),
        sa.Column("end", MOMENT, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("booked_at", MOMENT),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("version", sa.BigInteger()),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", sa.String(64)),
        sa.UniqueConstraint("source", "source_id"),
    )
    op.create_index("ix_appointments_calendar_start", "appointments", ["calendar", "start"])
    op.create_index("ix_appointments_client", "appointments", ["client"])
    op.create_index("ix_appointments_start", "appointments", ["start"])
    _partial("ix_appointments_unassigned", "appointments", ["start"], "client IS NULL")


def _history_and_verdicts() -> None:
    op.create_table(
        "appointment_history",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appointment", sa.String(64), sa.ForeignKey("appointments.ref"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
    )
    op.create_index("ix_appointment_history_appointment", "appointment_history", ["appointment"])
    op.create_table(
        "verdicts",
        sa.Column("appointment", sa.String(64), sa.ForeignKey("appointments.ref"), primary_key=True),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("earliest", sa.String(10)),
        sa.Column("earliest_not_blocked", sa.String(10)),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("rulebook", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("judged_at", MOMENT, nullable=False),
    )
    op.create_index("ix_verdicts_client", "verdicts", ["client"])
    op.create_index("ix_verdicts_rulebook", "verdicts", ["rulebook"])


def _treatments() -> None:
    op.create_table(
        "treatment_facts",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("treatment", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(16), nullable=False),
        sa.Column("said_who", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("accepted_by", sa.Text()),
        sa.Column("accepted_at", MOMENT),
        sa.Column("on", sa.String(10)),
        sa.Column("started_on", sa.String(10)),
        sa.Column("ended_on", sa.String(10)),
        sa.Column("ongoing", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.String(64)),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("note", sa.Text(), nullable=False),
    )
    op.create_index("ix_treatment_facts_client", "treatment_facts", ["client"])


def _conditions() -> None:
    op.create_table(
        "condition_facts",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(16), nullable=False),
        sa.Column("said_who", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("accepted_by", sa.Text()),
        sa.Column("accepted_at", MOMENT),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("cleared_by", sa.Text()),
        sa.Column("cleared_reason", sa.Text()),
        sa.Column("cleared_until", sa.String(10)),
        sa.Column("replaces", sa.String(64)),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_condition_facts_client", "condition_facts", ["client"])


def _screenings_and_overrides() -> None:
    op.create_table(
        "screenings",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("said_by", sa.String(16), nullable=False),
        sa.Column("said_who", sa.Text(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("accepted_by", sa.Text()),
        sa.Column("accepted_at", MOMENT),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_screenings_client", "screenings", ["client"])
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("appointment", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("treatments", sa.JSON(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index("ix_overrides_appointment", "overrides", ["appointment"])
    op.create_index("ix_overrides_client", "overrides", ["client"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=chosen, postgresql_where=chosen)
