"""Tasks that wait for what they refer to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("waits_for", sa.String(length=32), nullable=True))
    waiting = sa.text("waits_for IS NOT NULL")
    op.create_index("ix_task_waits_for", "task", ["waits_for"], sqlite_where=waiting, postgresql_where=waiting)
