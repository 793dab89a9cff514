"""The criteria of a view: each turns its JSON value into a test on a hit (server-behaviour §6).

``AND`` and ``OR`` take an object whose keys are criteria, where a list means several of one kind; directly under Filter
a list goes to the criterion as it is, which most of them cannot take.
"""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.criteria import images, items, places, values
from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test
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
    if not isinstance(given, dict):
        raise PhpError
    if "IsBookmarkedCriterion" in given and not of_locations:
        raise refused("$query->filter", "Location Criteria cannot be used in Content search")
    return _all([_one(repository, name, value, "AND") for name, value in given.items()])


def _one(repository: Repository, name: str, value: Json, within: str) -> Test:
    if name in {"AND", "OR"}:
        return _joined(repository, name, value, within)
    if name == "NOT":
        return _negated(repository, value)
    reader = _READERS.get(name)
    if reader is None:
        raise _unknown(name, within)
    return reader(repository, value)


def _unknown(name: str, within: str, previous: RestError | None = None) -> RestError:
    if previous is None:
        media = f"application/vnd.ibexa.api.internal.criterion.{name.removesuffix('Criterion')}"
        previous = bad_request(f"Unknown content type specification: '{media} (version: 1.0)'.")
    return RestError(400, f"Invalid Criterion id <{name}> in <{within}>", previous=previous)


def _joined(repository: Repository, name: str, value: Json, within: str) -> Test:
    if isinstance(value, list) and value:
        raise _unknown(name, within, _unknown("0", "AND"))  # the list's first index is taken for a criterion
    if not value:
        return lambda _: True
    if not isinstance(value, dict):
        raise bad_request(f"Invalid <{name}> format")
    tests = [
        _one(repository, each, single, name)
        for each, given in value.items()
        for single in (given if isinstance(given, list) else [given])
    ]
    return _all(tests) if name == "AND" else lambda hit: any(test(hit) for test in tests)


def _negated(repository: Repository, value: Json) -> Test:
    if not isinstance(value, dict) or len(value) != 1:
        raise bad_request("NOT element can only contain one subitem")
    [(name, given)] = value.items()
    test = _one(repository, name, given, "NOT")
    return lambda hit: not test(hit)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda hit: all(test(hit) for test in tests)
