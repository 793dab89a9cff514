"""Waiting in tests for what another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def until(found: Callable[[], Any], seconds: float = 40) -> Any:
    """What ``found`` gives, once it gives something.

    Raises:
        AssertionError: it did not within that time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not come about")
