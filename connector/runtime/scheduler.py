"""``connector serve``: runs routes when they are due, until asked to stop.

APScheduler is the clock and has the threads: it wakes the one loop that decides, and carries the runs. What is decided
stands in the run log, written under the leader's fence before a run starts; so another process can go on from there.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from msgspec.structs import replace

from connector.app import Application
from connector.config.route_spec import RouteSettings
from connector.core.clock import SystemClock
from connector.core.errors import ConfigError, ConnectorError, LeaseLost, Replaced, StoreError
from connector.core.protocols import Stop
from connector.runtime.leader import Leadership
from connector.runtime.schedule import Due, declared, due_since, due_times, local, words
from connector.runtime.schedule_rules import Decision, Pending, Situation, decide
from connector.runtime.scheduled_run import ScheduledRuns, scheduled
from connector.runtime.watch import Watch
from connector.store import Store, open_store, predecessors
from connector.store import schedule as rows
from connector.store.pack import key_hash
from connector.store.schedule import Event, ScheduleState

log = logging.getLogger("connector.runtime")

LOOK_SECONDS = 1.0
PRUNE_SECONDS = 3600.0


class DueTimes(BaseTrigger):  # type: ignore[misc]
    """Wakes the loop when a route is due; strictly increasing."""

    def __init__(self, settings: RouteSettings, anchor: datetime) -> None:
        self._settings = settings
        self._anchor = anchor

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """APScheduler's question: the first due time after both."""
        after = now if previous_fire_time is None else max(previous_fire_time, now)
        return next(due_times(self._settings, self._anchor, after), None)


def serve(
    app: Application, database_url: str, *, stop: Stop, on_event: Callable[[str], None], yes: bool = False
) -> int:
    """Run all enabled routes that have a schedule; returns how many there were.

    Several processes may do so on one run log: one of them leads. ``yes`` agrees to writing to new systems. A route
    with an error in what it is made of keeps its due times, each of which fails with that reason.

    Raises:
        StoreError: the run log cannot be opened.
        ConfigError: a scheduled route cannot be built for another reason, or none of them has no error.
    """
    names, unusable = scheduled(app)
    if not names and not unusable:
        return 0
    if unusable.keys() >= {*names}:
        found = dict.fromkeys(one for error in unusable.values() for one in error.problems)
        message = f"none of the routes with a schedule can be used: {', '.join(unusable)}"
        raise ConfigError(message, hint="Mend them, and see with `connector validate`.", problems=tuple(found))
    store = open_store(database_url)
    try:
        for name, error in unusable.items():
            on_event(f"{name}: will not run: {error.message}. {error.hint}")
        for name in names:
            if name not in unusable:
                app.route(name)  # an unset variable shall be told now, not at night
            on_event(f"{name}: {words(app.route_settings(name))}")
        settings = {name: app.route_settings(name) for name in names}  # in the order of their `after`
        runs = ScheduledRuns(app, store, settings, stop=stop, say=on_event, yes=yes)
        for name in names:
            if name not in unusable:
                runs.warn(name)
        Scheduler(store, settings, runs, Watch(app, store), stop=stop, say=on_event).serve()
    finally:
        store.close()
    return len(names)


