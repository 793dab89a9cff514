"""Where an expression judges something as true or false, and where the outcome of that is what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]
_TESTS = frozenset({"contains", "starts_with", "ends_with"})


def outcomes(node: Node) -> frozenset[bool]:
    """Which outcomes of its conditions an expression may yield; a literal is meant as it is written.

    ``a == 'x' && 'first'`` yields false where the two differ; with ``|| ''`` behind it, no outcome at all.
    """
    kind, children = node["type"], node.get("children", ())
    if kind in ("comparator", "not_expression") or (kind == "function_expression" and node["value"] in _TESTS):
        return frozenset({True, False})
    if kind in ("and_expression", "or_expression"):
        ends = kind == "or_expression"  # what `||` stops at; `&&` stops at false
        return (outcomes(children[0]) & {ends}) | outcomes(children[1])
    return outcomes(children[-1]) if kind == "pipe" else frozenset()


def judged(node: Node, *, asked: bool) -> Iterator[Node]:
    """The names by themselves of which only counts whether they are true; not ``a`` in ``a || 'else'``.

    Args:
        node: of the expression.
        asked: whether all of it is a condition, as that of a filter is.
    """
    kind, children = node["type"], node.get("children", ())
    if kind == "field" and asked:
        yield node
    for number, one in enumerate(children):
        inner = kind == "not_expression" or (kind == "and_expression" and number == 0)
        inner |= asked and kind in ("and_expression", "or_expression")
        if isinstance(one, dict):
            yield from judged(one, asked=inner)


def is_constant(node: Node) -> bool:
    """Whether it is the same for all records; true and false by themselves are meant so.

    Of a comparison of two fixed values it is told by itself.
    """
    if node["type"] == "literal":
        return not isinstance(node["value"], bool)
    return not _varies(node)


def _varies(node: Node) -> bool:
    varying = node["type"] in ("field", "current", "identity", "function_expression", "comparator")
    return varying or any(_varies(one) for one in node.get("children", ()) if isinstance(one, dict))
