"""Carrying something out only to see whether it would write: ``verify``, and what is asked before a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WouldWrite(Exception):
    """An operation that writes, where only looking is allowed."""

    def __init__(self, operation: str) -> None:
        super().__init__()
        self.operation = operation


class Looking(threading.local):
    """Whether the thread that asks may only look."""

    only = False

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Inside, this thread may only look."""
        before, self.only = self.only, True
        try:
            yield
        finally:
            self.only = before
