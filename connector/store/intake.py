"""What intake reads and writes in one transaction: records, items, new tasks, superseded tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct, field

from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.store.among import among
from connector.store.causes import id_of_cause
from connector.store.pack import pack, packed
from connector.store.tables import item, record, task
from connector.store.waits import GUARDED, MOVED

OPEN = ("new", "processing", "failed")
"""States in which a task still stands between an item and its last message."""


class KnownRecord(Struct):
    """A record row as it stands."""

    id: int
    fingerprint: str
    seen_run: int


class OpenTask(Struct, frozen=True):
    """A task of an item that has not ended well; suspect: an attempt may have taken effect."""

    id: int
    state: str
    fingerprint: str
    suspect: bool


class KnownItem(Struct):
    """An item row as it stands, with its open tasks, oldest first."""

    id: int
    key: str
    record_key_hash: str
    target_id: str
    fingerprint: str
    dropped: str
    seen_run: int
    open_tasks: list[OpenTask] = field(default_factory=list)

    @property
    def may_be_there(self) -> bool:
        """Whether the target holds it, or an attempt may have made it and nobody has found out yet."""
        return bool(self.target_id) or any(one.suspect for one in self.open_tasks)


class RecordRow(Struct):
    """A record to insert or update; ``body`` is its canonical JSON."""

    key_hash: str
    key: str
    fingerprint: str
    body: bytes
    origin: str


class TaskRow(Struct):
    """To insert: ``new`` with a message, ``failed`` with a problem; ``puts_away``, ``kept_back``: see drops, moves."""

    item_key_hash: str
    key: str
    record_key_hash: str
    lane: str
    action: str
    message: Json
    fingerprint: str
    origin: str
    problem: Problem | None = None
    supersedes: Sequence[OpenTask] = ()
    puts_away: bool = False
    kept_back: Problem | None = None


class Stamp(Struct, frozen=True):
    """Who writes, and when."""

    route: str
    run_id: int
    now: datetime


def known_records(connection: sa.Connection, route: str, hashes: Sequence[str]) -> dict[str, KnownRecord]:
    """The rows of these record keys."""
    found = connection.execute(_KNOWN_RECORDS, {"of_route": route, "hashes": list(hashes)})
    return {row[0]: KnownRecord(row[1], row[2], row[3]) for row in found}


def known_items(
    connection: sa.Connection, route: str, hashes: Iterable[str], record_hashes: Iterable[str]
) -> dict[str, KnownItem]:
    """The items with these keys, and those made from these records; with their open tasks."""
    given = {"of_route": route, "hashes": list(hashes), "record_hashes": list(record_hashes)}
    rows = connection.execute(_KNOWN_ITEMS, given).all()
    found = {
        row.key_hash: KnownItem(
            row.id, row.key, row.record_key_hash, row.target_id, row.fingerprint, row.dropped, row.seen_run
        )
        for row in rows
    }
    by_id = {one.id: one for one in found.values()}
    for row in connection.execute(_OPEN_TASKS, {"items": list(by_id)}) if by_id else ():
        by_id[row[0]].open_tasks.append(OpenTask(row[1], row[2], row[3], row[4]))
    return found


def save_records(
    connection: sa.Connection, stamp: Stamp, rows: Sequence[RecordRow], known: dict[str, KnownRecord]
) -> None:
    """Insert or replace the records' newest state; ``known`` learns the new ones."""
    common = {"seen_run": stamp.run_id, "updated_at": stamp.now}
    values = [
        {"fingerprint": row.fingerprint, "body": packed(row.body), "origin": row.origin, **common} for row in rows
    ]
    fresh = [
        {"route": stamp.route, "key_hash": row.key_hash, "key": row.key, **one}
        for row, one in zip(rows, values, strict=True)
        if row.key_hash not in known
    ]
    changed = [
        {"b_id": known[row.key_hash].id, **one} for row, one in zip(rows, values, strict=True) if row.key_hash in known
    ]
    if changed:
        connection.execute(_CHANGE_RECORD, changed)
    if fresh:
        for row in connection.execute(_INSERT_RECORDS, fresh):
            known[row[1]] = KnownRecord(row[0], row[2], stamp.run_id)


def mark_seen(connection: sa.Connection, stamp: Stamp, record_ids: Sequence[int], record_hashes: Sequence[str]) -> None:
    """Unchanged records, and the items made from them, were seen in this run."""
    if not record_ids:
        return
    connection.execute(_SEE_RECORDS, {"records": list(record_ids), "seen_run": stamp.run_id})
    seen = {"of_route": stamp.route, "record_hashes": list(record_hashes), "seen_run": stamp.run_id}
    connection.execute(_SEE_ITEMS, seen)


