"""A process that dies around a further Location: none is forgotten, none keeps what is gone alive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.crash import CODE
from tests.faults.project import ThingsProject

ROOT, MEDIA = "1/2", "1/43"
COUNT = 12
PLACES = {"two": (ROOT, MEDIA), "other": (MEDIA, ROOT), "one": (ROOT,), "media": (MEDIA,)}


class Things:
    """``COUNT`` things, each in the places that its value names; runs that die."""

    def __init__(self, root: Path, sandbox: IbexaSandbox) -> None:
        paths = {name: [{"path": f"/{one}"} for one in places] for name, places in PLACES.items()}
        chosen = " || ".join(f"value == '{name}' && {_literal(one)}" for name, one in paths.items())
        self._sandbox = sandbox
        mapped = {"parent": chosen, "move": "`true`"}
        self._project = ThingsProject(root, sandbox.url, mapped, when_missing="trash")

    def say(self, places: str, missing: int = 0) -> None:
        self._project.things({str(n): places for n in range(COUNT - missing)})

    def wanted(self, name: str, places: str, missing: int) -> list[str]:
        """Where it must lie: nowhere once it is in the trash."""
        return [] if int(name.removeprefix("t-")) >= COUNT - missing else list(PLACES[places])

    def run(self) -> None:
        done = self._project.run("run", "things")
        assert done.returncode == 0, done.stdout + done.stderr

    def die(self, point: str, when: str, nth: int) -> None:
        program = [sys.executable, "-m", "tests.faults.crash", point, when, str(nth), "--"]
        arguments = ["-C", str(self._project.root), "-q", "run", "things"]
        done = subprocess.run(
            [*program, *arguments], env=self._project.env, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == CODE, done.stderr[-500:]

    def lie(self) -> dict[str, list[str]]:
        """Remote id -> below which Locations it lies, the main one first."""
        repository, found = self._sandbox.repository, {}
        for item in repository.contents.values():
            if item.remote_id.startswith("t-"):
                order = sorted(item.locations, key=lambda one: (one != item.main_location, one))
                found[item.remote_id] = [repository.locations[one].path.strip("/").rpartition("/")[0] for one in order]
        return found


def _literal(parents: list[dict[str, str]]) -> str:
    return "[" + ", ".join(f"{{path: '{one['path']}'}}" for one in parents) + "]"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("before", "dies_at", "meanwhile", "then"),
    [
        ("one", "placed", "two", "one"),
        pytest.param("", "placed", "two", "one", marks=pytest.mark.chaos),
        pytest.param("two", "main place changed", "media", "media", marks=pytest.mark.chaos),
        ("two", "main place changed", "other", "media"),
    ],
)
def test_dying_around_a_further_place_leaves_none(
    tmp_path: Path, before: str, dies_at: str, meanwhile: str, then: str
) -> None:
    with IbexaSandbox(login_seconds=0) as sandbox:
        things = Things(tmp_path, sandbox)
        if before:
            things.say(before)
            things.run()
        things.say(meanwhile)
        things.die(dies_at, "after", 2)
        things.say(then, missing=2)
        things.run()
        things.run()  # the one before went on where the dead one stopped: that is no complete read, and trashes nothing
        lie = things.lie()
    assert {name: places for name, places in lie.items() if places != things.wanted(name, then, missing=2)} == {}
    assert len(lie) >= 10
