"""Tasks that put away what the mapping no longer yields: held until all is read, so that they can be counted first."""

from __future__ import annotations

import sqlalchemy as sa

from connector.store.tables import task
from connector.store.waits import GUARDED


def count(connection: sa.Connection, route: str) -> int:
    """How many of a route are held, of this run and of those before it."""
    return int(connection.execute(sa.select(sa.func.count()).where(_held(route))).scalar() or 0)


def held_back(connection: sa.Connection, route: str) -> list[int]:
    """Which: ids."""
    return list(connection.execute(sa.select(task.c.id).where(_held(route))).scalars())


def release(connection: sa.Connection, route: str) -> int:
    """Let them be sent. Returns how many."""
    return connection.execute(task.update().where(_held(route)).values(waits_for=None)).rowcount


def _held(route: str) -> sa.ColumnElement[bool]:
    return (task.c.waits_for == GUARDED) & (task.c.route == route) & (task.c.state == "new")
