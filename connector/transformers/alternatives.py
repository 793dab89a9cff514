"""The values of which an expression yields one: ``above && {remote_id: above} || {path: '/1/2'}`` has two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from jmespath.lexer import Lexer
from msgspec import Struct

from connector.core.jsonio import Json, JsonError, parse
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import without_comments
from connector.transformers.skeleton import known_of

_FIRST_OF = frozenset({"not_null", "default"})


class Alternative(Struct, frozen=True):
    """One value.

    Attributes:
        way: keys that lead to it in the message.
        pointer: of the text in the file that it stands in; empty in ``.jmespath`` files.
        start: characters into that text at which the expression begins.
        text: the expression.
        value: as far as it is known, see ``Skeleton``.
    """

    way: tuple[str, ...]
    pointer: str
    start: int
    text: str
    value: Json

    def offset(self, name: str, *, is_key: bool) -> int:
        """Characters into the text at the pointer, of a key or a fixed text of the value; those of the expression."""
        tokens: list[Mapping[str, Any]] = list(Lexer().tokenize(self.text))
        for token, after in pairwise(tokens):
            if token["value"] == name and is_key == (after["type"] == "colon"):
                return self.start + int(token["start"])
        return self.start


def alternatives_of(text: str, suffix: str) -> Iterator[Alternative]:
    """Of the last step of a transformer file, when that is one that builds messages."""
    if suffix == ".jmespath":
        body, start = without_comments(text)
        yield from _in_text(body, (), "", start)
        return
    try:
        steps = parse(text)
    except JsonError:
        return
    last = steps[-1] if isinstance(steps, list) and steps and isinstance(steps[-1], dict) else {}
    place = f"/{len(steps) - 1}" if last else ""
    if last.get("type") == "map":
        yield from _in_map(last.get("to"), (), f"{place}/to")
    elif last.get("type") == "jmespath":
        yield from _in_text(str(last.get("expression", "")), (), f"{place}/expression", 0)


def _in_map(node: Json, way: tuple[str, ...], pointer: str) -> Iterator[Alternative]:
    if isinstance(node, str):
        yield from _in_text(node, way, pointer, 0)
    for key, one in node.items() if isinstance(node, dict) else ():
        yield from _in_map(one, (*way, str(key)), f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")


def _in_text(text: str, way: tuple[str, ...], pointer: str, start: int) -> Iterator[Alternative]:
    try:
        tree = syntax_tree(text)
    except ExpressionError:
        return
    for inner, node in _chosen(tree, way, one_of=False):
        yield Alternative(inner, pointer, start, text, known_of(node))


def _chosen(node: Mapping[str, Any], way: tuple[str, ...], *, one_of: bool) -> Iterator[tuple[tuple[str, ...], Any]]:
    kind, children = node["type"], node.get("children", ())
    if kind == "pipe":
        yield from _chosen(children[-1], way, one_of=one_of)
    elif kind == "and_expression":
        yield from _chosen(children[-1], way, one_of=True)
    elif kind == "or_expression" or (kind == "function_expression" and node["value"] in _FIRST_OF):
        for child in children:
            yield from _chosen(child, way, one_of=True)
    elif one_of and kind in ("literal", "multi_select_dict"):
        yield way, node
    elif kind == "multi_select_dict":
        for pair in children:
            yield from _chosen(pair["children"][0], (*way, str(pair["value"])), one_of=False)
