"""Indices for run logs of millions of tasks: by state, and those whose message may be emptied."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_state", "task", ["state", "id"], unique=False)
    has_message = sa.text("state IN ('finished', 'skipped') AND message IS NOT NULL")
    op.create_index(
        "ix_task_message", "task", ["id"], unique=False, sqlite_where=has_message, postgresql_where=has_message
    )


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
