"""A file of operations that is wrong: told once, and only what is made of it cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.app import Application, validate_project
from connector.core.errors import ConfigError
from connector.core.jsonio import Json

ROW: dict[str, Json] = {
    "id": "rating.create",
    "method": "POST",
    "path": "/ratings/{contentId}",
    "content_type": "application/vnd.ibexa.api.RatingCreate+json",
    "request_root": "RatingCreate",
}
MAPPING = [{"type": "map", "to": {"path": {"contentId": "id"}, "payload": {"stars": "stars"}}}]
SECTION = [{"type": "map", "to": {"payload": {"identifier": "id", "name": "name"}}}]


def project(root: Path, added: Json) -> Path:
    outgoing = {"type": "ibexa", "client": "shop", "action": "create", "delivery": "at_least_once"}
    files: dict[str, Json] = {
        "configs/clients/shop.json": {
            "type": "ibexa",
            "base_url": "https://shop.example.com",
            "auth": {"type": "basic", "username": "a", "password": "${P}"},
        },
        "configs/incoming/things.json": {"type": "file", "path": "things.json", "key": "id"},
        "configs/outgoing/ratings.json": {**outgoing, "entity": "rating"},
        "configs/outgoing/sections.json": {**outgoing, "entity": "section"},
        "configs/routes/ratings.json": {"incoming": "things", "transformers": ["rating"], "outgoing": "ratings"},
        "configs/routes/sections.json": {"incoming": "things", "transformers": ["section"], "outgoing": "sections"},
        "configs/systems/ibexa/ratings.json": added,
        "transformers/rating.json": MAPPING,
        "transformers/section.json": SECTION,
        "things.json": [],
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), "utf-8")
    return root


WRONG: dict[str, Json] = {
    "an id": {"operations": [{**ROW, "id": "Rating.create"}]},
    "a type": {"operations": [ROW], "bodies": {"RatingCreate": {"properties": {"stars": {"type": "int"}}}}},
    "a body": {"operations": [ROW], "bodies": {"RatingCreate": {"properties": {"stars": "integer"}}}},
    "a reference": {"operations": [ROW], "bodies": {"RatingCreate": {"properties": {"stars": {"$ref": "#/S"}}}}},
    "a circle": {"operations": [ROW], "bodies": {"RatingCreate": {"$ref": "A"}, "A": {"$ref": "A"}}},
    "a minimum": {"operations": [ROW], "bodies": {"RatingCreate": {"properties": {"stars": {"minimum": "1"}}}}},
    "a pattern": {"operations": [ROW], "bodies": {"RatingCreate": {"properties": {"stars": {"pattern": "[a"}}}}},
    "a key": {"operation": [ROW]},
    "no JSON": '{"operations": [{"id": "rating.create",]}',
}


@pytest.mark.parametrize("added", WRONG.values(), ids=WRONG)
def test_a_wrong_file_of_operations_is_told_where_it_is_wrong_and_nowhere_else(tmp_path: Path, added: Json) -> None:
    found = validate_project(project(tmp_path, added), {"P": "x"})[1]
    assert {one.place.file for one in found if one.place} == {"configs/systems/ibexa/ratings.json"}, found
    assert any(one.severity == "error" for one in found)


@pytest.mark.parametrize("added", WRONG.values(), ids=WRONG)
def test_other_routes_run_all_the_same(tmp_path: Path, added: Json) -> None:
    with Application.open(project(tmp_path, added), {"P": "x"}, partly=True) as app:
        app.ensure_sound("route", "sections")
        with pytest.raises(ConfigError, match="cannot be used"):
            app.ensure_sound("route", "ratings")


def test_what_changes_an_operation_of_the_system_itself_keeps_everything_from_being_used(tmp_path: Path) -> None:
    added = {"operations": [{**ROW, "id": "section.create", "method": "post"}]}
    with pytest.raises(ConfigError):
        Application.open(project(tmp_path, added), {"P": "x"}, partly=True)


def test_an_entity_that_no_file_speaks_of_is_told_besides(tmp_path: Path) -> None:
    root = project(tmp_path, WRONG["an id"])
    path = root / "configs/outgoing/ratings.json"
    path.write_text(path.read_text("utf-8").replace('"rating"', '"basketball"'), "utf-8")
    assert "there is no entity 'basketball'" in [one.message for one in validate_project(root, {"P": "x"})[1]]
