"""What the command line tells of an Ibexa, of the one version and of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject
from tests.integration.cli.test_discover import BOOK, files, make
from tests.integration.outgoing.test_written_forms import _FIELDS, _FORMS

ALL = {
    "identifier": "all", "main_language": "eng-GB",
    "fields": [{"identifier": name, "type": name, **_FIELDS.get(name, {})} for name in _FORMS],
}  # fmt: skip
_SEARCH = {"ContentQuery": {"Filter": {"ContentTypeIdentifierCriterion": "folder"}}}


@pytest.fixture(params=["4.6", "5.0"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[IbexaSandbox]:
    with IbexaSandbox(version=request.param, login_seconds=0) as running:
        yield running


def search_the_old_way(project: ThingsProject) -> Path:
    """An incoming with the one operation that 5.0 has no longer."""
    declared = {
        "type": "ibexa", "client": "ibexa", "entity": "content", "action": "search_deprecated", "payload": _SEARCH,
    }  # fmt: skip
    path = project.root / "configs/incoming/old.json"
    path.write_text(json.dumps(declared), "utf-8")
    return path


def test_check_logs_in_and_says_the_version(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    done = project.run("check", "ibexa", "--json")
    assert done.returncode == 0, done.stderr
    assert f'"version": "{"4.6" if sandbox.version == "4.6" else "5.x"}"' in done.stdout
    project.env["IBEXA_PASSWORD"] = "wrong"
    refused = project.run("check", "ibexa")
    assert refused.returncode != 0
    assert "the log-in as 'admin' was refused" in refused.stdout + refused.stderr


def test_content_types_are_written_down_the_same(project: ThingsProject, sandbox: IbexaSandbox, tmp_path: Path) -> None:
    make(project, BOOK, ALL)
    assert project.run("discover", "ibexa").returncode == 0
    with IbexaSandbox(version="4.6", login_seconds=0) as other:
        (tmp_path / "other").mkdir()
        theirs = ThingsProject(tmp_path / "other", other.url)
        make(theirs, BOOK, ALL)
        assert theirs.run("discover", "ibexa").returncode == 0
        assert files(project) == files(theirs)


def test_after_an_upgrade_nothing_has_changed(project: ThingsProject, tmp_path: Path) -> None:
    with IbexaSandbox(version="4.6", login_seconds=0) as old:
        project.env["IBEXA_BASE_URL"] = old.url
        make(project, BOOK, ALL)
        assert project.run("run", "things").returncode == 0
        assert project.run("discover", "ibexa").returncode == 0
        with IbexaSandbox(version="5.0", login_seconds=0) as new:
            new.repository.take_state(old.repository.state())
            new.book.reset()
            project.env["IBEXA_BASE_URL"] = new.url
            assert project.run("discover", "ibexa", "--check").returncode == 0
            project.env["CONNECTOR_DATABASE_URL"] = f"sqlite:///{tmp_path / 'new.db'}"  # so that all is compared
            for route, number in (("things", 5), ("types", 2)):
                [told] = json.loads(project.run("run", route, "--json").stdout)
                assert (told["counts"]["read"], told["counts"]["failed"]) == (number, 0), told
            assert new.book.snapshot()["writes"]["total"] == 0


def test_validate_online_finds_the_operation_that_is_gone(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    path = search_the_old_way(project)
    told = json.loads(project.run("validate", "--online", "--format", "json").stdout)
    found = {one["code"]: one for one in told["problems"] if one["place"]["file"].endswith(path.name)}
    assert found["CFG152"]["severity"] == "warning"
    assert "content.search_deprecated is deprecated in Ibexa" in found["CFG152"]["message"]
    assert ("CFG192" in found) == (sandbox.version == "5.0")
    assert "gone in 5.0" in found["CFG152"]["hint"]
    assert {one["code"] for one in told["problems"] if one["severity"] != "info"} <= {"CFG121", "CFG152", "CFG192"}


def test_a_live_look_at_an_operation(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    gone = project.run("catalogue", "show", "content.search_deprecated", "--live", "ibexa").stdout
    assert ("this server has no such address" in gone) == (sandbox.version == "5.0")
    there = project.run("catalogue", "show", "content.search", "--live", "ibexa").stdout
    assert "this server takes POST there" in there
