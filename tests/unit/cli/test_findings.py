"""Findings beside their source, as SARIF and as commands of GitHub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from connector.cli.findings import below_repository, excerpt, github, sarif, with_excerpts
from connector.core.problem import Place, Problem


def plain(lines: list[str]) -> list[str]:
    return [re.sub("\x1b\\[[0-9;]*m", "", one) for one in lines]


@pytest.mark.parametrize(
    ("text", "column", "shown", "mark"),
    [
        ('  "a": 5,', 8, '     2 |   "a": 5,', 7),
        ('\t"a": 5', 7, '     2 |  "a": 5', 6),
        ('{"æ": "日本", "b": 1}', 13, '     2 | {"æ": "日本", "b": 1}', 14),
        ('{"e\u0301": 1}', 8, '     2 | {"e\u0301": 1}', 6),
    ],
)
def test_the_mark_stands_under_the_column(text: str, column: int, shown: str, mark: int) -> None:
    line, under = plain(excerpt(["{", text], 2, column))
    assert line == shown
    assert under == "       | " + " " * mark + "^"


def test_a_long_line_is_cut_around_the_column() -> None:
    line, under = plain(excerpt(['"' + "x" * 500 + "Y" + "z" * 500], 1, 502))
    assert len(line) < 120
    assert line[under.index("^")] == "Y"


def test_a_line_that_is_not_there_shows_nothing() -> None:
    assert excerpt(["a"], 2, 1) == []
    assert excerpt([], 0, 0) == []


def test_a_line_that_may_hold_a_secret_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"token": "hunter2"}')
    place = Place("a.json", 1, 11)
    problems = [Problem("CFG116", "a secret", "h", place=place), Problem("CFG110", "other", "h", place=place)]
    assert "hunter2" not in "\n".join(with_excerpts(problems, tmp_path))
    assert "hunter2" not in "\n".join(with_excerpts(problems[1:], tmp_path))
    (tmp_path / "a.json").write_text('{"colour": "red", "token": "${TOKEN}"}')
    assert "red" in "\n".join(with_excerpts(problems[1:], tmp_path))
    assert excerpt(['"X-Auth": "hunter2", "b": 1'], 1, 22) == []


def test_text_that_controls_a_terminal_is_not_printed(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("\x1b[2J{")
    (told,) = with_excerpts([Problem("CFG108", "bad", place=Place("a.json", 1, 1))], tmp_path)
    assert "\x1b[2J" not in told


def test_a_command_of_github_is_escaped() -> None:
    place = Place("configs/a,b.json", 3, 7)
    problem = Problem("CFG110", "50% of: a, b\nc", "do it", place=place, severity="warning")
    assert github(problem) == "::warning file=configs/a%2Cb.json,line=3,col=7,title=CFG110::50%25 of: a, b c. do it"
    assert github(Problem("CFG100", "no project")) == "::error title=CFG100::no project."


def test_sarif_has_what_code_scanning_needs() -> None:
    problems = [
        Problem("CFG120", "there is no client", "Known are: a.", place=Place("configs/routes/r.json", 4, 15)),
        Problem("CFG101", "not read", place=Place("configs/x"), severity="warning"),
        Problem("CFG100", "no project"),
    ]
    log: Any = sarif(problems)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == ["CFG100", "CFG101", "CFG120"]
    assert rules[2]["shortDescription"]["text"] == "A name that does not exist"
    first, second, third = run["results"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "CFG120"
    assert (first["level"], second["level"]) == ("error", "warning")
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "configs/routes/r.json"
    assert physical["region"] == {"startLine": 4, "startColumn": 15}
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert "locations" not in third
    assert first["message"]["text"] == "there is no client. Known are: a."


def test_files_are_named_as_the_repository_has_them(tmp_path: Path) -> None:
    project = tmp_path / "integration" / "shop"
    project.mkdir(parents=True)
    problem = Problem("CFG110", "no", place=Place("configs/routes/a.json", 3, 4))
    nowhere = Problem("CFG100", "no")
    assert below_repository([problem, nowhere], project) == [problem, nowhere]
    (tmp_path / ".git").mkdir()
    placed, unplaced = below_repository([problem, nowhere], project)
    assert placed.place == Place("integration/shop/configs/routes/a.json", 3, 4)
    assert unplaced == nowhere
