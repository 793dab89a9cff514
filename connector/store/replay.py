"""Sending again what has been sent: items are forgotten to hold what they hold, their stored records mapped anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.core.process import identity
from connector.store import leases
from connector.store.engine import Store
from connector.store.intake import OPEN
from connector.store.pack import key_hash
from connector.store.tables import item, record, task

AT_ONCE = 500


def replay(store: Store, route: str, keys: Sequence[str] | None, *, run_id: int, now: datetime) -> list[str]:
    """Have the next run of a route map stored records again and send what they yield. Returns the items' keys.

    Items with open tasks are left out, for they are sent anyway; so is what was put away.

    Args:
        store: the run log.
        route: its name.
        keys: of items or of records; None: all of the route.
        run_id: the run after which it is asked for, for the tasks' book.
        now: when.

    Raises:
        RouteBusy: the route is running.
    """
    fence = leases.acquire(store, route, identity(), now)
    found: list[str] = []
    try:
        after = 0
        while True:
            with store.writing() as connection:
                leases.guard(connection, route, fence)
                rows = connection.execute(_chosen(route, keys, after)).all()
                _again(connection, rows, (route, run_id, now))
            found += [row.key for row in rows]
            if len(rows) < AT_ONCE:
                return found
            after = rows[-1].id
    finally:
        leases.release(store, route, fence, now)


def _chosen(route: str, keys: Sequence[str] | None, after: int) -> sa.Select[tuple[int, str, int, str, str]]:
    made_of = (record.c.route == item.c.route) & (record.c.key_hash == item.c.record_key_hash)
    open_task = sa.exists().where((task.c.item_id == item.c.id) & task.c.state.in_(OPEN))
    wanted = (item.c.route == route) & (item.c.dropped == "") & (item.c.id > after) & ~open_task
    if keys is not None:
        hashes = [key_hash(one) for one in keys]
        wanted &= item.c.key_hash.in_(hashes) | item.c.record_key_hash.in_(hashes)
    columns = (item.c.id, item.c.key, record.c.id.label("record_id"), record.c.key.label("record_key"), record.c.origin)
    return sa.select(*columns).select_from(item.join(record, made_of)).where(wanted).order_by(item.c.id).limit(AT_ONCE)


def _again(
    connection: sa.Connection, rows: Sequence[sa.Row[tuple[int, str, int, str, str]]], stamp: tuple[str, int, datetime]
) -> None:
    """One task a record, without a message: the next run makes the messages."""
    if not rows:
        return
    route, run_id, now = stamp
    connection.execute(item.update().where(item.c.id.in_([row.id for row in rows])).values(fingerprint=""))
    by_record = {row.record_id: row for row in rows}
    common = {"route": route, "run_id": run_id, "lane": "", "action": "", "state": "new", "fingerprint": ""}
    connection.execute(
        task.insert(),
        [
            {**common, "item_id": row.id, "key": row.key, "record_id": number, "origin": row.origin, "created_at": now}
            for number, row in by_record.items()
        ],
    )
