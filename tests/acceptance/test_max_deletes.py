"""What the mapping no longer yields is counted before any of it is put away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.databases import KINDS, empty_database
from tests.faults.project import ThingsProject


def things(project: ThingsProject, some: int, *, out: int = 0) -> None:
    """So many, of which the first ones are left out by the mapping."""
    project.things({str(n): "" if n < out else f"thing {n}" for n in range(some)})


def ours(sandbox: IbexaSandbox) -> int:
    every = sandbox.repository.contents.values()
    return sum(one.remote_id.startswith("t-") and one.status == "PUBLISHED" for one in every)


def run(project: ThingsProject, *more: str) -> tuple[int, dict[str, Any]]:
    done = project.run("run", "things", "--yes", "--json", *more)
    [report] = json.loads(done.stdout)
    return done.returncode, report


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_may_go_stay_all_of_them_until_somebody_agrees(
    tmp_path: Path, sandbox: IbexaSandbox, kind: str
) -> None:
    project = ThingsProject(tmp_path, sandbox.url, when_dropped="delete", max_deletes={"count": 3})
    with empty_database(kind, tmp_path, "max_deletes") as url:
        project.on(url)
        things(project, 50)
        assert run(project)[0] == 0
        things(project, 51, out=50)  # in pages of 20: the first ones are read long before the last
        foreseen = project.run("run", "things", "--dry-run")
        assert (foreseen.returncode, "more than max_deletes allows" in foreseen.stdout) == (1, True), foreseen
        for _ in range(2):  # the next night is no better
            code, report = run(project)
            assert (code, report["state"], report["counts"]["deleted"], ours(sandbox)) == (1, "failed", 0, 51)
            assert report["problem"]["code"] == "RUN006"
            assert "no longer yields 50 of " in report["problem"]["message"]
        things(project, 51, out=2)  # what comes back takes the place of what was held
        assert run(project)[1]["counts"]["deleted"] == 2
        assert ours(sandbox) == 49
        things(project, 51, out=30)
        assert run(project)[0] == 1
        route = json.loads((tmp_path / "configs/routes/things.json").read_text())
        (tmp_path / "configs/routes/things.json").write_text(json.dumps({**route, "max_deletes": {"count": 40}}))
        assert run(project)[1]["counts"]["deleted"] == 28
        assert ours(sandbox) == 21


def test_without_a_word_a_handful_may_go_and_a_fifth_of_many(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url, when_dropped="hide")
    things(project, 40)
    assert run(project)[0] == 0
    things(project, 40, out=10)
    assert run(project)[1]["counts"]["hidden"] == 10
    things(project, 40, out=21)  # 11 more, of the 30 that are left
    code, report = run(project)
    assert (code, report["counts"]["hidden"]) == (1, 0)
    things(project, 40, out=20)
    assert run(project)[1]["counts"]["hidden"] == 10


def test_what_a_killed_run_had_held_is_counted_by_the_next(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url, when_dropped="delete", max_deletes={"count": 3})
    things(project, 50)
    assert run(project)[0] == 0
    things(project, 50, out=20)
    wrapper = (
        "import os\nfrom connector.routes import run\nrun.release_guarded = lambda *_, **__: os._exit(9)\n"
        "from connector.cli import main\nmain()\n"
    )
    killed = project.run_with(wrapper, "run", "things")
    assert killed.returncode == 9, killed.stderr
    code, report = run(project)
    assert (code, report["problem"]["code"], ours(sandbox)) == (1, "RUN006", 50)


def listed(project: ThingsProject, *rows: str, batch: int) -> None:
    """Rows of key, sku and value; without a value the mapping leaves it out."""
    records = [dict(zip(("key", "sku", "value"), row.split(), strict=False)) for row in rows]
    (project.root / "things.json").write_text(json.dumps(records))
    incoming = project.root / "configs/incoming/things.json"
    incoming.write_text(json.dumps({**json.loads(incoming.read_text()), "batch": batch}))


@pytest.mark.parametrize("batch", [1, 20])
@pytest.mark.parametrize(
    ("night", "names"),
    [
        (("y 1 new", "x 1", "z 3 three"), {"t-1": "new", "t-3": "three"}),
        (("x 1", "y 1 new", "z 3 three"), {"t-1": "new", "t-3": "three"}),
        (("x 3 one", "z 1 three"), {"t-3": "one", "t-1": "three"}),
        (("z 1 three", "x 3 one"), {"t-3": "one", "t-1": "three"}),
        (("y 1 new", "x 2 one", "z 3 three"), {"t-1": "new", "t-2": "one", "t-3": "three"}),
    ],
)
def test_a_key_that_another_record_makes_now_is_not_put_away(
    tmp_path: Path, sandbox: IbexaSandbox, night: tuple[str, ...], names: dict[str, str], batch: int
) -> None:
    named = {"remote_id": "concat('t-', sku)"}
    project = ThingsProject(tmp_path, sandbox.url, named, when_dropped="delete", concurrency=1)
    listed(project, "x 1 one", "z 3 three", batch=batch)
    assert run(project)[0] == 0
    before = {one.remote_id: one.id for one in sandbox.repository.contents.values()}
    listed(project, *night, batch=batch)
    for _ in range(2):
        assert run(project)[0] == 0
        held = {one.remote_id: one for one in sandbox.repository.contents.values() if one.remote_id.startswith("t-")}
        assert set(held) == set(names)
        assert all(held[one].id == number for one, number in before.items() if one in names), "none was made anew"
        assert {key: one.name for key, one in held.items()} == names


def test_what_the_source_no_longer_has_follows_the_same_rule(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url, when_missing="hide")
    things(project, 3)
    assert run(project)[0] == 0
    things(project, 2)  # one of three: a share of 33 percent, and a handful
    assert run(project)[1]["counts"]["hidden"] == 1
    things(project, 40)
    assert run(project)[0] == 0
    things(project, 29)
    code, report = run(project)
    assert (code, report["counts"]["hidden"], report["problem"]["code"]) == (1, 0, "RUN006")
    assert 'write "max_deletes": {"count": 11} in the route, and run again' in report["problem"]["hint"]
    route = tmp_path / "configs/routes/things.json"
    route.write_text(json.dumps({**json.loads(route.read_text()), "max_deletes": {"count": 11}}))
    assert run(project)[1]["counts"]["hidden"] == 11
    project.things({})
    code, report = run(project)  # nothing at all is no handful
    assert (code, "it listed no record at all" in report["problem"]["message"]) == (1, True)
