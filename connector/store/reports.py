"""What people and scripts ask the run log: runs, tasks, items; JSON-able dictionaries, nothing is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

import sqlalchemy as sa

from connector.core.jsonio import Json
from connector.store import health
from connector.store.engine import Store
from connector.store.pack import key_hash, unpack
from connector.store.tables import attempt, checkpoint, item, record, run, task

Row = dict[str, Json]
_STATES = ("new", "processing", "finished", "failed", "skipped")


def runs(store: Store, *, route: str | None = None, limit: int = 20) -> list[Row]:
    """The newest runs first."""
    query = sa.select(run).order_by(run.c.id.desc()).limit(limit)
    if route is not None:
        query = query.where(run.c.route == route)
    with store.reading() as connection:
        found = [_run(row) for row in connection.execute(query).mappings()]
        return _with_gone(connection, found)


def run_by_id(store: Store, run_id: int) -> Row | None:
    """One run with what it asked its source, or None."""
    with store.reading() as connection:
        row = connection.execute(sa.select(run).where(run.c.id == run_id)).mappings().one_or_none()
        if row is None:
            return None
        [found] = _with_gone(connection, [_run(row)])
    return {**found, "requests": unpack(row["requests"]), "config": row["config"]}


def _with_gone(connection: sa.Connection, found: list[Row]) -> list[Row]:
    """The same, with whether each is marked as running while no process runs it."""
    is_open = any(one["state"] == "running" for one in found)
    gone = {one.id for one in health.open_runs(connection, datetime.now(UTC))} if is_open else set()
    return [{**one, "process_gone": one["id"] in gone} for one in found]


def tasks(
    store: Store,
    *,
    route: str | None = None,
    state: str | None = None,
    run: int | None = None,
    key: str | None = None,
    only: str = "",
    limit: int = 50,
) -> list[Row]:
    """The newest tasks first, filtered.

    Args:
        store: the run log.
        route: only of it.
        state: only in it.
        run: only of it.
        key: only of it.
        only: ``left``: those that left something alone; ``drifted``: those that found another state than was written.
        limit: so many.
    """
    query = sa.select(task).order_by(task.c.id.desc())
    query = query if route is None else query.where(task.c.route == route)
    query = query if run is None else query.where(task.c.run_id == run)
    query = query.where(_DRIFTED) if only == "drifted" else query
    # What was left is packed in the detail: only those that have one are looked into, one after the other.
    query = query.where(task.c.detail.is_not(None)) if only == "left" else query.limit(limit)
    with store.reading() as connection:
        if key is not None:  # by its items: there is no index of the keys of tasks
            items = connection.execute(sa.select(item.c.id).where(item.c.key_hash == key_hash(key))).scalars().all()
            query = query.where(task.c.item_id.in_(items))
        queries = [query] if state is None else [query.where(task.c.state == state)]
        if state is None and route is not None and run is None and key is None:
            # State by state, each in the order of an index: a database might else look through those of other routes.
            queries = [query.where(task.c.state == one) for one in _STATES]
        rows = [
            one
            for found in queries
            for one in islice(
                (row for row in map(_task, connection.execute(found).mappings()) if row["left"] or only != "left"),
                limit,
            )
        ]
    return sorted(rows, key=lambda row: -int(row["id"]))[:limit]


_DRIFTED = task.c.action.in_(("repair", "verify")) & task.c.change.not_in(("", "unchanged"))


def task_by_id(store: Store, task_id: int) -> Row | None:
    """One task with its message, the record it came from and every attempt, or None."""
    with store.reading() as connection:
        query = sa.select(task, item.c.target_id).join(item, item.c.id == task.c.item_id)
        row = connection.execute(query.where(task.c.id == task_id)).mappings().one_or_none()
        if row is None:
            return None
        tries = connection.execute(sa.select(attempt).where(attempt.c.task_id == task_id).order_by(attempt.c.id))
        history = [_attempt(one) for one in tries.mappings()]
        source = connection.execute(sa.select(record.c.body).where(record.c.id == row["record_id"])).scalar()
    more = {"message": unpack(row["message"]), "record": unpack(source), "detail": unpack(row["detail"])}
    return {**_task(row), **more, "target_id": row["target_id"], "history": history}


def item_by_key(store: Store, key: str, *, route: str | None = None) -> list[Row]:
    """What every route knows about a key: the item's own key, or the key of the source record it came from.

    Also the second record of that key in one read, which was refused; and a record of which the mapping makes nothing.
    """
    hashed = key_hash(key)
    again = sa.select(task.c.item_id).where(
        task.c.state == "failed", task.c.key.startswith(f"{key} (again, ", autoescape=True)
    )
    query = sa.select(item).where((item.c.key_hash == hashed) | (item.c.record_key_hash == hashed))
    twice = sa.select(item).where(item.c.id.in_(again))
    alone = sa.select(record).where(record.c.key_hash == hashed, record.c.route.in_(sa.select(checkpoint.c.route)))
    if route is not None:
        query, twice = query.where(item.c.route == route), twice.where(item.c.route == route)
        alone = alone.where(record.c.route == route)
    with store.reading() as connection:
        at_work = {one.name for one in health.held(connection) if one.lives(datetime.now(UTC))}
        rows = [*connection.execute(query.order_by(item.c.id)).mappings(), *connection.execute(twice).mappings()]
        found = [
            {**_item(row), **_item_history(connection, row), "route_runs": row["route"] in at_work} for row in rows
        ]
        known = {one["route"] for one in found}
        unsent = [_unsent(row) for row in connection.execute(alone).mappings() if row["route"] not in known]
    return [one for one in found if _still_means_something(one)] or found or unsent


def count_failed(store: Store, route: str) -> int:
    """How many tasks of a route are failed, now."""
    query = sa.select(sa.func.count()).select_from(task).where(task.c.route == route, task.c.state == "failed")
    with store.reading() as connection:
        return int(connection.execute(query).scalar() or 0)


def _run(row: sa.RowMapping) -> Row:
    seconds = (row["ended_at"] - row["started_at"]).total_seconds() if row["ended_at"] else None
    return {
        "id": row["id"],
        "route": row["route"],
        "state": row["state"],
        "trigger": row["trigger"],
        "scheduled_at": _time(row["scheduled_at"]),
        "started_at": _time(row["started_at"]),
        "ended_at": _time(row["ended_at"]),
        "seconds": seconds,
        "counts": unpack(row["counts"]) or {},
        "problem": unpack(row["problem"]),
    }


def _task(row: sa.RowMapping) -> Row:
    return {
        "id": row["id"],
        "route": row["route"],
        "key": row["key"],
        "action": row["action"],
        "state": row["state"],
        "change": row["change"],
        "attempts": row["attempts"],
        "suspect": row["suspect"],
        "problem": unpack(row["reason"]),
        "left": (unpack(row["detail"]) or {}).get("left", []),
        "next_attempt_at": _time(row["next_attempt_at"]),
        "run": row["run_id"],
        "origin": row["origin"],
        "created_at": _time(row["created_at"]),
        "ended_at": _time(row["ended_at"]),
    }


def _attempt(row: sa.RowMapping) -> Row:
    return {
        "number": row["number"],
        "run": row["run_id"],
        "outcome": row["outcome"],
        "started_at": _time(row["started_at"]),
        "seconds": (row["ended_at"] - row["started_at"]).total_seconds(),
        "problem": unpack(row["problem"]),
    }


def _item(row: sa.RowMapping) -> Row:
    return {
        "route": row["route"],
        "key": row["key"],
        "target_id": row["target_id"],
        "dropped": row["dropped"],
        "hidden": row["dropped"] == "hidden",
        "last_change": row["last_change"],
        "first_run": row["first_run"],
        "last_seen_run": row["seen_run"],
        "updated_at": _time(row["updated_at"]),
        "memory": unpack(row["memory"]),
    }


def _unsent(row: sa.RowMapping) -> Row:
    """A record that no item came from, in the form of an item."""
    nothing = {"target_id": "", "dropped": "", "hidden": False, "last_change": "", "first_run": None, "memory": None}
    seen = {"last_seen_run": row["seen_run"], "updated_at": _time(row["updated_at"])}
    return {
        "route": row["route"],
        "key": row["key"],
        **nothing,
        **seen,
        "tasks": [],
        "record": _source(row),
        "route_runs": False,
    }


def _source(row: sa.RowMapping) -> Row:
    body = unpack(row["body"])
    return {"key": row["key"], "origin": row["origin"], "last_seen_run": row["seen_run"], "data": body}


def _still_means_something(item: Row) -> bool:
    """Not one that only stood for a record while it could not be mapped."""
    return bool(item["target_id"]) or any(one["state"] != "skipped" for one in item["tasks"])


def _item_history(connection: sa.Connection, row: sa.RowMapping) -> Row:
    last = sa.select(task).where(task.c.item_id == row["id"]).order_by(task.c.id.desc()).limit(20)
    found = [{**_task(one), "detail": unpack(one["detail"])} for one in connection.execute(last).mappings()]
    same = (record.c.route == row["route"]) & (record.c.key_hash == row["record_key_hash"])
    source = connection.execute(sa.select(record).where(same)).mappings().one_or_none()
    return {"tasks": found, "record": _source(source) if source else None}


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds").replace("+00:00", "Z")
