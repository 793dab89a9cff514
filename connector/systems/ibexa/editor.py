"""What an editor can complete in a declaration for Ibexa: entities, their actions, and what each of these takes.

Only for editors: ``validate`` asks the catalogue itself and says it in sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector.core.jsonio import Json
from connector.systems.body_schema import BodySchema
from connector.systems.catalogue import Catalogue
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.operation import Operation

_TYPES: Mapping[str, Json] = {"integer": ["integer", "string"], "boolean": ["boolean", "string"]}


def with_reading(schema: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Json]:
    """The incoming family's schema with everything that can be read."""
    operations = [one for one in catalogue.operations() if one.reads and one.method != "HEAD"]
    return _with(schema, {(one.entity, one.action): _described(one) for one in operations})


def with_writing(schema: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Json]:
    """The outgoing family's schema with everything that can be written."""
    known = {(one.entity, one.action): _described(one) for one in catalogue.operations() if one.writes}
    for (entity, action), kind in ACTIONS.items():
        body = catalogue.composed_body(f"{entity}.{action}")
        properties = {**known.get((entity, action), {}).get("properties", {}), **_payload(body)}
        description = (kind.__doc__ or "").splitlines()[0]
        known[entity, action] = {"description": description, **({"properties": properties} if properties else {})}
    return _with(schema, known)


def _payload(body: BodySchema | None) -> dict[str, Json]:
    return {"payload": body.json_schema()} if body else {}


def _with(schema: Mapping[str, Any], known: Mapping[tuple[str, str], dict[str, Json]]) -> dict[str, Json]:
    definitions: dict[str, Json] = {}
    for taken in known.values():
        payload = taken.get("properties", {}).get("payload", {})
        definitions |= payload.pop("$defs", {})
    branches = [{**one, "then": _completed(one["then"], known)} if _is_ibexa(one) else one for one in schema["allOf"]]
    return {**schema, "allOf": branches, **({"$defs": definitions} if definitions else {})}


def _completed(then: Mapping[str, Any], known: Mapping[tuple[str, str], dict[str, Json]]) -> dict[str, Json]:
    entities = sorted({entity for entity, _ in known})
    properties = {**then["properties"], "entity": {**then["properties"]["entity"], "enum": entities}}
    rules: list[Json] = []
    for entity in entities:
        actions = {action: taken for (owner, action), taken in known.items() if owner == entity}
        choices = [{"const": action, "description": taken["description"]} for action, taken in sorted(actions.items())]
        rules.append(when({"entity": entity}, {"properties": {"action": {"anyOf": choices}}}, ("entity",)))
        for action, taken in sorted(actions.items()):
            if taken.get("properties"):
                then_properties = {"properties": taken["properties"]}
                rules.append(when({"entity": entity, "action": action}, then_properties, ("entity", "action")))
    return {**then, "properties": properties, "allOf": rules}


def when(given: Mapping[str, str], then: Json, required: Iterable[str]) -> Json:
    """The rule that holds where these keys have these values."""
    consts = {key: {"const": value} for key, value in given.items()}
    return {"if": {"properties": consts, "required": list(required)}, "then": then}


def rules_added(schema: Mapping[str, Any], rules: Iterable[Json]) -> dict[str, Json]:
    """A family's schema with more rules for declarations of type ibexa."""

    def with_them(then: Mapping[str, Any]) -> dict[str, Json]:
        return {**then, "allOf": [*then.get("allOf", ()), *rules]}

    branches = [{**one, "then": with_them(one["then"])} if _is_ibexa(one) else one for one in schema["allOf"]]
    return {**schema, "allOf": branches}


def _described(operation: Operation) -> dict[str, Json]:
    words = f"{operation.title}: {operation.method} {operation.path}."
    if operation.status != "active":
        words = f"{operation.status.capitalize()}. {words}"
    properties: dict[str, Json] = {}
    if operation.path_params:
        members: Json = {
            name: {"type": ["string", "integer"], **_help(operation.params.get(name, {}))}
            for name in operation.path_params
        }
        properties["path"] = {"properties": members, "additionalProperties": False}
    if operation.query:
        members = {
            name: {"type": _TYPES.get(str(one.get("type")), "string"), **_help(one)}
            for name, one in operation.query.items()
        }
        properties["query"] = {"properties": members, "additionalProperties": False}
    if operation.body is not None:
        properties["payload"] = _partial(operation.body.json_schema(), operation.request_root)
    notes = f" {operation.notes}" if operation.notes else ""
    return {"description": words + notes, **({"properties": properties} if properties else {})}


def _help(known: Mapping[str, Json]) -> dict[str, Json]:
    """What an editor shows of a parameter, and the values that it offers; a variable may stand for any of them."""
    found = {"description": str(known.get("help", "")), **({"default": known["default"]} if "default" in known else {})}
    return {**found, "examples": known["enum"]} if "enum" in known else found


def _partial(body: dict[str, Json], root: str) -> dict[str, Json]:
    """With or without its root element."""
    definitions = body.pop("$defs", {})
    wrapped = {"properties": {root: body}, "required": [root], "additionalProperties": False}
    found: dict[str, Json] = {"anyOf": [body, wrapped]} if root else body
    return {**found, "$defs": definitions} if definitions else found


def _is_ibexa(branch: Mapping[str, Any]) -> bool:
    return bool(branch["if"]["properties"]["type"].get("const") == "ibexa")
