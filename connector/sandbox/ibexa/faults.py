"""Faults that can be switched on: which requests they hit, how often, and what goes wrong then.

A rule is a JSON object ``{"match": {...}, "when": {...}, "do": {...}}``; every part is optional but ``do``.

``match``: ``op`` ("content.create"), ``method``, ``path`` (a regular expression searched in the path).
``when``: ``nth`` (only the n-th match), ``every`` (each n-th), ``times`` (at most so often), ``probability`` with
``seed``.
``do``: exactly one of ``{"status": 503, "headers"?, "body"?, "content_type"?}``, ``{"latency_ms": 50, "jitter_ms"?}``,
``{"cut": "before" | "after" | "partial"}``, ``{"html": true}``, ``{"hang_seconds": 5}``,
``{"trickle": bytes per second}``, ``{"expire_tokens": true}``.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

Json = Any
_KINDS = ("status", "latency_ms", "cut", "html", "hang_seconds", "trickle", "expire_tokens")
_KEYS = {
    "match": {"op", "method", "path"},
    "when": {"nth", "every", "times", "probability", "seed"},
    "do": {*_KINDS, "headers", "body", "content_type", "jitter_ms"},
}


class Fault(Struct, frozen=True):
    """A fault that has been drawn for a request: its kind and its own settings."""

    kind: str
    do: Mapping[str, Json]

    @property
    def label(self) -> str:
        """The name under which the book counts it: "status 503", "cut after", "html" ..."""
        return f"{self.kind} {self.do[self.kind]}" if self.kind in {"status", "cut"} else self.kind

    def seconds(self) -> float:
        """How long a latency or a hang takes, with jitter."""
        if self.kind == "hang_seconds":
            return float(self.do["hang_seconds"])
        jitter = float(self.do.get("jitter_ms", 0))
        return max(0.0, float(self.do["latency_ms"]) + random.uniform(-jitter, jitter)) / 1000  # noqa: S311


class _Rule(Struct):
    given: Json
    kind: str
    path: re.Pattern[str] | None
    random: random.Random
    seen: int = 0
    fired: int = 0

    def fires(self, op: str, method: str, path: str) -> bool:
        if not self._matches(op, method, path):
            return False
        self.seen += 1
        if self._is_due():
            self.fired += 1
            return True
        return False

    def _matches(self, op: str, method: str, path: str) -> bool:
        match = self.given.get("match") or {}
        if match.get("op", op) != op or match.get("method", method) != method:
            return False
        return self.path is None or self.path.search(path) is not None

    def _is_due(self) -> bool:
        when = self.given.get("when") or {}
        if self.fired >= when.get("times", self.fired + 1) or self.seen != when.get("nth", self.seen):
            return False
        return self.seen % when.get("every", 1) == 0 and self.random.random() < float(when.get("probability", 1.0))


class Faults(Struct):
    """The rules in force, and ``latency_ms`` that every request takes longer."""

    latency_ms: float = 0.0
    _rules: list[_Rule] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, rule: Json) -> None:
        """Put a rule in force, after those that are.

        Raises:
            ValueError: the rule has a wrong key, none or several things to do, or a bad expression.
        """
        checked = _checked(rule)
        with self._guard:
            self._rules.append(checked)

    def clear(self) -> None:
        """Nothing goes wrong any more, and nothing is slow."""
        with self._guard:
            self._rules.clear()
            self.latency_ms = 0.0

    def rules(self) -> list[Json]:
        """The rules as given, each with ``seen`` (matches) and ``fired``."""
        with self._guard:
            return [{**rule.given, "seen": rule.seen, "fired": rule.fired} for rule in self._rules]

    def draw(self, op: str, method: str, path: str) -> list[Fault]:
        """The faults that this request has to suffer."""
        if not self._rules:
            return []
        with self._guard:
            return [Fault(rule.kind, rule.given["do"]) for rule in self._rules if rule.fires(op, method, path)]


def _checked(rule: Json) -> _Rule:
    if not isinstance(rule, dict) or not isinstance(rule.get("do"), dict):
        raise ValueError('a fault is an object with \'do\', for example {"do": {"status": 503}}')  # noqa: TRY004
    for part, value in rule.items():
        if part not in _KEYS or not isinstance(value, dict):
            raise ValueError(f"a fault has match, when and do, which are objects; not '{part}'")
        if unknown := sorted(value.keys() - _KEYS[part]):
            raise ValueError(f"'{part}' of a fault knows {sorted(_KEYS[part])}, not '{unknown[0]}'")
    kinds = [kind for kind in _KINDS if kind in rule["do"]]
    if len(kinds) != 1:
        raise ValueError(f"'do' of a fault needs exactly one of {list(_KINDS)}")
    path = (rule.get("match") or {}).get("path")
    try:
        pattern = re.compile(path) if path else None
    except re.error as error:
        raise ValueError(f"'path' of a fault is no regular expression: {error}") from error
    seed = (rule.get("when") or {}).get("seed")
    return _Rule(rule, kinds[0], pattern, random.Random(seed))  # noqa: S311  # repeatable on purpose
