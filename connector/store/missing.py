"""Queries about written items whose records a run did not see."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from msgspec import Struct

from connector.store.intake import OPEN, Stamp
from connector.store.tables import item, record, task


class HeldItem(Struct, frozen=True):
    """A written item, and the record it comes from."""

    item_id: int
    key: str
    key_hash: str
    record_key_hash: str


_AT_ONCE = 500
_IN_DOUBT = sa.exists().where((task.c.item_id == item.c.id) & task.c.suspect & task.c.state.in_(OPEN))
"""An attempt may have made it, and nobody has found out yet: whoever puts it away looks."""
_HELD = ((item.c.target_id != "") | _IN_DOUBT) & (item.c.dropped == "")


def count_missing(connection: sa.Connection, route: str, run_id: int) -> tuple[int, int]:
    """How many items are at the target while this run did not see their records; and how many are there in all."""
    held = (item.c.route == route) & _HELD
    gone = sa.select(sa.func.count()).select_from(_ITEMS_OF_RECORDS).where(held & (record.c.seen_run != run_id))
    every = sa.select(sa.func.count()).select_from(item).where(held)
    return int(connection.execute(gone).scalar() or 0), int(connection.execute(every).scalar() or 0)


def count_held(connection: sa.Connection, route: str) -> int:
    """How many items of a route are at the target."""
    return int(connection.execute(sa.select(sa.func.count()).where((item.c.route == route) & _HELD)).scalar() or 0)


def missing(connection: sa.Connection, stamp: Stamp, *, after: int, limit: int) -> list[HeldItem]:
    """These items, in the order of their ids, those after an id only."""
    return _page(connection, (item.c.route == stamp.route) & (record.c.seen_run != stamp.run_id), after, limit)


def held(connection: sa.Connection, route: str, *, after: int, limit: int) -> list[HeldItem]:
    """All items that are at the target, in the order of their ids, those after an id only."""
    return _page(connection, item.c.route == route, after, limit)


def ended(connection: sa.Connection, task_ids: Collection[int], run_id: int, *, but: str) -> tuple[int, int]:
    """How many of these tasks have ended, and of how many of them the run did not see the record.

    Args:
        connection: any.
        task_ids: which.
        run_id: the run.
        but: the origin of tasks that are about an absence: they count as seen.
    """
    listed = list(task_ids)
    gone = sa.case(((record.c.seen_run != run_id) & (task.c.origin != but), 1), else_=0)
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(gone), 0))
    query = query.select_from(task.outerjoin(record, record.c.id == task.c.record_id))
    query = query.where(task.c.state.in_(("finished", "skipped", "failed")))
    parts = [listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE)]
    found = [connection.execute(query.where(task.c.id.in_(part))).one() for part in parts]
    return sum(int(row[0]) for row in found), sum(int(row[1]) for row in found)


def _page(connection: sa.Connection, wanted: sa.ColumnElement[bool], after: int, limit: int) -> list[HeldItem]:
    query = sa.select(item.c.id, item.c.key, item.c.key_hash, item.c.record_key_hash).select_from(_ITEMS_OF_RECORDS)
    rows = connection.execute(query.where(wanted & _HELD & (item.c.id > after)).order_by(item.c.id).limit(limit))
    return [HeldItem(row[0], row[1], row[2], row[3]) for row in rows]


def forget_records(connection: sa.Connection, record_ids: Sequence[int]) -> None:
    """The next time they are read they are new, however they look."""
    if record_ids:
        connection.execute(record.update().where(record.c.id.in_(record_ids)).values(fingerprint=""))


_ITEMS_OF_RECORDS = item.join(record, (record.c.route == item.c.route) & (record.c.key_hash == item.c.record_key_hash))
