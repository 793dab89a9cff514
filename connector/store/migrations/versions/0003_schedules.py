"""Schedules: how far each is settled, pauses, and what became of each due time."""

import sqlalchemy as sa
from alembic import op

from connector.store.tables import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedule_state",
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("declared", sa.String(length=32), server_default="", nullable=False),
        sa.Column("anchor", UtcTime(), nullable=True),
        sa.Column("settled_to", UtcTime(), nullable=True),
        sa.Column("paused_at", UtcTime(), nullable=True),
        sa.Column("pause_reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("route"),
        comment="How far the schedule of a route has been settled, and whether it is paused.",
    )
    op.create_table(
        "schedule_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("scheduled_at", UtcTime(), nullable=True),
        sa.Column("first_at", UtcTime(), nullable=True),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("owner", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("route", "scheduled_at", name="uq_schedule_event_route_scheduled"),
        comment="What became of each due time, and why; pauses too. Pruned by age.",
    )
    op.create_index("ix_schedule_event_route_id", "schedule_event", ["route", "id"], unique=False)
    op.create_index("ix_schedule_event_at", "schedule_event", ["at"], unique=False)


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
