"""Checkpoints for people: where each stands, and moving one by hand, which is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.model import Position
from connector.core.process import identity
from connector.store import leases, runs
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import checkpoint, checkpoint_change


class Checkpoint(Struct, frozen=True):
    """How far (route, partition) has been read: by which run, and when."""

    partition: str
    position: Position
    run_id: int
    updated_at: datetime


def of_route(store: Store, route: str) -> list[Checkpoint]:
    """All partitions of a route."""
    query = sa.select(checkpoint).where(checkpoint.c.route == route).order_by(checkpoint.c.partition)
    with store.reading() as connection:
        return [
            Checkpoint(row.partition, unpack(row.position) or {}, row.run_id, row.updated_at)
            for row in connection.execute(query)
        ]


def changes(store: Store, route: str, limit: int) -> list[dict[str, Json]]:
    """What people moved, the newest first: ``at``, ``by``, ``partition``, ``before`` (or None), ``after``."""
    query = sa.select(checkpoint_change).where(checkpoint_change.c.route == route)
    with store.reading() as connection:
        return [
            {
                "at": row.at,
                "by": row.by,
                "partition": row.partition,
                "before": unpack(row.before),
                "after": unpack(row.after),
            }
            for row in connection.execute(query.order_by(checkpoint_change.c.id.desc()).limit(limit))
        ]


def move(
    store: Store, route: str, wanted: Mapping[str, tuple[Position | None, Position]], by: str, now: datetime
) -> None:
    """Set positions by hand and keep that it was done; all of them or none.

    Args:
        store: the run log.
        route: its name.
        wanted: by partition, the position that it was seen at (None: none yet), and the one that it gets.
        by: who wants it.
        now: when.

    Raises:
        RouteBusy: the route is running, or has moved on since.
    """
    fence = leases.acquire(store, route, identity(), now)
    try:
        with store.writing() as connection:
            leases.guard(connection, route, fence)
            for partition, (before, after) in wanted.items():
                _move(connection, (route, partition), (before, after), (by, now))
    finally:
        leases.release(store, route, fence, now)


def _move(
    connection: sa.Connection,
    key: tuple[str, str],
    positions: tuple[Position | None, Position],
    done: tuple[str, datetime],
) -> None:
    route, partition = key
    before, after = positions
    by, now = done
    there = sa.select(checkpoint.c.position, checkpoint.c.run_id)
    there = there.where((checkpoint.c.route == route) & (checkpoint.c.partition == partition))
    row = connection.execute(there).one_or_none()
    if (unpack(row.position) if row else None) != before:
        raise leases.moved_on(route)
    runs.move_checkpoint(connection, key, after, (row.run_id if row else 0, now))
    values = {"route": route, "partition": partition, "at": now, "by": by[:200]}
    values |= {"before": None if before is None else pack(before), "after": pack(after)}
    connection.execute(checkpoint_change.insert().values(**values))
