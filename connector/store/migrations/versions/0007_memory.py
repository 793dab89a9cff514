"""What an outgoing wants to be told with the next delivery of a key."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item", sa.Column("memory", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
