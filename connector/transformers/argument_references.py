"""``&name``: what sort_by() and the like take. Anywhere else it is no value, and no JSON."""

from __future__ import annotations

from typing import Any

from jmespath import functions as builtin

_TAKEN = {
    name: {at for at, one in enumerate(entry["signature"]) if "expref" in one.get("types", ())}
    for name, entry in builtin.Functions.FUNCTION_TABLE.items()
}


def misplaced(node: dict[str, Any], *, taken: bool = False) -> bool:
    """Whether there is one where none is taken.

    Args:
        node: of jmespath's syntax tree.
        taken: it stands where one is.
    """
    if node["type"] == "expref" and not taken:
        return True
    places = _TAKEN.get(node["value"], set()) if node["type"] == "function_expression" else set()
    children = [(at, one) for at, one in enumerate(node.get("children", ())) if isinstance(one, dict)]
    return any(misplaced(one, taken=at in places) for at, one in children)
