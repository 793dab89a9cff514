"""Remembers answers for a while, and asks once however many threads want to know."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from connector.core.protocols import Clock

T = TypeVar("T")
Key = tuple[str, str]
"""Kind and name of what is remembered."""

REMEMBERED = 300.0
"""Seconds for which types, sections and ids are believed without asking again."""


class Remembered:
    """Answers by kind and name; a "no" is not remembered: it may come true at any moment."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[Key, tuple[float, Any]] = {}
        self._asking: dict[Key, threading.Lock] = {}

    def get(self, key: Key) -> Any:
        """What is believed of it; None: nothing."""
        with self._lock:
            at, value = self._known.get(key, (0.0, None))
        return value if value is not None and self._clock.monotonic() - at < REMEMBERED else None

    def learn(self, key: Key, value: Any) -> None:
        """Something was just written or read."""
        with self._lock:
            self._known[key] = (self._clock.monotonic(), value)

    def forget(self, key: Key) -> None:
        """Ask again next time."""
        with self._lock:
            self._known.pop(key, None)

    def ask(self, key: Key, ask: Callable[[], T | None]) -> T | None:
        """What is known, or what asking says."""
        with self._lock:
            asking = self._asking.setdefault(key, threading.Lock())
        with asking:
            known: T | None = self.get(key)
            if known is not None:
                return known
            fresh = ask()
            if fresh is not None:
                self.learn(key, fresh)
            with self._lock:
                self._asking.pop(key, None)
            return fresh
