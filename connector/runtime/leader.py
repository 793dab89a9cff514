"""One of several schedulers leads: a lease with a heartbeat; the others stand by and take over when it falls silent."""

from __future__ import annotations

import logging
from contextlib import suppress

from connector.core.errors import LeaseLost, RouteBusy, StoreError
from connector.core.process import identity
from connector.core.protocols import Clock
from connector.store import Store, leases
from connector.store import schedule as rows

log = logging.getLogger("connector.runtime")

HEARTBEAT_SECONDS = 5.0
TRY_SECONDS = 2.0
_MARGIN_SECONDS = 5.0


class Leadership:
    """Whether this process leads. Used by one thread; ``fence`` may be read by any."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.owner = identity()
        self.fence: int | None = None
        self._store = store
        self._clock = clock
        self._said_at = float("-inf")  # monotonic: the last heartbeat, or the last try to become leader

    def keep(self) -> bool:
        """Say that this process lives, or try to take over, when it is time to. Returns whether it leads.

        Without a database it leads no longer than its lease lasts.

        Raises:
            StoreError: it was time to, but the database cannot be used.
        """
        now = self._clock.monotonic()
        silent = now - self._said_at
        if self.fence is None:
            if silent >= TRY_SECONDS:
                self._said_at = now
                self._take()
        elif silent >= HEARTBEAT_SECONDS:
            self._renew(now, silent)
        return self.fence is not None

    def lose(self) -> None:
        """Another one leads."""
        self.fence = None

    def resign(self) -> None:
        """Give the lease back, so that another one need not wait for it to run out."""
        fence, self.fence = self.fence, None
        if fence is None:
            return
        try:
            leases.release(self._store, rows.LEADER, fence, self._clock.now())
        except StoreError as error:
            log.warning("the scheduler's lease could not be given back: %s", error.message)

    def other(self) -> str:
        """Who leads instead, as ``process 7 on host``; empty when nobody does."""
        owner = rows.held(self._store, [rows.LEADER], self._clock.now()).get(rows.LEADER, "")
        host, pid, *_ = [*owner.split("|"), "", ""]
        return f"process {pid} on {host}" if owner else ""

    def _take(self) -> None:
        wall = self._clock.now()
        if rows.held(self._store, [rows.LEADER], wall):  # a look first: the attempt itself would lock
            return
        with suppress(RouteBusy):
            self.fence = leases.acquire(self._store, rows.LEADER, self.owner, wall)

    def _renew(self, now: float, silent: float) -> None:
        try:
            leases.renew(self._store, rows.LEADER, self.fence or 0, self._clock.now())
            self._said_at = now
        except LeaseLost:
            self.fence = None
        except StoreError:
            if silent > leases.TTL.total_seconds() - _MARGIN_SECONDS:
                self.fence = None
            raise
