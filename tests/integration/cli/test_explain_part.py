"""``connector explain`` of one part of routes alone; names as ``family:name``, also for the shell; nothing is sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PARTS = ("incoming:pim-products", "outgoing:ibexa-products", "transformer:product", "client:pim", "client:ibexa")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example project, to be changed."""
    for folder in ("configs", "transformers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def connector(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PIM_", "IBEXA_"))}
    return subprocess.run(
        program,
        cwd=cwd,
        env={**plain, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def explained(name: str, cwd: Path, **env: str) -> Any:
    done = connector("explain", name, "--json", cwd=cwd, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def named(project: Path, folder: str, name: str, like: str) -> None:
    (project / "configs" / folder / f"{name}.json").write_text(
        (project / "configs" / folder / f"{like}.json").read_text()
    )


def completed(words: str, cwd: Path) -> list[str]:
    """What bash would be offered for the last word; the words as bash has them once `:` breaks none."""
    count = len(words.split(" ")) - 1
    env = {"_CONNECTOR_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    program = [sys.executable, "-c", "from connector.cli import cli; cli(prog_name='connector')"]
    done = subprocess.run(
        program,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


# -- what it says -----------------------------------------------------------------------------------------------------


def test_an_incoming_says_what_it_asks_and_who_uses_it(project: Path) -> None:
    found = explained("incoming:pim-products", project, PIM_BASE_URL="https://pim.example")
    assert (found["family"], found["name"], found["used_by"]) == ("incoming", "pim-products", ["route:products"])
    assert [(one["family"], one["name"]) for one in found["parts"]] == [("incoming", "pim-products"), ("client", "pim")]
    keys = {one["key"]: one for one in found["parts"][0]["keys"]}
    assert keys["key"]["from"].startswith("configs/incoming/pim-products.json:")
    assert keys["max_pages"]["from"] == "default"
    assert found["requests"][0]["url"] == "https://pim.example/api/products?limit=100"
    assert "n1 --> n2\n  n2 --> n3" in found["mermaid"]
    assert "schedule" not in found


def test_an_outgoing_says_what_it_calls(project: Path) -> None:
    found = explained("outgoing:ibexa-products", project)
    assert found["used_by"] == ["route:products"]
    login, writing = found["requests"]
    assert login["url"].endswith("/user/token/jwt")
    assert (writing["operation"], writing["composed"]) == ("content.upsert", True)
    assert len(writing["calls"]) > 20
    assert "n2 --> n1\n  n3 --> n2" in found["mermaid"]


def test_a_transformer_says_what_it_writes(project: Path) -> None:
    found = explained("transformer:product", project)
    assert (found["file"], found["requests"], found["parts"]) == ("transformers/product.json", [], [])
    assert found["steps"] == explained("products", project)["steps"]
    assert found["mapping"] == explained("products", project)["mapping"]
    assert found["used_by"] == ["route:products"]


def test_a_request_transformer_belongs_to_its_incoming(project: Path) -> None:
    path = project / "configs/incoming/pim-products.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "request_transformer": "ask"}))
    (project / "transformers/ask.json").write_text('[{"type": "map", "to": {"query": {"limit": "`7`"}}}]')
    found = explained("incoming:pim-products", project)
    assert [one["field"] for one in found["mapping"]] == ["query.limit"]
    assert "limit=7" in found["requests"][0]["url"]
    assert explained("transformer:ask", project)["used_by"] == ["incoming:pim-products"]


def test_a_client_says_who_uses_it_and_keeps_its_secrets(project: Path) -> None:
    found = explained("client:ibexa", project, IBEXA_PASSWORD="canary-password")
    assert found["used_by"] == [f"outgoing:ibexa-{name}" for name in ("categories", "content-types", "products")]
    assert len(found["parts"]) == 1
    assert "calls" not in json.dumps(found["requests"])
    assert found["requests"][0]["part"] == "client"
    assert "canary" not in json.dumps(found)


@pytest.mark.parametrize("name", PARTS)
def test_it_is_text_too_and_the_picture_alone(project: Path, name: str) -> None:
    done = connector("explain", name, cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(name.replace(":", " "))
    assert "used by " in done.stdout
    assert "SCHEDULE" not in done.stdout
    picture = connector("explain", name, "--mermaid", cwd=project).stdout
    assert picture.startswith("flowchart LR\n")
    assert picture.rstrip() in "\n".join(line.removeprefix("  ") for line in done.stdout.splitlines())


# -- names ------------------------------------------------------------------------------------------------------------


def test_a_bare_name_will_do_where_it_is_clear(project: Path) -> None:
    assert explained("pim", project)["family"] == "client"
    assert explained("product", project)["family"] == "transformer"
    assert explained("route:products", project)["route"] == "products"
    named(project, "incoming", "products", "pim-products")
    assert explained("products", project)["route"] == "products"
    assert explained("incoming:products", project)["name"] == "products"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("nosuch", "there is no route, incoming, outgoing, transformer or client 'nosuch'", "client: ibexa, pim."),
        ("pim-product", "client 'pim-product'", "Did you mean 'pim-products'?"),
        ("incoming:pim-product", "there is no incoming 'pim-product'", "Did you mean 'pim-products'? Known are: c"),
        ("incomming:x", "there is no family 'incomming'", "Did you mean 'incoming'?"),
        ("pim", "'pim' names an incoming and a client", "Say which: incoming:pim or client:pim."),
    ],
)
def test_an_unknown_or_ambiguous_name_is_told_with_what_there_is(
    project: Path, name: str, message: str, hint: str
) -> None:
    named(project, "incoming", "pim", "pim-products")
    done = connector("explain", name, cwd=project)
    assert done.returncode == 2
    assert message in done.stderr
    assert hint in done.stderr


def test_other_commands_speak_of_things_in_the_same_way(project: Path) -> None:
    record = project / "record.json"
    record.write_text('{"identifier": "A-1", "enabled": false}')
    for name in ("product", "transformer:product"):
        done = connector("transform", name, "--input", str(record), cwd=project)
        assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    done = connector("preview", "client:pim", cwd=project)
    assert done.returncode == 2
    assert "'client:pim' is a client; here goes the name of a route or an incoming." in done.stderr
    done = connector("run", "incoming:pim-products", cwd=project)
    assert done.returncode == 2
    assert "here goes the name of a route" in done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("connector explain prod", ["products"]),
        ("connector explain incoming:", ["incoming:content-types", "incoming:pim-categories", "incoming:pim-products"]),
        ("connector explain transformer:c", ["transformer:category", "transformer:content-type"]),
        ("connector run c", ["categories", "content-types"]),
        ("connector check ", ["ibexa", "pim"]),
        ("connector transform p", ["product"]),
        ("connector transform transformer:p", ["transformer:product"]),
        ("connector preview incoming:pim-p", ["incoming:pim-products"]),
        ("connector catalogue show bookmark.c", ["bookmark.check", "bookmark.create"]),
    ],
)
def test_the_shell_completes_names(project: Path, words: str, offered: list[str]) -> None:
    assert completed(words, project) == offered


def test_bash_takes_a_family_and_a_name_for_one_word(project: Path) -> None:
    """In a real bash: the script that is printed, then what the user types."""
    script = connector("completion", "bash", cwd=project).stdout
    assert "COMP_WORDBREAKS" in script.splitlines()[0]
    bash = shutil.which("bash")
    assert bash is not None
    check = f'COMP_WORDBREAKS=" :="; {script.splitlines()[0]}; printf %s "$COMP_WORDBREAKS"'
    assert subprocess.run([bash, "-c", check], capture_output=True, text=True, check=True).stdout == " ="
