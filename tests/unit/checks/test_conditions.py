"""Conditions: their outcome as a text, filters that are the same for all, and texts such as 0 that count as true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.app import validate_project
from connector.core.jsonio import Json
from connector.transformers.conditions import outcomes
from connector.transformers.expression import syntax_tree


def told(root: Path, rows: str, where: str, name: str = "title") -> list[str]:
    fixed: Json = {"content_type": "product", "parent": {"id": 2}, "main_language": "eng-GB"}
    steps: Json = [
        {"type": "filter", "where": where},
        {"type": "map", "to": {"payload": {"remote_id": "concat('t-', id)", "fields": {"name": name}}}},
    ]
    files: dict[str, Json] = {
        "configs/clients/shop.json": {
            "type": "ibexa",
            "base_url": "https://shop.example.com",
            "auth": {"type": "none"},
        },
        "configs/incoming/things.json": {"type": "file", "path": "things.csv", "key": "id"},
        "configs/outgoing/shop.json": {
            "type": "ibexa",
            "client": "shop",
            "entity": "content",
            "action": "upsert",
            "payload": fixed,
        },
        "configs/routes/things.json": {"incoming": "things", "transformers": ["thing"], "outgoing": "shop"},
        "transformers/thing.json": steps,
    }
    for path, content in {**files, "things.csv": rows}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return [one.code for one in validate_project(root, {})[1]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a == 'x' && 'first'", {False}),
        ("!title", {True, False}),
        ("!title || id", {True}),
        ("contains(a, 'x') && b == 'y' && c", {False}),
        ("a == 'x' && 'first' || 'other'", set()),
        ("title && 'x'", set()),
        ("title && `true`", set()),
        ("to_string(a == 'x')", set()),
        ("[?a == 'x'].b | [0]", set()),
    ],
)
def test_which_outcomes_of_its_conditions_an_expression_yields(text: str, found: set[bool]) -> None:
    assert outcomes(syntax_tree(text)) == found


ROWS = "id,title,active\na,Chair,{}\nb,Table,{}\n"


@pytest.mark.parametrize("where", ["active", "!active", "active && title", "title && active", "title || active"])
@pytest.mark.parametrize("texts", [("1", "0"), ("true", "false"), ("Yes", "No"), ("ja", "nei"), ("", "0")])
def test_a_filter_over_flags_that_are_texts_is_told(tmp_path: Path, where: str, texts: tuple[str, str]) -> None:
    assert "CFG291" in told(tmp_path, ROWS.format(*texts), where)


@pytest.mark.parametrize(
    ("texts", "where", "name"),
    [
        (("1", "0"), "active == '1'", "title"),
        (("1", "0"), "active != '0' && active", "title"),
        (("1", "0"), "active == '1'", "active && title || 'x'"),
        (("1", "0"), "title", "active || title"),
        (("1", "0"), "title", "active && concat(active, ' pieces') || 'none'"),
        (("5", "0"), "active", "title"),
        (("no", "no"), "active", "title"),
        (("no", "sv"), "active", "title"),
        (("1", ""), "active", "title"),
    ],
)
def test_what_may_ask_whether_there_is_anything_is_not_told(
    tmp_path: Path, texts: tuple[str, str], where: str, name: str
) -> None:
    assert told(tmp_path, ROWS.format(*texts), where, name) == []


def test_a_filter_that_is_switched_off_is_meant_so(tmp_path: Path) -> None:
    assert told(tmp_path, ROWS.format("1", "2"), "`true`") == []
