"""A scheduler that goes on with files that were changed since says so, and how to end that."""

from __future__ import annotations

import json
import os
import signal

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.polling import until


def test_files_that_change_under_a_scheduler_are_told_once_for_each_change(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    project.things({"1": "thing 1"})
    route = project.root / "configs/routes/things.json"
    route.write_text(json.dumps({**json.loads(route.read_text()), "schedule": {"every": "1s"}}))
    process = project.start("serve")

    def ran() -> int:
        return len(json.loads(project.run("runs", "--json").stdout or "[]"))

    try:
        until(lambda: ran() >= 2)
        os.utime(route)
        before = ran()
        until(lambda: ran() > before)
        mapping = project.root / "transformers/thing.json"
        mapping.write_text(mapping.read_text().replace('"value"', '"key"'))
        before = ran()
        until(lambda: ran() >= before + 3)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=40)
    finally:
        if process.poll() is None:
            process.kill()
    assert told.decode().count("the project's files have changed since this process read them") == 1
    assert sandbox.book.snapshot()["duplicates"] == []
