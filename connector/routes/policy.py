"""What follows from an outcome: the task's next state, and when to try again. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from connector.core.jsonio import Json
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown, Waits
from connector.core.problem import Problem
from connector.routes.live import Settings
from connector.store.claims import Claimed
from connector.store.pack import key_hash
from connector.store.tasks import Settled

DROPS = {"hide": "hidden", "trash": "trashed", "delete": "deleted"}
"""Action for a dropped key -> what the item then is."""


_LEAST_WAIT = 1.0
"""Seconds that pass between two attempts at least."""


class Policy:
    """Turns outcomes into settled tasks by the route's retry settings."""

    def __init__(
        self,
        settings: Settings,
        random_between: Callable[[float, float], float] = random.uniform,
        lane: Callable[[str], str] = key_hash,
        own_action: str = "",
    ) -> None:
        """``lane``: of a target key; ``own_action``: of the outgoing, which puts nothing away whatever its name."""
        self._settings = settings
        self._lane = lane
        self._own_action = own_action
        self._random_between = random_between

    def settle(self, task: Claimed, outcome: Outcome, started: datetime, ended: datetime) -> Settled:
        """The task after one attempt; what the outgoing remembers, and what took effect, is kept however it ended."""
        settled = replace(self._after(task, outcome, started, ended), memory=outcome.memory)
        if isinstance(outcome, Refused | NotSent | Unknown) and outcome.done:
            done: Json = {"done": list(outcome.done)}
            return replace(settled, detail=done, target_id=outcome.target_id or None)
        return settled

    def _after(self, task: Claimed, outcome: Outcome, started: datetime, ended: datetime) -> Settled:
        match outcome:
            case Done():
                return self._ended(task, outcome, (started, ended), outcome.change)
            case Skipped():
                return self._ended(task, outcome, (started, ended), outcome.reason)
            case Refused(problem):
                # One that remembers looks things up: what an attempt before this one may have written is still open.
                # One that does not was refused because of that, and a person has looked before it is tried again.
                suspect = outcome.begun or (task.suspect and outcome.memory is not None)
                return Settled(task, "failed", "Refused", started, ended, reason=problem, suspect=suspect)
            case NotSent(problem, wait, client_down):
                if client_down:
                    back = self.given_back(task, problem, started, ended)
                    return replace(back, suspect=back.suspect or outcome.begun)
                return self._again(task, outcome, problem, (started, ended), wait)
            case Unknown(problem):
                return self._again(task, outcome, problem, (started, ended), None)
            case Waits():
                return self._waiting(task, outcome, started, ended)

    def given_back(self, task: Claimed, problem: Problem | None, started: datetime, ended: datetime) -> Settled:
        """The system is away: as if the task had never been claimed."""
        return Settled(task, "new", "NotSent", started, ended, reason=problem, counted=False, suspect=task.suspect)

    def between(self, low: float, high: float) -> float:
        """Anything between, by chance."""
        return self._random_between(low, high)

    def wait_seconds(self, attempt: int) -> float:
        """Full jitter: anything up to a limit that doubles with each attempt."""
        limit = min(self._settings.max_wait, self._settings.first_wait * 2 ** min(attempt - 1, 30))
        return self._random_between(min(_LEAST_WAIT, limit), limit)

    def _waiting(self, task: Claimed, outcome: Waits, started: datetime, ended: datetime) -> Settled:
        """New, until what it refers to has ended well; with a first part at the target, others need not wait for it."""
        begun = bool(outcome.target_id)
        return Settled(
            task,
            "new",
            "Waits",
            started,
            ended,
            reason=outcome.problem,
            counted=begun,
            target_id=outcome.target_id or None,
            fingerprint="" if begun else None,
            suspect=task.suspect and not begun,  # it waits before it has looked at what an earlier attempt left
            waits_for=self._lane(outcome.needs),
            refers=tuple(self._lane(one) for one in outcome.refers),
        )

    def _ended(self, task: Claimed, outcome: Done | Skipped, times: tuple[datetime, datetime], change: str) -> Settled:
        started, ended = times
        return Settled(
            task,
            "finished" if isinstance(outcome, Done) else "skipped",
            type(outcome).__name__,
            started,
            ended,
            change=change,
            detail=dict(outcome.detail) or None,
            target_id=outcome.target_id or task.target_id,
            fingerprint=task.fingerprint,
            dropped="" if task.action == self._own_action else DROPS.get(task.action, ""),
        )

    def _again(
        self, task: Claimed, outcome: Outcome, problem: Problem, times: tuple[datetime, datetime], wait: float | None
    ) -> Settled:
        started, ended = times
        attempt = task.attempts + 1
        seconds = self.wait_seconds(attempt) if wait is None else wait
        again = ended + timedelta(seconds=seconds)
        last = attempt >= self._settings.max_attempts or self._too_late(task, again)
        return Settled(
            task,
            "failed",
            type(outcome).__name__,
            started,
            ended,
            reason=problem,
            next_attempt_at=None if last else again,
            suspect=task.suspect or isinstance(outcome, Unknown) or (isinstance(outcome, NotSent) and outcome.begun),
        )

    def _too_late(self, task: Claimed, again: datetime) -> bool:
        longest = self._settings.max_elapsed
        return bool(longest and task.created_at and again > task.created_at + timedelta(seconds=longest))
