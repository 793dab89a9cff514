"""How far a route's transformers reach into a record: which members they may read, by what their texts say.

In doubt a member is taken to be read: what is not, nobody needs again, neither for a retry nor for a replay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.core.jsonio import Json, JsonError, parse
from connector.transformers.expression import ExpressionError, syntax_tree
from connector.transformers.files import expression_of, expressions_in

_KNOWN = ("filter", "split", "map", "jmespath")
_BUILDS = ("map", "jmespath")
_PARENT = "parent"
"""Under this name a split gives on the whole record."""


class Reach:
    """Of one route.

    Args:
        files: text and suffix of each transformer file, in the route's order.
    """

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        self._names: set[str] = set()
        self._whole: set[str] = set()
        self._everything = False
        builds = [self._file(*one) for one in files]
        self._everything = self._everything or not any(builds)  # then the record itself is the message

    def covers(self, way: Sequence[str]) -> bool:
        """Whether a member may be read: by its own name, as a part of something that is, or with everything.

        Args:
            way: the names that lead to it in the record, without places in lists.
        """
        return self._everything or way[-1] in self._names or not self._whole.isdisjoint(way)

    def _file(self, text: str, suffix: str) -> bool:
        """Whether it builds something new of a record."""
        if suffix == ".jmespath":
            self._expression(expression_of(text))
            return True
        try:
            steps = parse(text)
        except JsonError:
            steps = None
        kinds = [str(one.get("type")) if isinstance(one, dict) else "" for one in steps or ()]
        if not isinstance(steps, list) or any(one not in _KNOWN for one in kinds):
            self._everything = True
            return False
        for number, step in enumerate(steps):
            self._step(step, number)
        if any(one.get("keep_parent") for one in steps):
            self._everything = self._everything or _PARENT in self._whole or kinds[-1] not in _BUILDS
        return any(one in _BUILDS for one in kinds)

    def _step(self, step: Mapping[str, Json], number: int) -> None:
        for _, text in expressions_in(step, f"/{number}"):
            self._expression(text)

    def _expression(self, text: str) -> None:
        try:
            self._look(syntax_tree(text), led=False)
        except ExpressionError:
            self._everything = True

    def _look(self, node: Mapping[str, Any], *, led: bool) -> None:
        """``led``: only what is named behind the node is read of what it yields."""
        kind, children = node["type"], [one for one in node.get("children", ()) if isinstance(one, dict)]
        if kind == "field":
            self._names.add(str(node["value"]))
            if not led:
                self._whole.add(str(node["value"]))
        elif kind in ("current", "identity", "value_projection"):
            self._everything = self._everything or not led or kind == "value_projection"
        elif kind in ("subexpression", "pipe"):
            for one in children[:-1]:
                self._look(one, led=True)
            self._look(children[-1], led=led)
        elif kind in ("projection", "filter_projection"):
            base, each, *tests = children
            is_all = each["type"] in ("identity", "current")
            self._look(base, led=led if is_all else True)
            for one in [*([] if is_all else [each]), *tests]:
                self._look(one, led=led and one is each)
        else:
            through = kind in ("index_expression", "flatten", "or_expression", "and_expression")
            for one in children:
                self._look(one, led=led and through)
