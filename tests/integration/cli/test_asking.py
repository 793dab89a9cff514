"""Commands that only ask: they answer in text and JSON, and make nothing where no project is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from connector.sandbox.pim import PimSandbox
from tests.faults.project import ThingsProject

ROOT = Path(__file__).parents[3]


def connector(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", *arguments]
    found = {name: value for name, value in os.environ.items() if name != "CONNECTOR_DATABASE_URL"}
    found |= {"PYTHONPATH": str(ROOT), **env}
    return subprocess.run(program, cwd=cwd, env=found, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "arguments", [["runs"], ["tasks", "list"], ["items", "show", "x"], ["db", "status"], ["db", "upgrade"]]
)
def test_a_question_in_a_folder_without_a_project_makes_no_database_there(arguments: list[str], tmp_path: Path) -> None:
    done = connector(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no project in ." in done.stderr
    assert "connector init" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert connector("-C", "away", *arguments, cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_run_log_of_its_own_needs_no_project(tmp_path: Path) -> None:
    done = connector("runs", cwd=tmp_path, CONNECTOR_DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")
    assert (done.returncode, done.stdout) == (0, "no runs yet: start one with `connector run ROUTE`\n")


def test_json_may_stand_before_or_after_the_command(project: ThingsProject) -> None:
    project.run("run", "things")
    for command in (["runs"], ["runs", "list"], ["runs", "show", "1"], ["tasks", "list"], ["tasks", "show", "1"],
                    ["tasks", "failures"], ["items", "show", "1"], ["db", "status"], ["db", "upgrade"],
                    ["validate"], ["preview", "things"], ["catalogue", "show", "content.upsert"]):  # fmt: skip
        before, after = project.run("--json", *command), project.run(*command, "--json")
        assert before.returncode == after.returncode == 0, before.stderr + after.stderr
        assert json.loads(before.stdout) == json.loads(after.stdout)


def test_runs_list_is_runs(project: ThingsProject) -> None:
    project.run("run", "things")
    assert project.run("runs", "list").stdout == project.run("runs").stdout
    assert "there is no route 'other'" in project.run("runs", "list", "--route", "other").stderr
    shown = project.run("runs", "show", "1").stdout
    assert "created" in shown
    assert "config" in shown


def test_retry_and_skip_say_why_nothing_happened(project: ThingsProject) -> None:
    project.run("run", "things")
    assert "only failed ones" in project.run("tasks", "retry", "1").stdout
    assert "only failed and new ones" in project.run("tasks", "skip", "1", "--reason", "x").stdout
    assert json.loads(project.run("tasks", "retry", "1", "--json").stdout) == {"tasks": 0}
    assert "name tasks, or --route" in project.run("tasks", "retry").stderr


def test_a_list_that_was_cut_says_so(project: ThingsProject) -> None:
    project.run("run", "things")
    assert "--limit shows more" in project.run("tasks", "list", "--limit", "2").stdout
    assert "--limit shows more" not in project.run("tasks", "list").stdout


def test_a_composed_action_is_explained_like_an_operation(tmp_path: Path) -> None:
    shown = connector("catalogue", "show", "content.upsert", cwd=tmp_path)
    assert shown.returncode == 0
    assert re.search(r"declaration +type +ibexa\n +entity +content\n +action +upsert\n", shown.stdout)
    near = connector("catalogue", "show", "content.upser", cwd=tmp_path)
    assert near.returncode == 2
    assert "Did you mean 'content.upsert'?" in near.stderr
    listed = json.loads(connector("catalogue", "list", "--entity", "section", "--json", cwd=tmp_path).stdout)
    assert all(connector("catalogue", "show", one["id"], cwd=tmp_path).returncode == 0 for one in listed[:2])


def test_a_transformer_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b'[{"type": "jmespath", "expression": "\xff"}]')
    (tmp_path / "in.json").write_text("{}")
    done = connector("transform", "bad.json", "--input", "in.json", cwd=tmp_path)
    assert (done.returncode, "is not UTF-8 at byte 37" in done.stderr) == (2, True), done.stderr


def test_a_record_that_the_mapping_leaves_out_is_said_beside_the_json(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('[{"type": "filter", "where": "sold"}]')
    (tmp_path / "in.json").write_text('{"sold": null}')
    done = connector("transform", "t.json", "--input", "in.json", "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "leaves this record out" in done.stderr


class TestCheck:
    """A client of kind http, against the bundled PIM."""

    def ask(self, pim: PimSandbox, tmp_path: Path, *arguments: str, token: str = "demo-pim-token") -> Any:
        clients = tmp_path / "configs/clients"
        clients.mkdir(parents=True, exist_ok=True)
        auth = {"type": "bearer", "token": "${PIM_TOKEN}"}
        retry = {"max_attempts": 1}
        (clients / "pim.json").write_text(
            json.dumps({"type": "http", "base_url": pim.url, "auth": auth, "retry": retry})
        )
        return connector("check", "pim", *arguments, cwd=tmp_path, PIM_TOKEN=token)

    def test_it_says_what_a_path_answers(self, tmp_path: Path) -> None:
        with PimSandbox() as pim:
            done = self.ask(pim, tmp_path, "--path", "api/products?limit=1", "--json")
        [facts] = json.loads(done.stdout)
        assert (done.returncode, facts["ok"], facts["answer"]) == (0, True, "200 to GET /api/products")

    def test_refused_credentials_are_not_ok(self, tmp_path: Path) -> None:
        with PimSandbox() as pim:
            done = self.ask(pim, tmp_path, "--path", "/api/products", token="canary-wrong")
        assert done.returncode == 3
        assert "does not take these credentials" in done.stderr
        assert "Check auth of client pim" in done.stderr
        assert "canary" not in done.stdout + done.stderr

    def test_a_path_that_is_not_there_is_not_ok_but_a_base_url_without_a_page_is(self, tmp_path: Path) -> None:
        with PimSandbox() as pim:
            assert self.ask(pim, tmp_path, "--path", "/nonsense").returncode == 3
            bare = self.ask(pim, tmp_path)
        assert bare.returncode == 0, bare.stderr
        assert "404 to GET / (a base URL needs no page" in bare.stdout
        assert "not tried: no incoming reads with this client" in bare.stdout

    def test_all_clients_are_asked_although_one_is_away(self, tmp_path: Path, sandbox: IbexaSandbox) -> None:
        project = ThingsProject(tmp_path, sandbox.url)
        away = {"type": "http", "base_url": "http://127.0.0.1:9", "retry": {"max_attempts": 1}}
        (tmp_path / "configs/clients/away.json").write_text(json.dumps({**away, "auth": {"type": "none"}}))
        done = project.run("check", "--all", "--json")
        assert done.returncode == 3
        assert {one["client"]: one["ok"] for one in json.loads(done.stdout)} == {"away": False, "ibexa": True}
