"""Whatever stands in a file, checking ends with findings, never with a crash."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.app import validate_project
from connector.core.jsonio import Json

FILES: dict[str, Json] = {
    "configs/project.json": {"version": 1},
    "configs/clients/shop.json": {
        "type": "ibexa",
        "base_url": "https://shop.example.com",
        "auth": {"type": "jwt", "username": "${A}", "password": "${B}"},
        "rate_limit": {"requests": 5, "per": "1s"},
    },
    "configs/clients/pim.json": {"type": "http", "base_url": "https://pim.example.com", "headers": {"X-A": "b"}},
    "configs/incoming/things.json": {
        "type": "http",
        "client": "pim",
        "endpoint": "/things",
        "query": {"limit": 5},
        "records": "items",
        "key": "id",
        "pagination": {"type": "offset", "limit": 5},
        "cursor": {"at": "updated", "send": {"query": {"since": "{cursor}"}}},
    },
    "configs/incoming/content.json": {
        "type": "ibexa",
        "client": "shop",
        "entity": "content",
        "find": {"content_types": ["a"], "criteria": {"AND": {"ContentIdCriterion": "1"}}},
    },
    "configs/incoming/relations.json": {
        "type": "ibexa",
        "client": "shop",
        "entity": "relation",
        "action": "list",
        "path": {"contentId": 1, "versionNo": 1},
        "query": {"limit": 5},
    },
    "configs/outgoing/move.json": {
        "type": "ibexa",
        "client": "shop",
        "entity": "location",
        "action": "move",
        "path": {"path": "1/2/61"},
        "query": {},
        "destination": {"remote_id": "a"},
    },
    "configs/outgoing/section.json": {
        "type": "ibexa",
        "client": "shop",
        "entity": "section",
        "action": "create",
        "payload": {"identifier": "a", "name": "b"},
    },
    "configs/outgoing/upsert.json": {
        "type": "ibexa",
        "client": "shop",
        "entity": "content",
        "action": "upsert",
        "payload": {"content_type": "a", "parent": {"id": 2}, "main_language": "eng-GB", "owners": {"a": "editor"}},
    },
    "configs/routes/a.json": {
        "incoming": "things",
        "transformers": ["t"],
        "outgoing": "section",
        "schedule": {"cron": "0 5 * * *", "timezone": "Europe/Oslo"},
        "after": ["b"],
        "verify_every": "24h",
    },
    "configs/routes/b.json": {"incoming": "relations", "transformers": ["t"], "outgoing": "move"},
    "configs/routes/c.json": {"incoming": "content", "transformers": ["t", "u"], "outgoing": "upsert"},
    "configs/alerts/us.json": {"type": "webhook", "url": "${URL}", "on": {"run_failed": True}},
    "configs/systems/ibexa/own.json": {
        "operations": [{"id": "rating.create", "method": "POST", "path": "/ratings", "content_type": "a/b+json"}],
        "bodies": {"b": {"type": "object", "properties": {"stars": {"type": "integer"}}}},
    },
    "transformers/t.json": [
        {"type": "filter", "where": "enabled"},
        {"type": "map", "to": {"path": {"path": "a"}, "payload": {"identifier": "b", "fields": {"c": "d"}}}},
    ],
    "transformers/u.json": [{"type": "split", "at": "variants", "keep_parent": True}],
}
ODD: list[Json] = [None, 1, 1.5, True, "", "x", "${X}", "\ud800", [], [1], {}, {"x": 1}, {"": None}, [[]]]


def places(node: Json, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, one in members:
        yield from places(one, (*way, key))


def put(node: Json, way: tuple[Any, ...], value: Json) -> Json:
    if not way:
        return value
    made = copy.deepcopy(node)
    inner = made
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    return made


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_value_of_any_other_type_anywhere_is_a_finding_and_no_crash(name: str, tmp_path: Path) -> None:
    for file, content in FILES.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    changed = tmp_path / name
    for way in places(FILES[name]):
        for value in ODD:
            changed.write_text(json.dumps(put(FILES[name], way, value)))
            problems = validate_project(tmp_path, {})[1]
            assert all(one.message for one in problems), (way, value)
