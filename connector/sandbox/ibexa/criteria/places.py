"""Criteria on where an item is: ids, parents, subtrees, visibility."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test, numbers, split, texts
from connector.sandbox.ibexa.errors import bad_request, broken, not_found
from connector.sandbox.ibexa.model import Location
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any


def _any_place(test: Callable[[Location], bool]) -> Test:
    def check(hit: Hit) -> bool:
        for place in hit.places:  # noqa: SIM110 - nearly all have one place, for which any() costs more than the test
            if test(place):
                return True
        return False

    return check


def _location_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers(value)
    return _any_place(lambda place: place.id in wanted)


def _parent_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers(value)
    return _any_place(lambda place: place.parent_id in wanted)


def _location_remote_id(_repository: Repository, value: Json) -> Test:
    wanted = texts(value)
    return _any_place(lambda place: collate(place.remote_id) in wanted)


def _parent_remote_id(repository: Repository, value: Json) -> Test:
    wanted = set()
    for remote_id in split(value):
        parent = repository.location_by_remote_id(remote_id)
        if parent is None:
            raise not_found("Location", remote_id)
        wanted.add(parent.id)
    return _any_place(lambda place: place.parent_id in wanted)


def _subtree(_repository: Repository, value: Json) -> Test:
    paths = tuple(split(value))
    if any(not path.startswith("/") or not path.endswith("/") for path in paths):
        raise broken("a subtree needs its trailing slash")
    return _any_place(lambda place: place.path.startswith(paths))


def _ancestor(_repository: Repository, value: Json) -> Test:
    wanted = {int(each) for path in split(value) for each in path.strip("/").split("/") if each.isdigit()}
    return _any_place(lambda place: place.id in wanted)


def _sibling(repository: Repository, value: Json) -> Test:
    place = repository.location(int(value))
    return _any_place(lambda each: each.parent_id == place.parent_id and each.id != place.id)


def _visibility(repository: Repository, value: Json) -> Test:
    if inputs.whole(value) not in {0, 1} or not str(int(value) if isinstance(value, bool) else value).strip().isdigit():
        raise bad_request("Invalid <VisibilityCriterion> format")
    hidden = inputs.whole(value) == 1
    return _any_place(lambda place: repository.is_invisible(place) == hidden)


READERS: dict[str, Reader] = {
    "LocationIdCriterion": _location_id,
    "ParentLocationIdCriterion": _parent_id,
    "LocationRemoteIdCriterion": _location_remote_id,
    "ParentLocationRemoteIdCriterion": _parent_remote_id,
    "SubtreeCriterion": _subtree,
    "AncestorCriterion": _ancestor,
    "SiblingCriterion": _sibling,
    "VisibilityCriterion": _visibility,
}