class Scheduler:
    """Decides in one thread, ``serve``; runs routes in others."""

    def __init__(
        self,
        store: Store,
        settings: Mapping[str, RouteSettings],
        runs: ScheduledRuns,
        watch: Watch,
        *,
        stop: Stop,
        say: Callable[[str], None],
    ) -> None:
        self._store = store
        self._settings = settings
        self._runs = runs
        self._stop = stop
        self._say = say
        self._clock = SystemClock()
        self._leadership = Leadership(store, self._clock)
        self._watch = watch
        self._began: int | None = None  # the fence under which the clock was set
        self._told = ""
        self._ailing = ""
        self._pruned = self._clock.monotonic()
        self._pending: dict[str, Pending] = {}
        self._running: set[str] = set()
        self._woken = threading.Event()
        executors = {"default": ThreadPoolExecutor(1), "runs": ThreadPoolExecutor(len(settings))}
        self._timer = BackgroundScheduler(timezone=UTC, executors=executors)

    def serve(self) -> None:
        """Until asked to stop; then what runs may end, while another process may lead already."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._timer.start()
        try:
            while not self._stop:
                self._look()
                self._woken.wait(LOOK_SECONDS)
                self._woken.clear()
        finally:
            self._leadership.resign()
            self._timer.shutdown(wait=True)
            self._watch.end()

    # -- deciding ---------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            if not self._leadership.keep():
                self._stand_by()
                return
            if self._began != self._leadership.fence:
                self._begin()
            self._decide(self._clock.now())
            self._prune()
            self._watch.tick()
            self._ailing = ""
        except LeaseLost:
            self._leadership.lose()
        except Replaced:
            raise  # what is fired now would be known to nobody
        except StoreError as error:  # said once, tried again until it works
            if error.message != self._ailing:
                self._ailing = error.message
                log.warning("nothing is fired for now: %s. %s", error.message, error.hint)

    def _stand_by(self) -> None:
        if self._began is not None:
            self._began = None
            self._pending.clear()
            self._timer.remove_all_jobs()
            self._tell("no longer leading: nothing is fired from here")
        other = self._leadership.other()
        if other:
            self._tell(f"standing by: {other} leads")

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._say(text)

    def _begin(self) -> None:
        fence = self._leadership.fence or 0
        wanted = {name: key_hash(declared(settings)) for name, settings in self._settings.items()}
        rows.begin(self._store, fence, wanted, set(self._running), self._clock.now())
        known = rows.states(self._store)
        self._pending.clear()
        self._timer.remove_all_jobs()
        for name, settings in self._settings.items():
            trigger = DueTimes(settings, known[name].anchor or self._clock.now())
            self._timer.add_job(self._woken.set, trigger, coalesce=True, misfire_grace_time=None)
        self._began = fence
        self._tell("leading: due times are fired from here")

    def _decide(self, now: datetime) -> None:
        known = rows.states(self._store)
        due = {name: found for name in self._settings if (found := self._due(name, known.get(name), now))}
        if not due:
            return
        names = {*due, *(other for name in due for other in self._settings[name].after)}
        busy = {*self._running, *rows.held(self._store, names, now)}
        open_: set[str] = set()
        for name, found in due.items():
            settings = self._settings[name]
            waits_for = tuple(other for other in settings.after if other in busy or other in open_)
            at = Situation(settings, found, now, known[name].paused, name in busy, waits_for, self._pending.get(name))
            if settings.after and settings.after_failure == "skip" and not waits_for:
                since = known[name].settled_to or now
                at = replace(at, failed_before=predecessors.ended_badly(self._store, settings.after, since))
            if self._carry_out(name, decide(at, random.random)):
                open_.add(name)

    def _due(self, name: str, state: ScheduleState | None, now: datetime) -> Due | None:
        if state is None or state.anchor is None or state.settled_to is None:
            return None
        return due_since(self._settings[name], state.anchor, state.settled_to, now)

    def _carry_out(self, name: str, decision: Decision) -> bool:
        """Write it down, then do it. Returns whether the route waits or runs now."""
        self._pending.pop(name, None)
        is_new = True
        if decision.settled_to is not None:
            lead = (self._leadership.owner, self._leadership.fence or 0)
            now = self._clock.now()
            is_new = rows.settle(self._store, lead, name, decision.events, now, to=decision.settled_to)
        for event in decision.events:
            if event.event != "fired":
                self._say(f"{name}: {self._sentence(name, event)}")
        if decision.pending is not None:
            self._pending[name] = decision.pending
            return True
        if decision.fire is None or not is_new:
            return False
        self._running.add(name)
        arguments = (name, decision.events[-1], self._leadership.fence or 0)
        self._timer.add_job(self._run, args=arguments, executor="runs", misfire_grace_time=None)
        return True

    def _sentence(self, name: str, event: Event) -> str:
        many = f" and {event.times - 1} before it" if event.times > 1 else ""
        return f"{event.event} {local(event.scheduled_at, self._settings[name].timezone)}{many}: {event.reason}"

    def _prune(self) -> None:
        if self._clock.monotonic() - self._pruned > PRUNE_SECONDS:
            self._pruned = self._clock.monotonic()
            rows.prune(self._store, self._clock.now())

    # -- running, in threads of their own ---------------------------------------------------------------------------

    def _run(self, name: str, event: Event, fence: int) -> None:
        try:
            self._runs.run(name, event, fence)
        except ConnectorError as error:
            log.warning("what became of %s could not be written: %s", name, error.message)
        finally:
            self._running.discard(name)
            self._woken.set()
