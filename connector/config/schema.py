"""The schemas of a project, assembled from the kinds' specs, and written down for editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.core.jsonio import Json
from connector.core.registry import Registry
from connector.core.spec import BOOLEAN, TEXT, Field, Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"

COMMON: Mapping[str, Field] = {
    "$schema": Field(TEXT, "Where an editor finds the schema."),
    "$comment": Field({}, "For people."),
    "name": Field(TEXT, "A title for people; the file's name is what counts."),
    "description": Field(TEXT, "What it is for."),
    "enabled": Field(BOOLEAN, "false: left out of everything but validation.", default=True),
    "tags": Field({"type": "array", "items": TEXT}, "For finding it again.", default=[]),
}


def project_schemas(families: Mapping[str, Registry[Any] | Spec]) -> dict[str, dict[str, Json]]:
    """One schema a family, by the family's name; ``transformer`` is a list of steps."""
    return {name: _schema(name, family) for name, family in families.items()}


def export(schemas: Mapping[str, Mapping[str, Json]], folder: Path) -> list[Path]:
    """Write ``<family>.schema.json`` files; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _schema(name: str, family: Registry[Any] | Spec) -> dict[str, Json]:
    head: dict[str, Json] = {"$schema": DIALECT, "$id": f"urn:connector:schema:{name}", "title": name}
    if name == "transformer":
        assert isinstance(family, Registry)
        described = {key: COMMON[key] for key in ("description", "$comment")}
        family.common = {**family.common, **described}
        return {**head, "type": "array", "items": family.json_schema(), "minItems": 1}
    if isinstance(family, Spec):
        return {**family.json_schema(COMMON), **head}
    family.common = {**family.common, **COMMON}
    return {**family.json_schema(), **head}
