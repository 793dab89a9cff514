"""A listing whose next page is not followed: what `run`, its dry run, `preview` and `validate --online` say of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.integration.clients.scripted import Scripted, js

RIGHT = {"pagination": {"type": "next_link", "next": "_links.next.href"}}
SLIP = {"pagination": {"type": "next_link", "next": "_links.nxt.href"}}
NUMBERED = {"pagination": {"type": "page"}}


def listing(request: Request) -> Response:
    """Thirty things, ten a page, linked."""
    start = int(dict(request.query).get("from", 0))
    items = [{"key": f"{n}", "value": f"thing {n}"} for n in range(start, start + 10)]
    following = {"next": {"href": f"/things?from={start + 10}"}} if start < 20 else {}
    return js({"_links": {"self": {"href": "/things"}, **following}, "items": items})


@pytest.fixture
def source() -> Iterator[Scripted]:
    with Scripted(listing) as server:
        yield server


def reading(project: ThingsProject, source: Scripted, **config: Any) -> ThingsProject:
    """The project with that source; its route puts away what is missing, however much."""
    files = {
        "clients/pim": {"type": "http", "base_url": source.url, "retry": {"max_attempts": 1}},
        "incoming/things": {
            "type": "http", "client": "pim", "endpoint": "/things", "records": "items", "key": "key", **config,
        },
    }  # fmt: skip
    route = json.loads((project.root / "configs/routes/things.json").read_text())
    files["routes/things"] = {**route, "when_missing": "hide", "max_deletes": {"percent": 100}}
    for name, data in files.items():
        (project.root / f"configs/{name}.json").write_text(json.dumps(data))
    return project


@pytest.mark.parametrize("wrong", [SLIP, {}, NUMBERED], ids=["misspelt", "none", "by number"])
def test_a_part_is_never_taken_for_the_whole(
    wrong: dict[str, Any], project: ThingsProject, source: Scripted, sandbox: IbexaSandbox
) -> None:
    done = reading(project, source, **RIGHT).run("run", "things")
    assert done.returncode == 0, done.stdout
    assert "30 read, 30 created" in done.stdout
    writes = sandbox.book.arrived_writes
    dry = reading(project, source, **wrong).run("run", "things", "--dry-run")
    assert dry.returncode == 1
    assert "would be hidden" not in dry.stdout
    done = project.run("run", "things")
    for one in (dry, done):
        assert "the answer names a next page (`_links.next.href`) that is not followed" in one.stdout
    assert done.returncode == 1
    assert "things: failed" in done.stdout
    assert sandbox.book.arrived_writes == writes, "nothing was put away"
    assert "PAG002" in project.run("runs", "--json").stdout
    done = reading(project, source, **RIGHT).run("run", "things")
    assert (done.returncode, sandbox.book.arrived_writes) == (0, writes)


def test_a_read_that_may_not_be_whole_puts_nothing_away_and_says_so(
    project: ThingsProject, source: Scripted, sandbox: IbexaSandbox
) -> None:
    assert reading(project, source, **RIGHT).run("run", "things").returncode == 0
    writes = sandbox.book.arrived_writes
    source.answers = [lambda _: js({"items": [{"key": "1", "value": "thing 1"}]})]
    config = {"pagination": {"type": "next_link", "next": "page.next"}, "query": {"limit": 1}}
    done = reading(project, source, **config).run("run", "things")
    assert done.returncode == 0, done.stdout
    assert "it is not certain that all was read: nothing was put away" in done.stdout
    assert "note: page 1 is full, and no answer has `page.next`" in done.stdout
    [told] = json.loads(project.run("run", "things", "--json").stdout)
    assert [(one["code"], one["severity"], one["where"]) for one in told["notes"]] == [
        ("CFG212", "warning", "incoming things")
    ]
    assert told["counts"]["uncertain"] == 1
    dry = project.run("run", "things", "--dry-run")
    assert "note: page 1 is full" in dry.stdout
    assert "this is no complete read from the start" in dry.stdout
    assert sandbox.book.arrived_writes == writes


@pytest.mark.parametrize("what", ["things", "incoming:things"])
@pytest.mark.parametrize("limit", ["2", "50"])
def test_preview_shows_the_records_and_tells_it(
    what: str, limit: str, project: ThingsProject, source: Scripted
) -> None:
    done = reading(project, source, total="totl").run("preview", what, "--limit", limit, "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == min(int(limit), 10)
    assert "note: the answer names a next page (`_links.next.href`) that is not followed" in done.stderr
    assert 'Declare "pagination": {"type": "next_link", "next": "_links.next.href"}' in done.stderr
    assert "note: no answer has `totl`" in done.stderr
    assert "note: the answer" not in reading(project, source, **RIGHT).run("preview", what).stderr


# -- validate --online ----------------------------------------------------------------------------------------------


def told(project: ThingsProject) -> list[tuple[str, str, str, str, int]]:
    found = json.loads(project.run("validate", "--online", "--client", "pim", "--json").stdout)
    return [
        (one["code"], one["severity"], one["place"]["file"], one["place"].get("pointer", ""), one["place"]["line"])
        for one in (found["problems"] if isinstance(found, dict) else found)
    ]


INCOMING = "configs/incoming/things.json"


@pytest.mark.parametrize(
    ("config", "answer", "expected"),
    [
        (RIGHT, None, []),
        (SLIP, None, [("CFG212", "error", "/pagination/next")]),
        ({}, None, [("CFG212", "error", "/pagination")]),
        ({**RIGHT, "records": "itms"}, None, [("CFG210", "error", "/records")]),
        ({**RIGHT, "key": "kee"}, None, [("CFG210", "error", "/key")]),
        ({**RIGHT, "total": "totl"}, None, [("CFG211", "warning", "/total")]),
        ({}, js({}, 404), [("CFG210", "error", "/endpoint")]),
        ({}, js({}, 500), [("CFG210", "error", "/endpoint")]),
        ({}, js({}, 403), [("CFG210", "error", "/client")]),
        ({"query": {"limit": 7}}, js({}, 422), [("CFG210", "error", "/query")]),
        ({}, js({"items": [{"key": "1"}, {"key": ""}]}), [("CFG211", "warning", "/key")]),
        ({}, js({"items": ["1", "2"]}), [("CFG210", "error", "/records")]),
        ({}, js({"items": []}), []),
        ({}, Response(200, [("Content-Type", "text/html")], b"<html>"), [("CFG210", "error", "/endpoint")]),
    ],
)  # fmt: skip
def test_each_source_is_asked_for_its_first_page(
    config: dict[str, Any],
    answer: Response | None,
    expected: list[tuple[str, str, str]],
    project: ThingsProject,
    source: Scripted,
) -> None:
    source.answers = [answer or listing]
    found = told(reading(project, source, **config))
    assert [(code, severity, pointer) for code, severity, file, pointer, line in found] == expected
    assert all(file == INCOMING and line == 1 for _, _, file, _, line in found)
    assert len(source.asked) <= 2
    assert {one.path for one in source.asked} == {"/things"}


def test_a_refused_token_is_told_at_the_client(project: ThingsProject, source: Scripted) -> None:
    source.answers = [lambda request: js({}, 401) if request.path == "/things" else js({}, 404)]
    found = told(reading(project, source))
    assert [(code, severity, file) for code, severity, file, *_ in found] == [
        ("CFG190", "error", "configs/clients/pim.json")
    ]


def test_a_source_that_is_switched_off_is_not_asked(project: ThingsProject, source: Scripted) -> None:
    assert not [one for one in told(reading(project, source, enabled=False)) if one[0].startswith("CFG21")]
    assert "/things" not in {one.path for one in source.asked}


# -- check ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_is_not_well(status: int, project: ThingsProject, source: Scripted) -> None:
    source.answers = [lambda request: js({}, status) if request.path == "/things" else js({"welcome": True})]
    done = reading(project, source).run("check", "pim")
    assert done.returncode == 3
    assert f"answers {status} to GET /things: it does not take these credentials" in done.stderr


def test_what_an_incoming_reads_tells_that_the_token_is_taken(project: ThingsProject, source: Scripted) -> None:
    done = reading(project, source).run("check", "pim")
    assert done.returncode == 0, done.stderr
    assert "200 to GET /things (incoming things)" in done.stdout


def test_an_endpoint_that_is_not_there_is_told(project: ThingsProject, source: Scripted) -> None:
    source.answers = [js({}, 404)]
    done = reading(project, source).run("check", "pim")
    assert done.returncode == 3
    assert "Check `endpoint` of the incoming things" in done.stderr
