"""Calls of ``to_number()`` that make nothing of a text: JMESPath yields null there, and null leaves a field alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from connector.core.jsonio import Json
from connector.transformers.names import Name, Node, in_order

_FUNCTION = "to_number"
_CALL = re.compile(r"(?<!\w)to_number\s*\(")
_OTHERWISE = frozenset({"default", "not_null", "type"})
_ASKING = frozenset({"comparator", "not_expression", "or_expression", "and_expression"})


class Emptied(Struct):
    """One such call.

    Attributes:
        name: what it reads, where that is one name.
        offset: characters into the expression.
        asked: how often it was given a text that is not empty.
        lost: how often nothing came of it.
        text: the first such text.
    """

    name: Name | None
    offset: int
    asked: int = 0
    lost: int = 0
    text: str = ""


def watched(tree: Node, text: str) -> dict[int, int]:
    """The calls whose null goes out, by ``id``, each with its place: of others, the expression says what is then."""
    calls = list(_calls(tree, guarded=False))
    places = [one.start() for one in _CALL.finditer(text)]
    known = len(places) == len(calls)
    return {id(node): places[at] if known else 0 for at, (node, guarded) in enumerate(calls) if not guarded}


def _calls(node: Node, *, guarded: bool) -> Iterator[tuple[Node, bool]]:
    if node["type"] == "function_expression" and node["value"] == _FUNCTION:
        yield node, guarded
    asks = node["type"] in _ASKING or (node["type"] == "function_expression" and node["value"] in _OTHERWISE)
    children = [one for one in in_order(node) if isinstance(one, dict)]
    for at, child in enumerate(children):
        last = at == len(children) - 1 and node["type"] in ("or_expression", "and_expression")
        test = node["type"] == "filter_projection" and child is node["children"][2]
        yield from _calls(child, guarded=test or (asks and not last) or guarded)


def note(found: dict[int, Emptied], call: tuple[Node, int], given: Json, made: Json, names: Mapping[int, Name]) -> None:
    """Count one call.

    Args:
        found: by ``id`` of its node.
        call: the node, and its place.
        given: what it was given.
        made: what came of it.
        names: those of the expression, by ``id``.
    """
    node, offset = call
    if not isinstance(given, str) or not given.strip():
        return
    inner = node["children"][0]
    counted = found.setdefault(id(node), Emptied(names.get(id(inner)), offset))
    counted.asked += 1
    counted.lost += made is None
    counted.text = counted.text or (given if made is None else "")
