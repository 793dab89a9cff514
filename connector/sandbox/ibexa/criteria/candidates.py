"""Which items a filter could find at all, where one of its criteria has an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from connector.sandbox.ibexa.criteria.base import numbers
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository

Json = Any


def _by_remote_id(repository: Repository, value: Json) -> set[int]:
    owners = (repository.content_by_remote_id(each) for each in str(value).split(","))
    return {each.id for each in owners if each}


def _by_id(_repository: Repository, value: Json) -> set[int]:
    return numbers(value)


def _by_location(repository: Repository, value: Json) -> set[int]:
    places = (repository.locations.get(each) for each in numbers(value))
    return {each.content_id for each in places if each}


def _by_parent(repository: Repository, value: Json) -> set[int]:
    return {each.content_id for parent in numbers(value) for each in repository.children_of(parent)}


_INDEXES: dict[str, Callable[[Repository, Json], set[int]]] = {
    "ContentRemoteIdCriterion": _by_remote_id,
    "ContentIdCriterion": _by_id,
    "LocationIdCriterion": _by_location,
    "ParentLocationIdCriterion": _by_parent,
}


_FEW = 4
"""What finds more than this part of all items spares no work."""


def of(repository: Repository, filters: list[Json]) -> Iterable[Content] | None:
    """All items that the filters (already read, so their values will do) could find, by id; None: every item."""
    for each in filters:
        for name, find in _INDEXES.items():
            if name in each:
                found = find(repository, each[name])
                if len(found) > len(repository.contents) // _FEW:
                    return None  # those are at hand
                return [repository.contents[number] for number in sorted(found) if number in repository.contents]
    return None
