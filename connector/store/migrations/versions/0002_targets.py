"""The systems that somebody has agreed to write to."""

import sqlalchemy as sa
from alembic import op

from connector.store.tables import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("user", sa.String(length=200), nullable=False),
        sa.Column("agreed_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", "user"),
        comment="The systems that somebody has agreed to write to.",
    )
