"""``connector explain``: what it says of a route is what a run does, and saying it sends nothing."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.explain.calls import CALLS
from connector.explain.mapping import members
from connector.explain.picture import Node, flowchart
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS

ROOT = Path(__file__).parents[3]
NAMES = ("PIM_BASE_URL", "PIM_TOKEN", "PIM_MEDIA_HOST", "IBEXA_BASE_URL", "IBEXA_USERNAME", "IBEXA_PASSWORD")


def connector(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "connector", *arguments]
    found = {name: value for name, value in os.environ.items() if name not in NAMES}
    found |= {"PYTHONPATH": str(ROOT), **env}
    return subprocess.run(program, cwd=cwd, env=found, capture_output=True, text=True, check=False, timeout=60)


def explained(route: str, cwd: Path, **env: str) -> Any:
    done = connector("explain", route, "--json", cwd=cwd, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example project, to be changed."""
    for folder in ("configs", "transformers"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def change(project: Path, name: str, **keys: Any) -> None:
    path = project / name
    data = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**data, **keys}))


def keys_of(found: Any, family: str, name: str) -> dict[str, Any]:
    [part] = [one for one in found["parts"] if (one["family"], one["name"]) == (family, name)]
    return {one["key"]: one for one in part["keys"]}


# -- what it says -----------------------------------------------------------------------------------------------------


def test_every_key_says_where_it_comes_from(project: Path) -> None:
    found = explained("products", project, IBEXA_BASE_URL="https://shop.example")
    assert [(one["family"], one["name"]) for one in found["parts"]] == [
        ("route", "products"), ("incoming", "pim-products"), ("client", "pim"), ("outgoing", "ibexa-products"), ("client", "ibexa")
    ]  # fmt: skip
    route = keys_of(found, "route", "products")
    assert route["transformers"] == {
        "key": "transformers", "value": ["product"], "from": "configs/routes/products.json:4"
    }  # fmt: skip
    assert route["retry.max_attempts"]["value"] == 10
    client = keys_of(found, "client", "ibexa")
    assert client["retry.max_attempts"] == {"key": "retry.max_attempts", "value": 4, "from": "default"}
    assert client["auth.login_path"]["from"] == "default"
    assert client["base_url"]["value"] == "https://shop.example"
    assert client["base_url"]["from"] == "${IBEXA_BASE_URL} (set in the environment)"
    assert client["auth.username"]["from"] == "${IBEXA_USERNAME} (not set)"
    hosts = keys_of(found, "outgoing", "ibexa-products")["assets.allow_hosts"]
    assert (hosts["value"], hosts["from"]) == (["127.0.0.1"], "${PIM_MEDIA_HOST} (default)")


def test_an_env_file_is_named_as_the_place(project: Path) -> None:
    (project / "a.env").write_text("PIM_BASE_URL=https://pim.example\n")
    done = connector("--env-file", "a.env", "explain", "products", cwd=project)
    assert "${PIM_BASE_URL} (set in a.env), configs/clients/pim.json:4" in done.stdout


def test_secrets_stay_references_and_names_of_operations_stay_whole(project: Path) -> None:
    change(
        project,
        "configs/incoming/pim-products.json",
        query={"limit": 100, "api_key": "${SOME_KEY}", "token": "${OTHER_KEY}"},
    )
    change(project, "configs/clients/pim.json", headers={"X-Token": "${HEADER_KEY}"})
    env = {"IBEXA_PASSWORD": "publish", "PIM_TOKEN": "canary-1", "SOME_KEY": "canary-2"}
    env |= {"OTHER_KEY": "canary-5", "HEADER_KEY": "canary-4"}
    env |= {"PIM_BASE_URL": "https://me:canary-3@pim.example"}
    text = connector("explain", "products", cwd=project, **env).stdout
    said = text + json.dumps(explained("products", project, **env))
    assert "canary" not in said
    assert "${IBEXA_PASSWORD} (set in the environment)" in text
    assert "content_version.publish" in text, "a password that is a word of ours must not mask it"
    assert "api_key=${SOME_KEY}&token=${OTHER_KEY}" in text


