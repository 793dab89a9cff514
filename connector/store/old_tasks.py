"""Which tasks may be removed from the run log, and how: by age or number, unless something still depends on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from msgspec import Struct

from connector.store.engine import Store
from connector.store.tables import HAS_MESSAGE, attempt, record, task

AT_ONCE: Final = 500
"""Rows looked at, and at most removed, in one transaction."""


class Part(Struct, frozen=True):
    """One look at up to AT_ONCE rows: the ids to remove, and where the next look starts (None: nothing is left)."""

    ids: list[int]
    after: int | None


_other = task.alias("other")
_same_item = _other.c.item_id == task.c.item_id
_ended_well = (_other.c.state == "finished") | ((_other.c.state == "skipped") & ~_other.c.suspect)
HAS_NEWER = sa.exists().where(_same_item & (_other.c.id > task.c.id))
_RESOLVED = ~task.c.suspect | sa.exists().where(_same_item & (_other.c.id > task.c.id) & _ended_well)
"""Whether it took effect is no longer asked: a later task of the item ended well."""
_RESOLVES = sa.exists().where(_same_item & (_other.c.id < task.c.id) & (_other.c.state == "skipped") & _other.c.suspect)
"""It is what says so of an earlier one: it goes after that one."""
_ended_at = sa.func.coalesce(task.c.ended_at, task.c.created_at)


def old_messages(before: datetime, connection: sa.Connection, after: int) -> Part:
    """Tasks that ended well and still have their message."""
    due = (_ended_at < before) & _RESOLVED
    query = sa.select(task.c.id, task.c.created_at, due).where(HAS_MESSAGE, task.c.id > after)
    return part_of(connection, query.order_by(task.c.id).limit(AT_ONCE), before)


def old_tasks(state: str, before: datetime, surplus: int, connection: sa.Connection, after: int) -> Part:
    """Finished or skipped tasks that are too old, or up to ``surplus``."""
    # The newest row of all stays: SQLite would give its id to another task.
    due = (
        ((_ended_at < before) | (task.c.id <= surplus))
        & _RESOLVED
        & (task.c.suspect | ~_RESOLVES)
        & (task.c.id < _NEWEST)
    )
    query = sa.select(task.c.id, task.c.created_at, due).where(task.c.state == state, task.c.id > after)
    return part_of(connection, query.order_by(task.c.id).limit(AT_ONCE), before, surplus)


def old_failed(condition: sa.ColumnElement[bool], before: datetime, connection: sa.Connection, after: int) -> Part:
    """Those that wait for a person, not for a time, and that certainly had no effect."""
    due = (_ended_at < before) & ~task.c.suspect & task.c.next_attempt_at.is_(None) & (task.c.id < _NEWEST)
    query = sa.select(task.c.id, task.c.created_at, due & condition)
    query = query.where(task.c.state == "failed", task.c.id > after)
    return part_of(connection, query.order_by(task.c.id).limit(AT_ONCE), before)


_NEWEST = sa.select(sa.func.max(sa.alias(task, "every").c.id)).scalar_subquery()


def surplus_of(store: Store, state: str, most: int | None) -> int:
    """The highest id of those that are too many; 0 when they are not."""
    if most is None:
        return 0
    query = sa.select(task.c.id).where(task.c.state == state).order_by(task.c.id.desc()).offset(most).limit(1)
    with store.reading() as connection:
        return int(connection.execute(query).scalar() or 0)


def part_of(connection: sa.Connection, query: sa.Select[Any], before: datetime, surplus: int = 0) -> Part:
    """Ids grow with the time at which a row was made, and none ends before that: the first young one ends the look."""
    rows = connection.execute(query).all()
    old = [row for row in rows if row[1] < before or row[0] <= surplus]
    more = len(rows) == AT_ONCE and len(old) == len(rows)
    return Part([row[0] for row in old if row[2]], rows[-1][0] if more else None)


def empty(connection: sa.Connection, ids: list[int]) -> int:
    """Remove message and attempts. Returns of how many."""
    connection.execute(attempt.delete().where(attempt.c.task_id.in_(ids)))
    chosen = task.c.id.in_(ids) & task.c.state.in_(("finished", "skipped"))
    return connection.execute(task.update().where(chosen).values(message=None)).rowcount


def remove_tasks(state: str, connection: sa.Connection, ids: list[int]) -> int:
    """Remove tasks of a state. Returns how many."""
    return _remove_with_attempts(connection, [one for one, _ in _still(connection, state, ids)])


def remove_failed(connection: sa.Connection, ids: list[int]) -> int:
    """Where the newest task of an item goes, its record must count as new when it is read again."""
    found = _still(connection, "failed", ids)
    last = sa.select(task.c.record_id).where(task.c.id.in_([one for one, _ in found]), ~HAS_NEWER)
    free = set(connection.execute(_unlocked(sa.select(record.c.id).where(record.c.id.in_(last)))).scalars())
    connection.execute(record.update().where(record.c.id.in_(free)).values(fingerprint=""))
    busy = set(connection.execute(last).scalars()) - free  # being written to: another time
    return _remove_with_attempts(connection, [one for one, owner in found if owner is None or owner not in busy])


def _still(connection: sa.Connection, state: str, ids: list[int]) -> list[tuple[int, int | None]]:
    """Those that are in that state still, with their records: somebody may have made a failed one new meanwhile."""
    query = sa.select(task.c.id, task.c.record_id).where(task.c.id.in_(ids), task.c.state == state)
    return [(row[0], row[1]) for row in connection.execute(_unlocked(query))]


def _unlocked(query: sa.Select[Any]) -> sa.Select[Any]:
    """Locks the rows, leaving out those that another transaction holds: so this one never waits, nor is waited for."""
    return query.with_for_update(skip_locked=True)  # SQLite leaves it out: it has one writer


def _remove_with_attempts(connection: sa.Connection, ids: list[int]) -> int:
    connection.execute(attempt.delete().where(attempt.c.task_id.in_(ids)))
    return connection.execute(task.delete().where(task.c.id.in_(ids))).rowcount
