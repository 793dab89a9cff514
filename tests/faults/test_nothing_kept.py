"""A record that could not be taken is retried: what stands for it in the run log is not mapped in its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


@pytest.mark.parametrize(
    "odd", [{"key": "1", "value": "x" * 3000}, "a text", None, 17], ids=["large", "text", "null", "n"]
)
def test_what_stands_for_a_record_is_never_sent(project: ThingsProject, sandbox: IbexaSandbox, odd: Any) -> None:
    incoming = project.root / "configs/incoming/things.json"
    incoming.write_text(json.dumps({**json.loads(incoming.read_text()), "max_record": "2kB"}))
    to = {"payload": {"remote_id": "'always'", "fields": {"name": "value || 'nameless'"}}}
    (project.root / "transformers/thing.json").write_text(json.dumps([{"type": "map", "to": to}]))
    (project.root / "things.json").write_text(json.dumps([odd]))
    assert project.run("run", "things").returncode == 1
    (project.root / "things.json").write_text("[]")
    done = project.run("run", "things", "--retry")
    assert done.returncode == 1
    assert "could not be taken when it was read" in done.stdout
    assert sandbox.book.snapshot()["items"] == {}
    (project.root / "things.json").write_text(json.dumps([{"key": "1", "value": "small"}]))
    project.run("run", "things")
    assert len(sandbox.book.snapshot()["items"]) == 1
