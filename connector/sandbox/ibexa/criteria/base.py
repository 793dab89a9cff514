"""What criteria share: the hit that they test, and the ways of reading a value."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from connector.sandbox.ibexa.errors import PhpError
from connector.sandbox.ibexa.model import Content, Location
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any


class Hit(NamedTuple):  # of which a search makes one for every item; a dataclass takes three times as long
    """What a query tests: an item with its locations, or with the one that is being looked for."""

    content: Content
    places: tuple[Location, ...]
    of_location: bool = False
    bookmarked: bool = False


Test = Callable[[Hit], bool]
Reader = Callable[[Repository, Json], Test]


def split(value: Json) -> list[str]:
    """A comma-joined text; a list is a PHP type error."""
    if isinstance(value, (list, dict)):
        raise PhpError
    return str(value).split(",")


def numbers(value: Json) -> set[int]:
    """The ids in a number or a comma-joined text."""
    return {int(each) for each in split(value) if each.strip().lstrip("-").isdigit()}


def numbers_or_list(value: Json) -> set[int]:
    """The ids in a list, or a single one."""
    if isinstance(value, list):
        return {int(each) for each in value}
    return {int(value)} if str(value).isdigit() else set()


def texts(value: Json) -> set[str]:
    """The comma-joined texts in the form in which the database compares them."""
    return {collate(each) for each in split(value)}


def wildcard(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern with ``*``, without regard to case."""
    return fnmatchcase(collate(text), collate(pattern).replace("[", "[[]"))
