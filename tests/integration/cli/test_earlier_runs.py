"""What earlier runs left: a dry run foresees what a run makes of it, and a run's counts tell it apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

PARENT = "parent && {remote_id: concat('t-', parent)} || {path: '/1/2'}"


@pytest.fixture
def tree(tmp_path: Path, sandbox: IbexaSandbox) -> ThingsProject:
    return ThingsProject(tmp_path, sandbox.url, {"parent": PARENT})


def _source(project: ThingsProject, rows: dict[str, str | None]) -> None:
    """Key -> parent."""
    body = [{"key": key, "value": f"thing {key}", **({"parent": up} if up else {})} for key, up in rows.items()]
    (project.root / "things.json").write_text(json.dumps(body), encoding="utf-8")


def test_a_dry_run_foresees_what_is_sent_once_the_root_is_mended(tree: ThingsProject) -> None:
    below = {"a": "root", "b": "root", "c": "a", "d": "c"}
    _source(tree, {"root": "nowhere", **below, "other": "elsewhere"})
    first = tree.run("run", "things")
    assert first.returncode == 1
    assert "6 failed" in first.stdout

    still = json.loads(tree.run("run", "things", "--dry-run", "--json").stdout)[0]
    assert (still["counts"].get("woken", 0), still["counts"]["stuck"]) == (0, 6)

    _source(tree, {"root": None, **below, "other": "elsewhere"})
    foreseen = tree.run("run", "things", "--dry-run")
    [found] = json.loads(tree.run("run", "things", "--dry-run", "--json").stdout)
    done = json.loads(tree.run("run", "things", "--json").stdout)[0]
    sent = sum(found["counts"].get(name, 0) for name in ("new", "changed", "woken"))
    assert (sent, found["counts"]["stuck"]) == (done["counts"]["created"], done["open_failures"]) == (5, 1)
    assert "4 of earlier runs failed for want of what would be sent, and would be sent after it: " in foreseen.stdout
    assert "1 failed earlier and would stay so" in foreseen.stdout
    assert "nothing would be sent" not in foreseen.stdout


def test_a_failed_one_that_has_changed_is_foreseen_once(tree: ThingsProject) -> None:
    _source(tree, {"root": "nowhere", "a": "root"})
    assert tree.run("run", "things").returncode == 1
    _source(tree, {"root": None, "a": None})
    [found] = json.loads(tree.run("run", "things", "--dry-run", "--json").stdout)
    done = json.loads(tree.run("run", "things", "--json").stdout)[0]
    assert (found["counts"].get("woken", 0), found["counts"].get("stuck", 0)) == (0, 0)
    assert found["counts"]["new"] == done["counts"]["created"] == 2


def test_what_is_retried_is_told_apart_and_said_when_the_source_has_it_no_more(tree: ThingsProject) -> None:
    _source(tree, {"gone": "nowhere", "kept": None, "late": "nowhere"})
    assert tree.run("run", "things").returncode == 1
    _source(tree, {"kept": None, "late": "nowhere"})
    done = tree.run("run", "things", "--retry")
    assert "2 read, 2 unchanged, 2 failed; 2 of these are of earlier runs" in done.stdout, done.stdout
    assert "1 of earlier runs is no longer in the source, and was tried as last read" in done.stdout
    again = tree.run("run", "things")
    assert "2 read, 2 unchanged\n" in again.stdout, again.stdout
    assert "no longer in the source" not in again.stdout


def test_what_is_replayed_is_told_apart(tree: ThingsProject) -> None:
    _source(tree, {"kept": None})
    assert tree.run("run", "things").returncode == 0
    assert tree.run("replay", "things", "--all", "--yes").returncode == 0
    done = tree.run("run", "things")
    assert "1 of these is of an earlier run" in done.stdout, done.stdout
    assert "no longer in the source" not in done.stdout
