"""What XML leaves open and JSON says: which elements are lists, which texts are numbers or booleans.

The data is shapes.json: from the pairs of examples of Ibexa's reference, and from answers of a 4.6.25.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Self

from msgspec import Struct

from connector.core.jsonio import Json, parse
from connector.core.numbers import exactly

FIELD_HASHES = frozenset({"fieldValue", "defaultValue", "fieldSettings", "validatorConfiguration"})
"""Elements whose content is written as ``<value key="…">``, and not with the keys as names."""
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,30})")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?")


class Shapes(Struct, frozen=True):
    """The tables.

    Attributes:
        lists: parent, or grandparent/parent -> element -> key of the list in JSON.
        never_links: elements with an href whose list is always there, though it may be empty.
        wrapped: element whose whole content is a list -> name of its items.
        scalars: name, or parent/name -> integer, number, boolean, nullable (an empty one is null).
        values: field type, ``fieldSettings`` or ``validatorConfiguration`` -> key -> the same words, or text, list,
            object (an empty one is ``""``, ``[]`` or ``{}``, any other null), integers. ``""`` is the value itself.
        same_type: name of a field type in 5.0 -> its name in ``values``.
    """

    lists: Mapping[str, Mapping[str, str]]
    never_links: Sequence[str]
    wrapped: Mapping[str, str]
    scalars: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    same_type: Mapping[str, str]

    @classmethod
    def load(cls) -> Self:
        """From the package's data."""
        return cls(**parse((resources.files("connector.clients.ibexa_xml") / "shapes.json").read_bytes()))

    def lists_in(self, parent: str, grandparent: str) -> Mapping[str, str]:
        """The elements that are lists there, with their keys."""
        return self.lists.get(f"{grandparent}/{parent}") or self.lists.get(parent) or {}

    def scalar(self, name: str, parent: str) -> str:
        """What a text there is; empty: a text."""
        return self.scalars.get(f"{parent}/{name}") or self.scalars.get(name, "")

    def value(self, field_type: str) -> Mapping[str, str]:
        """What the parts of such a field's value are."""
        return self.values.get(self.same_type.get(field_type, field_type), {})


@cache
def shapes() -> Shapes:
    """The tables, read once."""
    return Shapes.load()


def typed(text: str, kind: str) -> Json:
    """The text as what it is there; a text that does not look like it stays one.

    Args:
        text: as it stands in the XML.
        kind: integer, number, boolean, nullable, or empty.
    """
    if kind == "integer":
        return int(text) if _INTEGER.fullmatch(text) else text or None
    if kind == "number":
        return _number(text) if _NUMBER.fullmatch(text) else text or None
    if kind == "boolean":
        return {"true": True, "1": True, "false": False, "0": False, "": False}.get(text, text)
    return (text or None) if kind == "nullable" else text


def _number(text: str) -> Json:
    found = exactly(text)
    if isinstance(found, Decimal):
        return found
    return int(found) if found.is_integer() and abs(found) < 2**53 else found
