"""A declaration of an operation that could stand in a project, as short as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.core.jsonio import Json
from connector.systems.body_schema import BodySchema
from connector.systems.operation import Operation


def example(one: Operation) -> dict[str, Json]:
    """Of an incoming when it reads records, else of an outgoing."""
    path = {name: _path(one, name) for name in one.path_params}
    given: dict[str, Json] = {"path": path} if path else {}
    given |= {"query": query} if (query := _query(one)) else {}
    if one.reads and one.method != "HEAD":
        found = _declared(one.entity, one.action, given)
        if one.id == "content.search":
            return {**found, "find": {"content_types": ["article"], "under": "/1/2"}}
        return {**found, "payload": _payload(one.body, to_read=True)} if one.body is not None else found
    found = _declared(one.entity, one.action, given)
    if one.body is not None and not one.body.is_list and not one.unread:
        found["payload"] = _payload(one.body)
    if one.destination:
        found["destination"] = {"remote_id": "shoes"} if one.entity != "user_group" else "1/5/13"
    if not one.idempotent:
        found["delivery"] = "at_least_once"
    return found


def composed_example(entity: str, action: str, body: BodySchema) -> dict[str, Json]:
    """Of an outgoing with a composed action."""
    return _declared(entity, action, {"payload": _payload(body)})


def _declared(entity: str, action: str, more: dict[str, Json]) -> dict[str, Json]:
    return {"type": "ibexa", "client": "ibexa", "entity": entity, "action": action, **more}


def _query(one: Operation) -> dict[str, Json]:
    """Parameters that it cannot do without; of those of which one is enough, the first but an id."""
    needed = [name for name, known in one.query.items() if known.get("needed") is True]
    either = [name for name, known in one.query.items() if known.get("needed") == "one"]
    chosen = needed or sorted(either, key=lambda name: name != "remoteId")[:1]
    return {name: "1/5/13" if name == "group" else 14 if name == "userId" else "shoes" for name in chosen}


def _path(one: Operation, name: str) -> Json:
    if name in one.path_of_segments:
        return "1/5/13" if "group" in one.entity or "groups/{" in one.path else "1/2/61"
    return 1 if name.lower().endswith(("id", "no")) else "example"


def _payload(body: BodySchema, *, to_read: bool = False) -> Json:
    """The payload's required keys; where nothing says which these are, all that the reference's example has.

    To read with, one is enough: what else the example holds is for the pagination to say.
    """
    schema = body.json_schema(complete=True)
    return _value(schema, schema.get("$defs", {}), whole=not to_read)


def _value(schema: Mapping[str, Any], defs: Mapping[str, Any], *, whole: bool) -> Json:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema or "examples" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "object":
        members = schema.get("properties", {})
        required = [name for name in members if name in schema.get("required", ())]
        shown = [name for name in members if whole and members[name].get("x-source") == "example"]
        chosen = required or shown or [name for name in members if name[0] != "_"][:1] or list(members)[:1]
        return {name: _value(members[name], defs, whole=whole) for name in chosen}
    if kind == "array":
        return [_value(schema["items"], defs, whole=whole)] if "items" in schema else []
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "…")
