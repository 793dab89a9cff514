"""What a run log can tell of things that are stuck: plain facts for the doctor; and two safe repairs."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from time import monotonic
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from connector.core.process import is_gone
from connector.store.engine import Store
from connector.store.runs import INTERRUPTED
from connector.store.tables import checkpoint, item, lease, run, task


class Held(Struct, frozen=True):
    """A lease that says that somebody holds it."""

    name: str
    owner: str
    fence: int
    expires_at: datetime

    def lives(self, now: datetime) -> bool:
        """Whether its owner may still be at work."""
        return self.expires_at > now and not is_gone(self.owner)


class OpenRun(Struct, frozen=True):
    """A run that is marked as running."""

    id: int
    route: str
    owner: str
    started_at: datetime


class Some(Struct, frozen=True):
    """So many tasks of a route, the first of them since then."""

    route: str
    count: int
    since: datetime


def held(connection: sa.Connection) -> list[Held]:
    """All leases that have an owner."""
    rows = connection.execute(sa.select(lease).where(lease.c.owner != "").order_by(lease.c.name))
    return [Held(row.name, row.owner, int(row.fence), row.expires_at) for row in rows]


def open_runs(connection: sa.Connection, now: datetime) -> list[OpenRun]:
    """Runs marked as running whose process does not hold their route, or is gone."""
    at_work = {(one.name, one.owner) for one in held(connection) if one.lives(now)}
    query = sa.select(run.c.id, run.c.route, run.c.owner, run.c.started_at).where(run.c.state == "running")
    found = [OpenRun(*row) for row in connection.execute(query.order_by(run.c.id))]
    return [one for one in found if (one.route, one.owner) not in at_work]


def processing(connection: sa.Connection) -> list[Some]:
    """Tasks that are under way, by route."""
    return _some(connection, task.c.state == "processing", sa.func.coalesce(task.c.started_at, task.c.created_at))


def suspect(connection: sa.Connection) -> list[Some]:
    """Failed tasks that may have taken effect and wait for a person, by route."""
    waits = (task.c.state == "failed") & task.c.suspect & task.c.next_attempt_at.is_(None)
    return _some(connection, waits, sa.func.coalesce(task.c.ended_at, task.c.created_at))


def far_off(connection: sa.Connection, after: datetime) -> list[Some]:
    """Failed tasks whose next attempt is later than that, by route; since: the first of these times."""
    return _some(connection, (task.c.state == "failed") & (task.c.next_attempt_at > after), task.c.next_attempt_at)


def waiting(connection: sa.Connection, route: str) -> int:
    """Tasks of a route that are neither finished nor skipped."""
    states = ("new", "processing", "failed")
    query = sa.select(sa.func.count()).select_from(task).where(task.c.route == route, task.c.state.in_(states))
    return int(connection.execute(query).scalar() or 0)


def routes_of(connection: sa.Connection) -> dict[str, set[str]]:
    """Which routes the run log knows, by where: checkpoint, item, task. One look at an index for each route."""
    return {table.name: _distinct(connection, table.c.route) for table in (checkpoint, item, task)}


def database_time(connection: sa.Connection) -> datetime | None:
    """What the database server's clock shows; None for SQLite, which has none of its own."""
    if connection.dialect.name == "sqlite":
        return None
    found = connection.exec_driver_sql("SELECT clock_timestamp()").scalar()
    return found if isinstance(found, datetime) else None


def journal_mode(store: Store) -> str:
    """SQLite's, as it is after we asked for ``wal``; empty for another database."""
    if not store.is_sqlite:
        return ""
    with store.reading() as connection:
        return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def damage(store: Store, seconds: float = 10) -> str:
    """What SQLite's own check finds in the file within that time; empty for nothing, and for another database."""
    if not store.is_sqlite:
        return ""
    patience = monotonic() + seconds
    with store.reading() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: monotonic() > patience, 100_000)
        try:
            found = driver.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:  # it takes longer
            return ""
        except sqlite3.DatabaseError as error:
            return str(error)
        finally:
            driver.set_progress_handler(None, 0)
    return "" if found is None or found[0] == "ok" else str(found[0]).splitlines()[-1]


def close_open_runs(store: Store, now: datetime) -> list[int]:
    """End the runs of ``open_runs`` as stopped, as the next run of their routes would. Returns their ids."""
    with store.writing() as connection:
        ids = [one.id for one in open_runs(connection, now)]
        values = {"state": "stopped", "ended_at": now, "problem": INTERRUPTED}
        connection.execute(run.update().where(run.c.id.in_(ids), run.c.state == "running").values(**values))
    return ids


def release_dead(store: Store, now: datetime) -> list[str]:
    """Free the leases of owners gone or silent; a higher fence keeps a silent one from writing. Returns their names."""
    with store.writing() as connection:
        dead = [one for one in held(connection) if not one.lives(now)]
        for one in dead:
            same = (lease.c.name == one.name) & (lease.c.fence == one.fence) & (lease.c.expires_at == one.expires_at)
            connection.execute(lease.update().where(same).values(owner="", fence=one.fence + 1))
    return [one.name for one in dead]


def _some(connection: sa.Connection, where: sa.ColumnElement[bool], since: sa.ColumnElement[datetime]) -> list[Some]:
    query = sa.select(task.c.route, sa.func.count(), sa.func.min(since)).where(where).group_by(task.c.route)
    return [Some(row[0], int(row[1]), row[2]) for row in connection.execute(query.order_by(task.c.route))]


def _distinct(connection: sa.Connection, column: sa.Column[str]) -> set[str]:
    found: set[str] = set()
    last = ""
    while True:
        following = connection.execute(sa.select(sa.func.min(column)).where(column > last)).scalar()
        if following is None:
            return found
        found.add(following)
        last = following
