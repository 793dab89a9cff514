"""Findings in the forms that people, editors and CI read: with the line of the source, SARIF, GitHub's commands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from connector import __version__
from connector.cli.errors import line
from connector.cli.output import plain
from connector.config.codes import CODES
from connector.core.jsonio import Json
from connector.core.problem import Problem

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
WIDTH = 100
"""Columns of a line of source that are shown."""
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
_GITHUB = {"info": "notice"}
_SARIF = {"info": "note"}
_UNSHOWN = frozenset({"CFG116"})
"""Findings whose line may hold a secret."""
_SECRETIVE = re.compile(r'"[^"]*(auth|token|secret|passw|api.?key|cookie)[^"]*"\s*:\s*"(?!\$\{)', re.IGNORECASE)
"""A literal that may well be one, whatever the finding is about."""


def with_excerpts(problems: Sequence[Problem], root: Path) -> list[str]:
    """Each finding with its line of the source and a mark under its column, coloured; for a terminal."""
    secret = {(one.place.file, one.place.line) for one in problems if one.place and one.code in _UNSHOWN}
    texts: dict[str, list[str]] = {}
    found = []
    for problem in problems:
        head, _, hint = line(problem).partition("\n")
        shown = [click.style(head, fg=_COLOURS[problem.severity])]
        place = problem.place
        if place is not None and place.line and (place.file, place.line) not in secret:
            if place.file not in texts:
                texts[place.file] = _lines(root / place.file)
            shown += excerpt(texts[place.file], place.line, place.column)
        found.append("\n".join([*shown, *([hint] if hint else [])]))
    return found


def excerpt(lines: Sequence[str], number: int, column: int) -> list[str]:
    """The line and the mark below it; nothing for a line that is not there or may hold a secret.

    Line and column count from 1.
    """
    if not 0 < number <= len(lines) or _SECRETIVE.search(lines[number - 1]):
        return []
    text = plain(lines[number - 1].replace("\t", " "))
    at = max(column - 1, 0)
    start = max(0, at - WIDTH * 2 // 3) if at >= WIDTH else 0
    cut = ("…" if start else "") + text[start : start + WIDTH] + ("…" if len(text) > start + WIDTH else "")
    indent = (1 if start else 0) + sum(_width(one) for one in text[start:at])
    gutter = f"{number:>6} | "
    mark = " " * (len(gutter) - 2) + "| " + " " * indent + click.style("^", fg="cyan", bold=True)
    return [click.style(gutter, dim=True) + cut, *([mark] if column else [])]


def below_repository(problems: Sequence[Problem], root: Path) -> list[Problem]:
    """The findings with file names as the repository has them: the project may be a folder of it."""
    folder = root.resolve()
    top = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
    prefix = folder.relative_to(top)
    return [
        replace(one, place=one.place and replace(one.place, file=(prefix / one.place.file).as_posix()))
        for one in problems
    ]


def sarif(problems: Sequence[Problem]) -> Json:
    """SARIF 2.1.0: what the code scanning of GitHub, GitLab and Azure takes."""
    codes = sorted({one.code for one in problems})
    driver = {"name": "connector", "version": __version__, "rules": [_rule(code) for code in codes]}
    results = [_result(one, codes.index(one.code)) for one in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def github(problem: Problem) -> str:
    """A workflow command, which shows the finding beside the line of a pull request."""
    place = problem.place
    named = {"title": problem.code}
    if place is not None:
        named = {"file": place.file, "line": str(place.line or 1), "col": str(place.column or 1), **named}
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in named.items())
    return f"::{_GITHUB.get(problem.severity, problem.severity)} {properties}::{_escaped(_sentence(problem))}"


def _rule(code: str) -> Mapping[str, Json]:
    known = CODES.get(code)
    if known is None:
        return {"id": code}
    return {"id": code, "shortDescription": {"text": known.title}, "help": {"text": known.text}}


def _result(problem: Problem, rule: int) -> Json:
    found: dict[str, Json] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": _SARIF.get(problem.severity, problem.severity),
    }
    found["message"] = {"text": _sentence(problem)}
    place = problem.place
    if place is not None:
        where: dict[str, Json] = {"artifactLocation": {"uri": place.file, "uriBaseId": "%SRCROOT%"}}
        if place.line:
            where["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
        found["locations"] = [{"physicalLocation": where}]
    return found


def _sentence(problem: Problem) -> str:
    return plain(f"{problem.message}. {problem.hint}".strip())


def _escaped(text: str, more: str = "") -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for char in more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return []  # the finding itself says what is wrong with the file


def _width(char: str) -> int:
    """Columns that a character takes on a terminal."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
