"""A client that cannot log in ends the run; the tasks are none of its fault, and go with the next one."""

from __future__ import annotations

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject


def test_a_log_in_that_fails_leaves_the_tasks_to_the_next_run(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "token.create"}, "do": {"status": 500}})
    done = project.run("run", "things")
    assert done.returncode == 3, done.stdout
    assert "the log-in at" in done.stdout
    assert "siteaccess" in done.stdout
    assert "failed:" not in project.run("tasks", "failures").stdout
    sandbox.faults.clear()
    again = project.run("run", "things")
    assert (again.returncode, "5 created" in again.stdout) == (0, True), again.stdout
