"""Relations to other content items, by content id."""

from __future__ import annotations

from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem

Json = Any
_HREF = "/api/ibexa/v2/content/objects/"


def _id(value: Json) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise broken("not a content id") from error


def _relation(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return {"destinationContentId": None}
    if not isinstance(value, dict):
        raise broken("a relation is an object")
    target = value.get("destinationContentId")
    if target is None:
        return {"destinationContentId": None}
    return {"destinationContentId": _id(target), "destinationContentHref": f"{_HREF}{_id(target)}"}


def _relation_list(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, dict) or not isinstance(value.get("destinationContentIds"), list):
        raise broken("a relation list is an object with destinationContentIds")
    ids = [_id(target) for target in value["destinationContentIds"]]
    return {"destinationContentIds": ids, "destinationContentHrefs": [f"{_HREF}{target}" for target in ids]}


def targets(value: Json) -> list[int]:
    """The content ids at the other end of a stored relation or relation list."""
    if not isinstance(value, dict):
        return []
    one = value.get("destinationContentId")
    return ([] if one is None else [one]) + list(value.get("destinationContentIds", []))


def _missing(value: Json, context: FieldContext) -> list[Problem]:
    gone = [target for target in targets(value) if not context.content_exists(target)]
    return [("targetContentId", f"Content with identifier {target} is not a valid relation target") for target in gone]


def _limit(value: Json, context: FieldContext) -> list[Problem]:
    rule = context.definition.validators.get("RelationListValueValidator") or {}
    most = rule.get("selectionLimit")
    if most and len(value["destinationContentIds"]) > most:
        return [("destinationContentIds", f"The selected content items number cannot be higher than {most}.")]
    return _missing(value, context)


def _asset(value: Json, _context: FieldContext) -> Json:
    if not value:
        return {"destinationContentId": None, "alternativeText": None}
    if not isinstance(value, dict) or not {"destinationContentId", "alternativeText"} <= value.keys():
        raise PhpError
    return {"destinationContentId": _id(value["destinationContentId"]), "alternativeText": value["alternativeText"]}


IMAGE_ASSET = FieldKind(
    _asset,
    empty={"destinationContentId": None, "alternativeText": None},
    check=_missing,
    text=lambda value: str((value or {}).get("alternativeText") or ""),
)
RELATION = FieldKind(
    _relation,
    empty={"destinationContentId": None},
    check=_missing,
    text=lambda value: "",  # noqa: ARG005  # the name of the target, which names made here do without
)
RELATION_LIST = FieldKind(
    _relation_list,
    empty={"destinationContentIds": [], "destinationContentHrefs": []},
    check=_limit,
    text=lambda value: "",  # noqa: ARG005
)
