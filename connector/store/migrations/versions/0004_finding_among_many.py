"""Indices for run logs of millions of tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_state", "task", ["state", "id"], unique=False)
    has_next = sa.text("next_attempt_at IS NOT NULL")
    op.create_index(
        "ix_task_again", "task", ["route", "next_attempt_at"], sqlite_where=has_next, postgresql_where=has_next
    )
    op.create_index("ix_item_record", "item", ["record_key_hash", "route"], unique=False)
    op.drop_index("ix_item_route_record", table_name="item")
    has_message = sa.text("state IN ('finished', 'skipped') AND message IS NOT NULL")
    op.create_index(
        "ix_task_message", "task", ["id"], unique=False, sqlite_where=has_message, postgresql_where=has_message
    )


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
