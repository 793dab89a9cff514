"""When a request may be tried again, and how long to wait before: pure decisions, no sleeping."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connector.clients.request import Response

ALWAYS_REPEATED = frozenset({429})
"""Refused before it was looked at: any request may be repeated."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Settings of a client; times in seconds.

    Attributes:
        max_attempts: of one request, the first included.
        repeated: statuses after which a safe request is repeated.
        max_retry_after: a longer wait is not waited for: RateLimited.
    """

    max_attempts: int = 4
    first_wait: float = 0.5
    max_wait: float = 20.0
    max_retry_after: float = 120.0
    repeated: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})

    def wait(self, attempt: int, random_between: Callable[[float, float], float] = random.uniform) -> float:
        """Full jitter: anything between 0 and a limit that doubles with each attempt."""
        return random_between(0.0, min(self.max_wait, self.first_wait * 2 ** (attempt - 1)))


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """The Retry-After header in seconds, from seconds or an HTTP date; None when absent or nonsense. Never negative."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.replace(".", "", 1).isdigit() and len(text) < 12:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
