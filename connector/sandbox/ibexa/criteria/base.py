"""What criteria share: the hit that they test, and the ways of reading a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from connector.sandbox.ibexa.errors import PhpError, RestError
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


class ValidationError(RestError):
    """400 for what the server checks by constraints; unlike its parser's refusals it comes through as it is."""

    def __init__(self, criterion: str) -> None:
        super().__init__(400, f"Input data validation failed for {criterion}")


def like(pattern: str, stars: str = "*", single: str = "") -> Callable[[str], bool]:
    """Whether a text fits a pattern, without regard to case; each of ``stars`` stands for anything, ``single`` for one.

    SQL's own signs are ``%`` and ``_``; where the server does not escape them, they do what they do there.
    """
    parts = [".*" if each in stars else "." if each == single else re.escape(each) for each in collate(pattern)]
    fits = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda text: fits(collate(text)) is not None


def by_wildcard(value: Json) -> Callable[[str], bool]:
    """One text, in which ``*`` stands for anything, or several parted by commas, in which it does not."""
    texts_given = split(value)
    if len(texts_given) == 1 and "*" in texts_given[0]:
        return like(texts_given[0])
    wanted = {collate(each) for each in texts_given}
    return lambda text: collate(text) in wanted
