"""Tasks that wait for what they refer to: woken when it ends well, told as failed when it will not come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.core.jsonio import Json
from connector.store.knots import openers
from connector.store.pack import unpack
from connector.store.tables import item, task

GUARDED = "max_deletes"
"""What a task waits for that puts away what the mapping no longer yields: see ``connector.store.drops``. No lane."""
MOVED = "another key"
"""The same, of what a record would make anew under another key: see ``connector.store.moves``."""
_AT_ONCE = 500
"""Ids in one statement: databases take no lists without end."""
_CLOCKS = timedelta(seconds=2)
"""How far the clocks of two processes may be apart: a wake-up must not be missed."""


def wake(connection: sa.Connection, lanes: Sequence[str]) -> int:
    """What waits for these lanes may go on, of any route; also what had been given up. Returns how many tasks."""
    if not lanes:
        return 0
    return connection.execute(_WAKE, {"lanes": list(lanes), **_WOKEN}).rowcount


_WOKEN = {"state": "new", "waits_for": None, "reason": None, "next_attempt_at": None, "ended_at": None}
_WAKE = task.update().where(
    task.c.waits_for.in_(sa.bindparam("lanes", expanding=True)) & task.c.state.in_(("new", "failed"))
)


def ended_since(connection: sa.Connection, lanes: Sequence[str], since: datetime) -> set[str]:
    """Lanes that came after that time: whoever looked before may have looked too early.

    A task ended well there, or a first part was sent: that too wakes those who wait, and only once.
    """
    at = since - _CLOCKS
    ended = task.c.state.in_(("finished", "skipped")) & (task.c.ended_at >= at)
    begun = (item.c.target_id != "") & (item.c.updated_at >= at)
    found: set[str] = set()
    for some in _some(lanes):
        query = sa.select(task.c.lane).join(item, item.c.id == task.c.item_id)
        found.update(connection.execute(query.where(task.c.lane.in_(some) & (ended | begun)).distinct()).scalars())
    return found


def to_come(connection: sa.Connection, lanes: Collection[str]) -> set[str]:
    """Those of these lanes whose first task is still to be sent, by any route: the target does not hold them yet."""
    coming = task.c.state.in_(("new", "processing")) | task.c.next_attempt_at.is_not(None)
    found: set[str] = set()
    for some in _some(lanes):
        query = sa.select(task.c.lane).join(item, item.c.id == task.c.item_id)
        query = query.where(task.c.lane.in_(some) & coming & (item.c.target_id == "")).distinct()
        found.update(connection.execute(query).scalars())
    return found


def wait_on(connection: sa.Connection, lanes: Mapping[int, str]) -> None:
    """Tasks that were woken wait for another lane, which nobody has looked for: so they have no reason."""
    if lanes:
        connection.execute(_WAIT_ON, [{"b_id": one, "b_lane": lane} for one, lane in lanes.items()])


_WAIT_ON = (
    task.update()
    .where((task.c.id == sa.bindparam("b_id")) & (task.c.state == "new") & task.c.waits_for.is_(None))
    .values(waits_for=sa.bindparam("b_lane"), reason=None)
)


def unsent(connection: sa.Connection, route: str, *, after: int, limit: int) -> list[tuple[int, Json]]:
    """Tasks of a route that will be sent without a person's doing: ids above that one, and messages."""
    coming = (task.c.state == "new") | ((task.c.state == "failed") & task.c.next_attempt_at.is_not(None))
    query = sa.select(task.c.id, task.c.message).where((task.c.route == route) & coming & (task.c.id > after))
    rows = connection.execute(query.where(task.c.message.is_not(None)).order_by(task.c.id).limit(limit))
    return [(number, unpack(message)) for number, message in rows]


def given_up(connection: sa.Connection, route: str) -> list[tuple[int, str, str, str | None]]:
    """Failed tasks of a route that are not tried again by themselves: id, key, lane, and the lane they wait for."""
    query = sa.select(task.c.id, task.c.key, task.c.lane, task.c.waits_for).order_by(task.c.id)
    failed = (task.c.route == route) & (task.c.state == "failed") & task.c.next_attempt_at.is_(None)
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query.where(failed))]


