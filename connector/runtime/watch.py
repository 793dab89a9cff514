"""Looks whether an alert has something to tell, and tells it. Never in the way of a run."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from connector.alerts import Notice, NotTold, Way
from connector.alerts.conditions import BY_HAND, When, troubles
from connector.app import Application
from connector.config.links import parts_of
from connector.config.project import Project
from connector.core.errors import ConfigError, ConnectorError
from connector.store import Store, alarms, clients
from connector.store.alarms import Alarm

log = logging.getLogger("connector.alerts")

LOOK_SECONDS = 10.0
LONGEST_SECONDS = 15.0
"""What somebody who stops a scheduler waits for a notice under way."""


class Told(Struct, frozen=True):
    """What a look came to: told, and not told; each (alert, sentence)."""

    told: list[tuple[str, str]]
    failed: list[tuple[str, str]]


def look(app: Application, store: Store, now: datetime | None = None) -> Told:
    """Judge every enabled alert by the run log, and tell what is due.

    Raises:
        StoreError: the run log cannot be used.
    """
    moment = now or datetime.now(UTC)
    names = app.alert_names()
    alarms.forget(store, names, moment)
    if not names:
        return Told([], [])
    routes = app.route_names()
    facts, down = alarms.facts(store, routes, BY_HAND), clients.down(store)
    faults: list[tuple[str, str]] = []
    for name in names:
        try:
            when = When.from_config(app.alert_parts(name))
        except ConfigError as error:
            faults.append((name, error.problem().sentence()))
            continue
        used = clients_of(app.project, when.routes or routes)
        found = troubles(when, facts, [one for client, one in down.items() if client in used], moment)
        holding = [
            (one.condition, one.subject, one.since, {"message": one.message, "look": list(one.look)}) for one in found
        ]
        alarms.bring(store, name, holding, moment)
    done = _tell(app, store, [name for name in names if name not in dict(faults)], moment)
    return Told(done.told, [*faults, *done.failed])


def look_quietly(app: Application, store: Store) -> None:
    """The same where nobody waits for it: whatever goes wrong is logged and ends here."""
    try:
        look(app, store)
    except ConnectorError as error:
        log.warning("the alerts could not be looked at: %s", error.message)
    except Exception:
        log.exception("a fault while looking at the alerts")


class Watch:
    """Looks again and again beside a scheduler: in a thread of its own, one at a time."""

    def __init__(self, app: Application, store: Store) -> None:
        self._app = app
        self._store = store
        self._next = 0.0
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Look, if it is time and the last look has ended; returns at once."""
        if time.monotonic() < self._next or (self._thread is not None and self._thread.is_alive()):
            return
        self._next = time.monotonic() + LOOK_SECONDS
        self._thread = threading.Thread(target=look_quietly, args=(self._app, self._store), name="alerts", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait until the look under way has ended, but not for long."""
        if self._thread is not None:
            self._thread.join(LONGEST_SECONDS)


def test(app: Application, name: str) -> None:
    """Send a test notice.

    Raises:
        NotTold: it did not get through.
        ConfigError: there is no such alert, or a variable that it needs is not set.
    """
    now = datetime.now(UTC)
    message = f"This is a test of the alert {name}. Nothing is wrong."
    notice = Notice(
        "test", title(app.project), name, "test", "test", name, now, now, message, ("connector alerts list",)
    )
    app.alert(name).tell(notice)


def clients_of(project: Project, routes: Iterable[str]) -> set[str]:
    """The clients that these routes read and write with."""
    used = {part for name in routes for part in parts_of(project, "route", name)}
    return {name for family, name in used if family == "client"}


def title(project: Project) -> str:
    """The project's name, or its folder's."""
    named = project.settings.data.get("name") if project.settings is not None else None
    return str(named or project.root.resolve().name)


def _tell(app: Application, store: Store, names: list[str], now: datetime) -> Told:
    done = Told([], [])
    for one in alarms.to_tell(store, names, now):
        try:
            way: Way = app.alert(one.alert)
            way.tell(_notice(app, one))
        except (NotTold, ConnectorError) as error:
            alarms.not_told(store, one, str(error), now)
            log.warning("%s could not tell of %s %s: %s", one.alert, one.condition, one.subject, error)
            done.failed.append((one.alert, str(error)))
        else:
            alarms.told(store, one, datetime.now(UTC))
            done.told.append((one.alert, f"{one.state}: {one.message}"))
    return done


def _notice(app: Application, one: Alarm) -> Notice:
    at = one.cleared_at or one.raised_at
    message = one.message if one.state == "raised" else f"It is over: {one.message}"
    identity = f"{one.id}-{one.state}"
    return Notice(
        identity, title(app.project), one.alert, one.state, one.condition, one.subject, one.since, at, message, one.look
    )
