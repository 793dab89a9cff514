"""What becomes of tasks that wait for others: for how long, and once nothing else is left to send."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.routes.counts import Counts
from connector.store import claims, waits
from connector.store.claims import Claimed
from connector.store.tables import task
from connector.store.tasks import Settled

KEPT = 100_000
"""So many tasks are remembered with all that they refer to; what others refer to is learnt one by one."""


class Waiting:
    """The waiting tasks of one run: circles are opened where few tasks stand in many, what never comes is told.

    What is remembered here only saves attempts: a later run looks again for whatever is waited for.
    """

    def __init__(self, route: str, counts: Counts, *, ordered: bool = False) -> None:
        self._route = route
        self._counts = counts
        self._ordered = ordered
        self._refers: dict[int, tuple[str, ...]] = {}
        self._waiters: dict[str, set[int]] = {}
        self._begun: set[int] = set()
        self._firm: dict[int, str] = {}
        self._to_open: deque[int] = deque()

    def settled(self, connection: sa.Connection, settled: Sequence[Settled]) -> None:
        """Learn from tasks that were just settled; who was woken by them waits on if more is to come.

        Args:
            connection: of the transaction that settled them.
            settled: outcomes.
        """
        for one in settled:
            self._learn(one)
        came = [one.task.lane for one in settled if one.fingerprint is not None]
        woken = {number for lane in came for number in self._waiters.pop(lane, ())}
        if woken:
            self._wait_on(connection, {number: self._refers[number] for number in woken if number in self._refers})

    def _learn(self, one: Settled) -> None:
        number = one.task.id
        if one.waits_for is None:
            self._refers.pop(number, None)
            return
        if one.task.alone and one.fingerprint is not None:
            self._begun.add(number)
        elif one.task.alone:
            self._firm[number] = one.waits_for
        if one.refers and (number in self._refers or len(self._refers) < KEPT):
            self._refers[number] = one.refers
            self._waiters.setdefault(one.waits_for, set()).add(number)

    def _wait_on(self, connection: sa.Connection, woken: dict[int, tuple[str, ...]]) -> None:
        missing = waits.to_come(connection, {lane for refers in woken.values() for lane in refers})
        then = {number: next((lane for lane in refers if lane in missing), "") for number, refers in woken.items()}
        then = {number: lane for number, lane in then.items() if lane}
        waits.wait_on(connection, then)
        for number, lane in then.items():
            self._waiters.setdefault(lane, set()).add(number)

    def resolve(
        self, connection: sa.Connection, now: datetime, fence: int, *, ended: bool, limit: int
    ) -> Sequence[Claimed]:
        """One step; nothing when what still waits must be left to another run or another route.

        Args:
            connection: of a writing transaction.
            now: the time.
            fence: of the run's lease.
            ended: everything that the source has was read: what is not among the tasks will not come in this run.
            limit: at most so many tasks; ``more`` gives the rest.
        """
        if claimed := self.more(connection, now, fence, limit=limit):
            return claimed
        if ended:
            self._counts.add("failed", waits.give_up(connection, self._route, now))
            if waits.ask(connection, self._route):
                return claims.claim(connection, self._route, now, limit=limit, fence=fence, ordered=self._ordered)
        found = waits.circles(connection, self._route, begun=self._begun, firm=self._firm, refers=self._refers)
        self._to_open.extend(found)
        claimed = self.more(connection, now, fence, limit=limit)
        if not claimed:
            self._end(connection, now, ended=ended)
        return claimed

    def more(self, connection: sa.Connection, now: datetime, fence: int, *, limit: int) -> Sequence[Claimed]:
        """The next of those that are sent without what they wait for; none that need not, as it came meanwhile."""
        while self._to_open and limit > 0:
            some = [self._to_open.popleft() for _ in range(min(limit, len(self._to_open)))]
            claims.serialise(connection)
            held = task.c.id.in_(some) & (task.c.state == "new") & task.c.waits_for.is_not(None)
            rows = connection.execute(claims.claimable().where(held & claims.is_free())).mappings().all()
            if rows:
                return claims.take(connection, rows, now, fence, alone=True)
        return []

    def _end(self, connection: sa.Connection, now: datetime, *, ended: bool) -> None:
        """Circles that could not be opened are failures too; the rest waits on."""
        tried = {*self._begun, *self._firm}
        if ended and tried:
            self._counts.add("failed", waits.give_up(connection, self._route, now, tried=tried))
        self._counts.add("waiting", waits.count(connection, self._route))
