"""XML as the server reads and writes it; ``names.json`` says what the elements of lists are called."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def names() -> dict[str, Any]:
    """The tables, read once.

    ``items`` (parent.key -> element) for lists whose elements are not called as their key, ``left_out`` and
    ``ones_for_true`` (parent.key), ``hashes`` for values with keys as attributes, ``lists_in_bodies`` (parent ->
    elements) for those that are lists in a body, even if there is one only.
    """
    tables: dict[str, Any] = json.loads((resources.files(__name__) / "names.json").read_text(encoding="utf-8"))
    return tables
