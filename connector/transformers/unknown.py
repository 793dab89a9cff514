"""A value of which nothing is known, as it takes part in trying an expression; and what counts as false."""

from __future__ import annotations

from typing import Final

from connector.core.jsonio import Json


class _Unknown:
    """A value of which nothing is known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


def is_unknown(value: Json) -> bool:
    """Whether anything in a value is not known."""
    if isinstance(value, dict):
        return any(map(is_unknown, value.values()))
    return any(map(is_unknown, value)) if isinstance(value, list) else value is UNKNOWN


def is_false(value: Json) -> bool:
    """JMESPath's idea of it."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)