def test_the_mapping_names_each_field_with_its_place(project: Path) -> None:
    found = explained("products", project)
    fields = {one["field"]: one for one in found["mapping"]}
    lines = (project / "transformers/product.json").read_text().splitlines()
    for field in ("payload.fields.name", "payload.parent.remote_id", "payload.translations.nor-NO.name"):
        assert field.rpartition(".")[2] in lines[fields[field]["line"] - 1]
        assert fields[field]["expression"] in lines[fields[field]["line"] - 1]
    step = found["steps"][0]
    assert (step["step"], step["kind"], step["words"]) == (1, "filter", "enabled")
    [whole] = explained("content-types", project)["mapping"]
    assert (whole["field"], whole["expression"], whole["line"]) == ("payload", "@", 2)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("{a: b, c: {d: 'x, y', e: [f, g]}}", [("a", "b"), ("c.d", "'x, y'"), ("c.e", "[f, g]")]),
        ('x[?y > `1`] | {a: length(@), "b c": `{"k": 1}`}', [("a", "length(@)"), ("b c", '`{"k": 1}`')]),
        ("{a: b | {c: d}}", [("a", "b | {c: d}")]),
        ("items[].{a: b}", []),
        ("@", []),
        ("{a: ", []),
    ],
)
def test_members_of_an_expression(expression: str, found: list[tuple[str, str]]) -> None:
    assert [(key, text) for key, text, _ in members(expression)] == found
    assert all(expression[at:].startswith(text) for _, text, at in members(expression))


def test_the_schedule_has_words_and_three_times(project: Path) -> None:
    found = explained("products", project)["schedule"]
    assert found["words"] == "Every 15th minute of every hour (Europe/Oslo)"
    assert len(found["next"]) == 3
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:(00|15|30|45):00\+0[12]:00", one) for one in found["next"])
    assert explained("content-types", project)["schedule"] == {"words": "by hand", "next": []}
    change(project, "configs/routes/content-types.json", schedule={"every": "2h"})
    assert explained("content-types", project)["schedule"]["words"] == "every 2 hours"
    change(project, "configs/routes/content-types.json", schedule={"cron": "${WHEN}"})
    assert explained("content-types", project)["schedule"]["words"] == "not known until ${WHEN} is set"
    assert "12:00" in explained("content-types", project, WHEN="0 12 * * *")["schedule"]["words"]


def test_the_picture(project: Path) -> None:
    done = connector("explain", "products", "--mermaid", cwd=project)
    lines = done.stdout.splitlines()
    assert lines[0] == "flowchart LR"
    assert '  n4["outgoing ibexa-products<br/>content.upsert"]' in lines
    assert lines[-4:] == ["  n1 --> n2", "  n2 --> n3", "  n3 --> n4", "  n4 --> n5"]
    assert connector("explain", "products", cwd=project).stdout.rstrip().endswith("n4 --> n5")


def test_names_in_the_picture_cannot_draw() -> None:
    evil = 'x"] --> y["<b>%%{init: {}}%% `a` #amp; \\ ; \n end \x1b'
    drawn = flowchart([Node((evil,)), Node(("b",), outside=True)])
    assert len(drawn.splitlines()) == 4
    label = re.fullmatch(r'  n1\["(.*)"\]', drawn.splitlines()[1])
    assert label is not None
    assert not re.search(r'["<>%`\\\x1b]|#amp;', label[1])


# -- what it would ask ------------------------------------------------------------------------------------------------


@contextmanager
def recorder(answer: Any) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything alike and writes the request lines down."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def answer(self, body: str = "") -> None:
            asked.append(f"{self.command} {self.path} {body}".rstrip())
            sent = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


INCOMINGS: list[Mapping[str, Any]] = [
    {"pagination": {"type": "page", "size": 2}, "records": "items"},
    {"pagination": {"type": "offset", "limit": 2, "offset_param": "from"}, "records": "items", "query": {"q": "ø &", "all": True, "n": [1, 2]}},
    {"cursor": {"at": "at", "send": {"query": {"since": "{cursor}"}}, "start": "2026-01-01"}, "records": "items"},
]  # fmt: skip


