"""Schedules in the run log: who leads, how far each is settled, pauses, and what became of each due time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from connector.core.jsonio import Json
from connector.core.process import is_gone
from connector.store import leases
from connector.store.engine import Store
from connector.store.insert import insert_if_new
from connector.store.tables import lease, run, schedule_event, schedule_state

LEADER = "(scheduler)"
"""The lease of the leading scheduler; no route can have this name."""
KEPT = timedelta(days=90)
"""How long events are kept."""

NOT_RUN = "not run: "
"""How the reason of a skipped time begins when what comes after the route shall not run either."""

_REASON_LENGTH = 1000
_JUST_BEFORE = timedelta(microseconds=1)


class ScheduleState(Struct, frozen=True):
    """One route's row.

    Attributes:
        anchor: intervals count from here; None until a scheduler has seen the route.
        settled_to: every due time up to here has been decided on.
        paused: why it is paused (may be empty), or None when it is not.
    """

    anchor: datetime | None
    settled_to: datetime | None
    paused: str | None
    paused_at: datetime | None


class Event(Struct, frozen=True):
    """What became of a due time, or of several that are told of together (then ``first_at`` is the oldest)."""

    event: str
    scheduled_at: datetime
    reason: str = ""
    times: int = 1
    first_at: datetime | None = None


def held(store: Store, names: Collection[str], now: datetime) -> dict[str, str]:
    """Which of these leases somebody holds who is not known to be dead, with the owner."""
    query = sa.select(lease.c.name, lease.c.owner).where(lease.c.name.in_(names), lease.c.owner != "")
    with store.reading() as connection:
        rows = connection.execute(query.where(lease.c.expires_at > now)).all()
    return {row.name: row.owner for row in rows if not is_gone(row.owner)}


def states(store: Store) -> dict[str, ScheduleState]:
    """All rows by route."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(schedule_state)).all()
    return {
        row.route: ScheduleState(
            row.anchor, row.settled_to, None if row.paused_at is None else row.pause_reason, row.paused_at
        )
        for row in rows
    }


def begin(store: Store, fence: int, wanted: Mapping[str, str], running: Collection[str], now: datetime) -> None:
    """What a new leader does first.

    A schedule that is new, or other than before, begins now, without a past. One that is gone is forgotten. A due time
    that a former leader took and then died with, before its run was opened, is due again.

    ``wanted`` holds, by route, a hash of what decides its due times; ``running`` the routes that this process is still
    running or about to run.

    Raises:
        LeaseLost: another one leads.
    """
    with store.writing() as connection:
        leases.guard(connection, LEADER, fence)
        rows = {row.route: row for row in connection.execute(sa.select(schedule_state))}
        for route in rows.keys() - wanted.keys():
            _update(connection, route, {"declared": ""}, now)
        for route, declared in wanted.items():
            if route not in rows or rows[route].declared != declared:
                _ensure(connection, route, now)
                _update(connection, route, {"declared": declared, "anchor": now, "settled_to": now}, now)
            elif route not in running:
                _reopen_if_not_run(connection, route, rows[route].settled_to, now)
        connection.execute(schedule_event.delete().where(schedule_event.c.at < now - KEPT))


def prune(store: Store, now: datetime) -> None:
    """Remove events that are older than KEPT."""
    with store.writing() as connection:
        connection.execute(schedule_event.delete().where(schedule_event.c.at < now - KEPT))


def settle(
    store: Store, lead: tuple[str, int], route: str, events: Sequence[Event], now: datetime, *, to: datetime
) -> bool:
    """Write down what becomes of due times, and that all of them up to ``to`` are decided on.

    ``lead`` is owner and fence of the leader. What was decided before stands: nothing is decided on twice.

    Returns:
        False if the last event fires a time that was decided on already, or that has a run: it must not be run.

    Raises:
        LeaseLost: another one leads; nothing was written.
    """
    owner, fence = lead
    is_new = True
    with store.writing() as connection:
        leases.guard(connection, LEADER, fence)
        for one in events:
            is_new = _keep(connection, route, one, owner, now)
            if one.event == "fired" and _was_run(connection, route, one.scheduled_at):
                is_new = False
        _settle_to(connection, route, to, now)
    return is_new


def is_leader(store: Store, fence: int) -> bool:
    """Whether nobody has taken over since."""
    with store.reading() as connection:
        return connection.execute(sa.select(lease.c.fence).where(lease.c.name == LEADER)).scalar() == fence


def amend(store: Store, route: str, event: Event, now: datetime) -> None:
    """A time that was fired did not become a run: say what became of it. Does nothing if there is such a run."""
    with store.writing() as connection:
        if not _was_run(connection, route, event.scheduled_at):
            values = {"event": event.event, "reason": event.reason[:_REASON_LENGTH], "at": now}
            connection.execute(schedule_event.update().where(_of(route, event.scheduled_at)).values(**values))


