from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.config.project import Project, load
from connector.core.problem import Problem

Loaded = Callable[..., Project]


def only(project: Project) -> Problem:
    assert len(project.problems) == 1, project.problems
    return project.problems[0]


def at(problem: Problem) -> str:
    return f"{problem.code} {problem.place}"


def test_a_sound_project_is_read_whole(project: Loaded) -> None:
    found = project()
    assert not found.problems
    assert found.clients["pim"].data["base_url"] == "https://pim.example"
    assert found.routes["products"].shown == "configs/routes/products.json"
    assert found.transformers["product"].suffix == ".json"
    assert [one.family for one in found.declarations()] == ["client", "incoming", "outgoing", "route"]


def test_a_folder_that_is_no_project_says_what_to_do(tmp_path: Path) -> None:
    problem = only(load(tmp_path / "nowhere"))
    assert problem.code == "CFG100"
    assert "connector init" in problem.hint


def test_a_project_may_have_no_folder_of_a_family(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    assert load(tmp_path).problems == []


def test_a_byte_order_mark_is_tolerated(project: Loaded) -> None:
    found = project({"configs/clients/pim.json": '\ufeff{"type": "http"}'})
    assert not found.problems
    assert found.clients["pim"].data == {"type": "http"}


@pytest.mark.parametrize(
    ("content", "expected", "words"),
    [
        ("", "CFG106 configs/clients/x.json:1:1", "empty"),
        ("\ufeff \n", "CFG106 configs/clients/x.json:1:1", "empty"),
        (b'{"a": "\xe6"}', "CFG104 configs/clients/x.json:1:8", "UTF-8 (byte 7)"),
        ('{\n  "a": ,\n}', "CFG108 configs/clients/x.json:2:8", "not JSON"),
        ('{\n  "a": 1\n  "b": 2\n}', "CFG108 configs/clients/x.json:3:3", "delimiter"),
        ('{\n  // why\n  "a": 1\n}', "CFG108 configs/clients/x.json:2:3", "not JSON"),
        ('{\n  "NaN": "NaN", "a": NaN\n}', "CFG108 configs/clients/x.json:2:22", "NaN is not a JSON value"),
        ('{"a": -Infinity}', "CFG108 configs/clients/x.json:1:7", "-Infinity is not a JSON value"),
        ("[" * 300 + "]" * 300, "CFG108 configs/clients/x.json:1:1", "nested"),
        ("[" * 90_000, "CFG108 configs/clients/x.json:1:1", "nested"),
        ('{"a": 1,\n "b": 2, "a": 3}', "CFG107 configs/clients/x.json:2:10", "'a' occurs twice"),
    ],
)
def test_a_file_that_cannot_be_read_has_a_place_and_a_hint(
    project: Loaded, content: str | bytes, expected: str, words: str
) -> None:
    found = project({"configs/clients/x.json": content})
    problem = only(found)
    assert at(problem) == expected
    assert words in problem.message
    assert problem.hint
    assert found.broken == {("client", "x")}


def test_every_repeated_key_is_told_with_both_places(project: Loaded) -> None:
    found = project({"configs/clients/x.json": '{"a": 1,\n "a": 2,\n "b": {"c": 1,\n "c": 2}}'})
    assert [at(one) for one in found.problems] == [
        "CFG107 configs/clients/x.json:2:2",
        "CFG107 configs/clients/x.json:4:2",
    ]
    assert "line 1" in found.problems[0].message
    assert "line 3" in found.problems[1].message


def test_a_file_that_says_null_is_a_declaration_that_says_null(project: Loaded) -> None:
    assert project({"configs/clients/x.json": "null"}).clients["x"].data is None


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("PIM.json", "pim.json"),
        ("my_client.json", "my-client.json"),
        ("a.b.json", "a-b.json"),
        ("-x.json", "x.json"),
        ("æ.json", "name.json"),
    ],
)
def test_a_file_name_that_is_no_name_gets_a_better_one(project: Loaded, name: str, better: str) -> None:
    problem = only(project({f"configs/clients/{name}": {}}))
    assert at(problem) == f"CFG102 configs/clients/{name}"
    assert better in problem.hint


