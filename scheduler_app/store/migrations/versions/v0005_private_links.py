"""What is the client's own: private links, addresses known to be theirs, wishes to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Four tables; nothing that is there changes."""
    op.create_table(
        "private_links",
        sa.Column("ref", sa.String(64), primary_key=True),
        sa.Column("token_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.UniqueConstraint("token_sha256"),
    )
    op.create_index("ix_private_links_client", "private_links", ["client"])
    op.create_index("ix_private_links_expires_at", "private_links", ["expires_at"])
    op.create_table(
        "verified_contacts",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("client", sa.String(64), sa.ForeignKey("clients.ref"), primary_key=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("erased_by", sa.Text()),
        sa.Column("erased_at", MOMENT),
    )
    op.create_table("erased_events", sa.Column("key_sha256", sa.LargeBinary(32), primary_key=True))
