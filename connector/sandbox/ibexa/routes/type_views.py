"""A view of content types: criteria and sort clauses of their own (source of rest 4.6; not in the reference)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa import inputs
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request
from connector.sandbox.ibexa.model import ContentType
from connector.sandbox.ibexa.repository import Repository, collate
from connector.sandbox.ibexa.routes.types import shown_type
from connector.sandbox.ibexa.wire import Answer, Call, Route, media

Json = Any
Test = Callable[[Repository, ContentType, Json], bool]
_KEYS = ("Query", "SortClauses", "Aggregations", "limit", "offset")


def _among(wanted: Json, actual: object) -> bool:
    values = wanted if isinstance(wanted, list) else [wanted]
    return collate(str(actual)) in {collate(str(each)) for each in values}


def _in_group(repository: Repository, shown: ContentType, wanted: Json) -> bool:
    names = [repository.type_groups[each].identifier for each in shown.group_ids if each in repository.type_groups]
    return any(_among(wanted, each) for each in names)


_CRITERIA: dict[str, Test] = {
    "ContentTypeIdCriterion": lambda _, shown, wanted: _among(wanted, shown.id),
    "ContentTypeIdentifierCriterion": lambda _, shown, wanted: _among(wanted, shown.identifier),
    "ContentTypeGroupIdCriterion": lambda _, shown, wanted: any(_among(wanted, each) for each in shown.group_ids),
    "ContentTypeGroupNameCriterion": _in_group,
    "ContainsFieldDefinitionIdCriterion": lambda _, shown, wanted: any(
        _among(wanted, each.id) for each in shown.fields
    ),
    "IsSystemCriterion": lambda _, __, wanted: not inputs.boolean(wanted, "IsSystemCriterion"),
}
_ORDERS: dict[str, Callable[[ContentType], Any]] = {
    "Id": lambda shown: shown.id,
    "Identifier": lambda shown: collate(shown.identifier),
    "Name": lambda shown: collate(next(iter(shown.names.values()), "")),
}


def _view(call: Call) -> Answer:
    query = call.body.get("ContentTypeQuery")
    if not isinstance(query, dict):
        raise PhpError
    if redundant := [name for name in query if name not in _KEYS]:
        raise bad_request(f"The following properties are redundant: {', '.join(redundant)}.")
    criteria = query.get("Query")
    criteria = criteria if isinstance(criteria, dict) else {}
    by_id = sorted(call.repository.types.values(), key=lambda each: each.id)
    found = [each for each in by_id if _passes(call.repository, each, criteria)]
    _sort(found, query.get("SortClauses") or {})
    start, size = inputs.whole(query.get("offset", 0)), inputs.whole(query.get("limit", 25))
    entries = [shown_type(call.repository.release, each) for each in found[start : start + size]]
    body = {"_media-type": media("ContentTypeList"), "_href": "", "ContentType": entries}
    return Answer(200, "ContentTypeList", {"ContentTypeList": body})


def _passes(repository: Repository, shown: ContentType, criteria: dict[str, Json]) -> bool:
    for name, wanted in criteria.items():
        test = _CRITERIA.get(name)
        if test is None:
            kind = f"application/vnd.ibexa.api.internal.criterion.content_type.{name.removesuffix('Criterion')}"
            cause = bad_request(f"Unknown content type specification: '{kind} (version: 1.0)'.")
            raise RestError(400, f"Invalid Criterion id <{name}> in <AND>", previous=cause)
        if not test(repository, shown, wanted):
            return False
    return True


def _sort(found: list[ContentType], clauses: Json) -> None:
    for name, direction in reversed(list(clauses.items()) if isinstance(clauses, dict) else []):
        if name not in _ORDERS:
            raise bad_request(f"Invalid Sort Clause id <{name}>")
        found.sort(key=_ORDERS[name], reverse=direction == "descending")


ROUTES = (Route("content_type.view", "POST", "/content/types/view", _view, "ContentTypeViewInput"),)
