"""The command line as a new user meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from connector.cli import COMMANDS
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

ROOT = Path(__file__).parents[2]
HEAVY = (
    "sqlalchemy",
    "requests",
    "jsonschema",
    "jmespath",
    "apscheduler",
    "rich",
    "alembic",
    "ijson",
    "tree_sitter",
    "pyrate_limiter",
)


def connector(*arguments: str, cwd: Path = ROOT, text: str = "", **env: Any) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", *arguments]
    found = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        program, cwd=cwd, env=found, capture_output=True, text=True, check=False, input=text, timeout=120
    )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["completion", "bash"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom connector.cli import main\n"
        f"sys.argv = ['connector', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as found:\n    assert not found.code, found.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_validate_needs_neither_database_nor_network_libraries() -> None:
    code = (
        "import sys\nfrom connector.cli import main\nsys.argv = ['connector', 'validate']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('requests', 'apscheduler', 'alembic', 'rich') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_a_run_on_sqlite_loads_neither_the_other_database_nor_migrations_nor_a_scheduler(
    tmp_path: Path, sandbox: IbexaSandbox
) -> None:
    project = ThingsProject(tmp_path / "project", sandbox.url)
    project.things({"1": "one"})
    other = ("sqlalchemy.dialects.postgresql", "psycopg", "alembic", "apscheduler", "rich", "tree_sitter")
    code = (
        "import sys\nfrom connector.cli import main\nsys.argv = ['connector', '-q', 'run', 'things', '--json']\n"
        "try:\n    main()\nexcept SystemExit as found:\n    assert not found.code, found.code\n"
        f"print([name for name in {other!r} if name in sys.modules], file=sys.stderr)"
    )
    program = [sys.executable, "-c", code]
    done = subprocess.run(program, cwd=project.root, env=project.env, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0]["counts"]["created"] == 1
    assert done.stderr.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    done = connector(name, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout or name == "completion"
    assert f"connector {name}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "Did you mean 'run'"),
        (["run"], "name a route"),
        (["run", "nothing"], "Routes are: categories, content-types, products"),
        (["check", "nothing"], "Known are: ibexa, pim"),
        (["catalogue", "show", "content.creat"], "Did you mean 'content.create'"),
        (["catalogue", "list", "--entity", "contnt"], "Did you mean 'content'"),
        (["-C", "/nowhere", "run", "x"], "connector init"),
        (["transform", "nothing"], "there is no transformer"),
        (["transform", "prodct"], "Did you mean 'product'"),
        (["schedule", "pause", "prodcts"], "Did you mean 'products'"),
        (["validate", "products"], "`connector explain products` is for one part"),
        (["transform", "product", "--input", "/dev/null"], "not JSON"),
        (["run", "products"], "variable"),
        (["--env-file", "/nowhere", "run", "products"], "env file"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(arguments: list[str], words: str) -> None:
    done = connector(*arguments, IBEXA_BASE_URL="", PIM_BASE_URL="")
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_cannot_be_used_is_said_without_its_password() -> None:
    for url, words in (
        ("postgresql://u:canary@127.0.0.1:9/x", "database"),
        ("mysql://u:canary@h/x", "not supported"),
        ("nonsense", "no database URL"),
    ):
        done = connector("runs", CONNECTOR_DATABASE_URL=url)
        assert done.returncode == 3
        assert words in done.stderr
        assert "canary" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "products", "-q"], "connector -q run"),
        (["check", "--env-file", "x"], "connector --env-file … check"),
        (["tasks", "list", "-C", "shop"], "connector -C … tasks list"),
    ],
)
def test_an_option_of_all_commands_is_said_to_stand_before_them(arguments: list[str], words: str) -> None:
    done = connector(*arguments)
    assert done.returncode == 2
    assert f"It stands before the command: {words}" in done.stderr


def test_a_run_log_that_cannot_be_opened_is_named_with_a_way_out(tmp_path: Path) -> None:
    file = tmp_path / "run.db"
    file.mkdir()
    (tmp_path / "none").touch()
    for url, named in ((f"sqlite:///{file}", str(file)), (f"sqlite:///{tmp_path}/none/run.db", f"{tmp_path}/none")):
        done = connector("runs", CONNECTOR_DATABASE_URL=url)
        assert done.returncode == 3, done.stdout
        assert named in done.stderr
        assert "export CONNECTOR_DATABASE_URL=sqlite:///" in done.stderr


def test_what_init_makes_validates_and_runs(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    made = connector("init", "shop", "--source", "erp", "--records", "items", "--key", "sku", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    shop = tmp_path / "shop"
    checked = connector("-C", "shop", "validate", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout
    for path in shop.glob("configs/*/*.json"):
        schema = path.parent / json.loads(path.read_text())["$schema"]
        assert schema.resolve().is_file()
    (shop / "configs/routes/erp.json").write_text("mine")
    again = connector("init", "shop", "--source", "erp", cwd=tmp_path)
    assert "kept" in again.stdout
    assert (shop / "configs/routes/erp.json").read_text() == "mine"


def test_check_says_who_where_and_which_version(sandbox: IbexaSandbox) -> None:
    env: dict[str, Any] = {"IBEXA_BASE_URL": sandbox.url, "IBEXA_USERNAME": "admin", "IBEXA_PASSWORD": "publish"}
    done = connector("check", "ibexa", "--json", **env)
    [facts] = json.loads(done.stdout)
    assert (facts["user"], facts["version"], facts["ok"]) == ("admin", "4.6", True)
    refused = connector("check", "ibexa", **{**env, "IBEXA_PASSWORD": "wrong"})
    assert refused.returncode == 3
    assert "was refused" in refused.stderr
    away = connector("check", "ibexa", **{**env, "IBEXA_BASE_URL": "http://127.0.0.1:9"})
    assert away.returncode == 3
    assert "no connection" in away.stderr


def test_a_transformer_is_tried_on_a_record_from_standard_input() -> None:
    done = connector("transform", "category", text='{"code": "x", "parent": "master", "labels": {"en_GB": "Æ"}}')
    assert json.loads(done.stdout)["payload"]["remote_id"] == "pim-cat-x"
    failed = connector("transform", "category", text='{"code": "x", "parent": "master", "labels": {}}')
    assert failed.returncode == 1
    assert "a category needs an English name" in failed.stderr


def test_runs_tasks_and_items_tell_the_story(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    for empty, words in (
        (["runs"], "no runs yet"),
        (["tasks", "failures"], "no failed tasks"),
        (["items", "show", "x"], "no route has seen"),
    ):
        assert words in project.run(*empty).stdout
    sandbox.faults.add({"match": {"op": "content.create"}, "when": {"nth": 3}, "do": {"status": 400}})
    done = project.run("run", "things")
    assert done.returncode == 1
    assert "29 created, 1 failed" in done.stdout
    [run] = json.loads(project.run("runs", "--json").stdout)
    assert (run["state"], run["counts"]["created"]) == ("finished", 29)
    [group] = json.loads(project.run("tasks", "failures", "--json").stdout)
    assert group["count"] == 1
    task = group["task_ids"][0]
    shown: dict[str, Any] = json.loads(project.run("tasks", "show", str(task), "--json").stdout)
    assert shown["history"][0]["outcome"] == "Refused"
    slip = project.run("tasks", "retry", "--cause", f"{group['cause'][:-1]}z")
    assert (slip.returncode, f"Did you mean '{group['cause']}'" in slip.stderr) == (2, True)
    assert "1 tasks are new again" in project.run("tasks", "retry", str(task)).stdout
    assert project.run("run", "things").returncode == 0
    [item] = json.loads(project.run("items", "show", shown["key"], "--json").stdout)
    assert [one["state"] for one in item["tasks"]] == ["finished"]
    assert "no route has seen" not in project.run("items", "show", shown["key"]).stdout
    assert "30 read, 30 unchanged" in project.run("run", "things").stdout


def test_the_request_log_tells_what_was_asked_without_credentials(
    project: ThingsProject, sandbox: IbexaSandbox
) -> None:
    sandbox.faults.add(
        {"match": {"op": "content.create"}, "when": {"nth": 3}, "do": {"status": 400, "body": "token publish"}}
    )
    assert "nothing is kept" in project.run("requests").stdout
    project.run("run", "things")
    told = json.loads(project.run("requests", "--client", "ibexa", "--json").stdout)
    assert [one["status"] for one in told if one["operation"] == "content.create"] == [400]
    assert "Bearer" not in str(told)
    assert "token publish" not in str(told), "the password is masked wherever it turns up"
    assert "content.create" in project.run("requests").stdout


def test_skipping_a_task_ends_it(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "when": {"nth": 3}, "do": {"status": 400}})
    project.run("run", "things")
    [task] = json.loads(project.run("tasks", "list", "--state", "failed", "--json").stdout)
    assert "1 tasks skipped" in project.run("tasks", "skip", str(task["id"]), "--reason", "no longer sold").stdout
    assert json.loads(project.run("tasks", "list", "--state", "failed", "--json").stdout) == []


def test_preview_shows_messages_and_writes_nothing(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    rows = json.loads(project.run("preview", "things", "--limit", "2", "--json").stdout)
    assert [row["messages"][0]["payload"]["remote_id"] for row in rows] == ["t-0", "t-1"]
    assert sandbox.book.snapshot()["requests"]["total"] == 0
    assert not (project.root / "run.db").exists()


def test_preview_notes_a_field_that_no_record_has(project: ThingsProject) -> None:
    mapping = next((project.root / "transformers").glob("*.json"))
    steps = json.loads(mapping.read_text())
    steps[-1]["to"]["payload"]["fields"]["name"] = "titel"
    mapping.write_text(json.dumps(steps))
    done = project.run("preview", "things", "--limit", "2", "--json")
    assert f"note: transformers/{mapping.name} reads 'titel', which none of the 2 records has." in done.stderr
    assert len(json.loads(done.stdout)) == 2
    assert done.returncode == 0


def test_what_was_gone_already_is_said_and_can_be_sent_again(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    outgoing = {"type": "ibexa", "client": "ibexa", "entity": "section", "action": "delete"}
    (project.root / "configs/outgoing/gone.json").write_text(json.dumps(outgoing))
    (project.root / "transformers/gone.json").write_text(
        json.dumps([{"type": "map", "to": {"path": {"sectionId": "`4711`"}}}])
    )
    route = {"incoming": "things", "transformers": ["gone"], "outgoing": "gone"}
    (project.root / "configs/routes/gone.json").write_text(json.dumps(route))
    [row, *_] = json.loads(project.run("preview", "gone", "--json").stdout)
    assert row["requests"][0]["path"] == "/content/sections/4711"
    assert "DELETE" in project.run("preview", "gone", "--request").stdout
    done = project.run("run", "gone")
    assert done.returncode == 0, done.stderr
    assert "already gone" in done.stdout
    key = json.loads(project.run("tasks", "list", "--route", "gone", "--json").stdout)[0]["key"]
    assert project.run("replay", "gone", "--key", "nobody").returncode == 1
    assert "1 item will be mapped and sent again" in project.run("replay", "gone", "--key", key).stdout
    assert json.loads(project.run("run", "gone", "--json").stdout)[0]["counts"]["gone"] == 1
    assert project.run("replay", "gone").returncode == 2


def test_the_database_is_upgraded_and_its_state_told(project: ThingsProject) -> None:
    assert project.run("db", "status").returncode == 3
    assert "(was empty)" in project.run("db", "upgrade").stdout
    assert project.run("db", "status").returncode == 0


def test_the_catalogue_lists_all_224_operations() -> None:
    rows = json.loads(connector("catalogue", "list", "--json").stdout)
    assert len([row for row in rows if row["does"] != "composes"]) == 224
    assert "content.upsert" in connector("catalogue", "show", "contents").stdout
    assert connector("catalogue", "show", "shipment").stdout.count("shipment.") == 6
    shown = connector("catalogue", "show", "location.list_children").stdout
    assert connector("catalogue", "show", "content.locations.children.list_children").stdout == shown
    assert "An incoming fills it in by itself" in connector("catalogue", "show", "content.search").stdout
    assert "GET /content/locations/{path}/children" in shown
    assert connector("catalogue", "show", "GET /content/locations/1/2/children").stdout == shown
    found = json.loads(connector("catalogue", "list", "--search", "location move", "--json").stdout)
    assert "location.move" in [row["id"] for row in found]
    assert len(found) < 5
    assert "no operation has all of these words" in connector("catalogue", "list", "--search", "teapot").stdout


def test_an_incoming_alone_can_be_previewed(project: ThingsProject) -> None:
    project.things({"1": "one", "2": "two"})
    rows = json.loads(project.run("preview", "things", "--json").stdout)
    (project.root / "configs/incoming/alone.json").write_text(
        (project.root / "configs/incoming/things.json").read_text()
    )
    alone = project.run("preview", "alone", "--json")
    assert [row["record"] for row in json.loads(alone.stdout)] == [row["record"] for row in rows]
    declared = json.loads((project.root / "configs/incoming/alone.json").read_text())
    (project.root / "configs/incoming/alone.json").write_text(json.dumps({**declared, "key": "nothing"}))
    assert project.run("preview", "alone").returncode == 1


def test_the_one_thing_that_an_entity_has_can_be_read_without_more_words(project: ThingsProject) -> None:
    declared = {"type": "ibexa", "client": "ibexa", "entity": "root"}
    (project.root / "configs/incoming/root.json").write_text(json.dumps(declared))
    (row,) = json.loads(project.run("preview", "root", "--json").stdout)
    assert (row["key"], row["problem"]) == ("root.get", None)


def test_a_server_is_asked_what_it_allows(project: ThingsProject, sandbox: IbexaSandbox) -> None:
    arguments = ("catalogue", "show", "content_version.publish", "--live", "ibexa", "--at", "contentId=52")
    live = json.loads(project.run(*arguments, "--json").stdout)["live"]
    assert live["address"] == "/content/objects/52/versions/1"
    assert {"GET", "PATCH", "PUBLISH", "DELETE"} <= set(live["allow"])
    assert "this server takes PUBLISH there" in project.run(*arguments).stdout
    assert project.run(*arguments[:-1], "contentId").returncode == 2
    misspelt = project.run(*arguments[:-1], "contntId=52")
    assert misspelt.returncode != 0
    assert "It has: contentId, versionNo." in misspelt.stderr
    assert sandbox.book.snapshot()["writes"]["total"] == 0


def test_operations_of_the_project_are_in_the_catalogue(project: ThingsProject) -> None:
    folder = project.root / "configs/systems/ibexa"
    folder.mkdir(parents=True)
    row = {"id": "rating.create", "method": "POST", "path": "/ratings", "request_root": "RatingCreate"}
    row["content_type"] = "application/vnd.ibexa.api.RatingCreate+json"
    body = {"RatingCreate": {"type": "object", "properties": {"stars": {"type": "integer"}}}}
    (folder / "ratings.json").write_text(json.dumps({"operations": [row], "bodies": body}))
    assert "POST /ratings" in project.run("catalogue", "show", "rating.create").stdout
    live = project.run("catalogue", "show", "rating.create", "--live", "ibexa").stdout
    assert "this server has no such address" in live
    path = project.root / "configs/outgoing/things.json"
    declared = {"type": "ibexa", "client": "ibexa", "entity": "rating", "action": "create"}
    path.write_text(json.dumps({**declared, "delivery": "at_least_once", "payload": {"strs": 5}}))
    found = project.run("validate").stdout
    assert "rating.create: 'strs' is not known here" in found
    assert "Did you mean 'stars'?" in found


def test_schemas_are_exported(tmp_path: Path) -> None:
    assert connector("schema", "export", str(tmp_path / "s")).returncode == 0
    assert {path.name for path in (tmp_path / "s").iterdir()} == {
        f"{name}.schema.json"
        for name in (
            *("alert", "client", "incoming", "outgoing", "project", "route", "system", "transformer"),
            *("transformer-category", "transformer-product"),  # of the shipped project, whose types are written down
        )
    }


def test_serve_runs_a_route_by_its_schedule_and_ends_cleanly(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    project = ThingsProject(tmp_path, sandbox.url, schedule={"every": "1s"})
    project.things({"1": "one"})
    process = project.start("serve")
    end = time.monotonic() + 30
    while not sandbox.book.snapshot()["items"].get("t-1", {}).get("versions_published") and time.monotonic() < end:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=40)
    assert process.returncode == 143, errors
    assert b"1 created" in output
    assert json.loads(project.run("runs", "--json").stdout)[-1]["trigger"] == "schedule"


def test_serve_without_a_schedule_says_what_to_add(project: ThingsProject) -> None:
    done = project.run("serve")
    assert done.returncode == 2
    assert '"schedule"' in done.stderr


def test_completion_knows_the_commands() -> None:
    env = {"_CONNECTOR_COMPLETE": "bash_complete", "COMP_WORDS": "connector va", "COMP_CWORD": "1"}
    found = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'connector'; from connector.cli import cli; cli(prog_name='connector')"],
        cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "validate" in found.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    shell = f"{sys.executable} -m connector catalogue list | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("OPERATION")


def test_the_demo_does_what_it_says() -> None:
    done = connector("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 new versions and 1 hidden since the change; 0 doubled, 0 drafts left over" in done.stdout
    assert done.stdout.count("nothing had to be sent") == 2
    assert "488 created, 9 failed" in done.stdout
