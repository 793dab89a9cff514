"""Runs routes of a project one after the other and reports on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from connector.app import Application
from connector.config.limits import room
from connector.core.clock import SystemClock
from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.core.protocols import Stop
from connector.core.scope import logging_to
from connector.routes.run import RouteRun, RunResult, RunView, Trigger
from connector.runtime.upkeep import prune_after_run
from connector.store import Store, causes, clients, reports, tasks
from connector.store.clients import Down
from connector.store.requests import RequestLog

__all__ = ["RunReport", "RunView", "run_route", "run_routes"]

_SOURCE_AWAY = frozenset({"NET001", "NET002"})
"""Codes of problems that end a run while it reads; those of the sending side have codes of their own."""


class RunReport(Struct, frozen=True):
    """One run, for people: what RunResult says, and the failures of this run grouped by cause.

    Attributes:
        open_failures: failed tasks of the route in all, also of earlier runs.
        left: tasks of the route that the next run has to do with: new, processing, retry_later.
        notes: what speaks for a mistake in the incoming's declaration, though the run could do without.
    """

    run_id: int
    route: str
    state: str
    counts: Mapping[str, int]
    seconds: float
    problem: Problem | None
    failures: list[dict[str, Json]]
    open_failures: int
    left: Mapping[str, int]
    exit_code: int
    notes: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """For ``--json``."""
        return {
            "run": self.run_id,
            "route": self.route,
            "state": self.state,
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 3),
            "problem": self.problem.as_json() if self.problem else None,
            "failures": self.failures,
            "open_failures": self.open_failures,
            "left": dict(self.left),
            "notes": [one.as_json() for one in self.notes],
        }


def run_routes(
    app: Application,
    store: Store,
    names: Sequence[str],
    *,
    stop: Stop,
    on_progress: Callable[[RunView], None],
    retry_failed: bool = False,
    before: Callable[[str], None] = lambda name: None,  # noqa: ARG005 - the name is the protocol
) -> list[RunReport]:
    """Run routes in the order given; after one that could not do its work at all, the others are still run.

    Args:
        app: the project.
        store: the run log.
        names: the routes.
        stop: looked at between and within runs.
        on_progress: told how a run goes on.
        retry_failed: failed tasks of each are new again, once its run has begun.
        before: called before each route; what it raises keeps the route from running.

    Raises:
        ConfigError, RouteBusy, StoreError: before or between runs.
    """
    found: list[RunReport] = []
    for name in names:
        if stop:
            break
        before(name)
        found.append(run_route(app, store, name, stop=stop, on_progress=on_progress, retry_failed=retry_failed))
    return found


def run_route(
    app: Application,
    store: Store,
    name: str,
    *,
    stop: Stop,
    on_progress: Callable[[RunView], None],
    trigger: Trigger | None = None,
    retry_failed: bool = False,
) -> RunReport:
    """Run one route once; ``retry_failed`` makes its failed tasks new again first, once the route is ours.

    Raises:
        ConfigError, RouteBusy, StoreError: the run did not start, or its end could not be written.
    """
    live = app.route(name)
    space = room(app.settings(), app.project.root)
    with RequestLog(store) as log, logging_to(log.add):
        run = RouteRun(live, store, clock=SystemClock(), stop=stop, room=space, retry_failed=retry_failed)
        result = run.execute(trigger or Trigger(), on_progress)
    _keep_source_state(app, store, result)
    report = _report(store, result)
    prune_after_run(app, store, stop)
    return report


def _keep_source_state(app: Application, store: Store, result: RunResult) -> None:
    """Write down whether the client that the route reads with answers; of the other one the run itself keeps book."""
    incoming = app.project.incomings[app.project.routes[result.route].data["incoming"]]
    client = incoming.data.get("client")
    if client is None:
        return
    if result.state == "finished":
        clients.mark_up(store, str(client))
    elif result.problem is not None and result.problem.code in _SOURCE_AWAY:
        now = SystemClock().now()
        clients.mark_down(store, Down(str(client), now, result.problem, 0, now), now)


def _report(store: Store, result: RunResult) -> RunReport:
    failures = causes.failures(store, route=result.route, since=result.started_at) if result.counts["failed"] else []
    with store.reading() as connection:
        left = tasks.left(connection, result.route)
    return RunReport(
        run_id=result.run_id,
        route=result.route,
        state=result.state,
        counts=result.counts,
        seconds=result.seconds,
        problem=result.problem,
        failures=failures,
        open_failures=reports.count_failed(store, result.route),
        left=left,
        exit_code=result.exit_code,
        notes=result.notes,
    )
