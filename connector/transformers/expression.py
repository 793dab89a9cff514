"""JMESPath with our functions: compiled once, checked when loaded, quick when run, and with errors people understand.

jmespath's own interpreter walks the syntax tree by name for every record; here the tree is turned into closures once.
What a node means is jmespath's business: a test compares both on its compliance-like corpus.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from typing import Any, cast

import jmespath
from jmespath import functions as builtin
from jmespath.exceptions import JMESPathError, LexerError, ParseError
from jmespath.visitor import Options, TreeInterpreter

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.transformers.functions import FUNCTIONS, FunctionError

Run = Callable[[Json], Json]

_BUILTIN = {name: entry["signature"] for name, entry in builtin.Functions.FUNCTION_TABLE.items()}
MAX_LENGTH = 20_000


class ExpressionError(ValueError):
    """An expression that cannot be compiled.

    Attributes:
        offset: characters into the text where the fault is.
        hint: what to do.
    """

    def __init__(self, message: str, offset: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


class Expression:
    """A compiled expression."""

    __slots__ = ("_run", "text")

    def __init__(self, text: str) -> None:
        """Compile.

        Raises:
            ExpressionError: syntax, unknown function or wrong number of arguments, with its place.
        """
        self.text = text
        tree = _parsed(text)
        try:
            _check_calls(tree, text)
            self._run = _compiled(tree)
        except RecursionError:
            raise ExpressionError("the expression is nested too deep", hint="Split it into steps.") from None

    def search(self, value: Json, step: str = "") -> Json:
        """What the expression finds in the value; null for what is not there.

        Raises:
            RecordError: a function refuses its arguments, or the result is no JSON number.
        """
        try:
            found = self._run(value)
        except FunctionError as error:
            raise RecordError(str(error), hint=f"In: {shown(self.text, 100)}", step=step) from None
        except JMESPathError as error:
            raise RecordError(_sentence(error), hint=f"In: {shown(self.text, 100)}", step=step) from None
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            message = f"the expression cannot be evaluated ({type(error).__name__})"
            raise RecordError(message, hint=f"In: {shown(self.text, 100)}", step=step) from None
        except RecursionError:
            raise RecordError("the record is nested too deep for this expression", step=step) from None
        if isinstance(found, float) and not math.isfinite(found):
            raise RecordError("the expression yields no finite number", hint=f"In: {shown(self.text, 100)}", step=step)
        return found


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", hint="Split it into steps.")
    try:
        parsed = cast("dict[str, Any]", jmespath.compile(text).parsed)
    except LexerError as error:
        raise ExpressionError(f"not JMESPath: {error.message}", int(error.lexer_position or 0), _QUOTES) from None
    except ParseError as error:
        raise ExpressionError(_syntax(error), int(error.lex_position or 0), _QUOTES) from None
    except JMESPathError as error:
        raise ExpressionError(f"not JMESPath: {type(error).__name__}", hint=_QUOTES) from None
    except RecursionError:
        raise ExpressionError("the expression is nested too deep", hint="Split it into steps.") from None
    return parsed


_QUOTES = "Texts stand in single quotes, numbers and null in backticks, odd names in double quotes."


def _syntax(error: ParseError) -> str:
    if not error.token_value:
        return "not JMESPath: it ends too early"
    return f"not JMESPath: {shown(str(error.token_value), 30)!r} is not expected here"


def _check_calls(node: dict[str, Any], text: str) -> None:
    """Names and numbers of arguments, which jmespath itself only looks at when a record comes by."""
    if node["type"] == "function_expression":
        _check_call(node, text)
    for child in node.get("children", ()):
        if isinstance(child, dict):
            _check_calls(child, text)


def _check_call(node: dict[str, Any], text: str) -> None:
    name, count = node["value"], len(node["children"])
    offset = max(0, text.find(f"{name}("))
    if name in FUNCTIONS:
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
    elif name in _BUILTIN:
        signature = _BUILTIN[name]
        least = len(signature)
        most = None if signature and signature[-1].get("variadic") else least
    else:
        known = sorted({*FUNCTIONS, *_BUILTIN})
        near = difflib.get_close_matches(name, known, 1)
        hint = f"Did you mean {near[0]}()?" if near else "docs/reference/functions.md lists them all."
        raise ExpressionError(f"there is no function {name}()", offset, hint)
    if count < least or (most is not None and count > most):
        wanted = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
        raise ExpressionError(f"{name}() takes {wanted} arguments, not {count}", offset)


def _sentence(error: JMESPathError) -> str:
    """Jmespath's errors quote whole values; say what is known without them."""
    name = getattr(error, "function_name", "")
    expected = getattr(error, "expected_types", None)
    if name and expected:
        return f"{name}() wants {' or '.join(map(str, expected))}, not {getattr(error, 'actual_type', 'that')}"
    return f"the expression cannot be evaluated ({type(error).__name__})"


# -- closures ----------------------------------------------------------------------------------------------------------


class _All(builtin.Functions):
    """The built-in functions, and ours for the nodes that jmespath's own interpreter evaluates."""


def _as_builtin(call: Callable[..., Json]) -> Callable[..., Json]:
    return lambda _self, *arguments: call(*arguments)


