"""The values that a transformer file writes, each with its way in the message and its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jmespath.lexer import Lexer
from msgspec import Struct

from connector.core.jsonio import Json, JsonError, parse, type_name
from connector.transformers.conditions import outcomes
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import without_comments
from connector.transformers.names import Name, names_of
from connector.transformers.positions import spot_of

_REMEMBERED = 256
"""Several checks ask for the same."""
_OF_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(("concat", "join", "lower", "upper", "trim", "replace", "truncate", "slug", "hash"), "string"),
    **dict.fromkeys(("strip_html", "to_string", "type", "parse_date", "format_date"), "string"),
    **dict.fromkeys(("number", "round", "length", "sum", "avg", "ceil", "floor", "abs", "to_number"), "number"),
    **dict.fromkeys(("contains", "starts_with", "ends_with"), "boolean"),
    **dict.fromkeys(("split", "items", "keys", "values", "sort", "sort_by", "map", "to_array"), "array"),
    **dict.fromkeys(("from_items", "merge"), "object"),
}
_FIRST_OF = frozenset({"not_null", "default"})
_OF_NODES: Mapping[str, str] = {
    "multi_select_dict": "object",
    "comparator": "boolean",
    "not_expression": "boolean",
    **dict.fromkeys(
        ("multi_select_list", "projection", "value_projection", "filter_projection", "flatten", "slice"), "array"
    ),
}


class Leaf(Struct, frozen=True):
    """One value.

    Attributes:
        way: keys that lead to it in the message: ``("payload", "fields", "name")``.
        pointer: of the text in the file that it stands in; empty in ``.jmespath`` files.
        offset: characters into that text.
        kind: JSON type of what it yields, when that is sure (or null): ``string``, ``object`` …; else empty.
        name: the one name that it consists of; None: it is something else.
        fixed: it is written as a value, so that others have looked at it.
        start: characters into that text at which the expression begins.
        choices: fixed texts of which it may yield one, each with its characters into the expression.
        outcomes: which outcomes of a condition it may yield.
    """

    way: tuple[str, ...]
    pointer: str
    offset: int
    kind: str
    name: Name | None
    fixed: bool
    start: int = 0
    choices: Sequence[tuple[str, int]] = ()
    outcomes: frozenset[bool] = frozenset()


@lru_cache(_REMEMBERED)
def leaves_of(text: str, suffix: str) -> Sequence[Leaf]:
    """Of the step that builds the messages; none when only running it tells, or when it does not compile."""
    if suffix == ".jmespath":
        body, start = without_comments(text)
        return list(_in_text(body, (), "", start))
    try:
        steps = parse(text)
    except JsonError:
        return []
    for number, step in reversed(list(enumerate(steps if isinstance(steps, list) else ()))):
        kind = step.get("type") if isinstance(step, dict) else None
        if kind == "map":
            return list(_in_map(step.get("to"), (), f"/{number}/to"))
        if kind == "jmespath":
            return list(_in_text(str(step.get("expression", "")), (), f"/{number}/expression", 0))
        if kind != "filter":
            break
    return []


def _in_map(node: Json, way: tuple[str, ...], pointer: str) -> Iterator[Leaf]:
    if isinstance(node, str):
        yield from _in_text(node, way, pointer, 0)
    elif isinstance(node, dict | list):
        yield Leaf(way, pointer, 0, type_name(node), None, fixed=True)
        for key, one in node.items() if isinstance(node, dict) else enumerate(node):
            place = str(key).replace("~", "~0").replace("/", "~1")
            yield from _in_map(one, (*way, str(key)), f"{pointer}/{place}")
    else:
        yield Leaf(way, pointer, 0, type_name(node), None, fixed=True)


def _in_text(text: str, way: tuple[str, ...], pointer: str, start: int) -> Iterator[Leaf]:
    try:
        tree = syntax_tree(text)
    except ExpressionError:
        return
    names = names_of(tree, text)

    def walk(node: Mapping[str, Any], below: tuple[str, ...]) -> Iterator[Leaf]:
        while node["type"] == "pipe":
            node = node["children"][-1]
        name = names.get(id(node))
        at = spot_of(text, below).offset if below and not name else 0
        offset = max(0, name.offset) if name else at
        fixed = node["type"] in ("literal", "multi_select_dict", "multi_select_list")
        choices = () if fixed else tuple(_choices(node, text))
        yield Leaf((*way, *below), pointer, start + offset, _kind(node), name, fixed, start, choices, outcomes(node))
        if node["type"] == "multi_select_dict":
            for pair in node["children"]:
                yield from walk(pair["children"][0], (*below, str(pair["value"])))

    yield from walk(tree, ())


def _choices(node: Mapping[str, Any], text: str) -> Iterator[tuple[str, int]]:
    """Of ``a && 'x' || 'y'`` and not_null(a, 'x'): what is a literal there."""
    kind, children = node["type"], node.get("children", ())
    if kind == "literal" and isinstance(node["value"], str):
        tokens = [one for one in Lexer().tokenize(text) if one["type"] == "literal" and one["value"] == node["value"]]
        yield node["value"], int(tokens[0]["start"]) if tokens else 0
    elif kind == "or_expression" or (kind == "function_expression" and node["value"] in _FIRST_OF):
        for child in children:
            yield from _choices(child, text)
    elif kind in ("and_expression", "pipe"):
        yield from _choices(children[-1], text)


def _kind(node: Mapping[str, Any]) -> str:
    if node["type"] == "literal":
        return type_name(node["value"])
    if node["type"] == "function_expression":
        return _OF_FUNCTIONS.get(str(node["value"]), "")
    return _OF_NODES.get(str(node["type"]), "")
