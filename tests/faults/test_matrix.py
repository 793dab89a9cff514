"""matrix.json: every case is there once, every test that it names exists, every sabotage too; the page says the same."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.faults.sabotage import SABOTAGES
from tools.make_reliability import PAGE, page

ROOT = Path(__file__).parents[2]
CASES: list[dict[str, Any]] = json.loads((ROOT / "tests/faults/matrix.json").read_text(encoding="utf-8"))


@cache
def names_in(name: str) -> frozenset[str]:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"))


def test_every_case_is_there_once_with_a_title_of_its_own() -> None:
    assert [one["number"] for one in CASES] == list(range(1, 55))
    assert len({one["title"] for one in CASES}) == 54


def test_every_test_that_is_named_exists() -> None:
    named = [test.split("::") for one in CASES for test in one["tests"]]
    missing = [f"{file}::{name}" for file, name in named if not (ROOT / file).is_file() or name not in names_in(file)]
    assert missing == []


def test_every_case_has_tests_or_a_reason() -> None:
    assert [one["number"] for one in CASES if not one["tests"] and not one.get("note")] == []


def test_every_case_with_tests_names_a_sabotage_or_why_there_is_none() -> None:
    for one in CASES:
        if one["tests"]:
            assert bool(one.get("sabotages")) != bool(one.get("no_sabotage")), one["number"]


def test_every_sabotage_is_known_and_every_one_guards_a_case() -> None:
    assert {name for one in CASES for name in one.get("sabotages", ())} == set(SABOTAGES)


def test_the_page_is_what_the_matrix_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/reliability.md is old: python -m tools.make_reliability"
