"""Expressions that say where something is: ``records``, ``key``, ``next`` and the like. They know JMESPath alone."""

from __future__ import annotations

from connector.config.formats import Fault
from connector.transformers.expression import Expression, ExpressionError, called
from connector.transformers.functions import FUNCTIONS


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
    return None
