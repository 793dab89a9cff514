"""Queries about written items that nobody has compared with the target for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.store.intake import OPEN
from connector.store.pack import unpack
from connector.store.tables import item, record, task


class Unverified(Struct, frozen=True):
    """An item with the newest state of the record that it was made of."""

    item_id: int
    key_hash: str
    fingerprint: str
    record_key: str
    record_key_hash: str
    data: Json
    origin: str


def due(connection: sa.Connection, route: str, before: datetime, *, limit: int) -> list[Unverified]:
    """Items at the target that were neither written nor compared since then, the longest forgotten first.

    Those with open tasks are left out: they are looked at anyway.
    """
    made_of = (record.c.route == item.c.route) & (record.c.key_hash == item.c.record_key_hash)
    on_its_way = sa.exists().where((task.c.item_id == item.c.id) & task.c.state.in_(OPEN))
    held = (item.c.route == route) & (item.c.target_id != "") & (item.c.dropped == "") & (item.c.updated_at <= before)
    forgotten = sa.or_(item.c.verified_at.is_(None), item.c.verified_at <= before)
    found = (item.c.id, item.c.key_hash, item.c.fingerprint)
    made = (record.c.key, record.c.key_hash, record.c.body, record.c.origin)
    query = sa.select(*found, *made).select_from(item.join(record, made_of)).where(held & forgotten & ~on_its_way)
    oldest = query.order_by(item.c.verified_at.asc().nulls_first(), item.c.id).limit(limit)
    return [Unverified(*row[:5], unpack(row[5]), row[6]) for row in connection.execute(oldest)]


def mark_verified(connection: sa.Connection, item_ids: Sequence[int], now: datetime) -> None:
    """They are being compared now."""
    if item_ids:
        connection.execute(item.update().where(item.c.id.in_(list(item_ids))).values(verified_at=now))
