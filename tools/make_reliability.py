"""Writes the table of docs/reliability.md from tests/faults/matrix.json: ``python -m tools.make_reliability``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"
MATRIX = ROOT / "tests" / "faults" / "matrix.json"
MARK = "<!-- From here on: python -m tools.make_reliability, from tests/faults/matrix.json. -->\n"


def page() -> str:
    """What is written by hand, up to the mark, and the table."""
    by_hand = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    cases = json.loads(MATRIX.read_text(encoding="utf-8"))
    return by_hand + MARK + "\n" + table(cases) + "\n" + notes(cases)


def table(cases: list[dict[str, Any]]) -> str:
    """A row a case."""
    rows = [f"| {one['number']} | {one['title']} | {shown(one['tests'])} | {control(one)} |" for one in cases]
    return "\n".join(["| | fault | shown by | breaks with |", "|---|---|---|---|", *rows]) + "\n"


def shown(tests: list[str]) -> str:
    """The tests, by file."""
    files: dict[str, list[str]] = {}
    for test in tests:
        file, _, name = test.partition("::")
        files.setdefault(file, []).append(name.removeprefix("test_").replace("_", " "))
    found = [f"[{Path(file).stem}](../{file}): {'; '.join(names)}" for file, names in files.items()]
    return "<br>".join(found) or "see below"


def control(one: dict[str, Any]) -> str:
    """The sabotages that turn the promise red, or why there is none."""
    return ", ".join(f"*{name}*" for name in one.get("sabotages", ())) or one.get("no_sabotage", "")


def notes(cases: list[dict[str, Any]]) -> str:
    """What a case does not cover."""
    said = [f"- **{one['number']}.** {one['note']}" for one in cases if one.get("note")]
    return "## What a case does not cover\n\n" + "\n".join(said) + "\n"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
