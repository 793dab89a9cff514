"""Which fields of a record a transformer file reads, as far as its text says so; and which of them no record has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from connector.core.jsonio import Json, JsonError, parse
from connector.core.nearest import did_you_mean
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import expression_of, expressions_in

_Path = tuple[str, ...]
_ELSEWHERE = frozenset({"expref", "literal", "current", "identity", "index", "slice"})
_LEFT_ONLY = frozenset({"projection", "value_projection", "filter_projection", "flatten", "pipe", "index_expression"})


class Unmet(Struct, frozen=True):
    """A field that a mapping reads and no record has.

    Attributes:
        field: dotted.
        hint: what it may have meant; empty when nothing is like it.
    """

    field: str
    hint: str


def paths_read(text: str, suffix: str) -> list[_Path]:
    """The fields that the first steps of a file read from a record, sorted; those after a change of shape are left out.

    Args:
        text: of the file.
        suffix: ``.json`` or ``.jmespath``.
    """
    found: set[_Path] = set()
    for expression in _expressions(text, suffix):
        try:
            found.update(_paths(syntax_tree(expression)))
        except ExpressionError:
            continue
    return sorted(found)


def unmet(paths: Sequence[_Path], records: Sequence[Json]) -> list[Unmet]:
    """The paths that lead nowhere in every record; a value that is null is there."""
    found = []
    for path in paths:
        missed = [_miss(path, record) for record in records]
        if missed and all(one is not None for one in missed):
            place, names, is_list = next(one for one in missed if one is not None)
            found.append(Unmet(".".join(path), _hint(path, place, names, is_list=is_list)))
    return found


def _expressions(text: str, suffix: str) -> Iterator[str]:
    if suffix == ".jmespath":
        yield expression_of(text)
        return
    try:
        steps = parse(text)
    except JsonError:
        return
    for number, step in enumerate(steps if isinstance(steps, list) else ()):
        yield from (one for _, one in expressions_in(step, f"/{number}"))
        if step.get("type") != "filter":
            return


def _paths(node: Mapping[str, Any]) -> Iterator[_Path]:
    """Below a node that is evaluated with the record itself."""
    kind, children = node["type"], node.get("children", ())
    chain = _chain(node)
    if chain:
        yield chain
    elif kind == "subexpression" or kind in _LEFT_ONLY:
        yield from _paths(children[0])
    elif kind not in _ELSEWHERE:
        for child in children:
            if isinstance(child, dict):
                yield from _paths(child)


def _chain(node: Mapping[str, Any]) -> _Path:
    """``a.b.c`` as names; empty for anything else. ``@.a`` is ``a``."""
    if node["type"] == "field":
        return (str(node["value"]),)
    if node["type"] != "subexpression":
        return ()
    parts = [_chain(one) for one in node["children"] if one["type"] != "current"]
    return tuple(name for part in parts for name in part) if all(parts) else ()


def _miss(path: _Path, value: Json) -> tuple[int, list[str], bool] | None:
    """Where a path ends too early: how far it led, the names there, whether a list is there; None: it leads there."""
    for at, name in enumerate(path):
        if value is None:
            return None
        if not isinstance(value, dict) or name not in value:
            return at, list(value) if isinstance(value, dict) else [], isinstance(value, list)
        value = value[name]
    return None


def _hint(path: _Path, at: int, names: list[str], *, is_list: bool) -> str:
    head, tail = ".".join(path[:at]), ".".join(path[at:])
    if is_list and head:
        return f"'{head}' is a list: write {head}[].{tail} for all, or {head}[0].{tail} for the first."
    near = did_you_mean(path[at], names).strip()
    return near or (f"There is: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}." if names else "")
