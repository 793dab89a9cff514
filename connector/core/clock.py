"""The real clock and the real stop signal; tests bring their own."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime


class SystemClock:
    """Wall time in UTC, monotonic time, sleep."""

    def now(self) -> datetime:
        """Aware UTC wall time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class StopEvent:
    """A stop that one thread sets and all others see."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        """Ask everybody to stop."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when asked to stop. Returns True if so."""
        return self._event.wait(seconds)
