"""The circuit of a route's client: whether what fails is one message, or the whole system; and what then.

Outcomes that say "the system is away" are doubted first. A later good answer shows that it was the message: it is
settled as any other failure. More of them in a row than tasks go at once, or nothing else to ask, and the circuit is
open: they are given back as if never claimed, and one task at a time, with growing waits, probes whether the system
is back. The run log holds the state, so that runs of other routes and processes share it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from connector.core.outcome import NotSent, Outcome, Refused, Unknown
from connector.core.problem import Problem
from connector.core.protocols import Clock
from connector.routes.live import Settings
from connector.routes.policy import Policy
from connector.store import Store, clients
from connector.store.claims import Claimed
from connector.store.clients import Down
from connector.store.tasks import Settled

log = logging.getLogger("connector.routes")

LOOK_SECONDS = 1.0
"""How often a waiting run looks whether another one found the client back."""
PROBE_SECONDS = 300.0
"""The longest that one probe may take before another process sends one."""
OWN_CHECK = "REC"
"""Codes of problems found before anything was sent: they say nothing of the system."""


class Result(Struct, frozen=True):
    """One attempt; ``halts`` ends the run, ``unsent``: nothing was tried."""

    task: Claimed
    outcome: Outcome
    started: datetime
    ended: datetime
    halts: Problem | None = None
    unsent: bool = False


class Circuit:
    """Used by the coordinating thread of one run; workers ask ``lets`` only."""

    def __init__(self, client: str, settings: Settings, store: Store, clock: Clock, policy: Policy) -> None:
        self._client = client
        self._settings = settings
        self._store = store
        self._clock = clock
        self._policy = policy
        self._held: list[Result] = []
        self._down: Down | None = None
        self._opened: datetime | None = None
        self._probe = 0
        self._granted = False
        self._looked = 0.0
        self.tried: set[int] = set()
        self.given_up: Problem | None = None

    def load(self) -> None:
        """At the start of a run: a client that was down is probed first, at once unless it asked for a wait itself."""
        self._down = clients.down(self._store).get(self._client)
        if self._down is None:
            return
        self._opened = self._clock.now()
        if self._asks_too_long(self._down):
            self._give_up(self._down)
        self._granted = self._down.asked_until is None or self._down.asked_until <= self._opened

    def lets(self, task_id: int) -> bool:
        """Whether this task may be sent now."""
        return self._down is None or task_id == self._probe

    def room(self, usual: int) -> int:
        """How many tasks may be claimed: one while probing, none while waiting."""
        if self._down is not None and not self._probe and not self._granted:
            self._look(self._down)
        if self._down is None:
            return usual
        return int(self._granted and not self._probe and self.given_up is None)

    def claimed(self, task_ids: list[int]) -> None:
        """These were claimed in the room given."""
        if self._down is None:
            return
        if task_ids:
            self._probe, self._granted = task_ids[0], False
        else:
            self.tried.clear()  # all have been asked: from the start

    def judge(self, result: Result) -> list[Settled]:
        """What follows from a result; nothing yet while it is doubted."""
        outcome = result.outcome
        if result.unsent or result.halts is not None:
            self._probe = 0 if result.task.id == self._probe else self._probe
            return [self._given_back(result)]
        if not (isinstance(outcome, NotSent | Unknown) and outcome.client_down):
            return [*self._answered(result), self._policy.settle(result.task, outcome, result.started, result.ended)]
        if self._down is not None:
            self._still_away(result, self._down)
            return [self._given_back(result)]
        self._held.append(result)
        return self._open() if len(self._held) > self._settings.concurrency else []

    def decide(self, under_way: int) -> list[Settled]:
        """Nothing else is there to be sent: if all that is under way is doubted, the system is away."""
        return self._open() if self._held and len(self._held) == under_way else []

    def let_go(self) -> list[Settled]:
        """The run ends: what is doubted is given back."""
        held, self._held = self._held, []
        return [self._given_back(one) for one in held]

    # -- what an answer says ----------------------------------------------------------------------------------------

    def _answered(self, result: Result) -> list[Settled]:
        """The system answered: what was doubted before this was sent is the fault of its message."""
        if isinstance(result.outcome, Refused) and result.outcome.problem.code.startswith(OWN_CHECK):
            if result.task.id == self._probe:
                self._probe, self._granted = 0, True
            return []
        alone = [one for one in self._held if one.ended <= result.started]
        self._held = [one for one in self._held if one.ended > result.started]
        is_after = self._opened is not None and result.started >= self._opened
        if self._down is not None and (is_after or result.task.id == self._probe):
            clients.mark_up(self._store, self._client)
            self._close()
        return [self._alone(one) for one in alone]

    def _alone(self, result: Result) -> Settled:
        assert isinstance(result.outcome, NotSent | Unknown)
        outcome = replace(result.outcome, client_down=False)
        return self._policy.settle(result.task, outcome, result.started, result.ended)

    def _given_back(self, result: Result) -> Settled:
        outcome = result.outcome
        problem = outcome.problem if isinstance(outcome, NotSent | Unknown) else None
        back = self._policy.given_back(result.task, problem, result.started, result.ended)
        begun = isinstance(outcome, Unknown) or (isinstance(outcome, NotSent) and outcome.begun)
        return replace(back, suspect=back.suspect or begun, memory=outcome.memory)

    # -- open -------------------------------------------------------------------------------------------------------

    def _open(self) -> list[Settled]:
        first, last = self._held[0], self._held[-1]
        known = clients.down(self._store).get(self._client)  # another run may have found out before
        self._opened = self._clock.now()
        self._write(known or Down(self._client, first.started, _problem(last), 0, last.ended), last)
        return self.let_go()

    def _still_away(self, result: Result, down: Down) -> None:
        if result.task.id != self._probe:
            return  # sent before the circuit was open
        self.tried.add(self._probe)
        self._probe = 0
        self._write(replace(down, probes=down.probes + 1), result)

    def _write(self, down: Down, result: Result) -> None:
        """Keep the state, with the time of the next probe; give up when that is later than anybody waits."""
        now = self._clock.now()
        asked = result.outcome.wait_seconds if isinstance(result.outcome, NotSent) else None
        until = now + timedelta(seconds=asked) if asked else None
        ends = down.since + timedelta(seconds=self._settings.away_give_up)
        own = now + timedelta(seconds=self._wait_seconds(down.probes))
        next_at = max(min(own, max(ends, now)), until or now)
        self._down = replace(down, problem=_problem(result), next_probe_at=next_at, asked_until=until)
        clients.mark_down(self._store, self._down, now)
        if now >= ends or self._asks_too_long(self._down):
            self._give_up(self._down)
        elif not down.probes:
            log.warning("%s is away: sending pauses, and goes on by itself. %s", self._client, _problem(result).message)

    def _wait_seconds(self, probes: int) -> float:
        limit = min(self._settings.away_max_probe, self._settings.away_first_probe * 2 ** min(probes, 30))
        return self._policy.between(limit / 2, limit)

    def _asks_too_long(self, down: Down) -> bool:
        ends = max(down.since, self._opened or down.since) + timedelta(seconds=self._settings.away_give_up)
        return down.asked_until is not None and down.asked_until > max(ends, self._clock.now())

    def _give_up(self, down: Down) -> None:
        since = down.since.replace(microsecond=0).isoformat().replace("+00:00", "Z")
        state = f"is down since {since}"
        code = "NET008"
        if down.asked_until is not None:
            state, code = "wants no requests now", "NET004"
        message = f"client {self._client} {state}: {down.problem.message}"
        hint = "Nothing is lost: what waits is sent by the next run, which asks with one task first."
        self.given_up = Problem(code, message, hint=hint, where=f"client {self._client}")

    def _look(self, down: Down) -> None:
        """Whether it is time for a probe, or another run found the client back."""
        if self._clock.monotonic() - self._looked < min(LOOK_SECONDS, self._settings.away_first_probe):
            return
        self._looked = self._clock.monotonic()
        now = self._clock.now()
        if self._client not in clients.down(self._store):
            self._close()
        elif now >= down.next_probe_at:
            self._granted = clients.may_probe(self._store, self._client, now, now + timedelta(seconds=PROBE_SECONDS))

    def _close(self) -> None:
        log.warning("%s is back: sending goes on", self._client)
        self._down, self._opened, self._probe, self._granted = None, None, 0, False
        self.tried.clear()


def _problem(result: Result) -> Problem:
    assert isinstance(result.outcome, NotSent | Unknown)
    return result.outcome.problem
