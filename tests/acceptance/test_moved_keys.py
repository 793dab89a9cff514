"""Another prefix in remote_id would make a whole catalogue twice: it is told before, and not done unless it is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ROUTE, ThingsProject


@pytest.fixture
def sandbox() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running


def keys(sandbox: IbexaSandbox, status: str = "PUBLISHED") -> list[str]:
    held = sandbox.repository.contents.values()
    return sorted(one.remote_id for one in held if one.remote_id[:2] in ("t-", "q-") and one.status == status)


def another_prefix(project: ThingsProject) -> None:
    file = project.root / "transformers" / "thing.json"
    file.write_text(file.read_text(encoding="utf-8").replace("'t-'", "'q-'"), encoding="utf-8")


def agree(project: ThingsProject) -> None:
    file = project.root / "configs" / "routes" / f"{ROUTE}.json"
    route = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**route, "max_deletes": {"percent": 100}}), encoding="utf-8")


@pytest.mark.parametrize("settings", [{}, {"when_dropped": "trash"}])
def test_a_catalogue_is_not_made_twice_by_a_slip(sandbox: IbexaSandbox, tmp_path: Path, settings: Any) -> None:
    project = ThingsProject(tmp_path, sandbox.url, **settings)
    project.things({str(n): f"Thing {n}" for n in range(12)})
    assert project.run("run", ROUTE).returncode == 0
    another_prefix(project)
    assert project.run("validate").returncode == 0
    fate = "t-0 is put away (trash)" if settings else "t-0 stays in ibexa"
    told = f"source key 0 was t-0 until now, and is q-0: {fate}"
    sandbox.book.reset()
    dry = project.run("run", ROUTE, "--dry-run")
    assert (dry.returncode, "12 would be made anew under another key" in dry.stdout, told in dry.stdout) == (
        1,
        True,
        True,
    )
    [as_json] = json.loads(project.run("run", ROUTE, "--dry-run", "--json").stdout)
    assert (as_json["counts"]["moved"], as_json["moved"][0], as_json["problem"]["code"]) == (12, told, "RUN240")
    done = project.run("run", ROUTE)
    assert (done.returncode, told in done.stdout, "12 with another key than before" in done.stdout) == (1, True, True)
    assert told in done.stderr, "the log names each"
    assert sandbox.book.snapshot()["writes"]["by_op"] == {}
    assert keys(sandbox) == sorted(f"t-{n}" for n in range(12))
    agree(project)
    assert project.run("run", ROUTE).returncode == 0
    new, old = (sorted(f"{prefix}-{n}" for n in range(12)) for prefix in "qt")
    assert keys(sandbox) == (new if settings else new + old)
    assert keys(sandbox, "TRASHED") == (old if settings else [])
    last = json.loads(project.run("run", ROUTE, "--json").stdout)[0]
    assert (last["counts"]["moved"], last["counts"]["unchanged"]) == (0, 12)


def test_one_record_that_got_another_number_is_sent_and_named(sandbox: IbexaSandbox, tmp_path: Path) -> None:
    project = ThingsProject(tmp_path, sandbox.url)
    project.things({"1": "One"})
    assert project.run("run", ROUTE).returncode == 0
    another_prefix(project)
    told = "source key 1 was t-1 until now, and is q-1: t-1 stays in ibexa"
    dry = project.run("run", ROUTE, "--dry-run")
    assert (dry.returncode, told in dry.stdout) == (0, True)
    done = project.run("run", ROUTE)
    assert (done.returncode, told in done.stderr, "1 with another key than before" in done.stdout) == (0, True, True)
    assert keys(sandbox) == ["q-1", "t-1"]
