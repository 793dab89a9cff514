"""The sending side of a run: claims tasks, hands each to the outgoing, settles outcomes in small batches.

One coordinating thread talks to the run log; workers talk to the target only.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from connector.core.errors import AuthRefused, ClientError, ConnectorError, Stopped
from connector.core.model import Delivery
from connector.core.outcome import NotSent, Outcome, Refused, Unknown, Waits
from connector.core.problem import Problem
from connector.core.protocols import Clock, Outgoing
from connector.core.scope import carried
from connector.routes.ahead import Ahead, delivery_of
from connector.routes.away import Circuit, Result
from connector.routes.control import Control
from connector.routes.counts import Counts
from connector.routes.live import LiveRoute
from connector.routes.policy import Policy
from connector.routes.tally import Tally
from connector.routes.waiting import Waiting
from connector.store import Store, claims, leases
from connector.store import tasks as rows
from connector.store.claims import Claimed
from connector.store.pack import key_hash
from connector.store.tasks import Settled

log = logging.getLogger("connector.routes")

FLUSH_SECONDS = 0.1
"""Outcomes are committed at least this often: what a crash makes us look up again is at most this old."""
FLUSH_COUNT = 100
CLAIMED = 16
"""Tasks claimed at once, at least: with one or two workers a transaction a task would cost more than its requests.
Not where a route stops after some failures: what is claimed by then may still be sent."""
STOP_SECONDS = 25.0
"""How long tasks under way may take to end once somebody asked to stop: the books are closed within 30 in all."""


class Deliverer:
    """Sends a route's tasks with ``settings.concurrency`` workers until told that no more will come."""

    def __init__(
        self, route: LiveRoute, store: Store, counts: Counts, control: Control, *, stamp: tuple[int, int], clock: Clock
    ) -> None:
        self._route = route
        self._store = store
        self._counts = counts
        self._control = control
        self._run_id, self._fence = stamp
        self._clock = clock
        client, action = route.outgoing.client, route.outgoing.action
        policy = Policy(route.settings, lane=lambda key: key_hash(client, key), own_action=action)
        stops_early = route.settings.stop_after_count or route.settings.stop_after_percent
        self._claimable = max(route.settings.concurrency * 4, 0 if stops_early else CLAIMED)
        self._circuit = Circuit(route.outgoing.client, route.settings, store, clock, policy)
        self._ordered = route.outgoing.messages == "event"
        self._waiting = Waiting(route.name, counts, ordered=self._ordered)
        self._ahead = Ahead(route.outgoing, route.name, store)
        self._work: queue.SimpleQueue[Claimed | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Result | None] = queue.SimpleQueue()
        self._no_more = threading.Event()
        self._read_to_the_end = False
        self._ended = threading.Event()
        self._halting = threading.Event()
        self._thread = threading.Thread(target=carried(self._coordinate), name=f"send-{route.name}", daemon=True)
        self._under_way: dict[int, Claimed] = {}
        self._tally = Tally(counts)
        self.halted: Problem | None = None
        self.error: ConnectorError | None = None

    @property
    def active(self) -> bool:
        """False once nothing more will be sent."""
        return self._thread.is_alive() and self.halted is None

    @property
    def earlier(self) -> set[int]:
        """Ids of tasks of earlier runs that were tried."""
        return self._tally.earlier

    def start(self) -> None:
        """Start workers and coordinator."""
        self._tally.start(self._clock.now())
        self._thread.start()

    def wake(self) -> None:
        """New tasks were stored."""
        self._results.put(None)

    def finish(self, *, read_to_the_end: bool) -> None:
        """No more tasks will come: return when all that are due have ended, or the run was asked to stop.

        Args:
            read_to_the_end: nothing that the source has was left out, so that what tasks wait for will not come now.
        """
        self._read_to_the_end = read_to_the_end
        self._no_more.set()
        self.wake()
        while self._thread.is_alive():
            self._thread.join(0.2)

    def stop(self) -> None:
        """Send nothing more; what is under way may end."""
        self._ended.set()
        self.wake()

    @property
    def _stopping(self) -> bool:
        return self._ended.is_set() or bool(self._control.stop)

    # -- coordinator ------------------------------------------------------------------------------------------------

    def _coordinate(self) -> None:
        workers = [self._worker(number) for number in range(self._route.settings.concurrency)]
        try:
            self._circuit.load()
            self._loop()
        except ConnectorError as error:  # the run log is away, or another process has the route
            self.error = error
            self._control.stop.set(error)  # what is still queued must not be sent: nobody could account for it
        finally:
            for _ in workers:
                self._work.put(None)

    def _loop(self) -> None:
        settled: list[Settled] = []
        flushed = self._clock.monotonic()
        starved = False
        deadline: float | None = None
        while True:
            settled += self._collect(0.02 if settled else FLUSH_SECONDS)
            now = self._clock.monotonic()
            self.halted = self.halted or self._circuit.given_up
            ending = self._stopping or self.halted is not None
            settled += self._off_the_circuit(ending=ending, starved=starved and not settled)
            deadline = deadline or (now + STOP_SECONDS if ending else None)
            if ending or self._control.paused:
                self._take_back()
            room = 0 if ending or self._control.paused else self._room()
            due = now - flushed >= FLUSH_SECONDS or len(settled) >= FLUSH_COUNT or not self._under_way
            if (settled and due) or (room and (settled or due or not starved)):
                claimed = self._commit(settled, room)
                settled, flushed = [], now
                starved = bool(room) and not claimed
            if not self._under_way and not settled and (ending or self._is_done()):
                if ending or not self._go_on():
                    return None
                starved = False
            if deadline is not None and now > deadline:
                return self._abandon(settled)

    def _room(self) -> int:
        room = self._claimable - len(self._under_way)
        # By halves: so each transaction carries many, and the workers never wait for one.
        return self._circuit.room(room if room >= self._claimable // 2 else 0)

    def _collect(self, wait: float) -> list[Settled]:
        """Outcomes that have come in; waits up to ``wait`` seconds for the first."""
        found: list[Settled] = []
        try:
            result = self._results.get(timeout=wait)
            while True:
                if result is not None:
                    found += self._judge(result)
                if len(found) >= FLUSH_COUNT:
                    return found
                result = self._results.get_nowait()
        except queue.Empty:
            return found

    def _judge(self, result: Result) -> list[Settled]:
        settled = self._settled(self._circuit.judge(result))
        if result.halts is not None and not result.unsent:
            # It may have been raised between two steps of an action, and a draft may be there.
            doubt = self._route.outgoing.can.look_up
            settled = [replace(one, suspect=one.suspect or doubt) for one in settled]
        self.halted = self.halted or result.halts or self._circuit.given_up or self._too_many_failures()
        return settled

    def _off_the_circuit(self, *, ending: bool, starved: bool) -> list[Settled]:
        """What was held back because it was open whose fault it is."""
        if ending:
            return self._settled(self._circuit.let_go())
        return self._settled(self._circuit.decide(len(self._under_way))) if starved else []

    def _settled(self, settled: list[Settled]) -> list[Settled]:
        for one in settled:
            self._under_way.pop(one.task.id, None)
            self._tally.add(one)
        return settled

    def _too_many_failures(self) -> Problem | None:
        settings = self._route.settings
        failed = self._counts["failed"]
        ended = failed + self._counts["finished"] + self._counts["skipped"]
        share = failed * 100 / ended if ended >= 20 else 0.0
        by_count = settings.stop_after_count and failed >= settings.stop_after_count
        by_share = settings.stop_after_percent and share > settings.stop_after_percent
        if not by_count and not by_share:
            return None
        message = f"stopped after {failed} failed tasks of {ended}: the route's stop_after_failures says so"
        return Problem("RUN005", message, hint="See `connector tasks failures`, correct the cause, run again.")

    def _commit(self, settled: list[Settled], room: int) -> int:
        now = self._clock.now()
        with self._store.writing() as connection:
            leases.guard(connection, self._route.name, self._fence)
            rows.settle(connection, self._run_id, settled)
            self._waiting.settled(connection, settled)
            claimed = claims.claim(
                connection,
                self._route.name,
                now,
                limit=room,
                fence=self._fence,
                ordered=self._ordered,
                skip=self._circuit.tried,
            )
            claimed += self._waiting.more(connection, now, self._fence, limit=room - len(claimed))
        if room:
            self._circuit.claimed([task.id for task in claimed])
        self._ahead.tell(claimed)
        return self._send(claimed)

    def _send(self, claimed: Sequence[Claimed]) -> int:
        for task in claimed:
            self._under_way[task.id] = task
            self._work.put(task)
        return len(claimed)

    def _take_back(self) -> None:
        """Claimed, but not begun: not to be looked up, should the workers hang."""
        with suppress(queue.Empty):
            while (task := self._work.get_nowait()) is not None:
                self._results.put(_unsent(task, self._clock.now()))

    def _is_done(self) -> bool:
        if not self._no_more.is_set() or self._control.paused:
            return False
        with self._store.reading() as connection:
            return claims.waiting(connection, self._route.name, self._clock.now(), ordered=self._ordered) == 0

    def _go_on(self) -> bool:
        """Whether tasks that wait for others, now that nothing else is left, could be set in motion."""
        with self._store.writing() as connection:
            leases.guard(connection, self._route.name, self._fence)
            now, ended = self._clock.now(), self._read_to_the_end
            claimed = self._waiting.resolve(connection, now, self._fence, ended=ended, limit=self._claimable)
            if self._ordered and not claimed:
                self._counts.add("blocked", claims.blocked(connection, self._route.name))
        return self._send(claimed) > 0

    def _abandon(self, settled: list[Settled]) -> None:
        """Stopping took too long: tasks still under way stay in processing; the next run looks them up."""
        log.warning("%s tasks of %s did not end in time", len(self._under_way), self._route.name)
        self._commit(settled, 0)

    # -- workers ----------------------------------------------------------------------------------------------------

    def _worker(self, number: int) -> threading.Thread:
        name = f"send-{self._route.name}-{number}"
        thread = threading.Thread(target=carried(self._work_off), name=name, daemon=True)
        thread.start()
        return thread

    def _work_off(self) -> None:
        while (task := self._work.get()) is not None:
            started = self._clock.now()
            ending = self._stopping or self._halting.is_set() or self.halted is not None
            if ending or self._control.paused or not self._circuit.lets(task.id):
                self._results.put(_unsent(task, started))
                continue
            outcome, halts = attempt(self._route.outgoing, delivery_of(task, self._route.outgoing.action))
            if halts is not None:
                self._halting.set()
            if isinstance(outcome, Refused | NotSent | Unknown | Waits):
                outcome = replace(outcome, problem=self._route.placed(outcome.problem, task.message))
            self._results.put(Result(task, outcome, started, self._clock.now(), halts))


def _unsent(task: Claimed, now: datetime) -> Result:
    problem = Problem("RUN003", "the run ended, or was paused, before this task was sent")
    return Result(task, NotSent(problem, client_down=True), now, now, unsent=True)


def attempt(outgoing: Outgoing, delivery: Delivery) -> tuple[Outcome, Problem | None]:
    """One attempt, with everything that may be raised turned into an outcome; the second value halts the run."""
    try:
        return outgoing.send(delivery), None
    except AuthRefused as error:
        problem = error.problem(f"client {outgoing.client}")
        return NotSent(problem, client_down=True), problem
    except Stopped as error:
        problem = error.problem()
        return NotSent(problem, client_down=True), problem
    except ClientError as error:
        return Unknown(error.problem(f"client {outgoing.client}"), client_down=True), None
    except ConnectorError as error:
        return Refused(error.problem()), None
    except Exception as error:
        log.exception("a fault in the outgoing %s", outgoing.name)
        message = f"an unexpected {type(error).__name__} in the connector itself"
        return Unknown(Problem("TSK001", message, hint="Please report it: the log has the details.")), None


Attempt = Callable[[Outgoing, Delivery], tuple[Outcome, Problem | None]]
