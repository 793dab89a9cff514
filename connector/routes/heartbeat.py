"""The beat of a run: says that its process lives, shows how it goes on, and sees what is asked of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from connector.core.errors import LeaseLost, StoreError
from connector.core.protocols import Clock
from connector.store import Store, frozen, leases

log = logging.getLogger("connector.routes")

HEARTBEAT_SECONDS = 5.0
TICK_SECONDS = 0.25


class Heartbeat:
    """Renews one lease (name and fence) in a thread of its own; ``lost`` and ``stop`` say that another owner has it."""

    def __init__(self, store: Store, clock: Clock, lease: tuple[str, int], stop: Callable[[LeaseLost], None]) -> None:
        self._store = store
        self._clock = clock
        self._name, self._fence = lease
        self._stop = stop
        self.lost: LeaseLost | None = None

    @contextmanager
    def beating(self, tick: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts; ``tick`` is called four times a second."""
        ended = threading.Event()
        thread = threading.Thread(target=self._beat, args=(ended, tick), name=f"heartbeat-{self._name}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def release(self, now: datetime) -> None:
        """Give the lease back, so that nobody need wait for it to run out."""
        try:
            leases.release(self._store, self._name, self._fence, now)
        except StoreError as error:
            log.warning("the lease of %s could not be given back: %s", self._name, error.message)

    def _beat(self, ended: threading.Event, tick: Callable[[], None]) -> None:
        renewed = self._clock.monotonic()
        while not ended.wait(TICK_SECONDS):
            tick()
            if self._clock.monotonic() - renewed < HEARTBEAT_SECONDS:
                continue
            renewed = self._clock.monotonic()
            try:
                frozen.end(self._store)  # what another process was stopped in may keep this one waiting
                leases.renew(self._store, self._name, self._fence, self._clock.now())
            except LeaseLost as error:
                self.lost = error
                self._stop(error)
                return
            except StoreError as error:
                log.warning("the lease of %s could not be renewed: %s", self._name, error.message)
