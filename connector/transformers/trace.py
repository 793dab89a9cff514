"""What the names of an expression meet in real records, told by evaluating it: found, or never there.

Unlike a run, a trace goes into every branch, whether or not it decides anything, so that no name is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jmespath.exceptions import JMESPathError

from connector.core.jsonio import Json
from connector.transformers.closures import compiled
from connector.transformers.compared import Compared, note
from connector.transformers.emptied import Emptied, watched
from connector.transformers.emptied import note as note_emptied
from connector.transformers.expression import Expression, syntax_tree
from connector.transformers.failed import said_of
from connector.transformers.functions import FunctionError
from connector.transformers.listed import Listed
from connector.transformers.listed import note as note_listed
from connector.transformers.names import names_of
from connector.transformers.sight import Sight
from connector.transformers.unknown import UNKNOWN, is_false, is_unknown

Node = Mapping[str, Any]
_KNOWN_NAMES = 200


class Traced:
    """One expression that is evaluated with one record after the other.

    Attributes:
        text: as written.
        ran, failed: how often it was evaluated, and could not be.
        fault: why not, the first time.
        compared: by node, what is compared with a number.
        hint: what to do about that, where it is known.
        listed: by node, what is taken for a list.
        watched, emptied: by node, what is made a number of, or nothing.
    """

    def __init__(self, text: str) -> None:
        """Compile.

        Raises:
            ExpressionError: it cannot be.
        """
        Expression(text)
        self.text = text
        self._tree = syntax_tree(text)
        self._runs: dict[int, Callable[[Json], Json]] = {}
        self.names = names_of(self._tree, text)
        self.sights = {at: Sight(name) for at, name in self.names.items()}
        self.ran = self.failed = 0
        self.fault = self.hint = ""
        self.watched = watched(self._tree, text)
        self.emptied: dict[int, Emptied] = {}
        self.compared: dict[int, Compared] = {}
        self.listed: dict[int, Listed] = {}

    @property
    def done(self) -> bool:
        """Whether every name was met, and more records would tell nothing else."""
        return not self.watched and all(one.met for one in self.sights.values())

    @property
    def is_name(self) -> bool:
        """Whether it is nothing but one name."""
        return bool(self._tree["type"] == "field")

    def run(self, value: Json) -> Json:
        """The value that it yields; ``UNKNOWN`` when it fails, or when that hangs on something unknown."""
        self.ran += 1
        before = self.failed
        found = self.visit(self._tree, value)
        self.failed = min(self.failed, before + 1)
        return found

    def visit(self, node: Node, value: Json) -> Json:
        """What a node yields."""
        return _VISITS.get(node["type"], _computed)(self, node, value)

    def take(self, base: Node, value: Json) -> Json:
        """What a node yields, which is taken for a list."""
        found = self.visit(base, value)
        note_listed(self.listed, base, found, lambda one: self.sights[id(one)].name)
        return found

    def see(self, node: Node, value: Json) -> Json:
        """Look a name up."""
        sight = self.sights[id(node)]
        if isinstance(value, dict):
            if node["value"] in value:
                sight.met = True
                return value[node["value"]]
            if sight.name.text == "null" and not sight.name.quoted:
                return None  # as it looks
            sight.missed += 1
            if len(sight.there) < _KNOWN_NAMES:
                sight.there.update(dict.fromkeys(map(str, value)))
        elif value is UNKNOWN:
            sight.met = True
            return UNKNOWN
        elif value is not None:
            sight.missed += 1
            sight.kinds.add(type(value))
        return None

    def compute(self, node: Node, value: Json) -> Json:
        """What a node yields, computed as in a run."""
        run = self._runs.get(id(node))
        if run is None:
            run = self._runs[id(node)] = compiled(dict(node))
        try:
            return run(value)
        except FunctionError as error:
            self._fail(str(error), error.hint)
        except RecursionError:
            self._fail("the record is nested too deep for this expression")
        except (JMESPathError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            self._fail(said_of(error))
        return UNKNOWN

    def _fail(self, why: str, hint: str = "") -> None:
        self.failed += 1
        self.hint = self.hint or ("" if self.fault else hint)
        self.fault = self.fault or why


def _computed(me: Traced, node: Node, value: Json) -> Json:
    """Any node whose children are all evaluated with the same value, functions among them."""
    given = [me.visit(one, value) for one in node["children"] if isinstance(one, dict) and one["type"] != "expref"]
    if node["type"] == "comparator":
        note(me.compared, node, given, lambda one: me.sights[id(one)].name)
    for one in node["children"]:
        if isinstance(one, dict) and one["type"] == "expref":
            for element in (each for listed in given if isinstance(listed, list) for each in listed):
                me.visit(one["children"][0], element)
    if value is UNKNOWN or any(map(is_unknown, given)):
        return UNKNOWN
    made = me.compute(node, value)
    if id(node) in me.watched:
        note_emptied(me.emptied, (node, me.watched[id(node)]), given[0], made, me.names)
    return made


def _literal(_me: Traced, node: Node, _value: Json) -> Json:
    return node["value"]


def _current(_me: Traced, _node: Node, value: Json) -> Json:
    return value


def _chain(me: Traced, node: Node, value: Json) -> Json:
    for child in node["children"]:
        value = me.visit(child, value)
    return value


def _indexed(me: Traced, node: Node, value: Json) -> Json:
    base, *rest = node["children"]
    value = me.take(base, value)
    for child in rest:
        value = me.visit(child, value)
    return value


def _index(_me: Traced, node: Node, value: Json) -> Json:
    if value is UNKNOWN or not isinstance(value, list):
        return UNKNOWN if value is UNKNOWN else None
    return value[node["value"]] if -len(value) <= node["value"] < len(value) else None


def _or(me: Traced, node: Node, value: Json) -> Json:
    left, right = (me.visit(one, value) for one in node["children"])
    return right if is_false(left) else left


def _and(me: Traced, node: Node, value: Json) -> Json:
    left, right = (me.visit(one, value) for one in node["children"])
    return left if left is UNKNOWN or is_false(left) else right


def _hash(me: Traced, node: Node, value: Json) -> Json:
    if value is None:
        return None
    return {str(one["value"]): me.visit(one["children"][0], value) for one in node["children"]}


def _list(me: Traced, node: Node, value: Json) -> Json:
    return None if value is None else [me.visit(one, value) for one in node["children"]]


def _projection(me: Traced, node: Node, value: Json) -> Json:
    base, each = node["children"]
    return _each(me, each, me.take(base, value))


def _value_projection(me: Traced, node: Node, value: Json) -> Json:
    base, each = node["children"]
    found = me.visit(base, value)
    return _each(me, each, list(found.values()) if isinstance(found, dict) else found)


def _filter(me: Traced, node: Node, value: Json) -> Json:
    base, each, test = node["children"]
    found = me.take(base, value)
    if not isinstance(found, list):
        return UNKNOWN if found is UNKNOWN else None
    return _each(me, each, [one for one in found if not is_false(me.visit(test, one))])


def _each(me: Traced, each: Node, found: Json) -> Json:
    if found is UNKNOWN:
        me.visit(each, UNKNOWN)
    if not isinstance(found, list):
        return UNKNOWN if found is UNKNOWN else None
    return [one for one in (me.visit(each, one) for one in found) if one is not None]


def _flatten(me: Traced, node: Node, value: Json) -> Json:
    found = me.take(node["children"][0], value)
    if not isinstance(found, list):
        return UNKNOWN if found is UNKNOWN else None
    return [inner for one in found for inner in (one if isinstance(one, list) else [one])]


_VISITS: Mapping[str, Callable[[Traced, Node, Json], Json]] = {
    "field": Traced.see,
    "literal": _literal,
    "current": _current,
    "identity": _current,
    "subexpression": _chain,
    "index_expression": _indexed,
    "pipe": _chain,
    "index": _index,
    "or_expression": _or,
    "and_expression": _and,
    "multi_select_dict": _hash,
    "multi_select_list": _list,
    "projection": _projection,
    "value_projection": _value_projection,
    "filter_projection": _filter,
    "flatten": _flatten,
}
