"""``connector serve``: runs routes when they are due, until asked to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from connector.app import Application
from connector.core.errors import ConnectorError
from connector.core.protocols import Stop
from connector.routes.run import Trigger
from connector.runtime.execution import RunReport, run_route
from connector.runtime.schedule import DueTimes, words
from connector.store import Store, open_store

log = logging.getLogger("connector.runtime")


def serve(app: Application, database_url: str, *, stop: Stop, on_event: Callable[[str], None]) -> int:
    """Run all enabled routes that have a schedule; returns how many there were.

    A route never overlaps itself; times missed while one was running are made up for once, at the next chance.

    Raises:
        StoreError: the run log cannot be opened.
        ConfigError: a scheduled route cannot be built.
    """
    store = open_store(database_url)
    names = [name for name in app.route_names() if app.route_settings(name).is_scheduled]
    for name in names:
        app.route(name)  # an unset variable shall be told now, not at night
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(max(1, len(names)))})
    for name in names:
        settings = app.route_settings(name)
        job = _job(app, store, name, stop=stop, on_event=on_event)
        scheduler.add_job(job, DueTimes(settings), id=name, coalesce=True, max_instances=1, misfire_grace_time=None)
        on_event(f"{name}: {words(settings)}")
    if not names:
        store.close()
        return 0
    scheduler.start()
    try:
        while not stop.wait(0.5):
            continue
    finally:
        scheduler.shutdown(wait=True)
        store.close()
    return len(names)


def _job(
    app: Application, store: Store, name: str, *, stop: Stop, on_event: Callable[[str], None]
) -> Callable[[], None]:
    def run() -> None:
        if stop:
            return
        trigger = Trigger("schedule", datetime.now(UTC).replace(microsecond=0))
        try:
            report = run_route(app, store, name, stop=stop, on_progress=lambda _view: None, trigger=trigger)
        except ConnectorError as error:
            log.warning("%s did not run: %s", name, error.message)
            on_event(f"{name}: did not run: {error.message} {error.hint}".rstrip())
            return
        on_event(f"{name}: {sentence(report)}")

    return run


def sentence(report: RunReport) -> str:
    """A run in one line."""
    shown = ("read", "created", "updated", "hidden", "unchanged", "failed")
    counts = ", ".join(f"{report.counts[word]} {word}" for word in shown if report.counts.get(word))
    why = f": {report.problem.sentence()}" if report.problem else ""
    return f"run {report.run_id} {report.state} in {report.seconds:.1f} s ({counts or 'nothing to do'}){why}"
