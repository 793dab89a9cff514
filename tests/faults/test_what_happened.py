"""What became of one key can be told from the command line alone, also after what went wrong."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from connector.cli.next_step import next_step
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.polling import until


def told(project: ThingsProject, key: str) -> str:
    done = project.run("items", "show", key)
    assert done.returncode == 0, done.stdout
    return done.stdout


def as_json(project: ThingsProject, *arguments: str) -> Any:
    return json.loads(project.run(*arguments, "--json").stdout)


def killed(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.latency_ms = 200
    process = project.start("run", "things")
    until(lambda: sandbox.book.snapshot()["writes"]["total"] >= 2)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    sandbox.faults.latency_ms = 0


def test_after_a_kill_a_run_that_nobody_runs_is_not_said_to_be_running(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    killed(project, sandbox)
    assert "running" not in project.run("runs").stdout
    assert "its process is gone" in project.run("runs").stdout
    assert "its process is gone" in project.run("runs", "show", "1").stdout
    [run] = as_json(project, "runs")
    assert (run["state"], run["process_gone"]) == ("running", True)
    assert as_json(project, "runs", "show", "1")["process_gone"] is True
    assert project.run("run", "things").returncode == 0
    assert [one["process_gone"] for one in as_json(project, "runs")] == [False, False]


def test_after_a_kill_each_key_says_what_happens_next(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    killed(project, sandbox)
    states = {one["state"]: one["key"] for one in as_json(project, "tasks", "list")}
    assert {"new", "processing"} <= states.keys()
    assert "its process is gone: the next run of things looks it up before" in told(project, states["processing"])
    assert "the next run of things sends it" in told(project, states["new"])


FAILED = {"id": 7, "state": "failed", "run": 3, "suspect": False, "next_attempt_at": None}


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (
            {"next_attempt_at": "2026-03-01T12:00:00Z"},
            "tried again by the first run of things after 2026-03-01T12:00:00Z",
        ),
        ({}, "it waits for another record, another mapping, or connector tasks retry 7"),
        ({"suspect": True}, "it may have taken effect: look at the target, then connector tasks retry 7, or skip"),
    ],
)
def test_a_failed_task_says_when_it_is_tried_again_or_who_has_to_act(task: dict[str, Any], said: str) -> None:
    item = {"route": "things", "key": "t-1", "tasks": [{**FAILED, **task}], "route_runs": False}
    assert next_step(item, known=True) == said


def test_a_record_of_which_the_mapping_makes_nothing_is_known_all_the_same(project: ThingsProject) -> None:
    """Its filter leaves out what has no value."""
    project.things({"4711": "", "1": "thing 1"})
    assert project.run("run", "things").returncode == 0
    assert "the mapping makes nothing of it" in told(project, "4711")
    assert "last seen in run  1" in told(project, "4711")
    [only] = as_json(project, "items", "show", "4711")
    assert (only["record"]["data"], only["tasks"], only["target_id"]) == ({"key": "4711", "value": ""}, [], "")
    assert project.run("items", "show", "4712").returncode == 1


def test_an_item_whose_record_is_read_but_no_longer_mapped_says_so(project: ThingsProject) -> None:
    project.things({"4711": "once", "1": "thing 1"})
    project.run("run", "things")
    assert "the mapping makes nothing of it" not in told(project, "4711")
    project.things({"4711": "", "1": "thing 1"})
    project.run("run", "things")
    assert "read in run 2 too, and the mapping makes nothing of it any more" in told(project, "4711")


def test_an_item_whose_record_can_not_be_mapped_any_more_waits_and_is_not_said_to_be_left_out(
    project: ThingsProject,
) -> None:
    mapping = project.root / "transformers/thing.json"
    to = {"payload": {"remote_id": "concat('t-', key)", "fields": {"name": "required(value, 'no value')"}}}
    mapping.write_text(json.dumps([{"type": "map", "to": to}]))
    for value in ("once", "", ""):
        project.things({"4711": value, "1": "thing 1"})
        project.run("run", "things")
    assert "makes nothing of it" not in told(project, "4711")
    assert "it waits for another record" in told(project, "4711")


def test_a_second_record_with_the_same_key_is_told_with_the_first(project: ThingsProject) -> None:
    rows = [{"key": "4711", "value": "one"}, {"key": "4711", "value": "other"}, {"key": "471", "value": "x"}]
    (project.root / "things.json").write_text(json.dumps(rows))
    project.run("run", "things")
    assert "occurs twice in this read" in told(project, "4711")
    assert "occurs twice" not in told(project, "471")


@pytest.mark.parametrize("name", ["gone", "things"])
def test_a_route_that_the_project_no_longer_has_is_named(
    project: ThingsProject, sandbox: IbexaSandbox, name: str
) -> None:
    killed(project, sandbox)
    path = project.root / "configs/routes/things.json"
    path.rename(path.with_name(f"{name}.json"))
    assert ("the project has no route things" in told(project, "1")) == (name == "gone")
