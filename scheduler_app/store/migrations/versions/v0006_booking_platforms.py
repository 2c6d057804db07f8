"""Booking platforms: how far each was read, what clients are told, and visits that two sources tell of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Two tables, three columns with a value for what is there, two indices over few rows."""
    op.create_table(
        "platform_states",
        sa.Column("platform", sa.Text(), primary_key=True),
        sa.Column("read_until", MOMENT),
        sa.Column("page", sa.Text()),
        sa.Column("reading_since", MOMENT),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("whole_at", MOMENT),
        sa.Column("fault", sa.String(64), nullable=False),
        sa.Column("fault_since", MOMENT),
    )
    op.create_table(
        "visit_pairs",
        sa.Column("one", sa.String(64), primary_key=True),
        sa.Column("other", sa.String(64), primary_key=True),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.add_column("outbox", sa.Column("message", sa.Text(), nullable=False, server_default=""))
    op.add_column("appointments", sa.Column("carries", sa.Text(), nullable=False, server_default=""))
    op.add_column("appointments", sa.Column("same_as", sa.String(64)))
    for name, column, condition in (
        ("ix_appointments_carries", "carries", "carries != ''"),
        ("ix_appointments_same_as", "same_as", "same_as IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "appointments", [column], sqlite_where=where, postgresql_where=where)
