"""The examples of docs/how-to/page-through-a-source.md could stand in a project."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from connector.app import validate_project

PAGE = Path(__file__).parents[2] / "docs/how-to/page-through-a-source.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(json.loads(one)["endpoint"]) for one in EXAMPLES])
def test_an_example_is_a_valid_incoming(example: str, tmp_path: Path) -> None:
    declared = json.loads(example)
    client = {"type": "http", "base_url": "https://source.example.com"}
    for name, body in (("incoming/things", declared), (f"clients/{declared['client']}", client)):
        file = tmp_path / f"configs/{name}.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(body), encoding="utf-8")
    found = [one for one in validate_project(tmp_path, {})[1] if one.place and "incoming" in one.place.file]
    assert [one.sentence() for one in found if "nothing uses" not in one.message] == []
