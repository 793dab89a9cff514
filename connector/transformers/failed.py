"""Why an expression could not be evaluated, in plain words: Python's and jmespath's own name their insides."""

from __future__ import annotations

from jmespath.exceptions import ArityError, JMESPathError, JMESPathTypeError, UnknownFunctionError

from connector.core.jsonio import JsonError

_KINDS = {
    "array": "a list",
    "array-string": "a list of texts",
    "array-number": "a list of numbers",
    "object": "an object",
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "expref": "an expression behind &",
}
_PYTHON = {"str": "string", "int": "number", "float": "number", "Decimal": "number", "bool": "boolean"}
_PYTHON |= {"NoneType": "null", "list": "array", "dict": "object", "_Expression": "expref"}


def said_of(error: Exception) -> str:
    """A sentence without values, which may be long, and without the names of Python's classes."""
    if isinstance(error, JMESPathTypeError):
        wanted = " or ".join(dict.fromkeys(_kind(one) for one in error.expected_types))
        return f"{error.function_name}() wants {wanted}, not {_kind(error.actual_type)}"
    if isinstance(error, ArityError | UnknownFunctionError):
        return f"the expression cannot be evaluated: {error}"
    if isinstance(error, JsonError):
        return f"the expression cannot be evaluated: a value {error}"
    if isinstance(error, ArithmeticError):
        return "the expression cannot be evaluated: a number is too large, or divided by nothing"
    if isinstance(error, TypeError):
        return "values of different types cannot be compared, such as a text and a number"
    if isinstance(error, ValueError) and "slice step" in str(error):
        return "the expression cannot be evaluated: a step of 0 in [::]"
    if isinstance(error, ValueError | JMESPathError):
        return "the expression cannot be evaluated: a value is not of the kind that it wants"
    return "the expression cannot be evaluated: a value has not the form that it wants"


def _kind(word: object) -> str:
    text = str(word)
    return _KINDS.get(_PYTHON.get(text, text), text)
