"""Slips on the command line: each is answered with what was probably meant, and exit code 2; none passes in silence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from connector.cli import cli
from connector.cli.guard import _with_its_place
from connector.core.errors import ConnectorError

PROJECT: dict[str, Any] = {
    "configs/clients/pim.json": {"type": "http", "base_url": "http://127.0.0.1:9", "auth": {"type": "none"}},
    "configs/clients/shop.json": {"type": "ibexa", "base_url": "http://127.0.0.1:9", "auth": {"type": "none"}},
    "configs/incoming/csv.json": {"type": "file", "path": "varer.csv", "key": "sku"},
    "configs/outgoing/sections.json": {"type": "ibexa", "client": "shop", "entity": "section", "action": "create"},
    "configs/routes/csv.json": {"incoming": "csv", "transformers": ["section"], "outgoing": "sections"},
    "configs/routes/other.json": {"incoming": "csv", "transformers": ["section"], "outgoing": "sections"},
    "transformers/section.json": [{"type": "map", "to": {"payload": {"identifier": "sku", "name": "navn"}}}],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    (tmp_path / "varer.csv").write_text("sku,navn\n1,x\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CONNECTOR_DATABASE_URL", raising=False)
    return tmp_path


def said(*arguments: str) -> str:
    """What is told of a mistake; its exit code is 2."""
    done: Result = CliRunner().invoke(cli, arguments, prog_name="connector")
    error = done.exception
    if isinstance(error, ConnectorError):
        assert error.exit_code == 2
        return f"{error.message}. {error.hint}"
    assert done.exit_code == 2, done.output
    return done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "csv", "--all"], "name routes, or --all, not both: --all runs csv, other"),
        (["run", "csv", "--all", "--dry-run"], "name routes, or --all, not both"),
        (["check", "pim", "--all"], "name clients, or --all, not both"),
        (["run", "sections"], "there is no route 'sections'. It is an outgoing. Made of it: csv, other."),
        (["run", "pim"], "It is a client. Routes are: csv, other."),
        (["schedule", "history", "shop"], "It is a client."),
        (["replay", "sections", "--key", "1"], "It is an outgoing."),
        (["tasks", "failures", "--route", "nope"], "there is no route 'nope'. Routes are: csv, other."),
        (["tasks", "list", "--route", "othr"], "there is no route 'othr'. Did you mean 'other'?"),
        (["tasks", "retry", "--route", "othr"], "Did you mean 'other'?"),
        (["tasks", "skip", "--route", "othr", "--reason", "gone"], "Did you mean 'other'?"),
        (["runs", "--route", "othr"], "Did you mean 'other'?"),
        (["items", "show", "1", "--route", "othr"], "Did you mean 'other'?"),
        (["forget", "1", "--route", "othr"], "Did you mean 'other'?"),
        (
            ["sandbox", "--port", "0", "--fault", "{op: x}"],
            'no JSON from character 2 on. Keys stand in double quotes: "…".',
        ),
        (["init", "z", "--key", "a b", "--defaults"], "so nothing was made"),
        (["init", "z", "--endpoint", "products", "--defaults"], "Begin with /."),
        (["run", "csv.json"], "Did you mean 'csv'? Names are those of the files"),
        (["run", "configs/routes/csv.json"], "Did you mean 'csv'? Names are those of the files"),
        (["preview", "csv.json"], "Did you mean 'csv'? Names are those of the files"),
        (["validate", "configs/routes/csv.json"], "`connector explain csv` is for one part"),
        (["validate", "configs/incoming/csv.json"], "`connector explain incoming:csv` is for one part"),
        (["validate", "--explain", "157"], "Did you mean CFG157?"),
        (["validate", "--explain", "cgf-157"], "Did you mean CFG157?"),
        (["explain", "CFG157"], "connector validate --explain CFG157"),
        (["explain", "content.upsert"], "connector catalogue show content.upsert"),
        (["explain", "csv.json"], "Did you mean 'csv'?"),
        (["requests", "--client", "nix"], "there is no client 'nix'. Clients are: pim, shop."),
        (["test", "csv"], "Did you mean preview or validate?"),
        (["status"], "Did you mean runs or doctor?"),
        (["catalogue", "content.upsert"], "Did you mean: connector catalogue show content.upsert?"),
        (["items", "A1"], "Did you mean: connector items show A1?"),
        (["tasks", "7"], "Did you mean: connector tasks show 7?"),
        (["runs", "lst"], "Did you mean 'list'?"),
        (["catalogue", "list", "content"], "Did you mean: connector catalogue list --entity content?"),
        (["catalogue", "list", "move", "it"], 'Did you mean: connector catalogue list --search "move it"?'),
        (["catalogue", "show", "upsert"], "One of: content.upsert, user.upsert."),
        (["preview"], "Routes are: csv, other. Incomings are: csv."),
        (["discover"], "Clients are: pim, shop."),
        (["checkpoint", "rewind"], "Routes are: csv, other."),
        (["sandbox", "--port", "abc"], "'abc' is no whole number from 0 to 65535."),
        (["sandbox", "--fault", '{"match": {"op": "content.creat"}, "do": {"status": 503}}'], "'content.create'"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(arguments: list[str], words: str, project: Path) -> None:
    assert words in said(*arguments)


def test_a_code_that_is_not_there_is_not_taken_for_another(project: Path) -> None:
    told = said("validate", "--explain", "CFG999")
    assert "Did you mean" not in told
    assert "CFG" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "csv", "--limit", "5"], "connector preview ROUTE --limit 5"),
        (["run", "csv", "--force"], "connector replay ROUTE"),
        (["doctor", "--fix"], "It is called --repair."),
        (["db", "prune", "--days", "3"], "`retention` in configs/project.json"),
        (["db", "prune", "--vacuum"], "It is called --compact."),
    ],
)
def test_an_option_that_another_command_has_leads_there(arguments: list[str], words: str, project: Path) -> None:
    with pytest.raises(click.NoSuchOption) as caught:
        cli.main(arguments, standalone_mode=False)
    assert words in _with_its_place(caught.value, cli).format_message()


def test_of_a_client_without_entries_nothing_is_kept(project: Path) -> None:
    done = CliRunner().invoke(cli, ["requests", "--client", "client:pim"])
    assert (done.exit_code, done.output.startswith("nothing is kept")) == (0, True)


@pytest.mark.parametrize(
    "words", [["content", "upsert"], ["Content.Upsert"], ["content.upsert"]], ids=["two words", "capitals", "its id"]
)
def test_an_operation_is_found_however_it_is_written(words: list[str], project: Path) -> None:
    done = CliRunner().invoke(cli, ["catalogue", "show", *words, "--json"])
    assert json.loads(done.output)["id"] == "content.upsert"
    there = CliRunner().invoke(cli, ["catalogue", "show", "GET", "/content/objects/1", "--json"])
    assert json.loads(there.output)["id"] == "content.get"


@pytest.mark.parametrize(
    ("words", "told"), [("bookmark list", "1 operation;"), ("xyzzy", "no operation has all of these words")]
)
def test_operations_are_counted_as_people_count(words: str, told: str, project: Path) -> None:
    assert told in CliRunner().invoke(cli, ["catalogue", "list", "--search", words]).output


class TestFolder:
    """A folder that is no project: what it is, and where one is."""

    def test_that_is_not_there(self, project: Path) -> None:
        for command in (["runs"], ["run", "csv"], ["validate"]):
            assert "there is no folder away" in said("-C", "away", *command)

    def test_that_is_a_file(self, project: Path) -> None:
        assert "varer.csv is a file, not a project's folder" in said("-C", "varer.csv", "runs")

    def test_inside_a_project(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(project / "configs/routes")
        assert "say connector -C ../.." in said("runs")
        assert "say connector -C ../.." in said("run", "csv")

    def test_around_a_project(self, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        around = tmp_path / "around"
        (around / "shop/configs").mkdir(parents=True)
        monkeypatch.chdir(around)
        (project / "configs").rename(project / "was")
        assert "say connector -C shop" in said("runs")


class TestRunLog:
    """A URL of the run log that is none is told before anything runs."""

    @pytest.mark.parametrize("option", ["--env", "--online"])
    def test_by_validate(self, option: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CONNECTOR_DATABASE_URL", "mysql://u:canary@h/x")
        done = CliRunner().invoke(cli, ["validate", option])
        assert done.exit_code == 2
        assert "error STO001: a run log in 'mysql' is not supported" in done.output
        assert "canary" not in done.output

    def test_offline_it_is_nobodys_business(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CONNECTOR_DATABASE_URL", "mysql://h/x")
        assert "STO001" not in CliRunner().invoke(cli, ["validate"]).output


class TestVariables:
    """A variable that is not set is told once, at its place."""

    @pytest.fixture
    def unset(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("pim", "shop"):
            path = project / f"configs/clients/{name}.json"
            path.write_text(path.read_text().replace("http://127.0.0.1:9", "${NO_SUCH_URL}"))
        monkeypatch.delenv("NO_SUCH_URL", raising=False)
        return project

    def test_online_as_an_error(self, unset: Path) -> None:
        done = CliRunner().invoke(cli, ["validate", "--online", "--client", "pim", "--json"])
        found = [one for one in json.loads(done.output)["problems"] if "NO_SUCH_URL" in one["message"]]
        assert [(one["code"], one["severity"], one["place"]["file"]) for one in found] == [
            ("CFG130", "error", "configs/clients/pim.json"),
            ("CFG130", "warning", "configs/clients/shop.json"),
        ]
        assert done.exit_code == 2

    def test_by_a_run(self, unset: Path) -> None:
        done = CliRunner().invoke(cli, ["run", "csv", "--yes"])
        assert done.exit_code == 2
        assert done.output.count("NO_SUCH_URL is not set") == 1, done.output

    def test_outside_a_project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "empty").mkdir()
        monkeypatch.chdir(tmp_path / "empty")
        with pytest.raises(ConnectorError) as caught:
            cli.main(["run", "x"], standalone_mode=False)
        assert caught.value.message == "there is no project in .: it has no configs/"


def test_a_route_that_is_there_or_was_is_asked_for_in_peace(project: Path) -> None:
    from connector.store import open_store, tables

    for command in (["tasks", "failures"], ["tasks", "list"], ["runs"]):
        assert CliRunner().invoke(cli, [*command, "--route", "other"]).exit_code == 0
    with open_store(f"sqlite:///{project}/.connector/connector.db").writing() as connection:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        row = {"route": "of-the-past", "state": "finished", "started_at": now, "ended_at": now}
        connection.execute(tables.run.insert().values(**row, trigger="manual", owner="x", config="x"))
    assert CliRunner().invoke(cli, ["tasks", "failures", "--route", "of-the-past"]).exit_code == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CONNECTOR_DATABSE_URL", True),
        ("CONNECTOR_DB_URL", True),
        ("CONECTOR_DATABASE_URL", True),
        ("CONNECTOR_PORT_8080_TCP", False),
        ("CONNECTOR_SERVICE_HOST", False),
        ("DATABASE_URL", False),
    ],
)
def test_a_variable_of_ours_that_is_misspelt_is_told(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    told: bool,
) -> None:
    monkeypatch.setenv(name, "sqlite:///x.db")
    done = CliRunner().invoke(cli, ["runs"])
    warning = f"warning: nothing reads the variable {name}. Did you mean CONNECTOR_DATABASE_URL?"
    assert (warning in done.output) is told


def test_a_bad_answer_of_init_leaves_nothing_behind(project: Path) -> None:
    said("init", "z", "--key", "a b", "--defaults")
    assert not (project / "z").exists()
