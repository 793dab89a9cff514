"""When an item was last compared with what the target holds."""

import sqlalchemy as sa
from alembic import op

from connector.store.tables import UtcTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item", sa.Column("verified_at", UtcTime(), nullable=True))
    op.create_index("ix_item_route_verified", "item", ["route", "verified_at"])
