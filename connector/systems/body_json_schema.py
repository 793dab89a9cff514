"""Request bodies in plain JSON Schema, for editors and for whoever checks them elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json

_OWN = ("open", "caution", "properties", "items")
"""Keys that plain JSON Schema does not have, or that are translated."""


def plain(schemas: Mapping[str, Json], name: str, *, complete: bool) -> dict[str, Json]:
    """One body, references resolved into ``$defs``; with ``required`` when ``complete``.

    Args:
        schemas: all bodies and shared parts, by name.
        name: which of them.
        complete: whether the payload is the whole body, not defaults for one.
    """
    used: dict[str, Json] = {}
    found = _plain(schemas[name], schemas, used, complete=complete)
    return {**found, "$defs": used} if used else found


def _plain(
    schema: Mapping[str, Json], schemas: Mapping[str, Json], used: dict[str, Json], *, complete: bool
) -> dict[str, Json]:
    if "$ref" in schema:
        name = schema["$ref"]
        if name not in used:
            used[name] = {}
            used[name] = _plain(schemas[name], schemas, used, complete=complete)
        beside = {key: one for key, one in schema.items() if key not in ("$ref", "caution")}
        return {**beside, "$ref": f"#/$defs/{name}"}
    left_out = _OWN if complete else (*_OWN, "required")
    found = {key: one for key, one in schema.items() if key not in left_out}
    if "properties" in schema:
        found["properties"] = {
            key: _plain(one, schemas, used, complete=complete) for key, one in schema["properties"].items()
        }
        found["additionalProperties"] = bool(schema.get("open"))
    if "items" in schema:
        found["items"] = _plain(schema["items"], schemas, used, complete=complete)
    return found
