"""How a function is called, for those who gave it another number of arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from connector.transformers.functions import FUNCTIONS

_BUILTIN: Final[Mapping[str, str]] = {
    "abs": "abs(price)",
    "avg": "avg(prices)",
    "ceil": "ceil(price)",
    "contains": "contains(tags, 'new')",
    "ends_with": "ends_with(name, 's')",
    "floor": "floor(price)",
    "join": "join(', ', tags)",
    "keys": "keys(names)",
    "length": "length(tags)",
    "map": "map(&name, children)",
    "max": "max(prices)",
    "max_by": "max_by(prices, &amount)",
    "merge": "merge(first, second)",
    "min": "min(prices)",
    "min_by": "min_by(prices, &amount)",
    "not_null": "not_null(title, name)",
    "reverse": "reverse(tags)",
    "sort": "sort(tags)",
    "sort_by": "sort_by(prices, &amount)",
    "starts_with": "starts_with(name, 'A')",
    "sum": "sum(prices)",
    "to_array": "to_array(tags)",
    "to_number": "to_number(price)",
    "to_string": "to_string(id)",
    "type": "type(price)",
    "values": "values(names)",
}


def how_to_call(name: str, text: str, offset: int) -> str:
    """An example of the call; of a method, as other languages have them, the call that was meant.

    Args:
        name: of a function that there is.
        text: of the expression.
        offset: where the call stands in it.
    """
    before = re.search(r"((?:[A-Za-z_]\w*|\"[^\"]*\")(?:\.(?:[A-Za-z_]\w*|\"[^\"]*\"))*)\s*\.\s*$", text[:offset])
    if before is not None:
        rest = re.match(rf"{re.escape(name)}\s*\(\s*\)", text[offset:])
        meant = f"{name}({before[1]})" if rest else f"{name}({before[1]}, …)"
        return f"What it is about stands in the brackets: {meant}."
    example = FUNCTIONS[name].example[0] if name in FUNCTIONS else _BUILTIN.get(name, "")
    return f"Such as {example}." if example else ""
