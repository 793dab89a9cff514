"""What the addresses of Ibexa's REST API take: ids that are numbers, paths of ids, and where a copy or move leads."""

from __future__ import annotations

import re

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name

BASE_PATH = "/api/ibexa/v2"
"""Hrefs and Destination hold it, whatever the client's base URL is; without it the server finds no route."""
_NUMBERS = (
    *("contentId", "versionNo", "relationId", "locationId", "trashItemid", "sectionId", "userId", "policyId"),
    *("contentTypeId", "contentTypeGroupId", "fieldDefinitionId", "objectStateGroupId", "objectStateId", "wildcardId"),
)
"""Path parameters that are digits: with anything else the server finds no route, and a 404 would tell little."""
_TREES = frozenset({"location", "user_group", "url_alias", "user", "role_assignment"})
_DIGITS = re.compile(r"[0-9]+")
_IDS = re.compile(r"[0-9]+(/[0-9]+)*")
_FROM_ROOT = re.compile(r"1(/[0-9]+)*")
"""The whole path: a bare id is a 404, though there is a Location of that id."""


def misfit(name: str, value: Json, *, of_tree: bool) -> str:
    """What a path parameter must be and the value is not; empty when it fits, or nothing is known of it.

    Args:
        name: of the parameter.
        value: null is not looked at.
        of_tree: its value is the path of a Location or user group.
    """
    if value is None:
        return ""
    if name in _NUMBERS and not _DIGITS.fullmatch(str(value)):
        return "a number"
    if of_tree and not _FROM_ROOT.fullmatch(str(value).strip("/")):
        return "the whole path from the root, such as 1/2/61"
    return ""


def is_tree(entity: str) -> bool:
    """Whether paths of this entity's operations are those of Locations or user groups."""
    return entity in _TREES


def no_place(name: str, value: Json, wanted: str) -> RecordError:
    """For a path parameter that cannot name anything."""
    what = f"'{shown(value, 40)}'" if isinstance(value, str | int) else type_name(value)
    hint = "The server finds nothing by anything else: correct the mapping, or look the id up first."
    return RecordError(f"path.{name} must be {wanted}, not {what}", hint=hint, step=f"path.{name}")


def destination(operation: str, value: Json) -> str:
    """The Destination header of an operation, e.g. of ``location.move``.

    Raises:
        RecordError: the value names no place.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, str | int) or not text:
        raise _nowhere(operation, value)
    if operation == "location.move" and text.removeprefix(BASE_PATH).strip("/") in ("trash", "content/trash"):
        return f"{BASE_PATH}/content/trash"
    family = "/user/groups/" if operation.startswith("user_group.") else "/content/locations/"
    ids = text.removeprefix(BASE_PATH).removeprefix(family).strip("/")
    if not _IDS.fullmatch(ids):
        raise _nowhere(operation, value)
    return f"{BASE_PATH}{family}{ids}"


def _nowhere(operation: str, value: Json) -> RecordError:
    what = shown(value, 60) if isinstance(value, str) else type_name(value)
    hint = f"Give an id, a path such as 1/2/61, or an href such as {BASE_PATH}/content/locations/1/2/61."
    if operation == "location.move":
        hint += ' Or "trash".'
    return RecordError(f"{operation} cannot take the destination {what}", hint=hint, step="destination")
