"""A secret in a source that no mapping reads is in no table of the run log; and nothing is lost by that."""

from __future__ import annotations

import json
import sqlite3
import zlib
from typing import Any

from tests.faults.project import ThingsProject

CANARY = "Canary-Column-4711"


def declare(project: ThingsProject, rows: str, name: str = "value") -> None:
    (project.root / "things.csv").write_text(rows, encoding="utf-8")
    incoming = {"type": "file", "path": "things.csv", "key": "key"}
    (project.root / "configs/incoming/things.json").write_text(json.dumps(incoming))
    payload = {"remote_id": "concat('t-', key)", "fields": {"name": name}}
    steps = [{"type": "filter", "where": "key"}, {"type": "map", "to": {"payload": payload}}]
    (project.root / "transformers/thing.json").write_text(json.dumps(steps))


def everything(project: ThingsProject) -> str:
    """All that the run log holds, unpacked."""
    found: list[str] = []
    with sqlite3.connect(project.root / "run.db") as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            found += [_text(one) for row in database.execute(f"select * from {table}") for one in row]
    return "\n".join(found)


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    return (zlib.decompress(value[1:]) if value[:1] == b"\x01" else value).decode("utf-8", "replace")


def test_it_is_kept_nowhere_and_its_change_is_none(project: ThingsProject) -> None:
    declare(project, f"key,value,Passwort\n1,Ada,{CANARY}\n2,Bob,\n")
    assert "the run log has *** in its place" in project.run("validate").stdout
    assert project.run("run", "things").returncode == 0
    found = everything(project)
    assert "Ada" in found
    assert CANARY not in found
    assert '"Passwort":"***"' in found
    assert '"Passwort":""' in found
    declare(project, f"key,value,Passwort\n1,Ada,{CANARY}-changed\n2,Bob,\n")
    assert "2 unchanged" in project.run("run", "things").stdout


def test_a_mapping_that_reads_it_later_gets_it_from_the_source(project: ThingsProject) -> None:
    declare(project, f"key,value,Passwort\n1,Ada,{CANARY}\n")
    assert project.run("run", "things").returncode == 0
    declare(project, f"key,value,Passwort\n1,Ada,{CANARY}\n", name="Passwort")
    assert "the run log keeps it in clear: the mapping may read it" in project.run("validate").stdout
    assert "1 updated" in project.run("run", "things").stdout
    assert CANARY in everything(project), "what a mapping reads a retry needs"


def test_a_stored_record_without_it_is_not_mapped_to_the_mask(project: ThingsProject) -> None:
    rows = f"key,value,Passwort\n1,Ada,{CANARY}\n"
    declare(project, rows, name="number(value)")
    assert project.run("run", "things").returncode == 1
    assert CANARY not in everything(project)
    declare(project, "key,value,Passwort\n", name="Passwort")  # the source has it no more
    assert project.run("tasks", "retry", "--route", "things").returncode == 0
    assert project.run("run", "things").returncode == 1
    (group,) = json.loads(project.run("tasks", "failures", "--json").stdout)
    assert "the mapping reads a secret that was not kept with this record" in json.dumps(group)
    declare(project, rows, name="value")
    assert "1 created" in project.run("run", "things").stdout
