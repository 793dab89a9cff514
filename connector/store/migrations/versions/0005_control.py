"""What people ask of runs under way, and where they moved checkpoints to."""

import sqlalchemy as sa
from alembic import op

from connector.store.tables import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "run_command",
        sa.Column("id", number, nullable=False),
        sa.Column("run_id", number, nullable=False),
        sa.Column("command", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        comment="What people ask of a run under way: cancel, pause, resume; and when the run saw it.",
    )
    op.create_index("ix_run_command_run", "run_command", ["run_id", "id"], unique=False)
    op.create_table(
        "checkpoint_change",
        sa.Column("id", number, nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("partition", sa.String(length=200), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="Checkpoints that were moved by hand: by whom, from where, to where.",
    )
    op.create_index("ix_checkpoint_change_route", "checkpoint_change", ["route", "id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