_ANY = [{"types": [], "variadic": True}]
_All.FUNCTION_TABLE = {
    **builtin.Functions.FUNCTION_TABLE,
    **{name: {"function": _as_builtin(one.call), "signature": _ANY} for name, one in FUNCTIONS.items()},
}
_TABLE = _All()
_INTERPRETER = TreeInterpreter(Options(custom_functions=_TABLE))


def _compiled(node: dict[str, Any]) -> Run:
    return _COMPILERS.get(node["type"], _interpreted)(node)


def _interpreted(node: dict[str, Any]) -> Run:
    """For rare nodes: jmespath's own interpreter."""
    return lambda value: _INTERPRETER.visit(cast("Any", node), value)


def _field(node: dict[str, Any]) -> Run:
    name = node["value"]
    return lambda value: value.get(name) if isinstance(value, dict) else None


def _chain(node: dict[str, Any]) -> Run:
    runs = [_compiled(child) for child in node["children"]]
    if len(runs) == 2:
        first, second = runs
        return lambda value: second(first(value))

    def run(value: Json) -> Json:
        for one in runs:
            value = one(value)
        return value

    return run


def _index(node: dict[str, Any]) -> Run:
    at = node["value"]

    def run(value: Json) -> Json:
        if not isinstance(value, list):
            return None
        return value[at] if -len(value) <= at < len(value) else None

    return run


def _literal(node: dict[str, Any]) -> Run:
    constant = node["value"]
    return lambda _value: constant


def _current(_node: dict[str, Any]) -> Run:
    return lambda value: value


def _is_false(value: Json) -> bool:
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


def _or(node: dict[str, Any]) -> Run:
    left, right = (_compiled(child) for child in node["children"])

    def run(value: Json) -> Json:
        found = left(value)
        return right(value) if _is_false(found) else found

    return run


def _and(node: dict[str, Any]) -> Run:
    left, right = (_compiled(child) for child in node["children"])

    def run(value: Json) -> Json:
        found = left(value)
        return found if _is_false(found) else right(value)

    return run


def _not(node: dict[str, Any]) -> Run:
    inner = _compiled(node["children"][0])

    def run(value: Json) -> Json:
        found = inner(value)
        # Zero is true in JMESPath, unlike in Python.
        return False if isinstance(found, int | float) and not isinstance(found, bool) else _is_false(found)

    return run


def _hash(node: dict[str, Any]) -> Run:
    pairs = [(child["value"], _compiled(child["children"][0])) for child in node["children"]]
    return lambda value: None if value is None else {name: run(value) for name, run in pairs}


def _list(node: dict[str, Any]) -> Run:
    runs = [_compiled(child) for child in node["children"]]
    return lambda value: None if value is None else [run(value) for run in runs]


def _projection(node: dict[str, Any]) -> Run:
    base, each = (_compiled(child) for child in node["children"])

    def run(value: Json) -> Json:
        found = base(value)
        if not isinstance(found, list):
            return None
        return [one for one in map(each, found) if one is not None]

    return run


def _filter(node: dict[str, Any]) -> Run:
    base, each, test = (_compiled(child) for child in node["children"])

    def run(value: Json) -> Json:
        found = base(value)
        if not isinstance(found, list):
            return None
        kept = (each(one) for one in found if not _is_false(test(one)))
        return [one for one in kept if one is not None]

    return run


def _flatten(node: dict[str, Any]) -> Run:
    base = _compiled(node["children"][0])

    def run(value: Json) -> Json:
        found = base(value)
        if not isinstance(found, list):
            return None
        flat: list[Json] = []
        for one in found:
            flat.extend(one) if isinstance(one, list) else flat.append(one)
        return flat

    return run


def _call(node: dict[str, Any]) -> Run:
    name = node["value"]
    if name not in FUNCTIONS or any(child["type"] == "expref" for child in node["children"]):
        return _builtin_call(node)
    call = FUNCTIONS[name].call
    runs = [_compiled(child) for child in node["children"]]
    return lambda value: call(*[run(value) for run in runs])


def _builtin_call(node: dict[str, Any]) -> Run:
    if any(child["type"] == "expref" for child in node["children"]):
        return _interpreted(node)  # sort_by(&x) and its like evaluate by themselves
    name = node["value"]
    runs = [_compiled(child) for child in node["children"]]
    return lambda value: _TABLE.call_function(name, [run(value) for run in runs])


def _comparator(node: dict[str, Any]) -> Run:
    left, right = (_compiled(child) for child in node["children"])
    compare = TreeInterpreter.COMPARATOR_FUNC[node["value"]]
    if node["value"] in ("eq", "ne"):
        return lambda value: compare(left(value), right(value))

    def run(value: Json) -> Json:
        one, other = left(value), right(value)
        return compare(one, other) if _has_order(one) and _has_order(other) else None

    return run


def _has_order(value: Json) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


_COMPILERS: dict[str, Callable[[dict[str, Any]], Run]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "index": _index,
    "literal": _literal,
    "current": _current,
    "identity": _current,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "multi_select_dict": _hash,
    "multi_select_list": _list,
    "projection": _projection,
    "filter_projection": _filter,
    "flatten": _flatten,
    "function_expression": _call,
    "comparator": _comparator,
}
