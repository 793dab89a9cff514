"""What may end or hold a run under way: the process's stop signal, a person, the route's deadline."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from connector.core.errors import Cancelled, ConnectorError, DeadlinePassed, StoreError
from connector.core.problem import Problem
from connector.core.protocols import Clock, Stop
from connector.core.units import spoken
from connector.store import Store, commands
from connector.store.commands import Command

log = logging.getLogger("connector.routes")

LOOK_SECONDS = 1.0
_SLICE_SECONDS = 0.1


class RunStop:
    """The stop of one run: set by itself, or by that of the whole process."""

    def __init__(self, process: Stop) -> None:
        self._process = process
        self._own = threading.Event()
        self.why: ConnectorError | None = None

    def __bool__(self) -> bool:
        return self._own.is_set() or bool(self._process)

    def set(self, why: ConnectorError) -> None:
        """Ask this run to stop; the first reason counts."""
        self.why = self.why or why
        self._own.set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when asked to stop. Returns True if so."""
        left = seconds
        while not self and left > 0:
            self._own.wait(min(left, _SLICE_SECONDS))
            left -= _SLICE_SECONDS
        return bool(self)


class Control:
    """One run's stop and pause. The heartbeat calls ``look``; the reading and the sending side ask."""

    def __init__(self, store: Store, clock: Clock, process: Stop, deadline: float) -> None:
        self.stop = RunStop(process)
        self._store = store
        self._clock = clock
        self._deadline = deadline
        self._began = clock.monotonic()
        self._looked = self._began
        self._run_id = 0
        self._last_seen = 0
        self._paused: Command | None = None

    @property
    def paused(self) -> bool:
        """Whether nothing may be read or sent for now."""
        return self._paused is not None and not self.stop

    @property
    def shown(self) -> str:
        """``paused by ann@host since 12:00:03 UTC``, or empty."""
        held = self._paused
        return f"paused by {held.by} since {held.at:%H:%M:%S} UTC" if held is not None else ""

    def follow(self, run_id: int) -> None:
        """From now on heed what is asked of that run."""
        self._run_id = run_id

    def hold(self) -> None:
        """Return when the run may go on, or shall stop."""
        while self.paused:
            self.stop.wait(_SLICE_SECONDS)

    def look(self) -> None:
        """See what became of the time, and of what people asked; often called, seldom asks the run log."""
        now = self._clock.monotonic()
        if self._deadline and now - self._began > self._deadline and not self.stop:
            said = f"the run took longer than the route's deadline of {spoken(self._deadline)} allows"
            self.stop.set(DeadlinePassed(said))
        if self._run_id and now - self._looked >= LOOK_SECONDS:
            self._looked = now
            try:
                self._heed(commands.unseen(self._store, self._run_id, self._last_seen))
            except StoreError as error:
                log.warning("what is asked of run %s cannot be read: %s", self._run_id, error.message)

    def _heed(self, found: list[Command]) -> None:
        for one in found:
            self._last_seen = one.id
            if one.command == "cancel":
                self.stop.set(Cancelled(_cancelled(one)))
            elif one.command == "pause":
                self._paused = self._paused or one
            else:
                self._paused = None
        if found:
            commands.seen(self._store, found, self._clock.now())


def _cancelled(one: Command) -> str:
    return f"cancelled by {one.by} at {_shown(one.at)}" + (f": {one.reason}" if one.reason else "")


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


class Halted(ConnectorError):
    """The sending side ended the run; with the problem of the task at which it did."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, hint=problem.hint)
        self._problem = problem
        self.exit_code = 3 if problem.code.startswith("NET") else 1

    def problem(self, where: str = "") -> Problem:  # noqa: ARG002 - the place is in the problem already
        """The problem as the outgoing gave it."""
        return self._problem
