"""``connector diff-config``: the project against a git revision, told by routes; what it says of the next run is true."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connector.app import Application
from connector.explain.consequences import NOTHING
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.project import ThingsProject

ROOT = Path(__file__).parents[3]
ENV = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
MAPPED = "every record that is read is mapped"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="the program git is not there")


def git(folder: Path, *arguments: str) -> str:
    program = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(program, cwd=folder, env={**os.environ, **ENV}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def committed(folder: Path) -> None:
    git(folder, "init", "-q", ".")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")


def diff(cwd: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", *arguments]
    found = {**os.environ, **ENV, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(program, cwd=cwd, env=found, capture_output=True, text=True, check=False, timeout=60)


def told(cwd: Path, rev: str = "HEAD", **env: str) -> Any:
    done = diff(cwd, "diff-config", rev, "--json", **env)
    found = json.loads(done.stdout)
    assert done.returncode == (4 if found["routes"] else 0), done.stderr
    return found


def change(folder: Path, name: str, **keys: Any) -> None:
    path = folder / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **keys}))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example project in a sub-folder of a repository, committed."""
    for folder in ("configs", "transformers"):
        shutil.copytree(ROOT / folder, tmp_path / "repo" / "shop" / folder)
    (tmp_path / "repo" / "configs").mkdir()
    (tmp_path / "repo" / "configs" / "other.txt").write_text("of another project")
    committed(tmp_path / "repo")
    return tmp_path / "repo" / "shop"


def test_without_changes_the_code_is_0(shop: Path) -> None:
    done = diff(shop, "diff-config", "HEAD")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("no route changed since HEAD (")
    assert told(shop)["routes"] == []


def test_changes_are_told_with_the_code_4(shop: Path) -> None:
    change(shop, "configs/incoming/pim-categories.json", key="id")
    (shop / "configs/routes/content-types.json").rename(shop / "configs/routes/types.json")
    done = diff(shop.parent, "-C", "shop", "diff-config", "HEAD")
    assert done.returncode == 4
    assert "    key: code → id\n" in done.stdout
    assert "categories: changed\n" in done.stdout
    assert "it is written like 'content-types', which is gone" in done.stdout
    assert done.stdout.endswith(f"3 routes changed since HEAD ({git(shop, 'rev-parse', 'HEAD')[:10]})\n")
    assert git(shop.parent, "status", "--porcelain", "--untracked-files=no").count("\n") == 1, "nothing was touched"


def test_tags_branches_and_older_commits_are_revisions(shop: Path) -> None:
    git(shop, "tag", "v1")
    change(shop, "configs/routes/products.json", concurrency=9)
    git(shop, "commit", "-q", "-a", "-m", "two")
    git(shop, "branch", "later")
    assert told(shop, "later")["routes"] == []
    for rev in ("v1", "HEAD~1", "later~1", git(shop, "rev-parse", "v1")):
        [route] = told(shop, rev)["routes"]
        assert route["parts"][0]["keys"] == [{"key": "concurrency", "from": 4, "to": 9}]
        assert route["consequences"] == [NOTHING]


