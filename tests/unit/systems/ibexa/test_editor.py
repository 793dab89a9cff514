"""What an editor is told of declarations for Ibexa."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connector.app import editor_schemas

READ = {"type": "ibexa", "client": "ibexa"}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("incoming", {**READ, "entity": "content", "find": {"content_types": ["article"]}}),
    ("incoming", {**READ, "entity": "location", "action": "list_children", "path": {"path": "1/2"}}),
    ("incoming", {**READ, "entity": "content_type", "query": {"limit": "5"}}),
    ("outgoing", {**READ, "entity": "content", "action": "upsert", "payload": {"content_type": "article"}}),
    ("outgoing", {**READ, "entity": "section", "action": "create", "payload": {"SectionInput": {"name": "x"}}}),
    ("outgoing", {**READ, "entity": "section", "action": "create", "payload": {"name": "x"}}),
]
BAD: list[tuple[str, dict[str, Any]]] = [
    ("incoming", {**READ, "entity": "contnet"}),
    ("incoming", {**READ, "entity": "content", "action": "create"}),
    ("incoming", {**READ, "entity": "location", "action": "list_children", "path": {"id": 1}}),
    ("incoming", {**READ, "entity": "content_type", "action": "list", "query": {"limt": 5}}),
    ("outgoing", {**READ, "entity": "section", "action": "list"}),
    ("outgoing", {**READ, "entity": "section", "action": "create", "payload": {"nmae": "x"}}),
    ("outgoing", {**READ, "entity": "content", "action": "upsert", "payload": {"contenttype": "article"}}),
]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return editor_schemas(tmp_path_factory.mktemp("empty"))


def test_every_schema_is_one(schemas: dict[str, Any]) -> None:
    for one in schemas.values():
        Draft202012Validator.check_schema(one)


@pytest.mark.parametrize(("family", "declaration"), GOOD)
def test_what_can_be_said_is_taken(schemas: dict[str, Any], family: str, declaration: dict[str, Any]) -> None:
    assert [one.message for one in Draft202012Validator(schemas[family]).iter_errors(declaration)] == []


@pytest.mark.parametrize(("family", "declaration"), BAD)
def test_a_slip_is_seen_while_it_is_typed(schemas: dict[str, Any], family: str, declaration: dict[str, Any]) -> None:
    assert not Draft202012Validator(schemas[family]).is_valid(declaration)


def test_what_a_project_adds_is_completed_too(tmp_path: Path) -> None:
    folder = tmp_path / "configs/systems/ibexa"
    folder.mkdir(parents=True)
    (folder / "ratings.json").write_text('{"operations": [{"id": "rating.list", "method": "GET", "path": "/ratings"}]}')
    incoming = Draft202012Validator(editor_schemas(tmp_path)["incoming"])
    assert incoming.is_valid({**READ, "entity": "rating", "action": "list"})
    assert not incoming.is_valid({**READ, "entity": "rating", "action": "lst"})
