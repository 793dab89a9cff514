"""Finds the target of a method and path among templates such as ``/content/objects/{id:int}``; it calls nothing itself.

Placeholders: ``{name}`` is one segment, ``{name:int}`` digits, ``{name:ids}`` digits parted by slashes,
``{name:path}`` anything, ``{name:alias}`` digits, a dash and an MD5, ``{name:image}`` three numbers with dashes.
"""

from __future__ import annotations

import re
from typing import Generic, TypeVar

from msgspec import Struct, field

T = TypeVar("T")
_SHAPES = {
    "": "[^/]+",
    "int": "[0-9]+",
    "ids": "[0-9]+(?:/[0-9]+)*",
    "path": ".+",
    "alias": "[0-9]+-[0-9a-f]{32}",
    "image": "[0-9]+-[0-9]+-[0-9]+",
}
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Match(Struct, Generic[T], frozen=True):
    """What was found: the target (None when the path exists without the method), its parameters, the methods known."""

    target: T | None
    params: dict[str, str]
    methods: tuple[str, ...]


class _Entry(Struct, Generic[T]):
    pattern: re.Pattern[str]
    targets: dict[str, T] = field(default_factory=dict)


class Router(Generic[T]):
    """Templates are tried in the order in which they were added, so put the special ones first."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry[T]] = {}
        self._buckets: dict[tuple[str, ...], list[_Entry[T]]] = {}

    def add(self, method: str, template: str, target: T) -> None:
        """Point a method and a template to a target; the first one to be added for a pair stays."""
        entry = self._entries.get(template)
        if entry is None:
            entry = self._entries[template] = _Entry(_compile(template))
            self._buckets.setdefault(_bucket(template), []).append(entry)
        entry.targets.setdefault(method, target)

    def find(self, method: str, path: str) -> Match[T] | None:
        """The match for a path, or None when no template fits it."""
        first, second = (*path.split("/", 3), "", "")[1:3]
        allowed: dict[str, None] = {}
        for key in ((first, second), (first,), ()):
            for entry in self._buckets.get(key, ()):
                found = entry.pattern.fullmatch(path)
                if not found:
                    continue
                target = entry.targets.get(method)
                if target is not None:
                    return Match(target, found.groupdict(), tuple(entry.targets))
                allowed.update(dict.fromkeys(entry.targets))
        return Match(None, {}, tuple(allowed)) if allowed else None


def _compile(template: str) -> re.Pattern[str]:
    pieces, last = [], 0
    for found in _PLACEHOLDER.finditer(template):
        shape = _SHAPES[found.group(2) or ""]
        pieces += [re.escape(template[last : found.start()]), f"(?P<{found.group(1)}>{shape})"]
        last = found.end()
    return re.compile("".join([*pieces, re.escape(template[last:])]))


def _bucket(template: str) -> tuple[str, ...]:
    literal: list[str] = []
    for segment in template.split("/")[1:3]:
        if "{" in segment:
            break
        literal.append(segment)
    return tuple(literal)
