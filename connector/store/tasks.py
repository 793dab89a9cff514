"""Tasks on their way: claiming, settling, giving back, recovering; and retry or skip by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import attempt, item, record, task

CLAIMING = 0x636F6E6E
"""Name of the advisory lock under which tasks are claimed."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task that this process now sends; ``earlier``: see core.model.Delivery."""

    id: int
    item_id: int
    key: str
    lane: str
    action: str
    message: Json
    fingerprint: str
    attempts: int
    suspect: bool
    target_id: str
    dropped: str
    earlier: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed task.

    Attributes:
        state: finished, skipped, failed, or new (given back: the system is away).
        fingerprint: what the item now holds at the target; None leaves it.
        dropped: ``hidden``, ``trashed``, ``deleted``, empty; None leaves it.
        outcome: name of the outcome, for the attempt's row.
    """

    task: Claimed
    state: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    change: str = ""
    reason: Problem | None = None
    detail: Json = None
    next_attempt_at: datetime | None = None
    suspect: bool = False
    counted: bool = True
    target_id: str | None = None
    fingerprint: str | None = None
    dropped: str | None = None


def recover(connection: sa.Connection, route: str) -> int:
    """Tasks left in processing by a process that ended: new again, but looked up before anything is sent."""
    left = (task.c.route == route) & (task.c.state == "processing")
    return connection.execute(task.update().where(left).values(state="new", suspect=True, fence=0)).rowcount


def claim(connection: sa.Connection, route: str, now: datetime, *, limit: int, fence: int) -> list[Claimed]:
    """Take up to ``limit`` tasks that are new or due for another attempt: one a lane, none of a busy lane.

    The committed claim is the intent: whatever happens next, the task is known to be under way.
    """
    if limit <= 0:
        return []
    if connection.dialect.name != "sqlite":
        # Claims come one after the other: else two routes could each find the same lane free. SQLite has one writer.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIMING)))
    due = sa.or_(
        (task.c.state == "new") & task.c.message.is_not(None),
        (task.c.state == "failed") & (task.c.next_attempt_at <= now),
    )
    other = task.alias("other")
    busy = sa.exists().where((other.c.lane == task.c.lane) & (other.c.state == "processing"))
    columns = [task.c[name] for name in ("id", "item_id", "key", "lane", "action", "message", "fingerprint")]
    columns += [task.c.attempts, task.c.suspect, item.c.target_id, item.c.dropped]
    query = sa.select(*columns).join(item, item.c.id == task.c.item_id)
    query = query.where((task.c.route == route) & due & ~busy).order_by(task.c.id).limit(limit * 2)
    if connection.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True, of=task)
    lanes: set[str] = set()
    found: list[Claimed] = []
    for row in connection.execute(query).mappings():
        if row["lane"] not in lanes and len(found) < limit:
            lanes.add(row["lane"])
            earlier = _replaced(connection, row["item_id"], row["id"]) if row["suspect"] else ()
            found.append(Claimed(**{**row, "message": unpack(row["message"]), "earlier": earlier}))
    if found:
        values = {"state": "processing", "started_at": now, "fence": fence, "next_attempt_at": None}
        connection.execute(task.update().where(task.c.id.in_([one.id for one in found])).values(**values))
    return found


def _replaced(connection: sa.Connection, item_id: int, task_id: int) -> tuple[Json, ...]:
    """The messages of suspect tasks that newer ones replaced since the item was last written or found unchanged."""
    before = (task.c.item_id == item_id) & (task.c.id < task_id)
    ended = sa.or_(task.c.state == "finished", (task.c.state == "skipped") & ~task.c.suspect)
    last = sa.select(sa.func.coalesce(sa.func.max(task.c.id), 0)).where(before & ended).scalar_subquery()
    replaced = before & (task.c.id > last) & (task.c.state == "skipped") & task.c.message.is_not(None)
    rows = connection.execute(sa.select(task.c.message).where(replaced).order_by(task.c.id)).all()
    return tuple(unpack(row[0]) for row in rows)


def settle(connection: sa.Connection, run_id: int, settled: Sequence[Settled]) -> None:
    """Write the outcomes of a small batch: tasks, items, attempts."""
    if not settled:
        return
    connection.execute(task.update().where(task.c.id == sa.bindparam("b_id")), [_task_row(one) for one in settled])
    items = [_item_row(one) for one in settled if one.fingerprint is not None]
    if items:
        connection.execute(item.update().where(item.c.id == sa.bindparam("b_id")), items)
    attempts = [_attempt_row(run_id, one) for one in settled if one.counted]
    if attempts:
        connection.execute(attempt.insert(), attempts)


def give_back(connection: sa.Connection, task_ids: Sequence[int]) -> None:
    """Claimed but never started: new again, as if nothing had happened."""
    if task_ids:
        mine = task.c.id.in_(task_ids) & (task.c.state == "processing")
        connection.execute(task.update().where(mine).values(state="new", fence=0))


def waiting(connection: sa.Connection, route: str, now: datetime) -> int:
    """How many tasks of a route could be claimed now, or are under way."""
    states = (task.c.state == "new") & task.c.message.is_not(None) | (task.c.state == "processing")
    due = (task.c.state == "failed") & (task.c.next_attempt_at <= now)
    query = sa.select(sa.func.count()).select_from(task).where((task.c.route == route) & (states | due))
    return int(connection.execute(query).scalar() or 0)


def to_map_again(connection: sa.Connection, route: str, limit: int) -> list[tuple[int, str, Json, str]]:
    """Tasks that somebody retries although they never had a message: (task id, record key, data, origin)."""
    query = sa.select(task.c.id, record.c.key, record.c.body, record.c.origin)
    query = query.join(record, record.c.id == task.c.record_id)
    query = query.where((task.c.route == route) & (task.c.state == "new") & task.c.message.is_(None))
    rows = connection.execute(query.order_by(task.c.id).limit(limit)).all()
    return [(row[0], row[1], unpack(row[2]), row[3]) for row in rows]


def retry(store: Store, *, ids: Sequence[int] = (), route: str | None = None) -> int:
    """Make failed tasks new again, by id or all of a route. Returns how many.

    A task without a message and without a stored record has nothing to retry: it stays failed.
    """
    chosen = task.c.id.in_(list(ids)) if ids else task.c.route == route
    chosen &= task.c.message.is_not(None) | task.c.record_id.is_not(None)
    with store.writing() as connection:
        values = {"state": "new", "next_attempt_at": None, "reason": None, "ended_at": None}
        done = connection.execute(task.update().where(chosen & (task.c.state == "failed")).values(**values))
        return done.rowcount


def skip(store: Store, *, ids: Sequence[int], reason: str, now: datetime | None = None) -> int:
    """End failed or new tasks for good. Returns how many."""
    with store.writing() as connection:
        chosen = task.c.id.in_(list(ids)) & task.c.state.in_(("failed", "new"))
        body = pack({"code": "TSK003", "message": f"skipped by hand: {reason}"})
        values = {"state": "skipped", "reason": body, "next_attempt_at": None, "ended_at": now}
        return connection.execute(task.update().where(chosen).values(**values)).rowcount


def _task_row(one: Settled) -> dict[str, object]:
    return {
        "b_id": one.task.id,
        "state": one.state,
        "attempts": one.task.attempts + int(one.counted),
        "suspect": one.suspect,
        "change": one.change,
        "reason": pack(one.reason.as_json()) if one.reason else None,
        "detail": pack(one.detail) if one.detail else None,
        "next_attempt_at": one.next_attempt_at,
        "ended_at": None if one.state == "new" else one.ended_at,
    }


def _item_row(one: Settled) -> dict[str, object]:
    return {
        "b_id": one.task.item_id,
        "fingerprint": one.fingerprint,
        "target_id": one.task.target_id if one.target_id is None else one.target_id,
        "dropped": one.task.dropped if one.dropped is None else one.dropped,
        "last_change": one.change,
        "updated_at": one.ended_at,
    }


def _attempt_row(run_id: int, one: Settled) -> dict[str, object]:
    return {
        "task_id": one.task.id,
        "run_id": run_id,
        "number": one.task.attempts + 1,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "outcome": one.outcome,
        "problem": pack(one.reason.as_json()) if one.reason else None,
    }
