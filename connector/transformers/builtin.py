"""JMESPath's own functions for numbers that a double cannot hold; for all others they are as jmespath has them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from jmespath import functions

from connector.core.jsonio import Json, written
from connector.core.numbers import exact_sum, exactly


class Builtin(functions.Functions):
    """The built-in functions. To jmespath, a number's type is its name: here a Decimal is one, too."""

    def _get_allowed_pytypes(self, types: Any) -> tuple[list[str], list[tuple[str, ...]]]:
        allowed, inner = super()._get_allowed_pytypes(types)  # type: ignore[misc] # not in its stubs, as those below
        more = [*allowed, "Decimal"] if "float" in allowed else allowed
        return more, [(*one, "Decimal") if "float" in one else one for one in inner]

    def _convert_to_jmespath_type(self, name: str) -> str:
        found = super()._convert_to_jmespath_type(name)  # type: ignore[misc]
        return "number" if name == "Decimal" else str(found)

    @functions.signature({"types": ["number"]})
    def _func_abs(self, value: Any) -> Json:
        return value.copy_abs() if isinstance(value, Decimal) else abs(value)

    @functions.signature({"types": ["array-number"]})
    def _func_sum(self, values: list[Any]) -> Json:
        return exact_sum(values) if _any_exact(values) else sum(values)

    @functions.signature({"types": ["array-number"]})
    def _func_avg(self, values: list[Any]) -> Json:
        """A quotient has digits without end: it is a double, whatever is divided."""
        if not values:
            return None
        return float(Decimal(exact_sum(values)) / len(values)) if _any_exact(values) else sum(values) / len(values)

    @functions.signature({"types": []})
    def _func_to_string(self, value: Json) -> str:
        return value if isinstance(value, str) else written(value, ascii_only=True, compact=True)

    @functions.signature({"types": []})
    def _func_to_number(self, value: Json) -> Json:
        if isinstance(value, Decimal):
            return value
        found = super()._func_to_number(value)  # type: ignore[misc]
        # Of a text that is a number: what jmespath takes for one, and to the last digit.
        return exactly(value.strip()) if isinstance(value, str) and _is_finite(found, value) else found

    @functions.signature({"types": []})
    def _func_type(self, value: Json) -> Json:
        found = super()._func_type(value)  # type: ignore[misc]
        return "number" if isinstance(value, Decimal) else found


def _any_exact(values: list[Any]) -> bool:
    return any(isinstance(one, Decimal) for one in values)


def _is_finite(found: Json, text: str) -> bool:
    return isinstance(found, float) and (math.isfinite(found) or "e" in text.lower())
