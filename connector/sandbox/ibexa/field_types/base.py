"""What a field type is: a way in, an empty value, checks, and a text for names and searches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from connector.sandbox.ibexa.errors import broken_in_database, refused
from connector.sandbox.ibexa.model import FieldDefinition

Json = Any
Problem = tuple[str, str]  # the part of the value, the message

_PHP_NAMES = {str: "string", bool: "boolean", int: "integer", float: "double", list: "array", dict: "array"}


class FieldContext(Struct, frozen=True):
    """Where a value is going to be stored.

    ``content_exists`` and ``location_exists`` ask the repository about what a value leads to; ``keep`` stores the bytes
    of a file by its id.
    """

    definition: FieldDefinition
    content_id: int
    field_id: int
    version: int
    language: str
    content_exists: Callable[[int], bool]
    location_exists: Callable[[int], bool]
    keep: Callable[[str, bytes], None]


def no_problems(_value: Json, _context: FieldContext) -> list[Problem]:
    """The check of a type that has none."""
    return []


def as_text(value: Json) -> str:
    """The text of a plain value."""
    return "" if value is None else str(value)


class FieldKind(Struct, frozen=True):
    """One field type.

    ``parse`` turns fieldValue into the stored form, which is also the form given out, or raises RestError or PhpError;
    ``empty`` is the stored form of nothing; ``check`` runs on values that are not empty.
    """

    parse: Callable[[Json, FieldContext], Json]
    empty: Json = None
    check: Callable[[Json, FieldContext], list[Problem]] = no_problems
    text: Callable[[Json], str] = as_text
    is_empty: Callable[[Json], bool] | None = None

    def holds_nothing(self, value: Json) -> bool:
        """Whether a required field with this value counts as left out."""
        return self.is_empty(value) if self.is_empty else value is None or value == self.empty


def stored(number: int) -> int:
    """As the database takes it, whose columns for integers and times have 32 bits; any other is a 500."""
    if not -(2**31) <= number < 2**31:
        raise broken_in_database("out of range for data_int")
    return number


def wrong_type(property_name: str, expected: str, value: Json) -> Exception:
    """406 in the server's words; it leaves the actual type out for values that PHP calls empty."""
    told = f"value must be of type '{expected}'"
    if value:
        told += f", not '{_PHP_NAMES.get(type(value), 'object')}'"
    return refused(f"$value->{property_name}", told)
