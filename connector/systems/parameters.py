"""Query parameters of an operation: which of them it cannot do without, and how a value is written."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from connector.core.errors import RecordError
from connector.core.jsonio import Json, type_name

_PLAIN = re.compile(r"[^\x00-\x1f\x7f]*")
Known = Mapping[str, Mapping[str, Json]]
"""The parameters of an operation, by name."""


def lacking(known: Known, given: Container[str]) -> str:
    """The parameter that is missing, or several of which one is: ``id or remoteId``; empty: none is."""
    needed = [name for name, one in known.items() if one.get("needed") is True and name not in given]
    either = [name for name, one in known.items() if one.get("needed") == "one"]
    if needed or not either or any(name in given for name in either):
        return needed[0] if needed else ""
    return " or ".join(either)


def must_have(operation: str, known: Known, given: Mapping[str, Json]) -> None:
    """Check that nothing is missing.

    Raises:
        RecordError: a parameter is, or is null.
    """
    missing = lacking(known, {name for name, value in given.items() if value is not None})
    if missing:
        hint = f'Give it "query": {{ "{missing.partition(" ")[0]}": … }}.'
        raise RecordError(f"{operation} needs query.{missing}", hint=hint, step="query")


def as_text(name: str, value: Json) -> str:
    """A value as it stands in an address.

    Raises:
        RecordError: it is of another type, or holds a control character.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(as_text(name, one) for one in value)
    if value is None or isinstance(value, dict):
        raise RecordError(f"the query value '{name}' is of type {type_name(value)}", hint="Give a text or a number.")
    text = str(value)
    if not _PLAIN.fullmatch(text):
        raise RecordError(f"the query value '{name}' holds a control character", hint="Clean it in the mapping.")
    return text
