"""Alarms in the run log: the facts they are judged by, which are open, and which are still to be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.store.engine import Store
from connector.store.insert import insert_if_new
from connector.store.pack import pack, unpack
from connector.store.tables import alarm, run, schedule_state

TELLING = timedelta(seconds=120)
"""Nobody else tries to tell it meanwhile."""
KEPT = timedelta(days=90)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


class LastRun(Struct, frozen=True):
    """The newest run of a route that ended."""

    run_id: int
    state: str
    ended_at: datetime
    problem: Problem | None
    failed: int
    tasks: int

    @property
    def share_failed(self) -> float:
        """In percent of the tasks that ended."""
        return self.failed * 100 / self.tasks if self.tasks else 0.0


class RouteFacts(Struct, frozen=True):
    """What the run log knows of a route.

    Attributes:
        last: the newest run that ended and was not stopped by hand.
        succeeded_at: when a run last ended well.
        known_since: when it was first run or scheduled; None: never.
    """

    route: str
    last: LastRun | None
    succeeded_at: datetime | None
    known_since: datetime | None
    is_paused: bool


class Alarm(Struct, frozen=True):
    """One alarm; see the table."""

    id: int
    alert: str
    condition: str
    subject: str
    since: datetime
    message: str
    look: tuple[str, ...]
    raised_at: datetime
    cleared_at: datetime | None
    told_raised_at: datetime | None
    told_cleared_at: datetime | None
    tries: int
    next_try_at: datetime | None
    error: str

    @property
    def state(self) -> str:
        """``raised`` or ``cleared``."""
        return "raised" if self.cleared_at is None else "cleared"


def facts(store: Store, routes: Collection[str], by_hand: Collection[str]) -> list[RouteFacts]:
    """Of each route; runs whose problem has a code of ``by_hand`` are passed over."""
    with store.reading() as connection:
        return [_facts(connection, name, by_hand) for name in routes]


def bring(store: Store, alert: str, holding: Sequence[tuple[str, str, datetime, Json]], now: datetime) -> None:
    """Open what holds and is not open, clear what is open and holds no more.

    ``holding``: (condition, subject, since, {"message", "look"}). What was never told of clears without a word.
    """
    keys = {(condition, subject) for condition, subject, _, _ in holding}
    with store.writing() as connection:
        for condition, subject, since, body in holding:
            values = {"alert": alert, "condition": condition, "subject": subject, "since": since, "open": True}
            values |= {"message": pack(body), "raised_at": now, "next_try_at": now}
            insert_if_new(connection, alarm, values)
        mine = (alarm.c.alert == alert) & alarm.c.open.is_(True)
        for row in connection.execute(sa.select(alarm.c.id, alarm.c.condition, alarm.c.subject).where(mine)).all():
            if (row.condition, row.subject) not in keys:
                told = sa.case((alarm.c.told_raised_at.is_not(None), now), else_=None)
                values = {"cleared_at": now, "open": None, "next_try_at": told, "tries": 0}
                connection.execute(alarm.update().where(alarm.c.id == row.id).values(**values))


def forget(store: Store, alerts: Collection[str], now: datetime) -> None:
    """Close, without a word, what belongs to alerts that are not declared any more; remove what is long over."""
    with store.writing() as connection:
        others = alarm.c.open.is_(True) & alarm.c.alert.not_in(list(alerts))
        connection.execute(alarm.update().where(others).values(cleared_at=now, open=None, next_try_at=None))
        connection.execute(alarm.delete().where(alarm.c.cleared_at < now - KEPT))


def to_tell(store: Store, alerts: Collection[str], now: datetime) -> list[Alarm]:
    """What is due to be told; each is the caller's for TELLING."""
    due = (alarm.c.next_try_at <= now) & alarm.c.alert.in_(list(alerts))
    with store.writing() as connection:
        rows = connection.execute(sa.select(alarm).where(due).order_by(alarm.c.id)).mappings().all()
        return [_alarm(row) for row in rows if _taken(connection, row, now)]


def told(store: Store, one: Alarm, now: datetime) -> None:
    """It got through."""
    column = "told_raised_at" if one.state == "raised" else "told_cleared_at"
    # Cleared while it was being told: that is to be told too.
    rest = sa.case((alarm.c.cleared_at.is_not(None), now), else_=None) if one.state == "raised" else None
    values = {column: now, "tries": 0, "error": "", "next_try_at": rest}
    with store.writing() as connection:
        connection.execute(alarm.update().where(alarm.c.id == one.id).values(**values))


def not_told(store: Store, one: Alarm, error: str, now: datetime) -> None:
    """It did not get through: tried again later, with growing waits."""
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(one.tries, 10))
    values = {"tries": one.tries + 1, "error": error[:500], "next_try_at": now + wait}
    with store.writing() as connection:
        mine = (alarm.c.id == one.id) & alarm.c.next_try_at.is_not(None)
        connection.execute(alarm.update().where(mine).values(**values))


def listed(store: Store, *, limit: int = 50) -> list[Alarm]:
    """Open ones first, then the newest."""
    query = sa.select(alarm).order_by(alarm.c.cleared_at.is_not(None), alarm.c.id.desc()).limit(limit)
    with store.reading() as connection:
        return [_alarm(row) for row in connection.execute(query).mappings()]


def _taken(connection: sa.Connection, row: Any, now: datetime) -> bool:
    same = (alarm.c.id == row["id"]) & (alarm.c.next_try_at == row["next_try_at"])
    return connection.execute(alarm.update().where(same).values(next_try_at=now + TELLING)).rowcount > 0


def _alarm(row: Any) -> Alarm:
    body = unpack(row["message"]) or {}
    names = ["id", "alert", "condition", "subject", "since", "raised_at", "cleared_at"]
    names += ["told_raised_at", "told_cleared_at", "tries", "next_try_at", "error"]
    text, look = str(body.get("message", "")), tuple(body.get("look", ()))
    return Alarm(message=text, look=look, **{name: row[name] for name in names})


def _facts(connection: sa.Connection, name: str, by_hand: Collection[str]) -> RouteFacts:
    mine = run.c.route == name
    ended = sa.select(run).where(mine & run.c.ended_at.is_not(None)).order_by(run.c.id.desc()).limit(20)
    last = next((one for one in map(_last, connection.execute(ended)) if not _is_by_hand(one, by_hand)), None)
    well = connection.execute(sa.select(sa.func.max(run.c.ended_at)).where(mine & (run.c.state == "finished"))).scalar()
    first = connection.execute(sa.select(sa.func.min(run.c.started_at)).where(mine)).scalar()
    query = sa.select(schedule_state.c.anchor, schedule_state.c.paused_at).where(schedule_state.c.route == name)
    state = connection.execute(query).one_or_none()
    since = first or (state.anchor if state else None)
    return RouteFacts(name, last, well, since, state is not None and state.paused_at is not None)


def _is_by_hand(one: LastRun, by_hand: Collection[str]) -> bool:
    return one.problem is not None and one.problem.code in by_hand


def _last(row: Any) -> LastRun:
    counts, found = unpack(row.counts) or {}, unpack(row.problem) or None
    problem = None
    if found is not None:
        code, message, hint, where = (str(found.get(name, "")) for name in ("code", "message", "hint", "where"))
        problem = Problem(code, message, hint, where)
    failed = int(counts.get("failed", 0))
    tasks = failed + int(counts.get("finished", 0)) + int(counts.get("skipped", 0))
    return LastRun(row.id, row.state, row.ended_at, problem, failed, tasks)