def reopen(store: Store, fence: int, route: str, scheduled_at: datetime, now: datetime) -> None:
    """A time that was fired did not become a run, and shall be due again.

    Raises:
        LeaseLost: another one leads, and has seen to it.
    """
    with store.writing() as connection:
        leases.guard(connection, LEADER, fence)
        settled = sa.select(schedule_state.c.settled_to).where(schedule_state.c.route == route)
        if connection.execute(settled).scalar() == scheduled_at:
            _reopen_if_not_run(connection, route, scheduled_at, now)


def pause(store: Store, route: str, reason: str, now: datetime) -> bool:
    """Let no due time of a route fire from now on. Returns False if it is paused already (the reason is then new)."""
    with store.writing() as connection:
        _ensure(connection, route, now)
        was = connection.execute(_paused_at(route)).scalar()
        _update(connection, route, {"paused_at": was or now, "pause_reason": reason[:_REASON_LENGTH]}, now)
        if was is None:
            _note(connection, route, "paused", reason, now)
    return was is None


def resume(store: Store, route: str, now: datetime) -> bool:
    """Let due times fire again; those that passed meanwhile are not made up for. Returns False if it was not paused."""
    with store.writing() as connection:
        if connection.execute(_paused_at(route)).scalar() is None:
            return False
        _update(connection, route, {"paused_at": None, "pause_reason": ""}, now)
        _settle_to(connection, route, now, now)
        _note(connection, route, "resumed", "", now)
    return True


def history(store: Store, *, route: str | None = None, limit: int = 50) -> list[dict[str, Json]]:
    """The newest events first, each with the run it became (``run``, ``run_state``) if there is one."""
    found = (run.c.route == schedule_event.c.route) & (run.c.scheduled_at == schedule_event.c.scheduled_at)
    query = sa.select(schedule_event, run.c.id.label("run"), run.c.state.label("run_state"))
    query = query.select_from(schedule_event.outerjoin(run, found)).order_by(schedule_event.c.id.desc()).limit(limit)
    query = query if route is None else query.where(schedule_event.c.route == route)
    names = ("route", "at", "event", "scheduled_at", "first_at", "times", "reason", "run", "run_state")
    with store.reading() as connection:
        return [{name: row[name] for name in names} for row in connection.execute(query).mappings()]


# -- inside a transaction ---------------------------------------------------------------------------------------------


def _of(route: str, scheduled_at: datetime) -> sa.ColumnElement[bool]:
    return (schedule_event.c.route == route) & (schedule_event.c.scheduled_at == scheduled_at)


def _paused_at(route: str) -> sa.Select[Any]:
    # On PostgreSQL the row is locked, so that two commands at once make one event.
    return sa.select(schedule_state.c.paused_at).where(schedule_state.c.route == route).with_for_update()


def _was_run(connection: sa.Connection, route: str, scheduled_at: datetime) -> bool:
    query = sa.select(run.c.id).where(run.c.route == route, run.c.scheduled_at == scheduled_at)
    return connection.execute(query).first() is not None


def _reopen_if_not_run(connection: sa.Connection, route: str, settled_to: datetime, now: datetime) -> None:
    fired = _of(route, settled_to) & (schedule_event.c.event == "fired")
    found = connection.execute(sa.select(schedule_event.c.id).where(fired)).scalar()
    if found is not None and not _was_run(connection, route, settled_to):
        connection.execute(schedule_event.delete().where(schedule_event.c.id == found))
        _update(connection, route, {"settled_to": settled_to - _JUST_BEFORE}, now)


def _settle_to(connection: sa.Connection, route: str, to: datetime, now: datetime) -> None:
    # Never back: a command's clock may be behind the leader's. Never from nothing: that is for `begin`.
    behind = (schedule_state.c.route == route) & (schedule_state.c.settled_to < to)
    connection.execute(schedule_state.update().where(behind).values(settled_to=to, updated_at=now))


def _keep(connection: sa.Connection, route: str, one: Event, owner: str, now: datetime) -> bool:
    values = {"route": route, "at": now, "event": one.event, "scheduled_at": one.scheduled_at, "owner": owner}
    values |= {"first_at": one.first_at, "times": one.times, "reason": one.reason[:_REASON_LENGTH]}
    if connection.execute(sa.select(schedule_event.c.id).where(_of(route, one.scheduled_at))).first() is not None:
        return False
    insert_if_new(connection, schedule_event, values)
    return True


def _note(connection: sa.Connection, route: str, event: str, reason: str, now: datetime) -> None:
    values = {"route": route, "at": now, "event": event, "reason": reason[:_REASON_LENGTH]}
    connection.execute(schedule_event.insert().values(**values))


def _ensure(connection: sa.Connection, route: str, now: datetime) -> None:
    insert_if_new(connection, schedule_state, {"route": route, "updated_at": now})


def _update(connection: sa.Connection, route: str, values: Mapping[str, Json], now: datetime) -> None:
    row = schedule_state.update().where(schedule_state.c.route == route)
    connection.execute(row.values(**values, updated_at=now))
