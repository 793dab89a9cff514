"""What goes wrong at the PIM when told to: a page of the products fails in a chosen way, a number of times."""

from __future__ import annotations

import threading
from typing import Any

from msgspec import Struct

Json = Any
KINDS = ("500", "html", "truncate", "same_page", "empty_page")


class _Fault(Struct):
    page: int
    do: str
    times: int


class Faults:
    """Thread-safe. Pages count from 1; of several faults for a page the first one that is left is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Fault] = []

    def add(self, page: int, do: str, times: int = 1) -> None:
        """Let a page go wrong.

        Raises:
            ValueError: the kind is none of ``KINDS``.
        """
        if do not in KINDS:
            raise ValueError(f"do: {do!r} is none of {', '.join(KINDS)}")
        with self._lock:
            self._rules.append(_Fault(page, do, times))

    def replace(self, rules: list[Json]) -> None:
        """Take these instead of those so far: ``[{"page": 3, "do": "500", "times": 2}]``.

        Raises:
            ValueError: one of them is not understood; then nothing has changed.
        """
        fresh = Faults()
        for rule in rules:
            fresh.add(*_read(rule))
        with self._lock:
            self._rules = fresh._rules

    def clear(self) -> None:
        """All pages are well again."""
        self.replace([])

    def take(self, page: int) -> str:
        """What goes wrong with a page this time: a kind, or an empty text."""
        with self._lock:
            found = next((rule for rule in self._rules if rule.page == page and rule.times > 0), None)
            if found is None:
                return ""
            found.times -= 1
            return found.do


def _read(rule: Json) -> tuple[int, str, int]:
    given = rule if isinstance(rule, dict) else {}
    page, times = given.get("page"), given.get("times", 1)
    if type(page) is not int or type(times) is not int:
        raise ValueError('A fault is {"page": 3, "do": "500", "times": 1}, with whole numbers.')
    return page, str(given.get("do")), times
