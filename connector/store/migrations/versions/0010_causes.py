"""The cause of a failed task as a column, so that thousands of them are grouped by an index."""

import sqlalchemy as sa
from alembic import op

from connector.store.causes import id_of_cause
from connector.store.pack import unpack

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("task", sa.Column("cause", sa.String(length=8), nullable=True))
    _fill(op.get_bind())
    failed = sa.text("state = 'failed'")
    columns = ["route", "cause", "id"]
    op.create_index("ix_task_cause", "task", columns, sqlite_where=failed, postgresql_where=failed)


def _fill(connection: sa.Connection) -> None:
    task = sa.table("task", *(sa.column(name) for name in ("id", "key", "state", "reason", "cause")))
    after = 0
    while True:
        some = sa.select(task.c.id, task.c.key, task.c.reason)
        some = some.where((task.c.state == "failed") & (task.c.id > after)).order_by(task.c.id).limit(_AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        update = task.update().where(task.c.id == sa.bindparam("b_id"))
        values = [{"b_id": row.id, "cause": id_of_cause(unpack(row.reason) or {}, row.key)} for row in rows]
        connection.execute(update, values)
        after = rows[-1].id


def downgrade() -> None:
    raise RuntimeError("the run log only goes forward: restore a backup to go back")
