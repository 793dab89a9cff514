"""What one name of an expression met in the records that it was tried with."""

from __future__ import annotations

from msgspec import Struct, field

from connector.transformers.names import Name


class Sight(Struct):
    """What one name met.

    Attributes:
        met: it was there at least once; a null counts.
        missed: how often it was not.
        there: the names that were there instead.
        kinds: what was there when it was no object: ``list``, ``text`` …
    """

    name: Name
    met: bool = False
    missed: int = 0
    there: dict[str, None] = field(default_factory=dict)
    kinds: set[type] = field(default_factory=set)
