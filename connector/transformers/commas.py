"""Commas that are missing between arguments or members: jmespath reads on, and takes one name for two."""

from __future__ import annotations

import re

from jmespath.lexer import Lexer

_NAMES = frozenset({"unquoted_identifier", "quoted_identifier", "literal", "number", "current"})
_ENDS = _NAMES | {"rbrace", "rbracket", "rparen", "star", "flatten"}
"""What an expression can end with."""
_BEGINS = _NAMES | {"expref", "not"}
"""What begins another one, wherever it stands behind an end."""

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`")


def missing_comma(text: str) -> tuple[int, str] | None:
    """Where something begins that nothing parts from what is before it, and its text; None: there is no such place.

    Args:
        text: an expression that jmespath compiles.
    """
    before = ""
    for token in Lexer().tokenize(text):
        if before in _ENDS and token["type"] in _BEGINS:
            start = int(token["start"])
            if token["type"] == "literal":  # of a text, jmespath tells how long it is, and not where it ends
                quoted = _QUOTED.match(text, start)
                return start, quoted[0] if quoted else text[start : start + 1]
            return start, text[start : int(token["end"])]
        before = str(token["type"])
    return None
