"""Clients that are down, and what the alerts found."""

import sqlalchemy as sa
from alembic import op

from connector.store.tables import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_state",
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("problem", sa.LargeBinary(), nullable=False),
        sa.Column("probes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_probe_at", UtcTime(), nullable=False),
        sa.Column("asked_until", UtcTime(), nullable=True),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("client"),
        comment="The clients that are down.",
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert", sa.String(length=200), nullable=False),
        sa.Column("condition", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("cleared_at", UtcTime(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=True),
        sa.Column("told_raised_at", UtcTime(), nullable=True),
        sa.Column("told_cleared_at", UtcTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", UtcTime(), nullable=True),
        sa.Column("error", sa.String(length=500), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("alert", "condition", "subject", "open", name="uq_alarm_open"),
        comment="What an alert found, once from when it began until it cleared, and whether people were told.",
    )
    op.create_index("ix_alarm_next_try", "alarm", ["next_try_at"], unique=False)


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
