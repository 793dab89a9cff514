"""When a request may be tried again, and how long to wait before: pure decisions, no sleeping."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

from connector.clients.request import Response

LONGEST = 10 * 365 * 86400.0
"""Seconds; nobody means more than that, and no calendar ends before."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?")


class RetryPolicy(Struct, frozen=True):
    """Settings of a client; times in seconds.

    Attributes:
        max_attempts: of one request, the first included; those that a 429 answered do not count, unless it is 1.
        max_elapsed: a request is repeated as long as this, all waits included.
        repeated: statuses after which a safe request is repeated.
        max_retry_after: a longer wait is not waited for: RateLimited.
    """

    max_attempts: int = 4
    first_wait: float = 0.5
    max_wait: float = 20.0
    max_retry_after: float = 120.0
    max_elapsed: float = 300.0
    repeated: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})

    def wait(self, attempt: int, random_between: Callable[[float, float], float] = random.uniform) -> float:
        """Full jitter: anything between 0 and a limit that doubles with each attempt."""
        return random_between(0.0, min(self.max_wait, self.first_wait * 2 ** (attempt - 1)))


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """The Retry-After header in seconds, from a number or an HTTP date; None when absent or nonsense. Never negative.

    A date is counted from the answer's own Date, if it has one: the clock of the server may be wrong, but it is one.
    """
    text = response.headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(text):
        return min(max(float(text), 0.0), LONGEST)
    moment = _date(text)
    if moment is None:
        return None
    since = _date(response.headers.get("date", "")) or now or datetime.now(UTC)
    return min(max((moment - since).total_seconds(), 0.0), LONGEST)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
