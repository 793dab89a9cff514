"""Finds what is stuck and explains it: what it is, since when, what that means, and what to do; mends what is safe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connector.app import Application
from connector.config.limits import room
from connector.core.clock import SystemClock
from connector.core.jsonio import Json
from connector.runtime.symptoms import CHECKS, Patient, Symptom
from connector.store import Store, health
from connector.store.migrate import HEAD, current

__all__ = ["Symptom", "examine", "repair"]


def examine(store: Store, app: Application | None) -> list[Symptom]:
    """Everything that is found; without a project only what the run log tells alone.

    Raises:
        StoreError: the run log cannot be read.
        ConfigError: a variable in ``configs/project.json`` is not set.
    """
    other = list(_version(current(store)))
    if other:
        return other
    routes = frozenset(app.route_names(enabled=False)) if app else None
    wanted = room(app.settings(), app.project.root) if app else None
    patient = Patient(store, routes, wanted, SystemClock().now())
    return [found for check in CHECKS for found in check(patient)]


def repair(store: Store, now: datetime) -> dict[str, list[Json]]:
    """What is safe: free the leases of the dead, close runs that nobody runs. The next run looks their tasks up.

    Raises:
        StoreError: the run log cannot be written.
    """
    return {"leases": list(health.release_dead(store, now)), "runs": list(health.close_open_runs(store, now))}


def _version(found: str) -> Iterator[Symptom]:
    if found == HEAD:
        return
    if found > HEAD:
        what = f"the run log is of version {found}, this program knows {HEAD}"
        yield Symptom("version", what, None, "An older program must not write to it.", "Install the newer release")
        return
    what = f"the run log is of version {found}, this program needs {HEAD}" if found else "the run log has no tables yet"
    yield Symptom("version", what, None, "Nothing can run on PostgreSQL until it is upgraded.", "connector db upgrade")