@pytest.mark.parametrize("incoming", INCOMINGS)
def test_the_first_requests_are_those_that_are_sent(project: Path, incoming: Mapping[str, Any]) -> None:
    (project / "configs/incoming/pim-products.json").unlink()
    plain = {"type": "http", "client": "pim", "endpoint": "/api/products", "key": "id"}
    change(project, "configs/incoming/pim-products.json", **plain, **incoming)
    with recorder({"items": [{"id": "1", "enabled": False}, {"id": "2", "enabled": False}]}) as (url, asked):
        env = {"PIM_BASE_URL": url, "PIM_TOKEN": "t", "IBEXA_BASE_URL": "http://127.0.0.1:9"}
        env |= {"IBEXA_USERNAME": "u", "IBEXA_PASSWORD": "p"}
        [request] = [one for one in explained("products", project, **env)["requests"] if one["part"] == "incoming"]
        assert asked == []
        connector("preview", "products", "--limit", "4", cwd=project, **env)
    told = [f"{request['method']} {one.removeprefix(url)}" for one in (request["url"], request.get("then", ""))]
    assert told[0] == asked[0]
    assert not request.get("then") or told[1] == asked[1]
    assert ("then" in request) == ("pagination" in incoming)


@pytest.mark.parametrize(
    ("incoming", "path"),
    [
        ({"entity": "content", "find": {"content_types": ["article"]}, "page_size": 7}, "/api/ibexa/v2/views"),
        ({"entity": "location", "action": "list_children", "path": {"path": "1/2"}, "page_size": 5}, "/api/ibexa/v2/content/locations/1/2/children?"),
        ({"entity": "section", "action": "list"}, "/api/ibexa/v2/content/sections"),
    ],
)  # fmt: skip
def test_the_first_request_of_an_ibexa_subscriber_is_the_one_that_is_sent(
    project: Path, incoming: Any, path: str
) -> None:
    (project / "configs/incoming/pim-products.json").unlink()
    change(project, "configs/incoming/pim-products.json", type="ibexa", client="cms", **incoming)
    change(project, "configs/clients/cms.json", type="ibexa", base_url="${CMS_URL}", auth={"type": "none"})
    with recorder({}) as (url, asked):
        [request] = [
            one for one in explained("products", project, CMS_URL=url)["requests"] if one["part"] == "incoming"
        ]
        assert asked == []
        env = dict.fromkeys(NAMES, "x") | {"CMS_URL": url, "IBEXA_BASE_URL": "http://127.0.0.1:9"}
        connector("preview", "products", cwd=project, **env)
    method, sent, *body = asked[0].split(" ", 2)
    assert request["url"].startswith(url + path)
    assert (request["method"], request["url"].removeprefix(url)) == (method, sent)
    assert [request["body"]] == [json.loads(one) for one in body] if body else "body" not in request


