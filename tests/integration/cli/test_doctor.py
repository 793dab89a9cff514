"""``connector doctor`` as a process: exit codes, text and JSON, repair after ``kill -9``."""

from __future__ import annotations

import json
import sqlite3
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


def test_what_a_removed_route_left_half_sent_can_be_ended(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    """New, failed and half-sent tasks: else doctor would find them for ever."""
    sandbox.faults.add({"match": {"op": "content.create"}, "do": {"status": 500}, "when": {"nth": 1}})
    sandbox.faults.latency_ms = 200
    process = project.start("run", "things")
    while not sandbox.book.in_flight_writes:
        assert process.poll() is None
    process.kill()
    process.communicate()
    sandbox.faults.latency_ms = 0
    route = project.root / "configs/routes/things.json"
    route.rename(route.with_name("others.json"))
    assert project.run("doctor", "--repair").returncode == 1
    assert "connector tasks skip --route things" in project.run("doctor").stdout
    done = project.run("tasks", "skip", "--route", "things", "--reason", "it is gone")
    assert done.stdout.endswith(" tasks skipped\n"), done.stdout + done.stderr
    assert project.run("doctor").returncode == 0


def test_tasks_of_a_cause_are_skipped_together_and_none_of_a_run_under_way(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "do": {"status": 500}})
    project.run("run", "things")
    [cause] = json.loads(project.run("tasks", "failures", "--json").stdout)
    assert project.run("tasks", "skip", "--cause", "nope", "--reason", "x").returncode == 2
    assert project.run("tasks", "skip", "--reason", "x").returncode == 2
    done = project.run("tasks", "skip", "--cause", cause["cause"], "--reason", "x", "--json")
    assert json.loads(done.stdout) == {"tasks": cause["count"]}
    sandbox.faults.clear()
    sandbox.faults.latency_ms = 300
    project.things({str(number): f"other {number}" for number in range(4)})
    project.run("tasks", "skip", "--route", "things", "--reason", "x")
    process = project.start("run", "things")
    while not sandbox.book.in_flight_writes:
        assert process.poll() is None
    assert project.run("tasks", "skip", "--route", "things", "--reason", "x").stdout.startswith("0 tasks skipped")
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_damaged_file_is_told(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    with sqlite3.connect(project.root / "run.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_task_run'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    assert 1 < page <= pages
    with (project.root / "run.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    done = project.run("doctor")
    assert done.returncode in (1, 3)
    assert "damaged" in done.stdout + done.stderr
    assert "backup" in done.stdout + done.stderr
