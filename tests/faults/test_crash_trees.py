"""Trees whose parents and children go and come back: one run, several routes, and runs that die in between."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.crash import CODE
from tests.faults.project import ThingsProject

_PARENT = "parent && {remote_id: concat('t-', parent)} || {path: '/1/2'}"
_STAYS = {str(number): "" for number in range(10, 20)}
Tree = Mapping[str, str]
"""Key -> key of its parent, or empty."""


class Trees:
    """Things that lie below each other, in two routes: ``things``, and ``leaves`` after it."""

    def __init__(self, root: Path, sandbox: IbexaSandbox) -> None:
        self.sandbox = sandbox
        self.project = ThingsProject(root, sandbox.url)

    def declare(self, way: str, how: str, **leaves: Any) -> None:
        """What becomes of what goes, and further settings of the leaves."""
        self._mapping("thing")
        self.write("configs/incoming/leaves.json", {"type": "file", "path": "leaves.json", "key": "key"})
        route = {"transformers": ["thing"], "outgoing": "things", "concurrency": 4, way: how}
        route |= {"max_deletes": {"count": 5, "percent": 100}}
        self.write("configs/routes/things.json", {"incoming": "things", **route})
        self.write("configs/routes/leaves.json", {"incoming": "leaves", "after": ["things"], **route, **leaves})

    def write(self, name: str, body: Any) -> None:
        path = self.project.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")

    def _mapping(self, name: str) -> None:
        payload = {"remote_id": "concat('t-', key)", "fields": {"name": "value"}, "parent": _PARENT}
        steps = [{"type": "filter", "where": "value"}, {"type": "map", "to": {"payload": payload}}]
        self.write(f"transformers/{name}.json", steps)

    def say(self, things: Tree, leaves: Tree | None = None, gone: Tree | None = None) -> None:
        """What the sources hold; ``gone``: the mapping leaves those things out."""
        rows = [{"key": key, "value": "x", "parent": parent} for key, parent in {**_STAYS, **things}.items()]
        rows += [{"key": key, "value": "", "parent": parent} for key, parent in (gone or {}).items()]
        self.write("things.json", rows)
        self.write("leaves.json", [{"key": key, "value": "x", "parent": one} for key, one in (leaves or {}).items()])

    def run(self, route: str = "things", code: int = 0) -> str:
        done = self.project.run("run", route, "--yes")
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def die(self, point: str, when: str, nth: int) -> None:
        program = [sys.executable, "-m", "tests.faults.crash", point, when, str(nth), "--"]
        arguments = ["-C", str(self.project.root), "-q", "run", "things"]
        done = subprocess.run(
            [*program, *arguments], env=self.project.env, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == CODE, done.stderr[-500:]

    def states(self, *keys: str) -> list[str]:
        found = [self.sandbox.repository.content_by_remote_id(f"t-{key}") for key in keys]
        return ["gone" if one is None else one.status for one in found]

    def lies_below(self, key: str) -> str:
        repository = self.sandbox.repository
        item = repository.content_by_remote_id(f"t-{key}")
        assert item is not None
        assert item.main_location is not None
        parent = repository.locations[repository.locations[item.main_location].parent_id]
        return repository.contents[parent.content_id].remote_id.removeprefix("t-")


@pytest.fixture
def trees(tmp_path: Path) -> Iterator[Trees]:
    with IbexaSandbox(login_seconds=0) as sandbox:
        yield Trees(tmp_path, sandbox)


AWAY = {"trash": "TRASHED", "delete": "gone"}
TREE = {"1": "", "2": "1", "3": "2"}


@pytest.mark.parametrize("how", sorted(AWAY))
@pytest.mark.parametrize("way", ["when_missing", "when_dropped"])
def test_parents_and_children_go_in_one_run_and_come_back(trees: Trees, way: str, how: str) -> None:
    trees.declare(way, how)
    trees.say(TREE)
    trees.run()
    trees.say({}, gone=TREE if way == "when_dropped" else None)
    trees.run()
    assert trees.states("1", "2", "3") == [AWAY[how]] * 3
    trees.say(TREE)
    trees.run()
    assert trees.states("1", "2", "3") == ["PUBLISHED"] * 3
    assert [trees.lies_below(key) for key in ("2", "3")] == ["1", "2"]


@pytest.mark.parametrize(("when", "nth"), [("after", 1), ("after", 2), ("before", 3)])
def test_so_they_do_where_a_process_dies_over_it(trees: Trees, when: str, nth: int) -> None:
    trees.declare("when_missing", "trash")
    trees.say(TREE)
    trees.run()
    trees.say({})
    trees.die("trashed", when, nth)
    trees.run()
    assert trees.states("1", "2", "3") == ["TRASHED"] * 3
    trees.say(TREE)
    trees.run()
    assert trees.states("1", "2", "3") == ["PUBLISHED"] * 3
    assert [trees.lies_below(key) for key in ("2", "3")] == ["1", "2"]


@pytest.mark.parametrize("how", sorted(AWAY))
def test_a_parent_stays_while_another_route_has_something_below_it(trees: Trees, how: str) -> None:
    trees.declare("when_missing", how)
    leaves = {"31": "1", "32": "1", "33": ""}
    trees.say({"1": ""}, leaves)
    trees.run()
    trees.run("leaves")
    trees.say({}, leaves)
    assert "2 content items lie below 't-1'" in trees.run(code=1)
    assert trees.states("1", "31", "32") == ["PUBLISHED"] * 3
    trees.say({}, {"33": ""})
    trees.run("leaves")
    assert trees.states("1", "31", "32") == ["PUBLISHED", AWAY[how], AWAY[how]]
    trees.run()
    assert trees.states("1") == [AWAY[how]], "what it waited for is gone: it goes by itself"


def test_what_went_with_its_parent_by_hand_is_noticed_when_it_is_compared(trees: Trees) -> None:
    trees.declare("when_missing", "delete", verify_every="1s")
    leaves = {"31": "1", "33": ""}
    trees.say({"1": ""}, leaves)
    trees.run()
    trees.run("leaves")
    trees.sandbox.book.reset()
    item = trees.sandbox.repository.content_by_remote_id("t-1")
    assert item is not None
    trees.write(
        "configs/outgoing/away.json", {"type": "ibexa", "client": "ibexa", "entity": "content", "action": "delete"}
    )
    trees.write("configs/incoming/away.json", {"type": "file", "path": "away.json", "key": "remote_id"})
    trees.write("configs/routes/away.json", {"incoming": "away", "transformers": ["away"], "outgoing": "away"})
    trees.write(
        "transformers/away.json", [{"type": "map", "to": {"payload": {"remote_id": "remote_id", "below": "`true`"}}}]
    )
    trees.write("away.json", [{"remote_id": "t-1"}])
    trees.run("away")
    assert trees.states("1", "31") == ["gone", "gone"]
    trees.run()
    trees.write("things.json", [{"key": key, "value": "new", "parent": ""} for key in ("1", *_STAYS)])
    trees.run()
    told = trees.run("leaves")
    assert "1 differ" in told or "1 differs" in told
    assert trees.states("1", "31", "33") == ["PUBLISHED"] * 3


def test_an_unchanged_tree_costs_nothing(trees: Trees) -> None:
    trees.declare("when_missing", "trash")
    trees.say(TREE)
    trees.run()
    trees.sandbox.book.reset()
    trees.run()
    assert trees.sandbox.book.snapshot()["requests"]["by_op"] == {}
