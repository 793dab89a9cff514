"""JMESPath with our functions: checked when loaded, and with errors people understand; running is closures.py."""

from __future__ import annotations

import difflib
import math
import re
from typing import Any, cast

import jmespath
from jmespath import functions as builtin
from jmespath.exceptions import JMESPathError, LexerError, ParseError
from jmespath.lexer import Lexer

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.transformers.argument_references import misplaced
from connector.transformers.closures import compiled, naming
from connector.transformers.commas import missing_comma
from connector.transformers.failed import said_of
from connector.transformers.foreign import of_function, of_language
from connector.transformers.functions import FUNCTIONS, FunctionError
from connector.transformers.meant import QUOTES, of_brackets, of_call, of_character, of_words, quotes
from connector.transformers.signatures import how_to_call

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

    def __init__(self, text: str, *, names: bool = False, above: str = "") -> None:
        """Compile.

        Args:
            text: as written.
            names: what it yields names something: it fails where all that it reads is empty.
            above: the key that its value is for; of what names something, that of the object it stands in.

        Raises:
            ExpressionError: syntax, unknown function or wrong number of arguments, with its place.
        """
        self.text = text
        tree = syntax_tree(text)
        try:
            _check_calls(tree, text)
            if misplaced(tree):
                hint = "It belongs into sort_by(), max_by(), min_by() and map(). The value itself is written without &."
                raise ExpressionError("& stands where no function takes it", max(0, text.find("&")), hint)
            self._run = naming(tree, compiled(tree), above) if names else compiled(tree, above)
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
            hint = f"{error.hint} In: {shown(self.text, 100)}".strip()
            raise RecordError(str(error), hint=hint, step=step) from None
        except JMESPathError as error:
            raise RecordError(said_of(error), hint=f"In: {shown(self.text, 100)}", step=step) from None
        except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise RecordError(said_of(error), hint=f"In: {shown(self.text, 100)}", step=step) from None
        except RecursionError:
            raise RecordError("the record is nested too deep for this expression", step=step) from None
        if isinstance(found, float) and not math.isfinite(found):
            raise RecordError("the expression yields no finite number", hint=f"In: {shown(self.text, 100)}", step=step)
        return found


def syntax_tree(text: str) -> dict[str, Any]:
    """How jmespath reads an expression: ``{"type", "children", "value"}``, nested.

    Raises:
        ExpressionError: it does not.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters", hint="Split it into steps.")
    if not text.strip():
        raise ExpressionError("the expression is empty", hint="Write @ for the whole value, or `null`.")
    try:
        parsed = cast("dict[str, Any]", jmespath.compile(text).parsed)
    except LexerError as error:
        at = int(error.lexer_position or 0)
        hint = of_language(text, at) or of_character(text, at) or of_words(text, at) or quotes(text)
        raise ExpressionError(f"not JMESPath: {error.message}", at, hint) from None
    except ParseError as error:
        at, word = int(error.lex_position or 0), str(error.token_value)
        hint = _operator(word) or of_language(text, at) or of_words(text, at) or _number(error)
        hint = hint or of_brackets(Lexer().tokenize(text), at) or quotes(text)
        raise ExpressionError(_syntax(error), at, hint) from None
    except JMESPathError as error:
        raise ExpressionError(f"not JMESPath: {type(error).__name__}", hint=QUOTES) from None
    except RecursionError:
        raise ExpressionError("the expression is nested too deep", hint="Split it into steps.") from None
    apart = missing_comma(text)
    if apart is not None:
        at, word = apart
        hint = _operator(word) or of_language(text, at) or of_words(text, at) or _doubled(text, at)
        hint = hint or "Write a comma before it."
        raise ExpressionError(f"not JMESPath: {shown(word, 30)!r} is not expected here", at, hint)
    return parsed


_OPERATORS = {"and": "&&", "or": "||", "not": "!"}


def _operator(word: str) -> str:
    meant = _OPERATORS.get(word.lower())
    return f"Write {meant} for {word}." if meant else ""


def _doubled(text: str, offset: int) -> str:
    """``'it''s'``, as SQL and CSV write a quote within a text."""
    return "A quote within a text is written \\'." if text[offset - 1 : offset + 1] == "''" else ""


def _number(error: ParseError) -> str:
    return f"A number stands in backticks: `{error.token_value}`." if str(error.token_type).lower() == "number" else ""


def _syntax(error: ParseError) -> str:
    if error.token_value in (None, ""):
        return "not JMESPath: it ends too early"
    return f"not JMESPath: {shown(str(error.token_value), 30)!r} is not expected here"


def called(text: str) -> set[str]:
    """The names of all functions that an expression calls.

    Raises:
        ExpressionError: it is none.
    """
    found: set[str] = set()
    nodes = [syntax_tree(text)]
    while nodes:
        node = nodes.pop()
        if node["type"] == "function_expression":
            found.add(str(node["value"]))
        nodes += [child for child in node.get("children", ()) if isinstance(child, dict)]
    return found


def _check_calls(node: dict[str, Any], text: str) -> None:
    """Names and numbers of arguments, which jmespath itself only looks at when a record comes by; literals."""
    if node["type"] == "literal" and isinstance(node["value"], float) and not math.isfinite(node["value"]):
        raise ExpressionError("a number in backticks is too large", max(0, text.find("`")), "Write a smaller one.")
    if node["type"] == "function_expression":
        _check_call(node, text)
    for child in node.get("children", ()):
        if isinstance(child, dict):
            _check_calls(child, text)


def _check_call(node: dict[str, Any], text: str) -> None:
    name, count = node["value"], len(node["children"])
    called_at = re.search(rf"(?<!\w){re.escape(name)}\s*\(", text)
    offset = called_at.start() if called_at else 0
    if name in FUNCTIONS:
        least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
    elif name in _BUILTIN:
        signature = _BUILTIN[name]
        least = len(signature)
        most = None if signature and signature[-1].get("variadic") else least
    else:
        known = sorted({*FUNCTIONS, *_BUILTIN})
        near = difflib.get_close_matches(name, known, 1)
        listed = f"Did you mean {near[0]}()?" if near else "docs/reference/functions.md lists them all."
        hint = f"{of_function(name)} {of_call(text, offset)}".strip() or listed
        raise ExpressionError(f"there is no function {name}()", offset, hint)
    if count < least or (most is not None and count > most):
        wanted = f"{least}" if least == most else f"{least} or more" if most is None else f"{least} to {most}"
        message = f"{name}() takes {wanted} argument{'s' * (wanted != '1')}, not {count}"
        raise ExpressionError(message, offset, how_to_call(name, text, offset))
