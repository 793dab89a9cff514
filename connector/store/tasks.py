"""Tasks on their way: settling, giving back, recovering; and retry or skip by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.store import health, waits
from connector.store.causes import id_of_cause
from connector.store.claims import Claimed
from connector.store.engine import Store
from connector.store.pack import pack, unpack
from connector.store.tables import attempt, item, record, task

AT_ONCE = 500
"""Ids in one statement: databases take no lists without end."""


class Settled(Struct, frozen=True):
    """What became of a claimed task.

    Attributes:
        state: finished, skipped, failed, or new (given back: the system is away).
        fingerprint: what the item now holds at the target; None leaves it.
        dropped: ``hidden``, ``trashed``, ``deleted``, empty; None leaves it.
        memory: what the item keeps for the outgoing; None leaves it.
        target_id: of what the target holds, after a failure too; None leaves it.
        outcome: name of the outcome, for the attempt's row.
        waits_for: the lane of what must come first.
        refers: the lanes of all that it refers to.
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
    waits_for: str | None = None
    refers: tuple[str, ...] = ()
    memory: Json = None


def recover(connection: sa.Connection, route: str) -> int:
    """Tasks left in processing by a process that ended: new again, but looked up before anything is sent."""
    left = (task.c.route == route) & (task.c.state == "processing")
    return connection.execute(task.update().where(left).values(state="new", suspect=True, fence=0)).rowcount


def settle(connection: sa.Connection, run_id: int, settled: Sequence[Settled]) -> None:
    """Write the outcomes of a small batch: tasks, items, attempts."""
    if not settled:
        return
    settled = _not_too_late(connection, settled)
    connection.execute(_TASK, [_task_row(one) for one in settled])
    items = [_item_row(one) for one in settled if one.fingerprint is not None]
    if items:
        connection.execute(_ITEM, items)
    learnt = [one for one in settled if one.fingerprint is None and (one.memory is not None or one.target_id)]
    if learnt:
        connection.execute(_ITEM, [_learnt_row(one) for one in learnt])
    attempts = [_attempt_row(run_id, one) for one in settled if one.counted]
    if attempts:
        connection.execute(_ATTEMPT, attempts)
    waits.wake(connection, [one.task.lane for one in settled if one.fingerprint is not None])


# Made once: making a statement costs more than executing it.
_TASK = task.update().where(task.c.id == sa.bindparam("b_id"))
_ITEM = item.update().where(item.c.id == sa.bindparam("b_id"))
_ATTEMPT = attempt.insert()


def _not_too_late(connection: sa.Connection, settled: Sequence[Settled]) -> Sequence[Settled]:
    """What they wait for may have come between their look and this moment: then they need not wait."""
    held = [one for one in settled if one.waits_for]
    if not held:
        return settled
    lanes = [one.waits_for for one in held if one.waits_for]
    there = waits.ended_since(connection, lanes, min(one.started_at for one in held))
    return [replace(one, waits_for=None) if one.waits_for in there else one for one in settled]


def give_back(connection: sa.Connection, task_ids: Sequence[int]) -> None:
    """Claimed but never started: new again, as if nothing had happened."""
    if task_ids:
        mine = task.c.id.in_(task_ids) & (task.c.state == "processing")
        connection.execute(task.update().where(mine).values(state="new", fence=0))


def left(connection: sa.Connection, route: str) -> dict[str, int]:
    """How many tasks of a route a later run has to do with: new, processing, and failed with a time (retry_later)."""
    query = sa.select(task.c.state, task.c.next_attempt_at.is_not(None), sa.func.count())
    query = query.where(task.c.route == route, task.c.state.in_(("new", "processing", "failed")))
    found = {"new": 0, "processing": 0, "retry_later": 0}
    for state, has_time, count in connection.execute(query.group_by(task.c.state, task.c.next_attempt_at.is_not(None))):
        if state != "failed" or has_time:
            found["retry_later" if state == "failed" else state] += count
    return found


