"""Letters to clients, how each client wants them, and addresses that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Three tables of their own; nothing else is touched."""
    op.create_table(
        "mails",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("appointment", sa.String(64), sa.ForeignKey("appointments.ref"), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("error", sa.Text(), nullable=False),
    )
    op.create_index("ix_mails_appointment", "mails", ["appointment"])
    op.create_index("ix_mails_plan", "mails", ["plan"])
    op.create_index("ix_mails_tried_at", "mails", ["tried_at"])
    op.create_index("ix_mails_client_uid_sequence", "mails", ["client", "uid", "sequence"])
    where = sa.text("state IN ('planned', 'waiting', 'due', 'sending')")
    op.create_index("ix_mails_open", "mails", ["client"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "mail_choices",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("by_mail", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
    )
    op.create_table(
        "mail_bounces",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("address", sa.Text(), primary_key=True),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
