"""Names that are compared with a number, and whether it is a text that stands there: the two are never equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from connector.core.jsonio import Json
from connector.transformers.names import Name, Node


class Compared(Struct):
    """One such name.

    Attributes:
        number: the number.
        equal: whether it is about being equal, not about an order.
        texts: how often a text was there.
        others: how often something else was, but for nothing.
    """

    name: Name
    number: Json
    equal: bool
    texts: int = 0
    others: int = 0


def note(found: dict[int, Compared], node: Node, values: Sequence[Json], name_of: Callable[[Node], Name]) -> None:
    """Count what stands beside a number.

    Args:
        found: by ``id`` of the comparison.
        node: the comparison.
        values: what its two sides yield.
        name_of: the name that a node of the type ``field`` is.
    """
    first, second = node["children"]
    for one, value, other in ((first, values[0], second), (second, values[1], first)):
        field = last_of(one)
        if field["type"] != "field" or other["type"] != "literal" or not _is_number(other["value"]) or value is None:
            continue
        equal = node["value"] in ("eq", "ne")
        counted = found.setdefault(id(node), Compared(name_of(field), other["value"], equal))
        counted.texts += isinstance(value, str)
        counted.others += not isinstance(value, str)


def last_of(node: Node) -> Node:
    """The last name of a chain."""
    while node["type"] == "subexpression":
        node = node["children"][-1]
    return node


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
