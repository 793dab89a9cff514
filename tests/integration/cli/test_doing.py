"""Commands that do something: init, run, sandbox."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.ibexa.faults import Fault, Faults
from tests.faults.project import ThingsProject

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "connector"]


def connector(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("source", ["../up", "My ERP", "ibexa", "4711", "a/b", ""])
def test_init_takes_no_name_that_would_lead_elsewhere_or_not_validate(source: str, tmp_path: Path) -> None:
    done = connector("init", "shop", "--source", source, cwd=tmp_path)
    assert done.returncode == 2
    assert "--source" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_writes_a_whole_project_with_the_answers_given(tmp_path: Path) -> None:
    done = connector(
        "init", "shop", "--name", "The {Shop}", "--source", "my-erp", "--source-url", "https://erp.example.com",
        "--ibexa-url", "https://shop.example.com", "--key", "sku", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shop = tmp_path / "shop"
    assert (shop / "README.md").read_text().startswith("# The {Shop}\n")
    told = (shop / ".env.example").read_text()
    assert "MY_ERP_BASE_URL=https://erp.example.com\n" in told
    assert "IBEXA_BASE_URL=https://shop.example.com\n" in told
    assert ".env\n" in (shop / ".gitignore").read_text()
    checked = connector("-C", "shop", "--env-file", "shop/.env.example", "validate", "--json", cwd=tmp_path)
    assert json.loads(checked.stdout)["errors"] == 0
    assert "connector --env-file .env run my-erp" in done.stdout


def test_init_says_when_an_answer_does_not_compile(tmp_path: Path) -> None:
    done = connector("init", "shop", "--key", "a-b", cwd=tmp_path)
    assert done.returncode == 2
    assert "configs/incoming/source.json:" in done.stderr
    assert "nothing was made" in done.stderr
    assert not (tmp_path / "shop").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = connector("init", "file/shop", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "error: file/shop/configs/clients: Not a directory\n")


def second_route(project: ThingsProject, name: str) -> None:
    """The same things once more; ``name`` decides whether it runs before or after ``things``."""
    route = json.loads((project.root / "configs/routes/things.json").read_text())
    (project.root / f"configs/routes/{name}.json").write_text(json.dumps(route))


def tasks_of(project: ThingsProject, route: str) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{project.root / 'run.db'}?mode=ro", uri=True)) as log:
        return int(log.execute("SELECT count(*) FROM task WHERE route = ?", [route]).fetchone()[0])


def test_a_route_that_is_busy_does_not_keep_the_others_from_running(
    project: ThingsProject, sandbox: IbexaSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_route(project, "zzz")
    reached, released = threading.Event(), threading.Event()

    def held(faults: Faults, op: str, method: str, path: str) -> list[Fault]:
        if op == "content_version.publish":
            reached.set()
            released.wait(60)
        return []

    monkeypatch.setattr(Faults, "draw", held)  # no latency: the first is under way for as long as the second needs
    first = project.start("run", "things")
    assert reached.wait(60)
    second = project.start("run", "--all", "--json")
    while tasks_of(project, "zzz") < 5:  # it has read its source: the busy one was refused before
        assert second.poll() is None, second.communicate()
        time.sleep(0.05)
    released.set()
    rows = {one["route"]: one for one in json.loads(second.communicate(timeout=60)[0])}
    first.communicate(timeout=60)
    assert second.returncode == 5
    assert rows["things"]["run"] is None
    assert "being run by process" in rows["things"]["problem"]["message"]
    assert rows["zzz"]["state"] == "finished"
    assert rows["zzz"]["counts"]["read"] == 5


def test_what_ended_before_a_route_that_cannot_start_is_still_told(project: ThingsProject) -> None:
    second_route(project, "zzz")
    outgoing = json.loads((project.root / "configs/outgoing/things.json").read_text())
    client = json.loads((project.root / "configs/clients/ibexa.json").read_text())
    client["base_url"] = "${NOT_SET_ANYWHERE}"
    (project.root / "configs/clients/other.json").write_text(json.dumps(client))
    (project.root / "configs/outgoing/other.json").write_text(json.dumps({**outgoing, "client": "other"}))
    route = json.loads((project.root / "configs/routes/zzz.json").read_text())
    (project.root / "configs/routes/zzz.json").write_text(json.dumps({**route, "outgoing": "other"}))
    done = project.run("run", "things", "zzz")
    assert done.returncode == 2
    assert "5 read, 5 created" in done.stdout
    assert "zzz: not run" in done.stdout
    assert "NOT_SET_ANYWHERE" in done.stderr


def test_kinds_of_failure_are_shown_up_to_the_limit(project: ThingsProject) -> None:
    mapping = {"payload": {"remote_id": "concat('t-', key)", "fields": {"name": "required(null, concat('why ', key))"}}}
    (project.root / "transformers/thing.json").write_text(json.dumps([{"type": "map", "to": mapping}]))
    project.things({f"a{n}": f"v {n}" for n in range(3)})
    done = project.run("run", "things", "--limit-failures", "0")
    assert done.returncode == 1
    assert "3 failed" in done.stdout
    assert "more kind" in done.stdout
    assert "next: connector tasks failures --route things" in done.stdout


@pytest.mark.parametrize("option", ["--port", "--pim-port"])
def test_a_port_that_is_taken_is_said(option: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = connector("sandbox", "--port", "0", option, port, cwd=tmp_path)
    assert done.returncode == 2
    assert f"port {port} cannot be had" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("fault", ["{bad", "[]", '{"match": {}}'])
def test_a_fault_that_is_none_is_said(fault: str, tmp_path: Path) -> None:
    done = connector("sandbox", "--port", "0", "--fault", fault, cwd=tmp_path)
    assert done.returncode == 2
    assert "--fault" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"), [(None, "No such file"), ("{bad", "shop.json"), ('[{"content_type": "folder"}]', "entry 1")]
)
def test_a_seed_that_is_none_is_said(text: str | None, said: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "shop.json").write_text(text)
    done = connector("sandbox", "--port", "0", "--seed", "shop.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "--seed" in done.stderr
    assert said in done.stderr


def test_what_the_sandbox_prints_can_be_used_by_check(tmp_path: Path) -> None:
    connector("init", ".", cwd=tmp_path)
    process = subprocess.Popen(
        [*PROGRAM, "sandbox", "--port", "0", "--login-seconds", "0"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    (tmp_path / ".env").write_text("".join(lines))
    done = connector("--env-file", ".env", "check", "ibexa", cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert done.returncode == 0, done.stderr
    assert process.returncode == 0
