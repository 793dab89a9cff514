"""``connector forget`` as a process: asks, removes, tells what is left to do."""

from __future__ import annotations

import json

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def test_it_asks_removes_and_keeps_from_publishing_twice(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    project.things({"4711": "Private-Person", "4712": "other"})
    assert project.run("run", "things").returncode == 0
    refused = project.run("forget", "4711")
    assert refused.returncode == 2
    assert "with 1 task of things? It cannot be undone: say --yes." in refused.stderr
    done = project.run("forget", "4711", "--yes")
    assert done.returncode == 0, done.stderr
    assert "still at the target, under the ids" in done.stdout
    files = b"".join(one.read_bytes() for one in project.root.glob("run.db*"))
    assert (b"Private-Person" in files, b"t-4711" in files, b"t-4712" in files) == (False, False, True)
    written = sandbox.book.snapshot()["writes"]["total"]
    assert project.run("run", "things").returncode == 0
    assert sandbox.book.snapshot()["writes"]["total"] == written


def test_a_key_that_nobody_knows(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    done = project.run("forget", "nobody", "--yes")
    assert (done.returncode, "no route has seen 'nobody'" in done.stdout) == (1, True)
    told = json.loads(project.run("forget", "nobody", "--yes", "--json").stdout)
    assert told == {"forgotten": {}, "routes": [], "at_target": [], "unsure": 0}
