"""The page of all operations, each with a declaration that could stand in a project. Used by make_reference.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connector.systems.body_schema import BodySchema
from connector.systems.catalogue import Catalogue, ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.operation import Operation

INTRO = """# Operations of Ibexa

Everything that the REST reference describes, by entity and action. What reads goes into a file of `configs/incoming/`,
what writes into one of `configs/outgoing/`; the examples show one each, as short as it can be. `connector catalogue show
ENTITY.ACTION` tells the same on the terminal, and `--live CLIENT` asks a server what it allows there.

- `path` and `query` are checked before anything is sent, and so are the keys of `payload`: the server would ignore a
  misspelt one without a word.
- `payload` may be written with or without its root element.
- A mapping gives what differs from record to record: its `path`, `query` and `payload` are merged over the outgoing's.
- Operations marked *removed* or *deprecated* can be called; `connector validate` names what took their place.
- What your own Ibexa has besides goes into `configs/systems/ibexa/`: see
  [operations of your own](../how-to.md#operations-of-your-own).
"""


def page() -> str:
    catalogue = ibexa()
    parts = [INTRO, "## Composed actions\n", "Several operations in one, repeatable without harm.\n"]
    for (entity, action), kind in sorted(ACTIONS.items()):
        parts.append(
            f"### {entity}.{action}\n\n{(kind.__doc__ or '').splitlines()[0]}\n\n{composed(catalogue, entity, action)}"
        )
    for entity in catalogue.entities():
        parts.append(f"## {entity}\n")
        for action in catalogue.actions(entity):
            parts.append("\n".join(section(catalogue.find(entity, action))))
    return "\n".join(parts) + "\n"


def composed(catalogue: Catalogue, entity: str, action: str) -> str:
    body = catalogue.composed_body(f"{entity}.{action}")
    assert body is not None
    schema = body.json_schema()
    payload = sample(body)
    return "\n".join([*keys(schema), "", block(writing(entity, action, {"payload": payload})), ""])


def section(one: Operation) -> Iterator[str]:
    yield f"### {one.id}\n"
    if one.status != "active":
        yield f"**{one.status.capitalize()}.**" + (f" Use `{one.replaced_by}`." if one.replaced_by else "") + "\n"
    yield f"{one.title}: `{one.method} {one.path}`.{' ' + one.notes if one.notes else ''}\n"
    facts = []
    if one.list_at:
        facts.append(f"records at `{one.list_at}`")
    if one.total_at:
        facts.append(f"their number at `{one.total_at}`")
    if one.paging["style"] != "none":
        facts.append("read page by page")
    if one.destination:
        facts.append("takes a `destination`")
    if one.method == "HEAD":
        facts.append("for an outgoing: a task that finishes means yes, one that fails with a 404 no")
    if facts:
        yield f"{facts[0][0].upper()}{', '.join(facts)[1:]}.\n"
    if one.query:
        yield "| query | |\n|---|---|"
        yield from (f"| `{name}` | {known.get('type')}: {known.get('help')} |" for name, known in one.query.items())
        yield ""
    if one.body is not None:
        yield from keys(one.body.json_schema())
        yield ""
    yield block(example(one)) + "\n"


def keys(schema: dict[str, Any]) -> list[str]:
    members = schema.get("properties", {})
    if not members:
        return []
    rows = [f"| `{name}` | {what(known)} |" for name, known in members.items() if not name.startswith("_")]
    return ["| payload | |", "|---|---|", *rows] if rows else []


def what(known: dict[str, Any]) -> str:
    words = [str(known.get("description", ""))]
    if "enum" in known:
        words.append("One of " + ", ".join(f"`{one}`" for one in known["enum"][:12]) + ".")
    return " ".join(one for one in words if one).replace("|", "\\|")


def example(one: Operation) -> dict[str, Any]:
    path = {name: sample_path(one, name) for name in one.path_params}
    if one.reads and one.method != "HEAD":
        found: dict[str, Any] = {"type": "ibexa", "client": "ibexa", "entity": one.entity, "action": one.action}
        if path:
            found["path"] = path
        if one.id == "content.search":
            return {**found, "find": {"content_types": ["article"], "under": "/1/2"}}
        return {**found, "payload": sample(one.body)} if one.body is not None else found
    found = writing(one.entity, one.action, {"path": path} if path else {})
    if one.body is not None and not one.body.is_list:
        found["payload"] = sample(one.body)
    if one.destination:
        found["destination"] = {"remote_id": "shoes"} if one.entity != "user_group" else "1/5/13"
    if not one.idempotent:
        found["delivery"] = "at_least_once"
    return found


def writing(entity: str, action: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ibexa", "client": "ibexa", "entity": entity, "action": action, **more}


def sample_path(one: Operation, name: str) -> Any:
    if name in one.path_of_segments:
        return "1/5/13" if "group" in one.entity else "1/2/61"
    return 1 if name.lower().endswith(("id", "no")) else "example"


def sample(body: BodySchema) -> Any:
    """The payload's required keys, or its first."""
    schema = body.json_schema(complete=True)
    return value(schema, schema.get("$defs", {}))


def value(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "string")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "object":
        members = schema.get("properties", {})
        chosen = [name for name in members if name in schema.get("required", ())] or [
            name for name in members if name[0] != "_"
        ][:1]
        chosen = chosen or list(members)[:1]
        return {name: value(members[name], defs) for name in chosen}
    if kind == "array":
        return [value(schema["items"], defs)] if "items" in schema else []
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "…")


def block(declared: dict[str, Any]) -> str:
    lines = [f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}" for key, one in declared.items()]
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```"
