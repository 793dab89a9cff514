"""Where a part of a route's messages comes from: the mapping's file and line, or the outgoing's where it says so there.

Asked only when a message is at fault. What it found of a part is remembered, so that many failures cost no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from connector.config.declaration import TransformerSource
from connector.config.pointer import below, last
from connector.config.project import Project
from connector.core.jsonio import Json
from connector.core.model import MESSAGE_KEYS
from connector.core.problem import Place, Problem
from connector.transformers.files import without_comments
from connector.transformers.positions import spot_of

_STEP = re.compile(r"(?P<file>[^/\s]+)\.json step (?P<number>\d+) \(\w+\)(?: (?P<inner>\S+))?")
_MAPPING = re.compile(r"(?P<file>[^/\s]+)\.jmespath")
_PART = re.compile(r"[^.\[\]]+")
_REMEMBERED = 256
_NOTHING = object()
Way = tuple[str, ...]


class _Written(Struct, frozen=True):
    """What a file writes of the way to a part: how many names of it, and whether the rest is for a record to tell."""

    place: Place
    depth: int
    opaque: bool = False


def step_of(
    where: str, transformers: Mapping[str, TransformerSource]
) -> tuple[TransformerSource, str, int | None] | None:
    """The file of a step that failed, by the name that it gives itself, with pointer and offset of the part in it."""
    found = _STEP.fullmatch(where) or _MAPPING.fullmatch(where)
    source = transformers.get(found["file"]) if found else None
    if found is None or source is None:
        return None
    if source.suffix == ".jmespath":
        return source, "", without_comments(source.current)[1]
    pointer = below("", int(found["number"]) - 1)
    inner = _PART.findall(found["inner"] or "")
    is_map = inner and found["inner"] not in ("at", "where")
    return source, _below(below(pointer, "to") if is_map else pointer, inner), None


class Origins:
    """Knows the files of one route.

    Args:
        project: as loaded.
        route: its name.
    """

    def __init__(self, project: Project, route: str) -> None:
        self._transformers = project.transformers
        data = project.routes[route].data
        names = data.get("transformers") or []
        self._chain = [project.transformers[name] for name in names if name in project.transformers]
        self._outgoing = project.outgoings.get(str(data.get("outgoing")))
        self._mapped = lru_cache(_REMEMBERED)(self._find_mapped)
        self._declared = lru_cache(_REMEMBERED)(self._find_declared)

    def placed(self, problem: Problem, message: Json) -> Problem:
        """The problem with the place that the part of the message comes from; as it is when it is of no part.

        Args:
            problem: its ``place`` may name the part by a pointer; else ``where`` does.
            message: before or after the outgoing's defaults were merged; None: there is none yet.
        """
        failed = self._step(problem.where)
        way = _way(problem, message)
        place = failed or (self._place(way, message) if way else None)
        return replace(problem, place=place) if place is not None else problem

    def _place(self, way: Way, message: Json) -> Place | None:
        mapped, declared = self._mapped(way), self._declared(way)
        if declared is None or mapped is None:
            found = mapped or declared
            return found.place if found is not None and (mapped or found.depth == len(way)) else None
        if declared.depth < len(way):
            deeper = declared.depth > mapped.depth and not mapped.opaque
            return declared.place if deeper else mapped.place
        if mapped.depth < len(way) and not mapped.opaque:
            return declared.place
        # Both may say it, and then the mapping's word counts.
        said, default = _at(message, way), _at(self._outgoing.data if self._outgoing else None, way)
        if said is _NOTHING:
            return declared.place if mapped.depth < len(way) else mapped.place
        by_default = said == default or (isinstance(default, str) and "${" in default)
        return declared.place if by_default else mapped.place

    def _step(self, where: str) -> Place | None:
        """Of a step that failed, by the name that it gives itself."""
        found = step_of(where, self._transformers)
        if found is None:
            return None
        source, pointer, offset = found
        return source.place(pointer, offset=offset, at_key=offset is None)

    def _find_mapped(self, way: Way) -> _Written | None:
        """In the last step that builds an object; what filters behind it changes nothing."""
        for source in reversed(self._chain):
            if source.suffix == ".jmespath":
                return _in_expression(source, way)
            for number, step in reversed(list(enumerate(source.data))):
                pointer = below("", number)
                if step["type"] == "map":
                    return _in_map(source, (below(pointer, "to"), step["to"]), way)
                if step["type"] == "jmespath":
                    return _in_text(source, below(pointer, "expression"), step["expression"], (way, 0))
                if step["type"] != "filter":
                    return _Written(source.place(pointer), 0, opaque=True)
        return None

    def _find_declared(self, way: Way) -> _Written | None:
        """In the outgoing's declaration."""
        outgoing = self._outgoing
        if outgoing is None or way[0] not in outgoing.data:
            return None
        depth, pointer, _ = _follow(outgoing.data, "", way)
        return _Written(outgoing.place(pointer, at_key=True), depth)


def _way(problem: Problem, message: Json) -> Way:
    """The names that lead to the part: ``payload``, ``fields``, ``name``; none when it is no part of a message."""
    if problem.place is not None:
        return tuple(last(f"/{one}") for one in problem.place.pointer.split("/")[1:]) if not problem.place.file else ()
    way = tuple(_PART.findall(problem.where)) if " " not in problem.where else ()
    if not way or way[0] in MESSAGE_KEYS:
        return way
    payload = message.get("payload") if isinstance(message, dict) else None
    return ("payload", *way) if isinstance(payload, dict) and way[0] in payload else ()


def _in_expression(source: TransformerSource, way: Way) -> _Written:
    text, start = without_comments(source.current)
    spot = spot_of(text, way)
    lead = len(text) - len(text.lstrip()) if not spot.depth else 0
    return _Written(source.place("", offset=start + lead + spot.offset), spot.depth, spot.opaque)


def _in_map(source: TransformerSource, to: tuple[str, Json], way: Way) -> _Written:
    depth, pointer, node = _follow(to[1], to[0], way)
    if isinstance(node, str) and depth < len(way):
        return _in_text(source, pointer, node, (way[depth:], depth))
    return _Written(source.place(pointer, at_key=True), depth, opaque=isinstance(node, str))


def _in_text(source: TransformerSource, pointer: str, text: str, rest: tuple[Sequence[str], int]) -> _Written:
    way, depth = rest
    spot = spot_of(text, way)
    place = source.place(pointer, offset=spot.offset) if spot.depth else source.place(pointer, at_key=True)
    return _Written(place, depth + spot.depth, spot.opaque)


def _follow(node: Json, pointer: str, way: Way) -> tuple[int, str, Json]:
    """How many names of the way there are, the pointer of the last one, and what is there."""
    for depth, name in enumerate(way):
        inner = _member(node, name)
        if inner is _NOTHING:
            return depth, pointer, node
        node, pointer = inner, below(pointer, name)
    return len(way), pointer, node


def _at(value: Json, way: Way) -> Json:
    depth, _, found = _follow(value, "", way)
    return found if depth == len(way) else _NOTHING


def _member(node: Json, name: str) -> Json:
    if isinstance(node, dict):
        return node.get(name, _NOTHING)
    return node[int(name)] if isinstance(node, list) and name.isdigit() and int(name) < len(node) else _NOTHING


def _below(pointer: str, names: Sequence[str]) -> str:
    for name in names:
        pointer = below(pointer, name)
    return pointer
