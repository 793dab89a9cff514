"""The schemas of a project, assembled from the kinds' specs, and written down for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.config.limits import LIMITS
from connector.config.references import PATTERN
from connector.core.jsonio import Json
from connector.core.registry import Registry
from connector.core.spec import BOOLEAN, NAME, TEXT, Field, Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"

COMMON: Mapping[str, Field] = {
    "$schema": Field(TEXT, "Where an editor finds the schema."),
    "$comment": Field({}, "For people."),
    "name": Field(TEXT, "A title for people; the file's name is what counts."),
    "description": Field(TEXT, "What it is for."),
    "enabled": Field({**BOOLEAN, "x-literal": True}, "false: left out of everything but validation.", default=True),
    "tags": Field({"type": "array", "items": TEXT}, "For finding it again.", default=[]),
}
_STEP = ("description", "$comment")
_PROJECT = Spec(
    "",
    "Project",
    "What `configs/project.json` may say of the project as a whole; the file may be left out.",
    {
        **{key: COMMON[key] for key in ("$schema", "$comment", "description")},
        "name": Field(TEXT, "The project's name."),
        "version": Field({"type": "integer"}, "Of the form of the files: an older one is read as it was meant."),
        **LIMITS,
    },
)


def project_schemas(families: Mapping[str, Registry[Any] | Spec]) -> dict[str, dict[str, Json]]:
    """One schema a family, by the family's name; ``transformer`` is a list of steps."""
    return {name: _schema(name, family) for name, family in families.items()}


def project_file_schema() -> dict[str, Json]:
    """The schema of ``configs/project.json``."""
    return _PROJECT.json_schema()


def export(schemas: Mapping[str, Mapping[str, Json]], folder: Path) -> list[Path]:
    """Write ``<family>.schema.json`` files; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


def for_editors(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The schema in plain JSON Schema: wherever a variable may stand for a value, a reference is allowed too."""
    found = dict(schema)
    for key in ("items", "additionalProperties", "then"):
        if isinstance(found.get(key), dict):
            found[key] = for_editors(found[key])
    if "properties" in found:
        found["properties"] = {key: for_editors(one) for key, one in found["properties"].items()}
    if "allOf" in found:
        found["allOf"] = [for_editors(one) for one in found["allOf"]]
    if found.get("x-secret"):
        return {**found, "pattern": f"^{PATTERN}$"}
    return _or_reference(found) if _may_be_reference(found) else found


def _may_be_reference(schema: Mapping[str, Json]) -> bool:
    if schema.get("x-literal") or schema.get("pattern") == NAME["pattern"]:
        return False
    restricted = any(key in schema for key in ("enum", "pattern"))
    return schema.get("type") in ("integer", "number", "boolean") or (schema.get("type") == "string" and restricted)


def _or_reference(schema: Mapping[str, Json]) -> dict[str, Json]:
    spoken = {key: one for key, one in schema.items() if key in ("description", "default", "examples")}
    value = {key: one for key, one in schema.items() if key not in spoken}
    # A pattern may also be met by the text around a reference, as in "${PREFIX}/products".
    return {**spoken, "anyOf": [value, {"type": "string", "pattern": PATTERN}]}


def _schema(name: str, family: Registry[Any] | Spec) -> dict[str, Json]:
    head: dict[str, Json] = {"$schema": DIALECT, "$id": f"urn:connector:schema:{name}", "title": name}
    if isinstance(family, Spec):
        return {**family.json_schema(COMMON), **head}
    if name == "transformer":
        described = {key: COMMON[key] for key in _STEP}
        return {**head, "type": "array", "items": _with_common(family.json_schema(), described), "minItems": 1}
    return {**_with_common(family.json_schema(), COMMON), **head}


def _with_common(schema: Mapping[str, Json], common: Mapping[str, Field]) -> dict[str, Json]:
    """Every branch of a family's schema with the fields that all its kinds have."""
    added = {name: one.json_schema() for name, one in common.items()}
    branches = []
    for branch in schema["allOf"]:
        properties = {**branch["then"]["properties"], **added}
        branches.append({**branch, "then": {**branch["then"], "properties": properties}})
    return {**schema, "allOf": branches}
