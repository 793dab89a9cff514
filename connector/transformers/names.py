"""Every name that an expression reads, with the place where it is written: jmespath's tree does not say where."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jmespath.lexer import Lexer
from msgspec import Struct

Node = Mapping[str, Any]
_IDENTIFIERS = frozenset({"unquoted_identifier", "quoted_identifier"})
_NO_FIELD = frozenset({"lparen", "colon"})
"""What follows a function's name, and the key of ``{key: …}``."""
_PROJECTIONS = frozenset({"projection", "filter_projection", "value_projection"})
_ANEW = _PROJECTIONS | {"pipe"}
"""Their second part is read from what the first finds, which may be anything."""


class Name(Struct, frozen=True):
    """One name.

    Attributes:
        text: without its quotes.
        offset: characters into the expression; -1: not known.
        quoted: whether it stands in double quotes.
        path: dotted, from the top of the record; empty when it is read from something that was computed.
        leads: whether something below it is read: ``a`` in ``a.b``.
        follows: whether it is read from what a name before it found: ``b`` in ``a.b``.
    """

    text: str
    offset: int
    quoted: bool
    path: str
    leads: bool
    follows: bool


def names_of(tree: Node, text: str) -> dict[int, Name]:
    """By ``id`` of the node, in the order in which they are written.

    Args:
        tree: as jmespath reads it; it must live as long as the result.
        text: what it was read from.
    """
    found = list(_fields(tree, "", leads=False, follows=False))
    tokens = _tokens(text)
    placed = [one["value"] for one in tokens] == [node["value"] for node, *_ in found]
    names: dict[int, Name] = {}
    for at, (node, path, leads, follows) in enumerate(found):
        token: Mapping[str, Any] = tokens[at] if placed else {"start": -1, "type": ""}
        quoted = token["type"] == "quoted_identifier"
        names[id(node)] = Name(str(node["value"]), int(token["start"]), quoted, path, leads, follows)
    return names


def _tokens(text: str) -> list[Mapping[str, Any]]:
    tokens: list[Mapping[str, Any]] = list(Lexer().tokenize(text))
    return [
        one
        for one, after in itertools.pairwise(tokens)
        if one["type"] in _IDENTIFIERS and after["type"] not in _NO_FIELD
    ]


def _fields(node: Node, context: str | None, *, leads: bool, follows: bool) -> Iterator[tuple[Node, str, bool, bool]]:
    """In the order of the text; ``context`` is the dotted path of what the node is evaluated with.

    An empty one is the record, None is something that was computed.
    """
    if node["type"] == "field":
        yield node, _below(context, str(node["value"])), leads, follows
        return
    children = [one for one in in_order(node) if isinstance(one, dict)]
    chained = node["type"] in ("subexpression", "index_expression")
    for at, child in enumerate(children):
        first = at == 0
        inner = context
        if not first and chained:
            inner = _paths(children[:at], context) if node["type"] == "subexpression" else None
        elif node["type"] == "expref" or (not first and node["type"] in _ANEW):
            inner = None
        each = node["type"] in _PROJECTIONS and at == len(children) - 1
        below = chained and at < len(children) - 1
        below |= first and (node["type"] in _ANEW or node["type"] == "flatten")
        yield from _fields(
            child, inner, leads=below or (chained and leads), follows=follows or each or (chained and not first)
        )


def in_order(node: Node) -> Sequence[Any]:
    """The children of a node as they are written: a filter's condition stands before what is read from each."""
    children = node.get("children", ())
    return (children[0], children[2], children[1]) if node["type"] == "filter_projection" else tuple(children)


def _paths(nodes: Sequence[Node], context: str | None) -> str | None:
    """Where names one below the other lead; None: somewhere that was computed."""
    for node in nodes:
        if node["type"] == "field":
            context = _below(context, str(node["value"])) or None
        elif node["type"] == "subexpression":
            context = _paths(node["children"], context)
        elif node["type"] != "current":
            return None
    return context


def _below(context: str | None, name: str) -> str:
    if context is None:
        return ""
    return f"{context}.{name}" if context else name
