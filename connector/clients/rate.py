"""How fast a client may go: requests at once, and requests per time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connector.core.units import seconds


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
