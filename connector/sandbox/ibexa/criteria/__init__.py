"""The criteria of a view: each turns its JSON value into a test on a hit (server-behaviour §6).

``AND`` and ``OR`` take an object whose keys are criteria, where a list means several of one kind; directly under Filter
a list goes to the criterion as it is, which most of them cannot take.
"""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.criteria import images, items, places, values
from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test, ValidationError
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, refused
from connector.sandbox.ibexa.repository import Repository

__all__ = ["Hit", "Test", "read"]

Json = Any
_READERS: dict[str, Reader] = {**items.READERS, **values.READERS, **places.READERS, **images.READERS}


def read(repository: Repository, given: Json, *, of_locations: bool) -> Test:
    """The test of a Filter or Query: its criteria joined by AND.

    Raises:
        RestError: 400 for an unknown criterion, 404 or 406 or 500 as the criterion has it.
        PhpError: a value of a type that the criterion cannot take.
    """
    named = given.items() if isinstance(given, dict) else enumerate(given)  # of a list the index is the name, as in PHP
    tests = [_one(repository, str(name), value) for name, value in named]
    if "IsBookmarkedCriterion" in given and not of_locations:
        raise refused("$query->filter", "Location Criteria cannot be used in Content search")
    return _all(tests)


def _one(repository: Repository, name: str, value: Json) -> Test:
    try:
        return _reader(name)(repository, value)
    except ValidationError:
        raise
    except RestError as error:
        if error.status != 400:
            raise
        raise RestError(400, f"Invalid Criterion id <{name}> in <AND>", previous=error) from error


def _reader(name: str) -> Reader:
    reader = _LOGIC.get(name) or _READERS.get(name)
    if reader is None:
        media = f"application/vnd.ibexa.api.internal.criterion.{name.replace('Criterion', '')}"
        raise bad_request(f"Unknown content type specification: '{media} (version: 1.0)'.")
    return reader


def _joined(repository: Repository, name: str, value: Json) -> list[Test]:
    if not isinstance(value, (dict, list)):
        raise bad_request(f"Invalid <{name}> format")
    named = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        _one(repository, str(each), single)
        for each, given in named
        for single in (given if isinstance(given, list) else [given])
    ]


def _and(repository: Repository, value: Json) -> Test:
    return _all(_joined(repository, "AND", value))


def _or(repository: Repository, value: Json) -> Test:
    tests = _joined(repository, "OR", value)
    return (lambda hit: any(test(hit) for test in tests)) if tests else lambda _: True


def _not(repository: Repository, value: Json) -> Test:
    if not isinstance(value, (dict, list)):
        raise PhpError
    if len(value) > 1:
        raise bad_request("NOT element can only contain one subitem")
    named = list(value.items() if isinstance(value, dict) else enumerate(value)) or [("", None)]
    test = _one(repository, str(named[0][0]), named[0][1])
    return lambda hit: not test(hit)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda hit: all(test(hit) for test in tests)


_LOGIC: dict[str, Reader] = {"AND": _and, "OR": _or, "NOT": _not}
