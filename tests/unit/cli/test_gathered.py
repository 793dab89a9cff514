"""Many warnings of one kind are told once, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli import cli
from connector.cli.gathered import SHOWN, block, gathered
from connector.core.problem import Place, Problem


def lost(number: int, hint: str = "Declare delivery.", severity: str = "warning") -> Problem:
    return Problem("CFG153", f"message {number}", hint, place=Place(f"o{number}.json", 5, 13), severity=severity)


@pytest.mark.parametrize(("count", "groups"), [(0, []), (1, [1]), (2, [1, 1]), (3, [3]), (9, [9])])
def test_three_of_a_kind_are_one(count: int, groups: list[int]) -> None:
    assert [len(one) for one in gathered([lost(number) for number in range(count)])] == groups


def test_order_and_number_are_kept() -> None:
    other = Problem("CFG121", "unused", "Use it.", severity="warning")
    problems = [other, lost(1), lost(2, "Another."), lost(3), lost(4, severity="error"), lost(5), lost(6)]
    found = list(gathered(problems))
    assert found == [[other], [lost(1), lost(3), lost(5), lost(6)], [lost(2, "Another.")], [lost(4, severity="error")]]


def test_errors_are_never_gathered() -> None:
    problems = [lost(number, severity="error") for number in range(5)]
    assert [len(one) for one in gathered(problems)] == [1] * 5


def test_two_notes_are_one() -> None:
    assert [len(one) for one in gathered([lost(number, severity="info") for number in range(2)])] == [2]
    assert [len(one) for one in gathered([lost(0, severity="info"), lost(1)])] == [1, 1]


def test_the_first_places_stand_in_it_and_the_hint_once() -> None:
    said = block([lost(number) for number in range(SHOWN + 2)])
    assert said.splitlines()[0] == "warning CFG153: a write that cannot be looked up, 7 times"
    assert "    o4.json:5:13: message 4" in said.splitlines()
    assert "o5.json" not in said
    assert "and 2 more: --format json" in said
    assert said.count("Declare delivery.") == 1


def project(root: Path, count: int) -> Path:
    (root / "configs/outgoing").mkdir(parents=True)
    (root / "configs/clients").mkdir()
    client = {"type": "ibexa", "base_url": "https://shop.example.com", "auth": {"type": "none"}}
    (root / "configs/clients/shop.json").write_text(json.dumps(client))
    outgoing = {"type": "ibexa", "client": "shop", "entity": "role", "action": "create"}
    for number in range(count):
        (root / f"configs/outgoing/o{number}.json").write_text(json.dumps(outgoing))
    (root / "configs/clients/bad.json").write_text(
        '{"type": "http", "base_url": "https://x", "auth": {"type": "bearer", "token": "canary"}, "zz": 1}'
    )
    return root


@pytest.mark.parametrize("color", ["never", "always"])
def test_validate_tells_them_together_and_scripts_get_each(tmp_path: Path, color: str) -> None:
    root = project(tmp_path, 7)
    said = CliRunner().invoke(cli, ["-C", str(root), "validate", "--color", color])
    assert said.output.count("CFG153") == 1
    assert "a write that cannot be looked up, 7 times" in said.output
    assert "canary" not in said.output, "another finding about the line of a secret must not show it"
    assert "CFG116" in said.output
    assert "CFG110" in said.output
    found = json.loads(CliRunner().invoke(cli, ["-C", str(root), "validate", "--json"]).output)
    assert sum(one["code"] == "CFG153" for one in found["problems"]) == 7
    assert found["warnings"] >= 7
