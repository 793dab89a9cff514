"""Names that an element, a part or every element is taken of, and whether a text stands there: that yields nothing."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from connector.core.jsonio import Json
from connector.transformers.compared import last_of
from connector.transformers.names import Name, Node


class Listed(Struct):
    """One such name.

    Attributes:
        texts: how often a text was there.
        others: how often something else was, but for nothing.
    """

    name: Name
    texts: int = 0
    others: int = 0


def note(found: dict[int, Listed], base: Node, value: Json, name_of: Callable[[Node], Name]) -> None:
    """Count what is taken for a list.

    Args:
        found: by ``id`` of the name's node.
        base: what stands before the brackets.
        value: what it yields.
        name_of: the name that a node of the type ``field`` is.
    """
    field = last_of(base)
    if field["type"] == "field" and value is not None:
        counted = found.setdefault(id(field), Listed(name_of(field)))
        counted.texts += isinstance(value, str)
        counted.others += not isinstance(value, str)
