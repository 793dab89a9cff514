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
        self._alone: set[int] = set()

    def resolve(
        self, connection: sa.Connection, now: datetime, fence: int, *, ended: bool, limit: int
    ) -> Sequence[Claimed]:
        """One step; nothing when what still waits must be left to another run or another route.

        Args:
            connection: of a writing transaction.
            now: the time.
            fence: of the run's lease.
            ended: everything that the source has was read: what is not among the tasks will not come in this run.
            limit: at most so many circles are opened at once.
        """
        if ended:
            self._counts.add("failed", waits.give_up(connection, self._route, now, tried=()))
        oldest = waits.circles(connection, self._route, tried=self._alone)[:limit]
        claims.serialise(connection)
        free = claims.claimable().where(task.c.id.in_(oldest) & claims.is_free())
        claimed = claims.take(connection, connection.execute(free).mappings().all(), now, fence, alone=True)
        self._alone.update(one.id for one in claimed)
        if not claimed:
            self._end(connection, now, ended=ended)
        return claimed

    def _end(self, connection: sa.Connection, now: datetime, *, ended: bool) -> None:
        """Circles that could not be opened are failures too; the rest waits on."""
        if ended and self._alone:
            self._counts.add("failed", waits.give_up(connection, self._route, now, tried=self._alone))
        self._counts.add("waiting", waits.count(connection, self._route))
