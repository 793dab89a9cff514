"""Which tasks may be sent now, and taking them: one a lane, in order where order counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.store.among import among
from connector.store.pack import unpack
from connector.store.tables import item, task

CLAIMING = 0x636F6E6E
"""Name of the advisory lock under which tasks are claimed."""


class Claimed(Struct, frozen=True):
    """A task that this process now sends.

    Attributes:
        earlier: actions and messages of the suspect tasks that it replaces.
        alone, memory: see core.model.Delivery.
    """

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
    earlier: tuple[tuple[str, Json], ...] = ()
    alone: bool = False
    memory: Json = None
    created_at: datetime | None = None


def claim(
    connection: sa.Connection,
    route: str,
    now: datetime,
    *,
    limit: int,
    fence: int,
    ordered: bool = False,
    skip: Collection[int] = (),
) -> list[Claimed]:
    """Take up to ``limit`` tasks that are new or due for another attempt: one a lane, none of a busy lane.

    The committed claim is the intent: whatever happens next, the task is known to be under way.

    Args:
        connection: of a writing transaction.
        route: whose tasks.
        now: what is due is due by then.
        limit: at most so many.
        fence: of the lease under which they are sent.
        ordered: none before all older ones of its lane have ended well, or were skipped by a person.
        skip: ids of tasks that are left.
    """
    if limit <= 0:
        return []
    serialise(connection)
    shape = {"ordered": ordered, "locking": connection.dialect.name != "sqlite", "skips": bool(skip)}
    given = {"of_route": route, "now": now, "at_most": limit * 2, **({"skipped": list(skip)} if skip else {})}
    rows = [row for one in _claims(**shape) for row in connection.execute(one, given).mappings()]
    first_of_lane: dict[str, sa.RowMapping] = {}
    for row in sorted(rows, key=lambda row: int(row["id"])):
        if len(first_of_lane) < limit:
            first_of_lane.setdefault(row["lane"], row)
    return take(connection, list(first_of_lane.values()), now, fence)


def ahead(connection: sa.Connection, route: str, *, after: int, limit: int) -> list[Claimed]:
    """New tasks that will probably be claimed next: those after that id. A guess, and no intent: nothing is taken."""
    rows = connection.execute(_ahead(), {"of_route": route, "after": after, "at_most": limit}).mappings()
    return [_claimed(row) for row in rows]


@cache
def _ahead() -> sa.Select[tuple[object, ...]]:
    coming = _of_route() & (task.c.state == "new") & task.c.message.is_not(None) & task.c.waits_for.is_(None)
    coming &= task.c.id > sa.bindparam("after", type_=sa.BigInteger)
    return claimable().where(coming).order_by(task.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))


@cache
def _claims(*, ordered: bool, locking: bool, skips: bool) -> tuple[sa.Select[tuple[object, ...]], ...]:
    """What may be claimed: made once, as making a statement costs more than asking it.

    Two questions: asked as one, a database may read through all the tasks that have ended.
    """
    query = (
        claimable().where(_of_route() & is_free()).order_by(task.c.id).limit(sa.bindparam("at_most", type_=sa.Integer))
    )
    if skips:
        query = query.where(~among(task.c.id, "skipped"))
    if locking:
        query = query.with_for_update(skip_locked=True, of=task)
    return tuple(query.where(one) for one in _due(ordered=ordered))


def _of_route() -> sa.ColumnElement[bool]:
    return task.c.route == sa.bindparam("of_route")


def serialise(connection: sa.Connection) -> None:
    """Claims come one after the other: else two routes could each find the same lane free. SQLite has one writer."""
    if connection.dialect.name != "sqlite":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIMING)))


def is_free() -> sa.ColumnElement[bool]:
    """Nothing of the task's lane is under way, whatever the route."""
    other = task.alias("other")
    return ~sa.exists().where((other.c.lane == task.c.lane) & (other.c.state == "processing"))