def test_nothing_is_sent(project: Path) -> None:
    """Not even a connection is opened: all addresses lead to a socket that listens and sees nobody come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        env = {
            "PIM_BASE_URL": url,
            "IBEXA_BASE_URL": url.replace("127.0.0.1", "localhost"),
            "PIM_TOKEN": "t",
            "IBEXA_USERNAME": "u",
            "IBEXA_PASSWORD": "p",
        }
        for route in ("products", "categories", "content-types"):
            assert any(
                url.partition("127.0.0.1")[2] in str(one) for one in explained(route, project, **env)["requests"]
            )
            assert connector("explain", route, "--mermaid", cwd=project, **env).returncode == 0
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert not (project / ".connector").exists()


def test_a_request_transformer_shapes_what_is_told(project: Path) -> None:
    (project / "transformers/ask.jmespath").write_text("{query: {only: 'new'}}")
    change(project, "configs/incoming/pim-products.json", request_transformer="ask")
    found = explained("products", project)["requests"][0]
    assert found["url"] == "${PIM_BASE_URL}/api/products?limit=100&only=new"


def test_what_a_missing_number_decides_is_not_guessed(project: Path) -> None:
    change(project, "configs/incoming/pim-categories.json", pagination={"type": "page", "size": "${SIZE}"})
    assert explained("categories", project)["requests"][0]["problem"] == "not known until ${SIZE} is set"
    assert "per_page=7" in explained("categories", project, SIZE="7")["requests"][0]["url"]


def test_a_file_that_is_not_there_is_said(project: Path) -> None:
    assert explained("content-types", project)["requests"][0]["path"] == "configs/data/content-types.json"
    (project / "configs/data/content-types.json").unlink()
    assert "the file is not there now" in connector("explain", "content-types", cwd=project).stdout


def test_a_plain_operation_is_told_with_its_method_and_path(project: Path) -> None:
    change(project, "configs/outgoing/ibexa-content-types.json", entity="section", action="create")
    change(project, "transformers/content-type.json")
    (project / "transformers/content-type.json").unlink()
    (project / "transformers/content-type.jmespath").write_text("{payload: {identifier: identifier, name: 'x'}}")
    found = explained("content-types", project)["requests"][-1]
    assert (found["operation"], found["method"]) == ("section.create", "POST")
    assert found["url"] == "${IBEXA_BASE_URL}/api/ibexa/v2/content/sections"


MODULES = {
    "content.upsert": ("content/*",),
    "content.create_only": ("content/*",),
    "content.update_only": ("content/update_only", "content/fields", "content/drafts", "content/held", "content/about"),
    "content.translate": ("content/update_only", "content/fields", "content/drafts", "content/held"),
    "content.delete": ("put_away", "content/held"),
    "content.hide": ("content/held",),
    "content.reveal": ("content/held",),
    "content.trash": ("content/held",),
    "content_type.ensure": ("content_type_*",),
    "location.ensure": ("location_ensure",),
    "object_state.set": ("object_state_set",),
    "relation.ensure": ("relation_ensure",),
    "section.ensure": ("section_*",),
    "url_alias.ensure": ("url_alias_*",),
    "user.upsert": ("user/*",),
}
BESIDES = {
    "relation.ensure": {  # in content/drafts
        *("content_version.create_draft_from_current", "content_version.publish", "content_version.delete"),
        *("content_version.get", "content_version.list"),
    },
    # In content/drop, content/trash, content/places and content/parents:
    "content.delete": {"content.delete", "trash.list", "trash.delete", "location.list_for_content", "location.get"},
    "content.hide": {"content.hide"},  # in content/drop
    "content.reveal": {"content.reveal"},
    "content.trash": {"location.list_for_content", "location.get", "location.move"},
    "location.ensure": {"location.list_for_content", "location.create"},  # in content/parents and content/places
    "object_state.set": {"object_state.list_for_content", "object_state.set_for_content"},  # in content/about
}
"""The files that hold an action's calls; and what it calls through files of another action."""


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_calls_of_composed_actions_are_those_in_their_code(name: str) -> None:
    folder = connector_folder() / "actions"
    assert set(CALLS) == {f"{entity}.{action}" for entity, action in ACTIONS} == set(MODULES)
    remembered = literal_calls(connector_folder() / "gateway.py") | {"content_type.list"}
    paths = {path for pattern in MODULES[name] for path in folder.glob(f"{pattern}.py")}
    called = {call for path in paths for call in literal_calls(path)} | BESIDES.get(name, set())
    told = [call for call, _ in CALLS[name]]
    assert called <= set(told)
    assert set(told) - called <= remembered
    assert len(told) == len(set(told))
    assert all(ibexa().get(call) for call in told)


def connector_folder() -> Path:
    return ROOT / "connector/systems/ibexa"


def literal_calls(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "call"
            and node.args
        ):
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def test_an_unknown_route_has_a_near_one(project: Path) -> None:
    done = connector("explain", "product-s", cwd=project)
    assert done.returncode == 2
    assert "'product-s'" in done.stderr
    assert "Did you mean 'products'?" in done.stderr