def test_a_revision_before_there_was_a_project_makes_all_routes_new(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("x")
    committed(tmp_path)
    for folder in ("configs", "transformers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert {one["change"] for one in told(tmp_path)["routes"]} == {"new"}


@pytest.mark.parametrize(
    ("rev", "said"),
    [
        ("no-such", "there is no revision 'no-such'"),
        ("HEAD:shop", "there is no revision 'HEAD:shop'"),
        ("", "is no revision"),
        ("--output=x", "is no revision"),
        ("-x", "is no revision"),
    ],
)
def test_a_revision_that_is_none_is_refused(shop: Path, rev: str, said: str) -> None:
    done = diff(shop, "diff-config", "--", rev)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (shop / "x").exists()


def test_where_there_is_no_repository_no_git_or_no_project_it_says_so(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    shutil.copytree(shop / "configs", tmp_path / "bare" / "configs")
    outside = diff(tmp_path / "bare", "diff-config", "HEAD", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (outside.returncode, "is not in a git repository" in outside.stderr) == (2, True)
    without = diff(shop, "diff-config", "HEAD", PATH=str(tmp_path))
    assert (without.returncode, "the program git is not there" in without.stderr) == (2, True)
    (shop / "empty").mkdir()
    empty = diff(shop / "empty", "diff-config", "HEAD")
    assert (empty.returncode, "there is no project in ." in empty.stderr) == (2, True)


def test_secrets_of_both_states_stay_references(shop: Path) -> None:
    auth = {"type": "bearer", "token": "${OTHER_TOKEN}"}
    change(shop, "configs/clients/pim.json", auth=auth, headers={"X-Key": "a"})
    env = {"PIM_TOKEN": "canary-1", "OTHER_TOKEN": "canary-2"}
    done = diff(shop, "diff-config", "HEAD", **env)
    assert "auth.token: ${PIM_TOKEN} → ${OTHER_TOKEN}" in done.stdout
    assert "canary" not in done.stdout + done.stderr + json.dumps(told(shop, **env))


def test_line_ends_that_git_changes_on_checkout_are_no_change(shop: Path) -> None:
    git(shop, "config", "core.autocrlf", "true")
    path = shop / "transformers/content-type.jmespath"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(shop)["routes"] == []


def test_odd_file_names_and_links_do_not_lead_astray(shop: Path) -> None:
    (shop / "configs/clients/ä \n x.json").write_text("[]")
    (shop / "configs/clients/linked.json").symlink_to("pim.json")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "two")
    found = told(shop)
    assert found["skipped"] == ["configs/clients/linked.json"]
    assert found["routes"] == []


def test_within_a_hook_the_project_decides_which_repository_it_is(shop: Path) -> None:
    assert told(shop, GIT_DIR=".git", GIT_INDEX_FILE=".git/index")["routes"] == []


def test_a_broken_file_is_told_and_does_not_stop_it(shop: Path) -> None:
    (shop / "configs/outgoing/ibexa-products.json").write_text("{")
    [route] = told(shop)["routes"]
    assert (route["route"], route["parts"][0]["note"]) == ("products", "its file cannot be read now")


def test_an_address_that_may_be_the_same_is_not_called_another(shop: Path) -> None:
    change(shop, "configs/clients/ibexa.json", base_url="https://shop.example/")

    def said(**env: str) -> str:
        found = told(shop, **env)["routes"]
        return "\n".join(found[0]["consequences"]) if found else ""

    assert "it may write to another address" in said(IBEXA_BASE_URL="")
    assert "it writes to another address" in said(IBEXA_BASE_URL="https://old.example")
    assert "another address" not in said(IBEXA_BASE_URL="https://shop.example")


# -- what it says is what happens -------------------------------------------------------------------------------------


@pytest.fixture
def things(tmp_path: Path, sandbox: IbexaSandbox) -> ThingsProject:
    """A project that ran once, committed."""
    made = ThingsProject(tmp_path, sandbox.url)
    made.things({str(n): f"thing {n}" for n in range(3)})
    assert made.run("run", "things").returncode == 0
    (tmp_path / ".gitignore").write_text("*.db*\n")
    committed(tmp_path)
    return made


def version(project: ThingsProject) -> str:
    with Application.open(project.root, project.env) as app:
        return app.route("things").version


OUT, IN, ROUTE, MAP = (
    "configs/outgoing/things.json", "configs/incoming/things.json", "configs/routes/things.json", "transformers/thing.json"
)  # fmt: skip
STEPS = [{"type": "filter", "where": "value"}]
FIELDS = {"payload": {"remote_id": "concat('t-', key)", "fields": {"name": "value"}}}
SAME = [*STEPS, {"type": "map", "to": FIELDS, "description": "the same in other words"}]
OTHER = [*STEPS, {"type": "map", "to": {"payload": {**FIELDS["payload"], "fields": {"name": "concat(value, '!')"}}}}]


@pytest.mark.parametrize(
    ("file", "changed", "sent", "sentence"),
    [
        (OUT, {"description": "words"}, 0, NOTHING),
        (OUT, {"tags": ["a"]}, 0, f"the outgoing changed: {MAPPED} and compared again"),
        (OUT, {"delivery": "look_up"}, 0, f"the outgoing changed: {MAPPED} and compared again"),
        (ROUTE, {"concurrency": 2}, 0, NOTHING),
        (ROUTE, {"when_dropped": "hide"}, 0, f"when_dropped changed: {MAPPED} and compared again"),
        (MAP, SAME, 0, f"the mapping changed: {MAPPED} and compared again"),
        (MAP, OTHER, 3, f"the mapping changed: {MAPPED} and compared again"),
        (IN, {"key": "join('-', ['k', key])"}, 0, "its messages are known by their own key at the target"),
        (IN, {"batch": 7}, 0, "what is read may be other than before"),
    ],
)  # fmt: skip
def test_what_follows_is_what_the_next_run_does(
    things: ThingsProject, file: str, changed: Any, sent: int, sentence: str
) -> None:
    before = version(things)
    if isinstance(changed, list):
        (things.root / file).write_text(json.dumps(changed))
    else:
        change(things.root, file, **changed)
    [route] = told(things.root, **{name: things.env[name] for name in ("IBEXA_BASE_URL", "IBEXA_PASSWORD")})["routes"]
    assert any(one.startswith(sentence) for one in route["consequences"]), route["consequences"]
    assert any(MAPPED in one for one in route["consequences"]) == (version(things) != before)
    done = things.run("run", "things", "--json")
    [row] = json.loads(done.stdout)
    assert row["counts"]["new"] == sent, row
    assert row["counts"]["read"] == 3


def test_another_action_sends_everything(things: ThingsProject) -> None:
    change(things.root, OUT, entity="section", action="ensure", payload={})
    mapping = {"payload": {"identifier": "concat('s', key)", "name": "value"}}
    (things.root / MAP).write_text(json.dumps([{"type": "map", "to": mapping}]))
    [route] = told(things.root, IBEXA_BASE_URL=things.env["IBEXA_BASE_URL"])["routes"]
    assert (
        f"the mapping and the outgoing changed: {MAPPED} and every message is sent, because the action is another"
        in route["consequences"]
    )
    [row] = json.loads(things.run("run", "things", "--json").stdout)
    assert row["counts"]["new"] == 3


def test_a_new_address_is_not_sent_what_was_sent_before(things: ThingsProject) -> None:
    with IbexaSandbox(login_seconds=0) as second:
        change(things.root, "configs/clients/ibexa.json", base_url=second.url)
        [route] = told(things.root, IBEXA_BASE_URL=things.env["IBEXA_BASE_URL"])["routes"]
        assert any("what was sent before still counts" in one for one in route["consequences"])
        assert NOTHING in route["consequences"]
        [row] = json.loads(things.run("run", "things", "--json").stdout)
        assert (row["counts"]["new"], row["counts"]["unchanged"]) == (0, 3)
        assert second.book.snapshot()["items"] == {}


def test_a_route_under_another_name_begins_anew(things: ThingsProject) -> None:
    (things.root / ROUTE).rename(things.root / "configs/routes/goods.json")
    goods, gone = told(things.root)["routes"]
    assert (goods["change"], gone["change"]) == ("new", "gone")
    assert "it is written like 'things', which is gone" in goods["consequences"][0]
    [row] = json.loads(things.run("run", "goods", "--json").stdout)
    assert row["counts"]["new"] == 3


def test_a_plain_operation_whose_key_changed_sends_again(things: ThingsProject) -> None:
    change(things.root, OUT, entity="content_type_group", action="create", delivery="at_least_once", payload={})
    mapping = {"payload": {"identifier": "concat('g', key)"}}
    (things.root / MAP).write_text(json.dumps([{"type": "map", "to": mapping}]))
    things.run("run", "things")
    git(things.root, "commit", "-q", "-a", "-m", "two")
    change(things.root, IN, key="value")
    [route] = told(things.root, IBEXA_BASE_URL=things.env["IBEXA_BASE_URL"])["routes"]
    assert "its messages go by the record's key: they look new too, and are sent again" in route["consequences"]
    [row] = json.loads(things.run("run", "things", "--json").stdout)
    assert row["counts"]["new"] == 3
