"""Tasks of records that got another key than they were sent with: they are kept back until it is known how many."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from connector.store.pack import unpack
from connector.store.tables import task
from connector.store.waits import MOVED


def kept_back(connection: sa.Connection, route: str) -> list[tuple[int, int]]:
    """The tasks of a route that are kept back, oldest first: id, and id of the record."""
    query = sa.select(task.c.id, task.c.record_id).where(_kept_back(route)).order_by(task.c.id)
    return [(number, record or 0) for number, record in connection.execute(query)]


def told_of(connection: sa.Connection, task_ids: Sequence[int]) -> list[str]:
    """What was told of them, each sentence once."""
    query = sa.select(task.c.reason).where(task.c.id.in_(task_ids)).order_by(task.c.id)
    reasons = [unpack(one) or {} for one in connection.execute(query).scalars()]
    return list(dict.fromkeys(str(one.get("message", "")) for one in reasons))


def let_go(connection: sa.Connection, route: str) -> None:
    """They may be sent."""
    connection.execute(task.update().where(_kept_back(route)).values(waits_for=None, reason=None))


def _kept_back(route: str) -> sa.ColumnElement[bool]:
    return (task.c.waits_for == MOVED) & (task.c.route == route) & (task.c.state == "new")