@pytest.mark.parametrize(
    "name", [".hidden.json", "pim.json~", "#pim.json#", "pim.json.bak", "pim.json.swp", ".#x.json"]
)
def test_what_editors_leave_behind_is_not_looked_at(project: Loaded, name: str) -> None:
    assert not project({f"configs/clients/{name}": "rubbish"}).problems


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("configs/clients/pim.yaml", "end in .json"),
        ("configs/clients/old/pim.json", "not looked into"),
        ("transformers/x.py", ".json or .jmespath"),
        ("configs/client/pim.json", "'clients'"),
        ("configs/transformer/x.json", "'transformers'"),
        ("configs/pim.json", "Move it into clients/"),
    ],
)
def test_what_nothing_reads_is_a_warning(project: Loaded, name: str, hint: str) -> None:
    problem = only(project({name: {}}))
    assert problem.code == "CFG101"
    assert problem.severity == "warning"
    assert hint in problem.hint


def test_other_folders_beside_the_families_are_the_users_own(project: Loaded) -> None:
    assert not project({"configs/data/types.json": []}).problems


def test_two_transformers_of_one_name_are_an_error(project: Loaded) -> None:
    problem = only(project({"transformers/product.jmespath": "@"}))
    assert at(problem) == "CFG103 transformers/product.json"
    assert "product.jmespath" in problem.hint
    assert "product.json" in problem.hint


def test_a_broken_transformer_still_takes_its_name(project: Loaded) -> None:
    found = project({"transformers/product.json": "[", "transformers/product.jmespath": "@"})
    assert {one.code for one in found.problems} == {"CFG103"}


def test_a_link_to_a_file_that_is_gone_is_told(write: Callable[[Any], Path]) -> None:
    root = write({"configs/clients/pim.json": {}})
    (root / "configs/clients/gone.json").symlink_to(root / "nowhere.json")
    found = load(root)
    assert at(only(found)) == "CFG105 configs/clients/gone.json"
    assert ("client", "gone") in found.broken


def test_the_other_files_are_read_beside_a_broken_one(project: Loaded) -> None:
    found = project({"configs/clients/a.json": "{", "configs/clients/b.json": "]", "configs/clients/c.json": {}})
    assert [at(one) for one in found.problems] == [
        "CFG108 configs/clients/a.json:1:2",
        "CFG108 configs/clients/b.json:1:1",
    ]
    assert "c" in found.clients


def test_the_project_may_describe_itself(project: Loaded) -> None:
    settings = project({"configs/project.json": {"name": "Shop", "version": 1}}).settings
    assert settings is not None
    assert settings.data["name"] == "Shop"


def test_the_place_in_a_jmespath_file_counts_from_its_first_character(project: Loaded) -> None:
    found = project({"transformers/x.jmespath": "# why\nfoo.bår[\n"})
    place = found.transformers["x"].place("", offset=13)
    assert (place.line, place.column) == (2, 8)


def test_enabled_unless_it_says_otherwise(project: Loaded) -> None:
    found = project({"configs/clients/off.json": {"enabled": False}, "configs/clients/odd.json": [1]})
    assert [found.clients[name].enabled for name in ("pim", "off", "odd")] == [True, False, True]


def test_a_routes_declaration_is_kept_as_written(project: Loaded) -> None:
    client = {"type": "http", "base_url": "${URL}", "auth": {"type": "bearer", "token": "${TOKEN}"}}
    declared = project({"configs/clients/pim.json": client}).declared("products")
    assert declared["clients"] == {"pim": client}
    assert declared["route"]["products"]["incoming"] == "products"
    assert set(declared["transformers"]) == {"product"}


def test_the_fingerprint_follows_every_part_of_the_route_and_nothing_else(project: Loaded) -> None:
    before = project().fingerprint("products")
    assert project().fingerprint("products") == before
    assert project({"configs/clients/other.json": {}}).fingerprint("products") == before
    changes: dict[str, Any] = {
        "configs/clients/pim.json": {"type": "http", "base_url": "https://other.example"},
        "configs/incoming/products.json": {"type": "http", "client": "pim", "endpoint": "/other"},
        "transformers/product.json": [{"type": "map", "to": {"payload": "other"}}],
    }
    for name, content in changes.items():
        assert project({name: content}).fingerprint("products") != before, name
