"""What became of the routes that another one comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.store.engine import Store
from connector.store.schedule import NOT_RUN
from connector.store.tables import run, schedule_event


def ended_badly(store: Store, routes: Sequence[str], since: datetime) -> dict[str, str]:
    """Which of these routes did not end well the last time they were due or started after an instant, and how."""
    with store.reading() as connection:
        found = {name: _became(connection, name, since) for name in routes}
    return {name: became for name, became in found.items() if became}


def _became(connection: sa.Connection, route: str, since: datetime) -> str:
    due = sa.func.coalesce(run.c.scheduled_at, run.c.started_at)
    newest = sa.select(run.c.id, run.c.state, run.c.started_at).where(run.c.route == route, due > since)
    last = connection.execute(newest.order_by(run.c.id.desc()).limit(1)).one_or_none()
    unrun = (schedule_event.c.event == "failed") | schedule_event.c.reason.startswith(NOT_RUN)
    told = sa.select(schedule_event.c.event, schedule_event.c.at).where(schedule_event.c.route == route, unrun)
    told = told.where(schedule_event.c.scheduled_at > since).order_by(schedule_event.c.id.desc()).limit(1)
    event = connection.execute(told).one_or_none()
    if event is not None and (last is None or event.at > last.started_at):
        return "was not run" if event.event == "skipped" else "could not be started"
    return "" if last is None or last.state in {"finished", "running"} else f"{last.state} (run {last.id})"
