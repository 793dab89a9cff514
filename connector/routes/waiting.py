"""What becomes of tasks that wait for others once nothing else is left to send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connector.routes.counts import Counts
from connector.store import claims, waits
from connector.store.claims import Claimed
from connector.store.tables import task


class Waiting:
    """The waiting tasks of one run: circles are opened at their oldest task, what never comes is told."""

    def __init__(self, route: str, counts: Counts) -> None:
        self._route = route
        self._counts = counts
        self._alone: list[int] = []

    def resolve(self, connection: sa.Connection, now: datetime, fence: int, *, ended: bool) -> Sequence[Claimed]:
        """One step; nothing when what still waits must be left to another run or another route.

        Args:
            connection: of a writing transaction.
            now: the time.
            fence: of the run's lease.
            ended: everything that the source has was read: what is not among the tasks will not come in this run.
        """
        if ended:
            self._counts.add("failed", waits.give_up(connection, self._route, now, tried=()))
        oldest = waits.in_a_circle(connection, self._route, tried=self._alone)
        if oldest is None:
            self._end(connection, now, ended=ended)
            return []
        self._alone.append(oldest)
        claims.serialise(connection)
        rows = connection.execute(claims.claimable().where(task.c.id == oldest)).mappings().all()
        return claims.take(connection, rows, now, fence, alone=True)

    def _end(self, connection: sa.Connection, now: datetime, *, ended: bool) -> None:
        """Circles that could not be opened are failures too; the rest waits on."""
        if ended and self._alone:
            self._counts.add("failed", waits.give_up(connection, self._route, now, tried=self._alone))
        self._counts.add("waiting", waits.count(connection, self._route))
