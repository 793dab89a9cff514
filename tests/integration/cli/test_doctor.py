"""``connector doctor`` as a process: exit codes, text and JSON, repair after ``kill -9``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def test_before_anything_ran_nothing_is_stuck_and_no_database_is_made(project: ThingsProject) -> None:
    done = project.run("doctor")
    assert (done.returncode, done.stdout) == (0, "there is no run log yet: nothing has run\n")
    assert not (project.root / "run.db").exists()
    assert project.run("run", "things").returncode == 0
    done = project.run("doctor")
    assert (done.returncode, done.stdout) == (0, "nothing is stuck\n")


def test_what_a_killed_run_leaves_is_explained_repaired_and_gone_after_the_next(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    sandbox.faults.latency_ms = 300
    process = project.start("run", "things")
    while not sandbox.book.in_flight_writes:
        assert process.poll() is None
    process.kill()
    process.communicate()
    sandbox.faults.latency_ms = 0
    told = json.loads(project.run("doctor", "--json").stdout)
    assert [one["check"] for one in told["findings"]] == ["leases", "runs", "processing"]
    assert all(one["what"] and one["means"] and one["todo"] and one["since"] for one in told["findings"])
    done = project.run("doctor", "--repair")
    assert done.returncode == 1  # the tasks are for the next run
    assert done.stdout.count("   repaired\n") == 2
    assert "do: connector run things" in done.stdout
    assert project.run("run", "things").returncode == 0
    assert project.run("doctor").returncode == 0
    assert sandbox.book.snapshot()["duplicates"] == []


def test_what_a_removed_route_left_is_told_and_is_no_fault(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    route = project.root / "configs/routes/things.json"
    route.rename(route.with_name("others.json"))
    done = project.run("doctor", "--json")
    [found] = json.loads(done.stdout)["findings"]
    assert (found["check"], found["harmless"], done.returncode) == ("routes", True, 0)


def test_a_project_that_is_wrong_does_not_keep_the_run_log_from_being_looked_at(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    (project.root / "configs/routes/things.json").write_text("{")
    done = project.run("doctor", "--json")
    assert [one["check"] for one in json.loads(done.stdout)["findings"]] == ["project"]


@pytest.mark.parametrize("file", ["there/is/none.db", "none.db?timeout=3"])
def test_no_file_and_no_folder_is_made(file: str, project: ThingsProject, tmp_path: Path) -> None:
    project.env["CONNECTOR_DATABASE_URL"] = f"sqlite:///{tmp_path}/{file}"
    before = sorted(tmp_path.rglob("*"))
    assert project.run("doctor").returncode == 0
    assert sorted(tmp_path.rglob("*")) == before
