"""An operator looks at checkpoints and moves them; what cannot be moved is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.core.process import identity
from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import IbexaSandbox
from connector.store import Store, leases
from tests.faults.project import ThingsProject
from tests.integration.clients.scripted import Scripted, js


class Source:
    """Lists things with the time (or number) of their last change, and keeps what it was asked."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = [
            {"key": "1", "value": "one", "updated": "2026-03-01T12:00:00+00:00", "number": 17},
            {"key": "2", "value": "two", "updated": "2026-03-02T12:00:00+00:00", "number": 18},
        ]
        self.asked: list[str | None] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(dict(request.query).get("since"))
        return js(self.items)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def project(tmp_path: Path, sandbox: IbexaSandbox, database_url: str, source: Source) -> Iterator[ThingsProject]:
    made = ThingsProject(tmp_path / "project", sandbox.url)
    made.env["CONNECTOR_DATABASE_URL"] = database_url
    with Scripted(source) as server:
        made._write("configs/clients/source.json", {"type": "http", "base_url": server.url})
        declare(made, "updated")
        yield made


def declare(project: ThingsProject, at: str | None) -> None:
    incoming: dict[str, Any] = {"type": "http", "client": "source", "endpoint": "/things", "key": "key"}
    if at:
        incoming["cursor"] = {"at": at, "send": {"query": {"since": "{cursor}"}}}
    project._write("configs/incoming/things.json", incoming)


def shown(project: ThingsProject) -> Any:
    return json.loads(project.run("checkpoint", "show", "things", "--json").stdout)


def test_a_rewound_route_asks_for_what_changed_since_then_and_it_is_kept_who_did_it(
    project: ThingsProject, source: Source
) -> None:
    assert "nothing was read yet" in project.run("checkpoint", "show", "things").stdout
    assert project.run("run", "things").returncode == 0
    [before] = shown(project)["checkpoints"]
    assert before["position"]["cursor"] == "2026-03-02T12:00:00+00:00"
    assert (before["run"], before["words"]) == (
        1,
        "at the end: the next read asks for what changed since 2026-03-02T12:00:00+00:00",
    )
    moved = project.run("checkpoint", "rewind", "things", "2d", "--yes")
    assert moved.returncode == 0, moved.stderr
    assert "moved from 2026-03-02T12:00:00+00:00 to 2026-02-28T12:00:00+00:00" in moved.stdout
    assert project.run("checkpoint", "set", "things", "2026-02-27T00:00:00+01:00", "--yes").returncode == 0
    again = project.run("run", "things", "--json")
    assert json.loads(again.stdout)[0]["counts"]["unchanged"] == 2
    assert project.run("checkpoint", "rewind", "things", "start", "--yes").returncode == 0
    assert project.run("run", "things").returncode == 0
    assert source.asked == [None, "2026-02-27T00:00:00+01:00", None]
    changes = shown(project)["changes"]
    assert [one["after"].get("cursor") for one in changes] == [
        None,
        "2026-02-27T00:00:00+01:00",
        "2026-02-28T12:00:00+00:00",
    ]
    assert changes[-1]["before"]["cursor"] == "2026-03-02T12:00:00+00:00"
    assert all("@" in one["by"] for one in changes)
    assert "moved by" in project.run("checkpoint", "show", "things").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("set", "things", "yesterday"), "is no time such as 2026-03-02T12:00:00+00:00"),
        (("set", "things", "2026-03-01T00:00:00"), "in that form"),
        (("set", "things", "2999-01-01T00:00:00+00:00"), "is in the future"),
        (("rewind", "things", "two days"), "is no duration"),
        (("rewind", "things", "9999999d"), "before any calendar"),
        (("rewind", "other", "2d"), "there is no route 'other'"),
        (("rewind", "thing", "2d"), "there is no route 'thing'. It is a transformer. Made of it: things"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    project: ThingsProject, arguments: tuple[str, ...], why: str
) -> None:
    assert project.run("run", "things").returncode == 0
    before = shown(project)
    refused = project.run("checkpoint", *arguments, "--yes")
    assert (refused.returncode, why in refused.stderr) == (2, True), refused.stderr
    assert shown(project)["changes"] == before["changes"] == []


def test_a_script_must_say_yes(project: ThingsProject) -> None:
    assert project.run("run", "things").returncode == 0
    refused = project.run("checkpoint", "rewind", "things", "2d")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert shown(project)["changes"] == []


def test_a_number_can_be_set_but_not_rewound(project: ThingsProject, source: Source) -> None:
    declare(project, "number")
    assert project.run("run", "things").returncode == 0
    refused = project.run("checkpoint", "rewind", "things", "2d", "--yes")
    assert (refused.returncode, "the cursor (18) is no time" in refused.stderr) == (2, True)
    refused = project.run("checkpoint", "set", "things", "soon", "--yes")
    assert (refused.returncode, "the cursor is a number (18)" in refused.stderr) == (2, True)
    assert project.run("checkpoint", "set", "things", "16", "--yes").returncode == 0
    assert project.run("run", "things").returncode == 0
    assert source.asked[-1] == "16"


def test_without_a_cursor_there_is_nothing_to_set(project: ThingsProject) -> None:
    declare(project, None)
    for arguments in (("set", "things", "5"), ("rewind", "things", "2d")):
        refused = project.run("checkpoint", *arguments, "--yes")
        assert (refused.returncode, "has no cursor" in refused.stderr) == (2, True)


def test_a_route_that_runs_is_left_alone(project: ThingsProject, store: Store) -> None:
    assert project.run("run", "things").returncode == 0
    leases.acquire(store, "things", identity(), datetime.now(UTC))
    refused = project.run("checkpoint", "rewind", "things", "2d", "--yes")
    assert (refused.returncode, "is running" in refused.stderr) == (5, True)
    assert shown(project)["changes"] == []


def test_a_listing_left_half_way_is_told_and_begun_anew(project: ThingsProject, source: Source) -> None:
    declare(project, "updated")
    incoming = json.loads((project.root / "configs/incoming/things.json").read_text())
    paging = {"type": "page", "size": 2, "size_param": "limit"}
    project._write("configs/incoming/things.json", {**incoming, "pagination": paging})
    assert project.run("run", "things").returncode != 0, "every page is the same"
    [row] = shown(project)["checkpoints"]
    assert row["words"] == "inside a listing of everything, behind page 1: the next read goes on there"
    assert project.run("checkpoint", "rewind", "things", "start", "--yes").returncode == 0
    [row] = shown(project)["checkpoints"]
    assert (row["position"], row["words"]) == ({}, "at the end: the next read asks for everything")
