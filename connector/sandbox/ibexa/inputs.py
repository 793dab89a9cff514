"""Readers for the pieces that request bodies are made of: links, booleans, dates, translations."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from connector.sandbox.ibexa import hrefs
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, broken, broken_in_database
from connector.sandbox.ibexa.hrefs import PREFIX
from connector.sandbox.ibexa.model import NewLocation

Json = Any
SORT_FIELDS = {
    "PATH", "PUBLISHED", "MODIFIED", "SECTION", "DEPTH", "CLASS_IDENTIFIER", "CLASS_NAME", "PRIORITY", "NAME",
    "MODIFIED_SUBNODE", "NODE_ID", "CONTENTOBJECT_ID",
}  # fmt: skip
_SPECIAL = {
    "subtree": re.compile(rf"{PREFIX}/content/locations/([0-9/]+/)"),
    "state": re.compile(rf"{PREFIX}/content/objectstategroups/(\d+/objectstates/\d+)"),
}


def href(value: Json, kind: str, missing: str, *, wrong: int = 406) -> str:
    """The id (or path) in a link such as ``{"_href": "/api/ibexa/v2/content/types/2"}``.

    Raises:
        RestError: 400 with the text ``missing`` without a link, ``wrong`` for one that is no path of this API.
    """
    if not isinstance(value, dict) or not isinstance(value.get("_href"), str):
        raise bad_request(missing)
    return routed(value["_href"], kind, wrong=wrong)


def routed(path: str, kind: str, *, wrong: int = 406) -> str:
    """The id (or path) that an address of this API names, or ``wrong``."""
    if kind in _SPECIAL:
        found = _SPECIAL[kind].fullmatch(path)
        if not found:
            raise RestError(wrong, f"No route matched '{path}'")
        return found.group(1)
    try:
        return hrefs.read(path, kind)
    except hrefs.NoRouteError as error:
        raise RestError(wrong, str(error)) from error


def link(body: Json, name: str, kind: str, element: str, *, is_needed: bool = False) -> str | None:
    """The id in a link of a body's element; None for one that is no object, or 400 if it is needed."""
    given = body.get(name)
    if isinstance(given, (dict, list)):
        return href(given, kind, f"Missing '_href' attribute for the {name} element in {element}.")
    if is_needed:
        raise bad_request(f"Missing or invalid '{name}' element for {element}.")
    return None


def last_id(path: str) -> int:
    """The location id at the end of an id path: only that counts, what is before may be wrong (§10)."""
    return int(path.rpartition("/")[2])


def boolean(value: Json, name: str) -> bool:
    """True and false, also as texts in any case; anything else is a 500 (§4)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise broken(f"Unknown boolean value for {name}")


def whole(value: Json) -> int:
    """A number as PHP casts it: the leading digits of a text, else 0."""
    if isinstance(value, bool):
        return int(value)
    found = re.match(r"\s*-?\d+", str(value))
    return int(found.group()) if found else 0


def moment(value: Json) -> float:
    """Unix seconds of a date text; UTC where it names no zone."""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise broken("not a date") from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def remote_id(value: Json) -> str | None:
    """A remote id: empty counts as none; anything but a text is a PHP type error, over 100 characters a 500 (§4)."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise PhpError
    if len(value) > 100:
        raise broken_in_database("data too long for column remote_id")
    return value


def translations(value: Json, told: str = "") -> dict[str, str]:
    """``{"value": [{"_languageCode": "eng-GB", "#text": "..."}]}`` as a mapping, or 400 with ``told``."""
    entries = value.get("value") if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise bad_request(told)
    return {str(each.get("_languageCode")): str(each.get("#text") or "") for each in entries if isinstance(each, dict)}


def new_location(value: Json, element: str = "LocationCreate") -> NewLocation:
    """A LocationCreate; sortField and sortOrder are required (§4)."""
    path = str(link(value, "ParentLocation", "location", element, is_needed=True))
    for name in ("sortField", "sortOrder"):
        if name not in value:
            raise bad_request(f"Missing '{name}' element for {element}.")
    return NewLocation(
        parent_id=last_id(path),
        sort_field=sort_field(value["sortField"]),
        sort_order=sort_order(value["sortOrder"]),
        priority=whole(value.get("priority", 0)),
        hidden=boolean(value["hidden"], "hidden") if "hidden" in value else False,
        remote_id=remote_id(value.get("remoteId")),
    )


def sort_field(value: Json) -> str:
    """One of the sort fields; others are a 500."""
    if value not in SORT_FIELDS:
        raise broken("unknown sort field")
    return str(value)


def sort_order(value: Json) -> str:
    """ASC or DESC; others are a 500."""
    if value not in {"ASC", "DESC"}:
        raise broken("unknown sort order")
    return str(value)
