"""What a transformer file writes, as far as its text says so: keys and fixed values, without running it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.core.jsonio import Json, JsonError, parse
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import without_comments
from connector.transformers.positions import spot_of

UNKNOWN = "${…}"
"""Stands for a value that only a record gives. Checks leave texts with a reference in them alone, and so this one."""


class Skeleton(Struct, frozen=True):
    """What comes out of the file.

    Attributes:
        value: an object whose unknown leaves are ``UNKNOWN``.
        pointer: JSON pointer of the step's ``to`` that builds it, or of the text that does; empty in ``.jmespath``
            files, which have none.
        text: the one expression that writes all of it; empty when each value has its own.
        start: characters before it in the text at the pointer.
    """

    value: Mapping[str, Json]
    pointer: str
    text: str = ""
    start: int = 0

    def place(self, inner: str) -> tuple[str, int | None]:
        """Pointer in the file for one in the value, and how many characters into that text; None: it is no text."""
        if not self.text:
            return self.pointer + inner, None
        way = [part.replace("~1", "/").replace("~0", "~") for part in inner.split("/")[1:]]
        return self.pointer, self.start + spot_of(self.text, way).offset


def skeleton_of(text: str, suffix: str) -> Skeleton | None:
    """The skeleton of a transformer file; None when only running it tells, or when it does not compile.

    Args:
        text: of the file.
        suffix: ``.json`` or ``.jmespath``.
    """
    if suffix == ".jmespath":
        body, start = without_comments(text)
        found = _of_expression(body)
        return Skeleton(found, "", body, start) if isinstance(found, dict) else None
    try:
        steps = parse(text)
    except JsonError:
        return None
    for number, step in reversed(list(enumerate(steps if isinstance(steps, list) else ()))):
        kind = step.get("type") if isinstance(step, dict) else None
        if kind == "map" and isinstance(step.get("to"), dict):
            return Skeleton(_of_map(step["to"]), f"/{number}/to")
        if kind == "jmespath":
            body = str(step.get("expression", ""))
            found = _of_expression(body)
            return Skeleton(found, f"/{number}/expression", body) if isinstance(found, dict) else None
        if kind != "filter":
            return None
    return None


def _of_map(node: Json) -> Json:
    if isinstance(node, dict):
        return {name: _of_map(one) for name, one in node.items()}
    if isinstance(node, list):
        return [_of_map(one) for one in node]
    return _of_expression(node) if isinstance(node, str) else node


def _of_expression(text: str) -> Json:
    try:
        return known_of(syntax_tree(text))
    except ExpressionError:
        return UNKNOWN


def known_of(node: Mapping[str, Json]) -> Json:
    """What a node of jmespath's tree yields, as far as the text says so."""
    kind = node["type"]
    if kind == "multi_select_dict":
        return {str(pair["value"]): known_of(pair["children"][0]) for pair in node["children"]}
    if kind == "multi_select_list":
        return [known_of(one) for one in node["children"]]
    if kind == "literal":
        return node["value"]
    if kind == "pipe":
        return known_of(node["children"][-1])
    return UNKNOWN
