"""A process that dies between the target's answer and the run log, while it puts something away: it is known as ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.crash import CODE
from tests.faults.project import ThingsProject

POINT = {"trash": "trashed", "hide": "hidden"}


class Things:
    """Some things, of which one goes and comes back; runs that die."""

    def __init__(self, root: Path, sandbox: IbexaSandbox, **route: Any) -> None:
        self._sandbox = sandbox
        self._project = ThingsProject(root, sandbox.url, **route)

    def say(self, **values: str) -> None:
        self._project.things({**{str(number): "stays" for number in range(10, 20)}, **values})

    def run(self) -> None:
        done = self._project.run("run", "things")
        assert done.returncode == 0, done.stdout + done.stderr

    def die(self, how: str) -> None:
        program = [sys.executable, "-m", "tests.faults.crash", POINT[how], "after", "1", "--"]
        arguments = ["-C", str(self._project.root), "-q", "run", "things"]
        done = subprocess.run(
            [*program, *arguments], env=self._project.env, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == CODE, done.stderr[-500:]

    def state(self) -> tuple[str, bool]:
        item = self._sandbox.repository.content_by_remote_id("t-2")
        assert item is not None
        return item.status, item.hidden

    def creates(self) -> int:
        found: int = self._sandbox.book.snapshot()["items"]["t-2"]["creates"]
        return found


AWAY = {"trash": ("TRASHED", False), "hide": ("PUBLISHED", True)}


@pytest.mark.parametrize(("how", "setting"), [("trash", "when_missing"), ("hide", "when_dropped")])
@pytest.mark.parametrize("between", ["another run", "nothing"])
def test_what_we_put_away_and_never_heard_of_comes_back(tmp_path: Path, how: str, setting: str, between: str) -> None:
    with IbexaSandbox(login_seconds=0) as sandbox:
        things = Things(tmp_path, sandbox, **{setting: how})
        things.say(**{"2": "goes"})
        things.run()
        gone: dict[str, str] = {"2": ""} if setting == "when_dropped" else {}
        things.say(**gone)
        things.die(how)
        assert things.state() == AWAY[how]
        if between == "another run":
            things.run()
            assert things.state() == AWAY[how]
        things.say(**{"2": "is back"})
        things.run()
        assert things.state() == ("PUBLISHED", False)
        assert things.creates() == 1