def save_items(connection: sa.Connection, stamp: Stamp, rows: Sequence[TaskRow], known: dict[str, KnownItem]) -> None:
    """Make the items that do not exist yet; ``known`` learns them."""
    fresh = {row.item_key_hash: row for row in rows if row.item_key_hash not in known}
    values = [
        {
            "route": stamp.route,
            "key_hash": key,
            "key": row.key,
            "record_key_hash": row.record_key_hash,
            "first_run": stamp.run_id,
            "seen_run": stamp.run_id,
            "updated_at": stamp.now,
        }
        for key, row in fresh.items()
    ]
    if not values:
        return
    for found in connection.execute(_INSERT_ITEMS, values):
        row = fresh[found[1]]
        known[found[1]] = KnownItem(found[0], row.key, row.record_key_hash, "", "", "", stamp.run_id)


def touch_items(connection: sa.Connection, stamp: Stamp, seen: dict[int, str]) -> None:
    """Known items seen again in this run: item id -> key hash of the record they come from now."""
    if seen:
        values = [{"b_id": one, "record_key_hash": key, "seen_run": stamp.run_id} for one, key in seen.items()]
        connection.execute(_TOUCH_ITEM, values)


def save_tasks(
    connection: sa.Connection,
    stamp: Stamp,
    rows: Sequence[TaskRow],
    known: tuple[dict[str, KnownItem], dict[str, KnownRecord]],
) -> None:
    """Insert tasks and end those that they supersede."""
    items, records = known
    if not rows:
        return
    values = [_task_values(stamp, row, items, records) for row in rows]
    connection.execute(task.insert(), values)
    supersede(connection, stamp, [one.id for row in rows for one in row.supersedes], _NEWER)


def supersede(connection: sa.Connection, stamp: Stamp, task_ids: Sequence[int], reason: Json) -> int:
    """End tasks that are not under way; one that is being sent right now is left to end by itself."""
    if not task_ids:
        return 0
    waiting = task.c.id.in_(task_ids) & task.c.state.in_(("new", "failed"))
    values = {"state": "skipped", "reason": pack(reason), "next_attempt_at": None, "ended_at": stamp.now}
    return connection.execute(task.update().where(waiting).values(**values)).rowcount


# Made once, as making a statement costs more than executing it. Where there are two conditions to choose an index by,
# SQLite chooses the right one by the number of values: there they are told one by one, not as one parameter (among).
_KNOWN_RECORDS = sa.select(record.c.key_hash, record.c.id, record.c.fingerprint, record.c.seen_run).where(
    record.c.route == sa.bindparam("of_route"), among(record.c.key_hash, "hashes")
)
_KNOWN_ITEMS = sa.select(item).where(
    item.c.route == sa.bindparam("of_route"),
    item.c.key_hash.in_(sa.bindparam("hashes", expanding=True))
    | item.c.record_key_hash.in_(sa.bindparam("record_hashes", expanding=True)),
)
_OPEN_TASKS = (
    sa.select(task.c.item_id, task.c.id, task.c.state, task.c.fingerprint, task.c.suspect)
    .where(task.c.item_id.in_(sa.bindparam("items", expanding=True)), task.c.state.in_(OPEN))
    .order_by(task.c.id)
)
_CHANGE_RECORD = record.update().where(record.c.id == sa.bindparam("b_id"))
_INSERT_RECORDS = record.insert().returning(record.c.id, record.c.key_hash, record.c.fingerprint)
_SEE_RECORDS = record.update().where(among(record.c.id, "records"))
_SEE_ITEMS = item.update().where(
    item.c.route == sa.bindparam("of_route"), among(item.c.record_key_hash, "record_hashes")
)
_TOUCH_ITEM = item.update().where(item.c.id == sa.bindparam("b_id"))
_INSERT_ITEMS = item.insert().returning(item.c.id, item.c.key_hash)

_NEWER = {"code": "TSK002", "message": "superseded by a newer state of the same key"}


def _task_values(
    stamp: Stamp, row: TaskRow, items: dict[str, KnownItem], records: dict[str, KnownRecord]
) -> dict[str, object]:
    owner = records.get(row.record_key_hash)
    failed, told = row.problem is not None, row.problem or row.kept_back
    return {
        "route": stamp.route,
        "run_id": stamp.run_id,
        "item_id": items[row.item_key_hash].id,
        "key": row.key,
        "lane": row.lane,
        "action": row.action,
        "state": "failed" if failed else "new",
        "message": None if row.message is None else pack(row.message),
        "fingerprint": row.fingerprint,
        "record_id": owner.id if owner else None,
        "origin": row.origin,
        "suspect": any(one.suspect or one.state == "processing" for one in row.supersedes),
        "reason": pack(told.as_json()) if told else None,
        "waits_for": GUARDED if row.puts_away else MOVED if row.kept_back else None,
        "cause": id_of_cause(row.problem.as_json(), row.key) if row.problem else None,
        "created_at": stamp.now,
        "ended_at": stamp.now if failed else None,
    }