def to_map_again(connection: sa.Connection, route: str, limit: int) -> list[tuple[int, str, Json, str]]:
    """Tasks that somebody retries although they never had a message: (task id, record key, data, origin)."""
    query = sa.select(task.c.id, record.c.key, record.c.body, record.c.origin)
    query = query.join(record, record.c.id == task.c.record_id)
    query = query.where((task.c.route == route) & (task.c.state == "new") & task.c.message.is_(None))
    rows = connection.execute(query.order_by(task.c.id).limit(limit)).all()
    return [(row[0], row[1], unpack(row[2]), row[3]) for row in rows]


def retry(store: Store, *, ids: Sequence[int] = (), route: str | None = None) -> int:
    """Make failed tasks new again, by id or all of a route. Returns how many."""
    parts: list[sa.ColumnElement[bool]] = [task.c.id.in_(ids[at : at + AT_ONCE]) for at in range(0, len(ids), AT_ONCE)]
    with store.writing() as connection:
        return sum(make_new(connection, one) for one in parts or [task.c.route == route])


def make_new(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> int:
    """Make the failed ones among these tasks new again. Returns how many.

    A task without a message and without a stored record has nothing to retry: it stays failed.
    """
    chosen &= task.c.message.is_not(None) | task.c.record_id.is_not(None)
    values = {"state": "new", "next_attempt_at": None, "waits_for": None, "reason": None, "ended_at": None}
    return connection.execute(task.update().where(chosen & (task.c.state == "failed")).values(**values)).rowcount


def make_route_new(connection: sa.Connection, route: str) -> int:
    """The same for all of a route, in the transaction of a run that holds the route's lease."""
    return make_new(connection, task.c.route == route)


def skip(
    store: Store, *, ids: Sequence[int] = (), route: str | None = None, reason: str, now: datetime | None = None
) -> int:
    """End tasks that wait for good, by id or all of a route; also those that a process left which is gone.

    Returns how many.
    """
    parts: list[sa.ColumnElement[bool]] = [task.c.id.in_(ids[at : at + AT_ONCE]) for at in range(0, len(ids), AT_ONCE)]
    body = pack({"code": "TSK003", "message": f"skipped by hand: {reason}"})
    values = {"state": "skipped", "reason": body, "next_attempt_at": None, "ended_at": now}
    with store.writing() as connection:
        moment = now or datetime.now(UTC)
        at_work = [one.name for one in health.held(connection) if one.lives(moment)]
        left = (task.c.state == "processing") & task.c.route.not_in(at_work)
        waits = task.c.state.in_(("failed", "new")) | left
        chosen = [one & waits for one in parts or [task.c.route == route]]
        return sum(connection.execute(task.update().where(one).values(**values)).rowcount for one in chosen)


def _task_row(one: Settled) -> dict[str, object]:
    return {
        "b_id": one.task.id,
        "state": one.state,
        "attempts": one.task.attempts + int(one.counted),
        "suspect": one.suspect,
        "change": one.change,
        "reason": pack(one.reason.as_json()) if one.reason else None,
        "cause": id_of_cause(one.reason.as_json(), one.task.key) if one.reason else None,
        "detail": pack(one.detail) if one.detail else None,
        "next_attempt_at": one.next_attempt_at,
        "waits_for": one.waits_for,
        "ended_at": None if one.state == "new" else one.ended_at,
    }


def _item_row(one: Settled) -> dict[str, object]:
    memory = one.task.memory if one.memory is None else one.memory
    return {
        "b_id": one.task.item_id,
        "fingerprint": one.fingerprint,
        "target_id": one.task.target_id if one.target_id is None else one.target_id,
        "dropped": one.task.dropped if one.dropped is None else one.dropped,
        "memory": None if memory is None else pack(memory),
        "last_change": one.change,
        "updated_at": one.ended_at,
    }


def _learnt_row(one: Settled) -> dict[str, object]:
    """What an attempt that did not end well leaves behind."""
    whole = _item_row(one)
    return {name: whole[name] for name in ("b_id", "target_id", "memory")}


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
