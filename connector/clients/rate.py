"""How fast a client may go: requests at once, requests per time, and the gate that a 429 closes for all workers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connector.core.errors import Stopped
from connector.core.protocols import Clock, Stop
from connector.core.units import seconds

PROBE_SECONDS = 90.0
"""How long the others wait for the one that tries first after a 429."""


class Gate:
    """Closed by a 429 or 503 for a while; then one request goes first, and the others follow if it went well."""

    def __init__(self, clock: Clock, stop: Stop) -> None:
        self._clock = clock
        self._stop = stop
        self._lock = threading.Lock()
        self._closed_until = 0.0
        self._probing_until = 0.0

    def wait(self) -> None:
        """Return when this request may go.

        Raises:
            Stopped: asked to stop while waiting.
        """
        while (delay := self._delay()) > 0:
            if self._stop.wait(min(delay, 1.0)):
                raise Stopped("asked to stop while waiting for the system")

    def close(self, wait: float) -> None:
        """The system asked to wait."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.monotonic() + wait)
            self._probing_until = 0.0

    def open(self) -> None:
        """A request went well."""
        if self._closed_until:
            with self._lock:
                self._closed_until = self._probing_until = 0.0

    def _delay(self) -> float:
        if not self._closed_until:
            return 0.0
        with self._lock:
            now = self._clock.monotonic()
            if not self._closed_until:
                return 0.0
            if now < self._closed_until:
                return self._closed_until - now
            if now < self._probing_until:
                return 0.05
            self._probing_until = now + PROBE_SECONDS
            return 0.0


class Pace:
    """At most so many requests at once, and at most so many per time."""

    def __init__(self, max_in_flight: int, rate_limit: Mapping[str, Any] | None) -> None:
        self._slots = threading.BoundedSemaphore(max_in_flight)
        self._limiter = _limiter(rate_limit) if rate_limit else None

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a place, and for the rate."""
        with self._slots:
            if self._limiter is not None:
                self._limiter.try_acquire("client")
            yield


def _limiter(rate_limit: Mapping[str, Any]) -> Any:
    from pyrate_limiter import Duration, Limiter, Rate  # noqa: PLC0415 - only for clients that declare a rate

    per = int(seconds(str(rate_limit["per"])) * Duration.SECOND)
    return Limiter(Rate(int(rate_limit["requests"]), per))
