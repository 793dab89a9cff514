"""Queries about written items whose records a run did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from connector.store.intake import Stamp
from connector.store.tables import item, record


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A written item whose record a run did not see."""

    item_id: int
    key_hash: str
    record_key_hash: str


_HELD = (item.c.target_id != "") & (item.c.dropped == "")


def count_missing(connection: sa.Connection, route: str, run_id: int) -> tuple[int, int]:
    """How many items are at the target while this run did not see their records; and how many are there in all."""
    held = (item.c.route == route) & _HELD
    gone = sa.select(sa.func.count()).select_from(_ITEMS_OF_RECORDS).where(held & (record.c.seen_run != run_id))
    every = sa.select(sa.func.count()).select_from(item).where(held)
    return int(connection.execute(gone).scalar() or 0), int(connection.execute(every).scalar() or 0)


def missing(connection: sa.Connection, stamp: Stamp, *, after: int, limit: int) -> list[MissingItem]:
    """These items, in the order of their ids, those after an id only."""
    wanted = (item.c.route == stamp.route) & _HELD & (record.c.seen_run != stamp.run_id) & (item.c.id > after)
    query = sa.select(item.c.id, item.c.key_hash, item.c.record_key_hash).select_from(_ITEMS_OF_RECORDS)
    rows = connection.execute(query.where(wanted).order_by(item.c.id).limit(limit))
    return [MissingItem(row[0], row[1], row[2]) for row in rows]


def forget_records(connection: sa.Connection, record_ids: Sequence[int]) -> None:
    """The next time they are read they are new, however they look."""
    if record_ids:
        connection.execute(record.update().where(record.c.id.in_(record_ids)).values(fingerprint=""))


_ITEMS_OF_RECORDS = item.join(record, (record.c.route == item.c.route) & (record.c.key_hash == item.c.record_key_hash))
