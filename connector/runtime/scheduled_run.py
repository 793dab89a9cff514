"""A scheduled run, in a thread of its own: started if it may be; what became of its time is written down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from connector.app import Application
from connector.config.route_spec import RouteSettings
from connector.core.clock import SystemClock
from connector.core.errors import ConfigError, ConnectorError, RouteBusy
from connector.core.protocols import Stop
from connector.routes.run import Trigger
from connector.runtime.agreement import NotAgreed, ensure_agreed
from connector.runtime.execution import RunReport, run_route
from connector.runtime.project_files import ProjectFiles
from connector.store import Store
from connector.store import schedule as rows
from connector.store.schedule import NOT_RUN, Event

log = logging.getLogger("connector.runtime")

_STALE = (
    "the project's files have changed since this process read them. It goes on with what it read, and may put back "
    "what a run with the new ones has written: start `connector serve` anew"
)


def scheduled(app: Application) -> tuple[list[str], dict[str, ConfigError]]:
    """The routes that have a schedule, and why some routes cannot run; one in a wrong form may be only among these."""
    names, unusable = [], dict[str, ConfigError]()
    for name in app.route_names():
        try:
            app.ensure_sound("route", name)
        except ConfigError as error:
            unusable[name] = error
            if app.project.routes[name].shown in app.project.unsound:
                continue
        if app.route_settings(name).is_scheduled:
            names.append(name)
        else:
            unusable.pop(name, None)
    return names, unusable


class ScheduledRuns:
    """Starts runs for the scheduler; used by many threads.

    Args:
        app: the project.
        store: the run log.
        settings: of the scheduled routes, by name.
        stop: asks all runs to stop.
        say: told what became of each.
        yes: writing to a system for the first time is agreed to in advance.
    """

    def __init__(
        self,
        app: Application,
        store: Store,
        settings: Mapping[str, RouteSettings],
        *,
        stop: Stop,
        say: Callable[[str], None],
        yes: bool,
    ) -> None:
        self._app = app
        self._store = store
        self._settings = settings
        self._stop = stop
        self._say = say
        self._yes = yes
        self._clock = SystemClock()
        self._files = ProjectFiles(app.project.root)

    def warn(self, name: str) -> None:
        """Say at the start already that a route will not run before somebody has agreed."""
        try:
            self._ensure_agreed(name)
        except NotAgreed as error:
            self._say(f"{name}: will not run: {_reason(name, error)}")

    def run(self, name: str, event: Event, fence: int) -> None:
        """Start it for that event of the leader with that fence, and see it through.

        Raises:
            ConnectorError: what became of it could not be written.
        """
        # Stopped for a while between decision and now, this process may have been replaced.
        if self._stop or not rows.is_leader(self._store, fence):
            return
        if self._files.changed():
            log.warning(_STALE)
        trigger = Trigger("schedule", event.scheduled_at)
        try:
            self._app.ensure_sound("route", name)
            self._ensure_agreed(name)
            report = run_route(self._app, self._store, name, stop=self._stop, on_progress=_ignore, trigger=trigger)
        except RouteBusy as error:
            self._was_busy(name, event, error, fence)
        except NotAgreed as error:
            self._amend(name, event, "skipped", NOT_RUN + _reason(name, error))
        except ConnectorError as error:
            log.warning("%s did not run: %s", name, error.message)
            self._amend(name, event, "failed", f"{error.message} {error.hint}".rstrip())
        else:
            why = f" ({event.reason})" if event.reason else ""
            self._say(f"{name}: {sentence(report)}{why}")

    def _ensure_agreed(self, name: str) -> None:
        ensure_agreed(self._app, self._store, name, yes=self._yes, ask=lambda _target: None)

    def _amend(self, name: str, event: Event, became: str, reason: str) -> None:
        rows.amend(self._store, name, Event(became, event.scheduled_at, reason), self._clock.now())
        self._say(f"{name}: {became}: {reason}")

    def _was_busy(self, name: str, event: Event, error: RouteBusy, fence: int) -> None:
        """Somebody else started it between the decision and the run."""
        if self._settings[name].if_running == "queue":
            rows.reopen(self._store, fence, name, event.scheduled_at, self._clock.now())
            return
        self._amend(name, event, "skipped", error.message)


def sentence(report: RunReport) -> str:
    """A run in one line."""
    shown = ("read", "created", "updated", "hidden", "unchanged", "failed")
    counts = ", ".join(f"{report.counts[word]} {word}" for word in shown if report.counts.get(word))
    why = f": {report.problem.sentence()}" if report.problem else ""
    notes = "".join(f"; note: {one.sentence()}" for one in report.notes)
    return f"run {report.run_id} {report.state} in {report.seconds:.1f} s ({counts or 'nothing to do'}){why}{notes}"


def _reason(name: str, error: NotAgreed) -> str:
    return f"{error.message}. To agree: connector run {name} --yes, or start serve with CONNECTOR_YES=1"


def _ignore(_view: object) -> None:
    return None
