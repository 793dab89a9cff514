"""One run of a route: lease, recover, read and send side by side, close the books."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from connector.core.errors import ConnectorError, LeaseLost, Stopped, StoreError
from connector.core.jsonio import Json, fingerprint
from connector.core.limits import Room
from connector.core.problem import Problem
from connector.core.process import identity
from connector.core.protocols import Clock, Reading, Stop
from connector.core.scope import stopped_by
from connector.routes.control import Control, Halted
from connector.routes.counts import Counts
from connector.routes.deliver import STOP_SECONDS, Deliverer
from connector.routes.drift import Drift
from connector.routes.fetch import fetched
from connector.routes.guard import Guard
from connector.routes.heartbeat import Heartbeat
from connector.routes.intake import Intake
from connector.routes.live import LiveRoute
from connector.routes.missing import PUT_AWAY, Missing, is_whole
from connector.routes.moves import release_guarded
from connector.routes.withhold import Withholding
from connector.store import Store, claims, leases, runs, waits
from connector.store import missing as absent
from connector.store import tasks as rows

log = logging.getLogger("connector.routes")

MAP_AGAIN = 200
LEFT = {"new": "tasks to send", "processing": "to look up, as no answer came", "retry_later": "to try again later"}


class RunView(Struct, frozen=True):
    """A look at a run under way, for progress; ``paused`` says by whom and since when, or is empty."""

    route: str
    phase: str
    counts: Mapping[str, int]
    total: int | None
    seconds: float
    paused: str = ""


class RunResult(Struct, frozen=True):
    """How a run ended; state is finished, failed (it could not do its work) or stopped; notes: see RunReport."""

    run_id: int
    route: str
    state: str
    counts: Mapping[str, int]
    seconds: float
    problem: Problem | None
    exit_code: int
    started_at: datetime
    notes: tuple[Problem, ...] = ()


class Trigger(Struct, frozen=True):
    """Why a run starts."""

    kind: str = "manual"
    scheduled_at: datetime | None = None


class RouteRun:
    """Runs one route once."""

    def __init__(
        self,
        route: LiveRoute,
        store: Store,
        *,
        clock: Clock,
        stop: Stop,
        room: Room | None = None,
        retry_failed: bool = False,
    ) -> None:
        self._route = route
        self._store = store
        self._clock = clock
        self._control = Control(store, clock, stop, route.settings.deadline)
        self._stop = self._control.stop
        self._guard = Guard(store, room, clock)
        self._retry_failed = retry_failed
        self._counts = Counts()
        self._phase = "reading"
        self._read_whole = False
        self._from: dict[str, dict[str, Json]] = {}
        self._began = clock.now()

    def execute(self, trigger: Trigger, on_progress: Callable[[RunView], None]) -> RunResult:
        """Run to the end.

        Raises:
            RouteBusy: another process is running this route.
            StoreError: the run log cannot be used.
        """
        started = self._clock.monotonic()
        owner = identity()
        fence = leases.acquire(self._store, self._route.name, owner, self._clock.now())
        heart = Heartbeat(self._store, self._clock, (self._route.name, fence), self._stop.set)

        def tick() -> None:
            self._control.look()
            on_progress(self._view(started))

        with heart.beating(tick):
            try:
                run_id = self._open(trigger, owner)
                self._control.follow(run_id)
                with stopped_by(self._stop):
                    error = self._work(run_id, fence, heart)
                return self._close(run_id, error, self._clock.monotonic() - started)
            finally:
                on_progress(self._view(started, done=True))
                heart.release(self._clock.now())

    # -- the work ---------------------------------------------------------------------------------------------------

    def _work(self, run_id: int, fence: int, heart: Heartbeat) -> ConnectorError | None:
        stamp = (run_id, fence)
        deliverer = Deliverer(self._route, self._store, self._counts, self._control, stamp=stamp, clock=self._clock)
        intake = Intake(self._route, self._store, self._counts, run_id=run_id, fence=fence)
        missing = Missing(self._route, self._store, self._counts, run_id=run_id, fence=fence)
        drift = Drift(self._route, self._store, self._counts, run_id=run_id, fence=fence)
        error: ConnectorError | None = None
        whole = False
        try:
            self._recover(intake, fence)
            self._from = Withholding(self._route.outgoing).start(self._store, self._route.name, fence)
            deliverer.start()
            whole = self._read(run_id, intake, deliverer, heart)
            self._control.hold()
            release_guarded(self._route, self._store, self._counts, fence, read_whole=self._read_whole)
            if whole and missing.matters:
                missing.put_away(self._clock.now())
            deliverer.wake()
            drift.compare(deliverer, self._stop, self._clock)
        except (LeaseLost, StoreError, Stopped) as found:
            error = found
            deliverer.stop()
        except ConnectorError as found:  # the source failed, or no room is left: what it gave so far is still sent
            error = found
        self._phase = "sending"
        deliverer.finish(read_to_the_end=error is None)
        if deliverer.earlier and not isinstance(error, StoreError):
            self._count_earlier(run_id, deliverer.earlier, whole=whole)
        if deliverer.halted is not None and not self._stop:
            return Halted(deliverer.halted)
        if error is None or isinstance(error, Stopped):
            error = self._stop.why or error or (Stopped("asked to stop") if self._stop else None)
        return deliverer.error or heart.lost or error

    def _count_earlier(self, run_id: int, tried: Collection[int], *, whole: bool) -> None:
        """What this run made of tasks of earlier ones: nobody shall take them for what it read."""
        with self._store.reading() as connection:
            ended, unseen = absent.ended(connection, tried, run_id, but=PUT_AWAY)
        self._counts.add("earlier", ended)
        self._counts.add("no_longer_read", unseen if whole else 0)

    def _recover(self, intake: Intake, fence: int) -> None:
        with self._store.writing() as connection:
            leases.guard(connection, self._route.name, fence)
            left = rows.recover(connection, self._route.name)
            waits.release(connection, self._route.name)
            if self._retry_failed:
                rows.make_route_new(connection, self._route.name)
        if left:
            log.warning("%s tasks of %s were under way when a process ended: looking them up", left, self._route.name)
        while True:
            with self._store.reading() as connection:
                entries = rows.to_map_again(connection, self._route.name, MAP_AGAIN)
            if not entries:
                return
            intake.take_again(entries, self._clock.now())

    def _read(self, run_id: int, intake: Intake, deliverer: Deliverer, heart: Heartbeat) -> bool:
        """Whether everything that the source has was read, from the start to the end."""
        self._guard.check()
        now = self._clock.now()
        readings = self._route.incoming.readings(self._from, now)
        runs.keep_requests(self._store, run_id, [reading.request for reading in readings])
        ended = [self._read_one(reading, intake, deliverer, heart) for reading in readings]
        self._read_whole, matters = all(ended), self._route.settings.when_missing != "keep"
        self._counts.add("uncertain", int(self._read_whole and matters and not self._counts.whole))
        return self._read_whole and self._counts.whole and intake.all_have_keys and is_whole(readings, self._from)

    def _read_one(self, reading: Reading, intake: Intake, deliverer: Deliverer, heart: Heartbeat) -> bool:
        """Whether it was read to its end."""
        last = False
        self._control.hold()
        with closing(fetched(reading, self._stop, STOP_SECONDS)) as batches:
            for batch in batches:
                self._counts.took(batch, reading.partition)
                if intake.take(batch, reading.partition, self._clock.now()):
                    deliverer.wake()
                self._pause_for_backlog(deliverer)
                self._control.hold()
                last = batch.last
                if not last:
                    self._guard.check()
                if self._stop or not deliverer.active or heart.lost is not None:
                    break
        return last

    def _pause_for_backlog(self, deliverer: Deliverer) -> None:
        limit = self._route.settings.backlog
        while deliverer.active and not self._stop and self._backlog() > limit:
            self._stop.wait(0.05)

    def _backlog(self) -> int:
        ended = self._counts["finished"] + self._counts["skipped"] + self._counts["failed"]
        if self._counts["new"] - ended <= self._route.settings.backlog:
            return 0
        with self._store.reading() as connection:
            return claims.waiting(connection, self._route.name, self._clock.now())

    # -- the books --------------------------------------------------------------------------------------------------

    def _open(self, trigger: Trigger, owner: str) -> int:
        name, declared = self._route.name, self._route.declared
        new = runs.NewRun(name, trigger.kind, owner, fingerprint(declared), declared, trigger.scheduled_at)
        return runs.open_run(self._store, new, self._clock.now())

    def _close(self, run_id: int, error: ConnectorError | None, seconds: float) -> RunResult:
        state = "finished" if error is None else "stopped" if isinstance(error, Stopped) else "failed"
        problem = error.problem() if error is not None else None
        counts = self._counts.snapshot()
        if problem is not None and isinstance(error, Stopped):
            problem = replace(problem, hint=self._left())
        if not isinstance(error, LeaseLost | StoreError):
            runs.close_run(self._store, run_id, state, counts, problem, self._clock.now())
        code = error.exit_code if error is not None else 1 if counts["failed"] else 0
        notes = self._counts.notes(self._route.incoming.name, problem)
        return RunResult(run_id, self._route.name, state, counts, seconds, problem, code, self._began, notes)

    def _left(self) -> str:
        """What a run that was stopped leaves to the next one."""
        with self._store.reading() as connection:
            waiting = rows.left(connection, self._route.name)
        parts = [f"{waiting[name]} {words}" for name, words in LEFT.items() if waiting[name]]
        read = "" if self._read_whole else "The source was not read to its end. "
        return f"{read}Left for the next run: {', '.join(parts) or 'no tasks'}. It goes on from here."

    def _view(self, started: float, *, done: bool = False) -> RunView:
        seconds = self._clock.monotonic() - started
        phase = "done" if done else self._phase
        return RunView(
            self._route.name, phase, self._counts.snapshot(), self._counts.total, seconds, self._control.shown
        )
