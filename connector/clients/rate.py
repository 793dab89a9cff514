"""How fast a client may go: requests at once, and requests per time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connector.core.errors import Stopped
from connector.core.protocols import Stop
from connector.core.scope import check_going
from connector.core.units import seconds

SHORT_SECONDS = 2.0
"""So long a request may wait for the rate although somebody asked to stop."""
_LOOK_SECONDS = 0.2


class Pace:
    """At most so many requests at once, and at most so many per time."""

    def __init__(self, max_in_flight: int, rate_limit: Mapping[str, Any] | None, stop: Stop) -> None:
        self._stop = stop
        self._slots = threading.BoundedSemaphore(max_in_flight)
        self._limiter = _limiter(rate_limit) if rate_limit else None

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a place, and for the rate.

        Raises:
            Stopped: asked to stop, and the rate allows nothing for a while. What waits for a moment only may still go:
                so a task under way ends whole.
        """
        while not self._slots.acquire(timeout=_LOOK_SECONDS):
            check_going()
        try:
            left = SHORT_SECONDS
            while self._limiter is not None and not self._limiter.try_acquire("client", timeout=_LOOK_SECONDS):
                left -= _LOOK_SECONDS
                if self._stop and left <= 0:
                    raise Stopped("asked to stop while waiting for the system")
            check_going()
            yield
        finally:
            self._slots.release()


def _limiter(rate_limit: Mapping[str, Any]) -> Any:
    from pyrate_limiter import Duration, Limiter, Rate  # noqa: PLC0415 - only for clients that declare a rate

    per = int(seconds(str(rate_limit["per"])) * Duration.SECOND)
    return Limiter(Rate(int(rate_limit["requests"]), per))
