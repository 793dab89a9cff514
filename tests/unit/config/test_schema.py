from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connector.config.schema import COMMON, export, for_editors

Schemas = dict[str, dict[str, Any]]

GOOD: list[tuple[str, Any]] = [
    ("client", {"type": "http", "base_url": "https://x", "max_in_flight": 3, "verify": True, "request_log": "off"}),
    (
        "client",
        {"type": "http", "base_url": "${U}", "max_in_flight": "${N}", "verify": "${V:-true}", "timeout": "${T}"},
    ),
    ("client", {"type": "http", "base_url": "x", "auth": {"type": "bearer", "token": "${file:/run/secrets/t}"}}),
    ("incoming", {"type": "http", "client": "pim", "endpoint": "${PREFIX}/products"}),
    ("route", {"incoming": "a", "outgoing": "b", "concurrency": "${N}", "tags": ["x"], "$comment": {"any": 1}}),
    ("transformer", [{"type": "map", "to": {"a": "b"}, "description": "why"}]),
]
BAD: list[tuple[str, Any]] = [
    ("client", {"type": "http", "base_url": "x", "max_in_flight": "many"}),
    ("client", {"type": "http", "base_url": "x", "request_log": "all"}),
    ("client", {"type": "http", "base_url": "x", "auth": {"type": "bearer", "token": "literal"}}),
    ("client", {"type": "http", "base_url": "x", "enabled": "${E}"}),
    ("incoming", {"type": "http", "client": "${C}"}),
    ("route", {"incoming": "a", "outgoing": "b", "retry": {"first_wait": "soon"}}),
    ("route", {"incoming": "a", "outgoing": "b", "oops": 1}),
    ("transformer", []),
]


@pytest.fixture
def exported(schemas: Schemas, tmp_path: Path) -> Mapping[str, Any]:
    edited = {name: one if name == "transformer" else for_editors(one) for name, one in schemas.items()}
    paths = export(edited, tmp_path / "deep" / "schemas")
    return {path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in paths}


def test_each_family_has_a_file_that_is_a_schema(exported: Mapping[str, Any]) -> None:
    assert set(exported) == {"client", "incoming", "outgoing", "transformer", "route"}
    for name, schema in exported.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"urn:connector:schema:{name}"


@pytest.mark.parametrize(("family", "value"), GOOD)
def test_an_editor_finds_nothing_wrong_with_what_we_take(exported: Mapping[str, Any], family: str, value: Any) -> None:
    assert [error.json_path for error in Draft202012Validator(exported[family]).iter_errors(value)] == []


@pytest.mark.parametrize(("family", "value"), BAD)
def test_an_editor_finds_what_we_refuse(exported: Mapping[str, Any], family: str, value: Any) -> None:
    assert not Draft202012Validator(exported[family]).is_valid(value)


def test_every_kind_has_the_common_fields_and_a_step_only_those_for_people(schemas: Schemas) -> None:
    for family in ("client", "incoming", "outgoing"):
        for branch in schemas[family]["allOf"]:
            assert set(COMMON) <= set(branch["then"]["properties"])
    assert set(COMMON) <= set(schemas["route"]["properties"])
    (step,) = schemas["transformer"]["items"]["allOf"]
    assert set(step["then"]["properties"]) == {"type", "to", "description", "$comment"}


def test_nested_kinds_have_no_common_fields(schemas: Schemas) -> None:
    auth = schemas["client"]["allOf"][0]["then"]["properties"]["auth"]
    assert "enabled" not in json.dumps(auth)


def test_the_form_for_editors_leaves_the_schema_as_it_is(schemas: Schemas) -> None:
    before = copy.deepcopy(schemas["client"])
    for_editors(schemas["client"])
    assert schemas["client"] == before