def claimable() -> sa.Select[tuple[object, ...]]:
    """The columns of which ``take`` makes claimed tasks."""
    columns = [task.c[name] for name in ("id", "item_id", "key", "lane", "action", "message", "fingerprint")]
    columns += [task.c.attempts, task.c.suspect, task.c.created_at, item.c.target_id, item.c.dropped, item.c.memory]
    return sa.select(*columns).join(item, item.c.id == task.c.item_id)


def take(
    connection: sa.Connection, chosen: Sequence[sa.RowMapping], now: datetime, fence: int, *, alone: bool = False
) -> list[Claimed]:
    """Mark rows of ``claimable`` as under way."""
    found: list[Claimed] = []
    for row in chosen:
        earlier = _replaced(connection, row["item_id"], row["id"]) if row["suspect"] else ()
        found.append(replace(_claimed(row), earlier=earlier, alone=alone))
    if found:
        values = {"state": "processing", "started_at": now, "fence": fence, "next_attempt_at": None, "waits_for": None}
        connection.execute(_TAKE, {"taken": [one.id for one in found], **values})
    return found


def _claimed(row: sa.RowMapping) -> Claimed:
    return Claimed(**{**row, **{name: unpack(row[name]) for name in ("message", "memory")}})


_TAKE = task.update().where(among(task.c.id, "taken"))


def _due(*, ordered: bool) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """New tasks that wait for nothing, and failed ones whose time has come by ``now``."""
    new = (task.c.state == "new") & task.c.message.is_not(None) & task.c.waits_for.is_(None)
    again = (task.c.state == "failed") & (task.c.next_attempt_at <= sa.bindparam("now"))
    if not ordered:
        return new, again
    older = task.alias("older")
    before = (older.c.route == task.c.route) & (older.c.lane == task.c.lane) & (older.c.id < task.c.id)
    first = ~sa.exists().where(before & older.c.state.in_(("new", "failed")))
    return new & first, again & first


def _replaced(connection: sa.Connection, item_id: int, task_id: int) -> tuple[tuple[str, Json], ...]:
    """Action and message of suspect tasks that were replaced since the item was last written or found unchanged."""
    before = (task.c.item_id == item_id) & (task.c.id < task_id)
    ended = sa.or_(task.c.state == "finished", (task.c.state == "skipped") & ~task.c.suspect)
    last = sa.select(sa.func.coalesce(sa.func.max(task.c.id), 0)).where(before & ended).scalar_subquery()
    replaced = before & (task.c.id > last) & (task.c.state == "skipped") & task.c.message.is_not(None)
    rows = connection.execute(sa.select(task.c.action, task.c.message).where(replaced).order_by(task.c.id)).all()
    return tuple((action, unpack(message)) for action, message in rows)


def waiting(connection: sa.Connection, route: str, now: datetime, *, ordered: bool = False) -> int:
    """How many tasks of a route could be claimed now, or are under way."""
    given = {"of_route": route, "now": now}
    return sum(connection.execute(one, given).scalar() or 0 for one in _counts(ordered=ordered))


@cache
def _counts(*, ordered: bool) -> tuple[sa.Select[int], ...]:
    counted = sa.select(sa.func.count()).select_from(task).where(_of_route())
    return tuple(counted.where(one) for one in (*_due(ordered=ordered), task.c.state == "processing"))


def blocked(connection: sa.Connection, route: str) -> int:
    """How many tasks of an ordered route stand behind a failed one of their lane."""
    failed = task.alias("failed")
    before = (failed.c.route == task.c.route) & (failed.c.lane == task.c.lane) & (failed.c.id < task.c.id)
    held = (task.c.route == route) & (task.c.state == "new") & sa.exists().where(before & (failed.c.state == "failed"))
    return int(connection.execute(sa.select(sa.func.count()).select_from(task).where(held)).scalar() or 0)
