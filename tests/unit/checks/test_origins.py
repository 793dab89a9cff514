"""Whose line a fault in a message is: the mapping's, or the outgoing's where the default stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.checks.origins import Origins
from connector.config.project import load
from connector.core.problem import Place, Problem

OUTGOING = """{
  "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert",
  "payload": {
    "content_type": "folder",
    "parent": { "remote_id": "${TOP}" },
    "names": { "a": 1 }
  },
  "path": { "contentId": 5 }
}"""
MAP = """[
  { "type": "map", "to": { "payload": "@" } },
  { "type": "map", "to": {
      "payload": {
        "remote_id": "id",
        "names": "title",
        "roles": ["'a'", "b"],
        "fields": "{ name: title,\\n price: price.value }",
        "translations": { "nor-NO": { "name": "title_nb" } }
      } } },
  { "type": "filter", "where": "payload" }
]"""
JMESPATH = """# what a thing becomes
# (two lines)

{
  payload: {
    names: title,
    fields: { name: title }
  }
}
"""


def origins(root: Path, transformers: dict[str, str], chain: list[str], outgoing: str = OUTGOING) -> Origins:
    route = json.dumps({"incoming": "things", "transformers": chain, "outgoing": "things"})
    files = {"configs/outgoing/things.json": outgoing, "configs/routes/things.json": route}
    for name, text in {**files, **{f"transformers/{name}": text for name, text in transformers.items()}}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Origins(load(root), "things")


def place(known: Origins, where: str = "", message: Any = None, pointer: str = "") -> str:
    at = Place("", pointer=pointer) if pointer else None
    found = known.placed(Problem("X", "m", where=where, place=at), message).place
    return str(found) if found else ""


@pytest.mark.parametrize(
    ("where", "pointer", "expected"),
    [
        ("payload.names", "", "transformers/thing.json:6:9"),
        ("payload.remote_id", "", "transformers/thing.json:5:9"),
        ("payload.roles[1]", "", "transformers/thing.json:7:26"),
        ("fields.price", "", "transformers/thing.json:8:37"),
        ("fields.price", "/payload/translations/nor-NO/price", "transformers/thing.json:9:27"),
        ("fields.name", "/payload/translations/nor-NO/name", "transformers/thing.json:9:39"),
        ("payload.gone", "", "transformers/thing.json:4:7"),
        ("payload.content_type", "", "configs/outgoing/things.json:4:5"),
        ("payload.parent", "", "configs/outgoing/things.json:5:5"),
        ("path.contentId", "", "configs/outgoing/things.json:8:13"),
        ("query.limit", "", "transformers/thing.json:3:20"),
        ("content.create", "", ""),
        ("client ibexa", "", ""),
        ("things.json [3]", "", ""),
        ("thing.json step 2 (map) payload.fields", "", "transformers/thing.json:8:9"),
        ("thing.json step 3 (filter) where", "", "transformers/thing.json:11:23"),
        ("other.json step 1 (map) payload", "", ""),
    ],
)
def test_a_map_and_the_defaults_below_it(tmp_path: Path, where: str, pointer: str, expected: str) -> None:
    known = origins(tmp_path, {"thing.json": MAP}, ["thing"])
    message = {"payload": {"names": "x", "content_type": "folder", "fields": {"price": 1}}}
    assert place(known, where, message, pointer) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("payload.names", "transformers/thing.jmespath:6:5"),
        ("fields.name", "transformers/thing.jmespath:7:15"),
        ("fields.nmae", "transformers/thing.jmespath:7:5"),
        ("payload.content_type", "configs/outgoing/things.json:4:5"),
        ("message", ""),
        ("query", "transformers/thing.jmespath:4:1"),
        ("thing.jmespath", "transformers/thing.jmespath:4:1"),
    ],
)
def test_an_expression_counts_its_comments_too(tmp_path: Path, where: str, expected: str) -> None:
    known = origins(tmp_path, {"thing.jmespath": JMESPATH}, ["thing"])
    assert place(known, where, {"payload": {"fields": {}}}) == expected


def test_where_both_may_say_it_the_value_tells_who_did(tmp_path: Path) -> None:
    opaque = '[ { "type": "map", "to": { "payload": "@" } } ]'
    known = origins(tmp_path, {"thing.json": opaque}, ["thing"])
    mapped, declared = "transformers/thing.json:1:28", "configs/outgoing/things.json:6:5"
    assert place(known, "payload.names", {"payload": {"names": "mine"}}) == mapped
    assert place(known, "payload.names", {"payload": {"names": {"a": 1}}}) == declared
    assert place(known, "payload.names", {"payload": {}}) == declared
    assert place(known, "payload.other", {"payload": {}}) == mapped
    assert place(known, "payload.parent.remote_id", {"payload": {"parent": {"remote_id": "x"}}}) == (
        "configs/outgoing/things.json:5:17"
    )


def test_the_last_file_that_builds_counts_and_a_split_hides_what_is_before_it(tmp_path: Path) -> None:
    build = '[ { "type": "map", "to": { "payload": { "names": "a" } } } ]'
    only = '[ { "type": "filter", "where": "payload" } ]'
    split = '[ { "type": "filter", "where": "a" },\n  { "type": "split", "at": "messages" } ]'
    files = {"build.json": build, "only.json": only, "split.json": split}
    assert place(origins(tmp_path, files, ["build", "only"]), "payload.names") == "transformers/build.json:1:41"
    assert place(origins(tmp_path, files, ["build", "split"]), "payload.other") == "transformers/split.json:2:3"


def test_without_a_mapping_only_the_defaults_are_ours(tmp_path: Path) -> None:
    known = origins(tmp_path, {}, [])
    assert place(known, "payload.names", {"payload": {}}) == "configs/outgoing/things.json:6:5"
    assert place(known, "payload.remote_id", {"payload": {}}) == ""


def test_a_million_failures_look_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = origins(tmp_path, {"thing.jmespath": JMESPATH}, ["thing"])
    first = place(known, "payload.names")
    monkeypatch.setattr("connector.checks.origins.spot_of", lambda *_: pytest.fail("looked again"))
    assert place(known, "payload.names") == first
