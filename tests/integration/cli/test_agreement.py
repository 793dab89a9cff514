"""Before a first write to another machine somebody must agree; once for each address and user."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


@pytest.fixture
def elsewhere() -> Iterator[IbexaSandbox]:
    """An Ibexa whose address is not one of this machine's usual names."""
    with IbexaSandbox("127.0.0.2", login_seconds=0) as sandbox:
        yield sandbox


@pytest.fixture
def project(tmp_path: Path, elsewhere: IbexaSandbox) -> ThingsProject:
    found = ThingsProject(tmp_path, elsewhere.url)
    found.things({"1": "one"})
    return found


def test_a_script_must_say_yes_once(project: ThingsProject, elsewhere: IbexaSandbox) -> None:
    refused = project.run("run", "things")
    assert refused.returncode == 2
    assert f"'things' writes to {elsewhere.url}/api/ibexa/v2 as admin, for the first time" in refused.stderr
    assert "--yes" in refused.stderr
    assert elsewhere.book.snapshot()["requests"]["total"] == 0
    (row,) = json.loads(project.run("run", "things", "--json").stdout)
    assert (row["state"], row["problem"]["code"]) == ("failed", "CFG000")
    assert project.run("run", "things", "--yes").returncode == 0
    assert project.run("run", "things").returncode == 0
    assert list(elsewhere.book.snapshot()["items"]) == ["t-1"]


def test_another_user_is_asked_for_again(project: ThingsProject) -> None:
    project.env["CONNECTOR_YES"] = "1"
    assert project.run("run", "things").returncode == 0
    del project.env["CONNECTOR_YES"]
    path = project.root / "configs/clients/ibexa.json"
    client = json.loads(path.read_text())
    path.write_text(json.dumps({**client, "auth": {**client["auth"], "username": "editor"}}))
    assert "as editor, for the first time" in project.run("run", "things").stderr


@pytest.mark.parametrize(("answer", "code", "items"), [(b"y\n", 0, ["t-1"]), (b"n\n", 2, []), (b"\n", 2, [])])
def test_a_person_is_asked(
    project: ThingsProject, elsewhere: IbexaSandbox, answer: bytes, code: int, items: list[str]
) -> None:
    ours, theirs = pty.openpty()
    program = [sys.executable, "-m", "connector", "-C", str(project.root), "-q", "run", "things"]
    with subprocess.Popen(program, env=project.env, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, answer)
        assert process.wait(60) == code
    os.close(ours)
    assert list(elsewhere.book.snapshot()["items"]) == items


def test_another_system_wants_another_run_log_unless_it_has_moved(
    tmp_path: Path, project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    """From this machine's sandbox to the live shop, in the same run log: nothing of it would be sent."""
    live = project.env["IBEXA_BASE_URL"]
    project.env["IBEXA_BASE_URL"] = sandbox.url
    assert project.run("run", "things").returncode == 0
    project.env["IBEXA_BASE_URL"] = live
    for command in (["--yes"], ["--dry-run"]):
        refused = project.run("run", "things", *command)
        assert refused.returncode == 2, refused.stdout
        told = refused.stdout + refused.stderr
        assert f"writes to {live}/api/ibexa/v2 as admin, but the 1 items that the run log knows" in told
        assert "CONNECTOR_DATABASE_URL" in told
        assert "connector run things --moved" in told
    (row,) = json.loads(project.run("run", "things", "--yes", "--json").stdout)
    assert row["problem"]["code"] == "RUN011"
    apart = {**project.env, "CONNECTOR_DATABASE_URL": f"sqlite:///{tmp_path / 'live.db'}"}
    project.env, here = apart, project.env
    assert project.run("run", "things", "--yes").returncode == 0
    project.env = here
    assert project.run("run", "things", "--moved").returncode == 2, "that it moved does not say that it may be written"
    assert project.run("run", "things", "--moved", "--yes").returncode == 0
    assert project.run("run", "things").returncode == 0
