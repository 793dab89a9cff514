"""Expressions that say where something is: ``records``, ``key``, ``next`` and the like. They know JMESPath alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.config.formats import Fault
from connector.transformers.expression import Expression, ExpressionError, called, syntax_tree
from connector.transformers.functions import FUNCTIONS

_READING = frozenset({"field", "current", "identity"})


def locator_fault(text: str) -> Fault | None:
    """Why an expression does not compile, or would find nothing."""
    try:
        Expression(text)
    except ExpressionError as error:
        return Fault("CFG160", f"does not compile: {error.message}", error.hint, error.offset)
    own = next((name for name in called(text) if name in FUNCTIONS), "")
    if own:
        hint = "Here only JMESPath's own work, e.g. join('-', [to_string(id), to_string(no)])."
        return Fault("CFG160", f"calls {own}(), which only mappings know", hint, max(0, text.find(f"{own}(")))
    return _constant(text)


def _constant(text: str) -> Fault | None:
    """Where it reads nothing, it is the same for all that comes."""
    tree = syntax_tree(text)
    if _reads(tree):
        return None
    literal = tree["value"] if tree["type"] == "literal" else None
    hint = "Write the name of what shall be read, with its path: data.items."
    if isinstance(literal, str) and literal:
        hint = f"Without the quotes it is the name: {literal}." if text.strip()[0] in "\"'`" else hint
    return Fault(
        "CFG253", "reads nothing: it is the same for all that comes", hint, severity="warning", called="the expression"
    )


def _reads(node: Mapping[str, Any]) -> bool:
    children = [one for one in node.get("children", ()) if isinstance(one, dict)]
    return node["type"] in _READING or any(map(_reads, children))
