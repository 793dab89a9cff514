"""What an editor can complete in the `map` steps of one transformer: the fields of the content types that it writes.

Only for editors: intermediate steps have other shapes, so nothing is forbidden here; ``validate`` tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.core.jsonio import Json
from connector.systems.body_schema import BodySchema
from connector.systems.ibexa.actions.content.wanted import OWNERS
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.type_document import FIELD, TYPE


def with_fields(
    schema: Mapping[str, Any], body: BodySchema | None, documents: Sequence[Json], known: Known
) -> dict[str, Json]:
    """The schema of transformer files with what a message for these types holds.

    Args:
        schema: of the family.
        body: of the composed action, for the other keys of a payload.
        documents: of the content types.
        known: what else the server has; texts stand in single quotes there.
    """
    fields = {name: _field(one) for document in documents for name, one in document["properties"].items()}
    kept = {name for document in documents for name, one in document["properties"].items() if _translated(one)}
    translated = {name: one for name, one in fields.items() if name in kept}
    titles = ", ".join(str(document[TYPE]["identifier"]) for document in documents)
    plain = (body.json_schema() if body else {}).get("properties", {})
    keys: dict[str, Json] = {name: {"description": one.get("description", "")} for name, one in plain.items()}
    keys["fields"] = {"description": f"Fields of {titles} in the main language.", "properties": fields}
    keys["translations"] = {
        "description": "Language code, and fields in that language.",
        "properties": {code: {"properties": translated} for code in known.languages},
    }
    owners = {"description": f"An expression that gives one of {', '.join(OWNERS)}, e.g. \"'editor'\"."}
    keys["owners"] = {**keys.get("owners", {}), "properties": dict.fromkeys(fields, owners)}
    states = {group: _texts(names) for group, names in known.states.items()}
    offered = {
        "section": _texts(known.sections),
        "states": {"properties": states},
        "roles": {"items": _texts(known.roles)},
    }
    offered |= {"content_type": _texts(known.names), "main_language": _texts(known.languages)}
    keys |= {key: {**keys[key], **one} for key, one in offered.items() if key in keys}
    payload = {"properties": {"payload": {"properties": keys}}}
    branch = {"if": {"properties": {"type": {"const": "map"}}}, "then": {"properties": {"to": payload}}}
    items = schema["items"]
    return {**schema, "items": {**items, "allOf": [*items["allOf"], branch]}}


def _texts(names: Iterable[str]) -> dict[str, Json]:
    """As an expression says them; anything else may stand there as well."""
    listed = [f"'{one}'" for one in names if not set(one) & {"'", "\\"}]
    return {"anyOf": [{"enum": listed}, {}]} if listed else {}


def _field(document: Mapping[str, Any]) -> dict[str, Json]:
    """Names and words; values are expressions, so their types say nothing."""
    found: dict[str, Json] = {key: document[key] for key in ("title", "description") if key in document}
    members = {name: {"description": str(one.get("description", ""))} for name, one in _members(document)}
    if len(members) > 1:  # more than `clear`
        found |= {"properties": members, "additionalProperties": False}
    return found


def _members(document: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    properties = document.get("properties")
    members = properties.items() if isinstance(properties, dict) else ()
    return [(name, one) for name, one in members if isinstance(one, dict)]


def _translated(document: Mapping[str, Any]) -> bool:
    return bool(document[FIELD].get("translatable", True))
