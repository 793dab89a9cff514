"""Records that would become one item are told before a run and by it, each time with what is to be corrected."""

from __future__ import annotations

import json
from typing import Any

from tests.faults.project import ThingsProject


def declare(project: ThingsProject, rows: str, remote_id: str) -> None:
    (project.root / "things.csv").write_text(rows, encoding="utf-8")
    incoming = {"type": "file", "path": "things.csv", "key": "key"}
    (project.root / "configs/incoming/things.json").write_text(json.dumps(incoming))
    steps = [{"type": "map", "to": {"payload": {"remote_id": remote_id, "fields": {"name": "value"}}}}]
    (project.root / "transformers/thing.json").write_text(json.dumps(steps))


def previewed(project: ThingsProject) -> list[list[str]]:
    rows: list[dict[str, Any]] = json.loads(project.run("preview", "things", "--json").stdout)
    return [row["notes"] for row in rows]


def test_two_records_of_one_remote_id(project: ThingsProject) -> None:
    declare(project, "key,group,value\n1,10,A\n2,10,B\n3,11,C\n", "concat('art-', group)")
    first, second, third = previewed(project)
    assert (first, third) == ([], [])
    assert second[0].startswith(
        "warning: things.csv line 2 makes the same key 'art-10', and a run takes only the first"
    )
    assert "let the mapping make its remote_id" in project.run("preview", "things").stdout
    assert "line 2 and line 3 of things.csv have the same remote id" in project.run("validate").stdout
    dry = project.run("run", "things", "--dry-run").stdout
    assert "two records of this read make the same key 'art-10'" in dry
    assert "let the mapping make its remote_id" in dry
    assert project.run("run", "things").returncode == 1
    (group,) = json.loads(project.run("tasks", "failures", "--json").stdout)
    assert "two records of this read make the same key 'art-10': '1' and '2'" in json.dumps(group)
    assert "Their keys in the incoming differ: let the mapping make its remote_id" in json.dumps(group)
    assert "another key in the incoming" not in json.dumps(group)


def test_two_records_of_one_key(project: ThingsProject) -> None:
    declare(project, "key,group,value\n1,10,A\n1,10,B\n3,11,C\n3,11,C\n", "concat('art-', key)")
    first, second, third, fourth = previewed(project)
    assert (first, third, fourth) == ([], [], []), "what says the same twice is no fault"
    assert second[0].startswith("warning: things.csv line 2 has the same key, and a run takes only the first")
    assert "choose another key in the incoming" in second[0]