def lanes_to_come(connection: sa.Connection, route: str, lanes: Sequence[str]) -> set[str]:
    """Those of these lanes in which tasks of the route will be sent without a person's doing."""
    coming = task.c.state.in_(("new", "processing")) | task.c.next_attempt_at.is_not(None)
    found: set[str] = set()
    for some in _some(lanes):
        query = sa.select(task.c.lane).where((task.c.route == route) & coming & task.c.lane.in_(some)).distinct()
        found.update(connection.execute(query).scalars())
    return found


def hold(connection: sa.Connection, task_ids: Sequence[int], lane: str) -> None:
    """They wait for a lane in which nothing comes: until all is read, see ``ask``; or until the next run."""
    values = {"state": "new", "waits_for": lane, "reason": None, "next_attempt_at": None, "ended_at": None}
    connection.execute(task.update().where(task.c.id.in_(task_ids)).values(**values))


def _some(lanes: Collection[str]) -> list[list[str]]:
    listed = list(lanes)
    return [listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE)]


def release(connection: sa.Connection, route: str) -> int:
    """A new run looks again for what its tasks waited for."""
    return connection.execute(task.update().where(_held(route)).values(waits_for=None)).rowcount


def give_up(connection: sa.Connection, route: str, now: datetime, *, tried: Collection[int] = ()) -> int:
    """Tasks whose reference nobody brings any more become failed, with the reason that they have. Returns how many.

    They keep what they wait for: should it appear one day, they are woken. Those without a reason stay: see ``ask``.

    Args:
        connection: of a writing transaction.
        route: whose tasks.
        now: when they ended.
        tried: tasks that were sent without what they wait for, and still wait: in vain, unless another route brings it.
    """
    told = _held(route) & task.c.reason.is_not(None)
    values = {"state": "failed", "ended_at": now}
    in_vain, number = list(tried), 0
    elsewhere = _comes(but=route)
    for at in range(0, len(in_vain), _AT_ONCE):
        still = told & ~elsewhere & task.c.id.in_(in_vain[at : at + _AT_ONCE])
        number += connection.execute(task.update().where(still).values(**values)).rowcount
    lost = told & ~_comes()
    while found := connection.execute(task.update().where(lost).values(**values)).rowcount:
        number += found  # and now those that waited for these
    return number


def ask(connection: sa.Connection, route: str) -> int:
    """Tasks that wait for what will not come, and never looked for it, may look now. Returns how many."""
    lost = _held(route) & task.c.reason.is_(None) & ~_comes()
    return connection.execute(task.update().where(lost).values(waits_for=None)).rowcount


def _held(route: str) -> sa.ColumnElement[bool]:
    return (task.c.route == route) & (task.c.state == "new") & task.c.waits_for.not_in((GUARDED, MOVED))


def _comes(*, but: str = "") -> sa.ColumnElement[bool]:
    """What it waits for is still to be sent by a route, other than that one."""
    other = task.alias("other")
    coming = other.c.state.in_(("new", "processing")) | other.c.next_attempt_at.is_not(None)
    return sa.exists().where((other.c.lane == task.c.waits_for) & (other.c.route != but) & coming)


def circles(
    connection: sa.Connection,
    route: str,
    *,
    begun: Collection[int],
    firm: Mapping[int, str],
    refers: Mapping[int, Collection[str]],
) -> list[int]:
    """Tasks to be sent without what they wait for, so that no task waits in a circle any more: see ``knots.openers``.

    Args:
        connection: any.
        route: whose tasks.
        begun: tasks that have been sent so; nobody waits for them any more.
        firm: tasks that cannot be sent without that lane.
        refers: lanes to which tasks refer, there or not.
    """
    query = sa.select(task.c.lane, task.c.id, task.c.waits_for, item.c.target_id)
    rows = connection.execute(query.join(item, item.c.id == task.c.item_id).where(_held(route)).order_by(task.c.id))
    held = {lane: (number, wanted, target) for lane, number, wanted, target in rows if number not in begun}
    missing = {lane for lane, (_, _, target) in held.items() if not target}
    waiting = {lane: {wanted, *missing.intersection(refers.get(one, ()))} for lane, (one, wanted, _) in held.items()}
    fixed = [lane for lane, (number, wanted, _) in held.items() if firm.get(number) == wanted]
    return [held[lane][0] for lane in openers(waiting, fixed=fixed)]


def count(connection: sa.Connection, route: str) -> int:
    """How many tasks of a route wait."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(task).where(_held(route))).scalar() or 0)
