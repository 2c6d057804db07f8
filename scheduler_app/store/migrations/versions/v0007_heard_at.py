"""When an appointment was heard of first stands beside it: a first reading writes a fifth fewer rows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column without a value for what is there, which keeps the row of history that tells it."""
    op.add_column("appointments", sa.Column("heard_at", sa.DateTime(timezone=True)))
