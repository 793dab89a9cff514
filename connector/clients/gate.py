"""The gate of a client: a 429 or 503 closes it for all workers; then one request goes first, and decides for all.

A request passes with the number of the window it passed in. So an answer to a request that went out before the gate
was closed cannot open it again, and sixteen refusals that come in together make one window, not sixteen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from connector.core.errors import RateLimited, Stopped
from connector.core.protocols import Clock, Stop

LOOK_SECONDS = 0.05
"""How often those who wait look whether the first one is back."""


class Passage:
    """One request on its way; whoever sent it says what came of it."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.told = False


class Gate:
    """Shared by all threads that use a client.

    Args:
        name: the client's, for messages.
        back_off: seconds to wait after so many refusals in a row (1, 2, …), at least.
        patience: seconds; when a system asks for more, nobody waits for it: RateLimited at once.
    """

    def __init__(
        self, name: str, clock: Clock, stop: Stop, *, back_off: Callable[[int], float], patience: float
    ) -> None:
        self._name = name
        self._clock = clock
        self._stop = stop
        self._back_off = back_off
        self._patience = patience
        self._lock = threading.Lock()
        self._window = 0
        self._in_a_row = 0
        self._closed_until: float | None = None  # monotonic
        self._first: Passage | None = None

    @contextmanager
    def passage(self, deadline: float) -> Iterator[Passage]:
        """Wait until a request may go; the block sends it and tells ``well`` or ``refused``.

        Args:
            deadline: monotonic seconds after which the caller will not wait.

        Raises:
            RateLimited: the system wants nothing before the deadline; nothing was sent.
            Stopped: asked to stop while waiting.
        """
        passage = self._wait(deadline)
        try:
            yield passage
        finally:
            if not passage.told:
                self._lost(passage)

    def well(self, passage: Passage) -> None:
        """It was answered, and not with 429 or 503."""
        passage.told = True
        if self._closed_until is None:
            return
        with self._lock:
            if passage is self._first:
                self._closed_until = self._first = None
                self._in_a_row = 0

    def left(self, passage: Passage) -> None:
        """It was not sent after all: another may go first."""
        passage.told = True
        with self._lock:
            if passage is self._first:
                self._first = None

    def refused(self, passage: Passage, asked: float | None) -> float:
        """It was answered with 429 or 503 that asks for ``asked`` seconds, if it says so. Returns the wait in force."""
        passage.told = True
        with self._lock:
            now = self._clock.monotonic()
            wait = asked or 0.0
            if passage.window == self._window:
                self._window += 1
                self._in_a_row += 1
                self._first = None
                wait = max(wait, self._back_off(self._in_a_row))
            self._closed_until = max(self._closed_until or 0.0, now + wait)
            return self._closed_until - now

    def limited(self, wait: float) -> RateLimited:
        """The error for those who will not wait so long."""
        until = (self._clock.now() + timedelta(seconds=wait)).replace(microsecond=0)
        return RateLimited(
            f"{self._name} is rate limited until {_shown(until)}: the system asks not to be asked before",
            seconds=wait,
            hint="Run again then, or lower rate_limit; retry.max_retry_after says how long may be waited.",
        )

    # -- inside -----------------------------------------------------------------------------------------------------

    def _wait(self, deadline: float) -> Passage:
        while True:
            passage, delay = self._try()
            if passage is not None:
                return passage
            if delay > self._patience or self._clock.monotonic() + delay > deadline:
                raise self.limited(delay)
            if self._stop.wait(min(delay, 1.0)):
                raise Stopped("asked to stop while waiting for the system")

    def _try(self) -> tuple[Passage | None, float]:
        """A passage, or how long to wait before asking again."""
        with self._lock:
            now = self._clock.monotonic()
            if self._closed_until is None:
                return Passage(self._window), 0.0
            if now < self._closed_until:
                return None, self._closed_until - now
            if self._first is not None:
                return None, LOOK_SECONDS
            self._first = Passage(self._window)
            return self._first, 0.0

    def _lost(self, passage: Passage) -> None:
        """It had no answer: if it was the one to go first, another goes first after a while."""
        with self._lock:
            if passage is self._first:
                self._first = None
                self._in_a_row += 1
                self._closed_until = self._clock.monotonic() + self._back_off(self._in_a_row)


def _shown(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
