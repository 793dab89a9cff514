"""Tasks that wait for what they refer to: woken when it ends well, told as failed when it will not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from connector.store.tables import task

_AT_ONCE = 500
"""Ids in one statement: databases take no lists without end."""
_SHARE = 8
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
    """Lanes in which a task ended well after that time: whoever looked before may have looked too early."""
    ended = task.c.state.in_(("finished", "skipped")) & (task.c.ended_at >= since - _CLOCKS)
    query = sa.select(task.c.lane).where(task.c.lane.in_(list(lanes)) & ended).distinct()
    return set(connection.execute(query).scalars())


def release(connection: sa.Connection, route: str) -> int:
    """A new run looks again for what its tasks waited for."""
    held = (task.c.route == route) & (task.c.state == "new") & task.c.waits_for.is_not(None)
    return connection.execute(task.update().where(held).values(waits_for=None)).rowcount


def give_up(connection: sa.Connection, route: str, now: datetime, *, tried: Collection[int] = ()) -> int:
    """Tasks whose reference nobody brings any more become failed, with the reason that they have. Returns how many.

    They keep what they wait for: should it appear one day, they are woken.

    Args:
        connection: of a writing transaction.
        route: whose tasks.
        now: when they ended.
        tried: tasks that were sent without what they wait for, and still wait.
    """
    other = task.alias("other")
    held = (task.c.route == route) & (task.c.state == "new") & task.c.waits_for.is_not(None)
    coming = other.c.state.in_(("new", "processing")) | other.c.next_attempt_at.is_not(None)
    comes = sa.exists().where((other.c.lane == task.c.waits_for) & coming)
    in_vain, number = list(tried), 0
    for at in range(0, len(in_vain), _AT_ONCE):
        still = held & task.c.id.in_(in_vain[at : at + _AT_ONCE])
        number += connection.execute(task.update().where(still).values(state="failed", ended_at=now)).rowcount
    lost = held & ~comes
    while found := connection.execute(task.update().where(lost).values(state="failed", ended_at=now)).rowcount:
        number += found  # and now those that waited for these
    return number


def circles(connection: sa.Connection, route: str, *, tried: Collection[int]) -> list[int]:
    """The oldest task of each circle of tasks that wait for each other; then some of those that wait for a circle.

    Each waits for one other, so circles have nothing in common and may be opened side by side. But where thousands are
    knotted together the next circle only shows when one has been closed: there, those go along that most others wait
    for, until it is an eighth of all. Each of them costs a second version, and spares a look at all that wait.

    Args:
        connection: any.
        route: whose tasks.
        tried: tasks that have been sent without what they wait for.
    """
    held = (task.c.route == route) & (task.c.state == "new") & task.c.waits_for.is_not(None)
    rows = connection.execute(sa.select(task.c.lane, task.c.id, task.c.waits_for).where(held))
    found = {lane: (number, wanted) for lane, number, wanted in rows if number not in tried}
    settled: set[str] = set()
    knotted: set[str] = set()
    opened: list[int] = []
    for start in found:
        way: dict[str, int] = {}
        lane = start
        while lane in found and lane not in settled and lane not in way:
            number, wanted = found[lane]
            way[lane] = number
            lane = wanted
        if lane in way:
            lanes = list(way)
            opened.append(min(way[one] for one in lanes[lanes.index(lane) :]))
        if lane in way or lane in knotted:
            knotted.update(way)
        settled.update(way)
    waited_for = Counter(found[lane][1] for lane in knotted)
    wanted_most = [found[lane][0] for lane, _ in waited_for.most_common() if found[lane][0] not in opened]
    more = max(0, len(knotted) // _SHARE - len(opened))
    return [*sorted(opened), *wanted_most[:more]]


def count(connection: sa.Connection, route: str) -> int:
    """How many tasks of a route wait."""
    held = (task.c.route == route) & (task.c.state == "new") & task.c.waits_for.is_not(None)
    return int(connection.execute(sa.select(sa.func.count()).select_from(task).where(held)).scalar() or 0)
