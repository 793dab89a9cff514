"""`validate --online` against the sandbox, whose book tells what was asked; and the examples of the codes it uses."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from connector.app import validate_project
from connector.config.codes import CODES
from connector.core.problem import Problem
from connector.runtime.online import ask_systems
from connector.sandbox.ibexa import IbexaSandbox
from connector.systems.ibexa.written_down import written
from tests.unit.config.test_broken import AROUND, ONLY_ONLINE

AUTH = {"type": "jwt", "username": "${IBEXA_USERNAME}", "password": "${IBEXA_PASSWORD}"}
OUTGOING = {
    "type": "ibexa", "client": "ibexa", "entity": "content", "action": "upsert",
    "payload": {"content_type": "folder", "parent": {"path": "/1/2"}, "main_language": "eng-GB"},
}  # fmt: skip


@pytest.fixture
def sandbox() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running


def project(root: Path, files: Mapping[str, Any], url: str) -> Path:
    file = {"type": "file", "path": "products.json", "key": "sku"}
    client = {"type": "ibexa", "base_url": "https://shop.example.com", "auth": AUTH}
    around = {
        **{name: one for name, one in AROUND.items() if "clients/" not in name},
        "configs/clients/ibexa.json": client, "configs/incoming/products.json": file, "configs/outgoing/shop.json": OUTGOING,
    }  # fmt: skip
    root.mkdir(parents=True, exist_ok=True)
    for source, text in {"products.json": "[]", "ratings.csv": "sku,stars\n"}.items():
        (root / source).write_text(text)
    for name, content in {**around, **files}.items():
        if content is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(content).replace("https://shop.example.com", url), encoding="utf-8")
    return root


def asked(root: Path, sandbox: IbexaSandbox, *clients: str) -> list[Problem]:
    env = {"IBEXA_USERNAME": sandbox.username, "IBEXA_PASSWORD": sandbox.password}
    return validate_project(root, env, online=ask_systems(root, env, clients))[1]


@pytest.mark.parametrize("code", sorted(ONLY_ONLINE))
def test_the_example_of_a_code_causes_it_and_mended_causes_nothing(
    code: str, tmp_path: Path, sandbox: IbexaSandbox
) -> None:
    wrong = asked(project(tmp_path / "wrong", CODES[code].wrong, sandbox.url), sandbox)
    assert code in {one.code for one in wrong}, wrong
    assert CODES[code].severity in {one.severity for one in wrong if one.code == code}
    right = asked(project(tmp_path / "right", CODES[code].right, sandbox.url), sandbox)
    assert right == []
    assert set(sandbox.book.snapshot()["writes"]["by_op"]) <= {"unknown"}, "a log-in at a wrong address"


def test_what_is_named_is_looked_up_and_told_where_it_stands(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    payload = {
        "content_type": "foldr", "parent": [{"path": "/1/2"}, {"id": 4711}, {"path": "/1/5/2"}, {"remote_id": "nobody"}],
        "main_language": "eng-US", "section": "standart", "states": {"lock": "not_lokced", "locks": "locked"},
    }  # fmt: skip
    user = {"login": "jo", "email": "jo@example.com", "main_language": "eng-GB", "roles": ["Editor", "Edtor"]}
    files = {
        "configs/outgoing/shop.json": {**OUTGOING, "payload": payload},
        "configs/outgoing/users.json": {**OUTGOING, "entity": "user", "payload": {**user, "group": {"id": 4712}}},
        "configs/routes/users.json": {"incoming": "products", "transformers": ["product"], "outgoing": "users"},
    }
    found = asked(project(tmp_path, files, sandbox.url), sandbox)
    told = {(one.code, one.place.pointer.removeprefix("/payload"), one.severity) for one in found if one.place}
    assert told == {
        ("CFG180", "/content_type", "error"), ("CFG183", "/main_language", "error"), ("CFG191", "/parent/1", "error"),
        ("CFG191", "/parent/2", "error"), ("CFG191", "/parent/3", "warning"), ("CFG195", "/section", "error"),
        ("CFG196", "/states/lock", "error"), ("CFG196", "/states/locks", "error"), ("CFG197", "/roles/1", "error"),
        ("CFG191", "/group", "error"),
    }  # fmt: skip
    assert "Did you mean 'folder'?" in next(one.hint for one in found if one.code == "CFG180")
    assert not [one.hint for one in found if "discover" in one.hint], "the server was asked just now"
    assert all(one.place and one.place.line > 1 and one.place.column > 1 for one in found)
    assert sandbox.book.snapshot()["writes"]["total"] == 0


def test_it_only_reads(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    asked(project(tmp_path, {}, sandbox.url), sandbox)
    book = sandbox.book.snapshot()
    assert book["writes"] == {"total": 0, "by_op": {}}
    assert set(book["requests"]["by_op"]) == {
        "token.create", "language.list", "section.list", "role.list", "object_state_group.list", "object_state.list",
        "content_type_group.list", "content_type.list_for_group", "content_type.list",
        "location.find", "location.get",
    }  # fmt: skip
    assert book["logins"] == 1


def test_one_client_that_is_down_does_not_hide_the_others_and_is_not_waited_for_long(
    tmp_path: Path, sandbox: IbexaSandbox
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts, and never answers
        silent = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        files = {
            "configs/clients/closed.json": {"type": "ibexa", "base_url": "http://127.0.0.1:9", "auth": AUTH},
            "configs/clients/silent.json": {"type": "http", "base_url": silent, "auth": {"type": "none"}},
            "configs/clients/unset.json": {"type": "ibexa", "base_url": "${NOWHERE_URL}", "auth": AUTH},
            "configs/outgoing/shop.json": {**OUTGOING, "payload": {**OUTGOING["payload"], "parent": {"id": 4711}}},  # type: ignore[dict-item]
        }
        root = project(tmp_path, files, sandbox.url)
        began = time.monotonic()
        found = [one for one in asked(root, sandbox) if one.severity == "error"]
        assert time.monotonic() - began < 45
    assert {(one.code, one.place.file) for one in found if one.place} == {
        ("CFG190", "configs/clients/closed.json"), ("CFG190", "configs/clients/silent.json"),
        ("CFG130", "configs/clients/unset.json"), ("CFG191", "configs/outgoing/shop.json"),
    }  # fmt: skip
    only = [one for one in asked(root, sandbox, "ibexa") if one.code.startswith("CFG19")]
    assert [one.code for one in only] == ["CFG191"]


def test_a_wrong_password_is_told_at_auth_and_never_shown(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    root = project(tmp_path, {}, sandbox.url)
    env = {"IBEXA_USERNAME": "admin", "IBEXA_PASSWORD": "Tr0ub4dor"}
    (only,) = validate_project(root, env, online=ask_systems(root, env, ()))[1]
    assert (only.code, only.place and only.place.pointer) == ("CFG190", "/auth")
    assert "Tr0ub4dor" not in json.dumps(only.as_json())


def test_what_was_written_down_is_compared_and_what_is_fresh_counts(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    field = {"x-field": {"type": "string"}}
    old = {"properties": {"name": field, "gone": field}, "x-content-type": {"identifier": "folder"}}
    server = {"x-server": {"languages": {}, "content_types": ["folder"], "chosen": ["folder"]}}
    mapping = [{"type": "map", "to": {"payload": {"remote_id": "sku", "fields": {"name": "t", "gone": "t"}}}}]
    files = {
        "configs/types/ibexa/folder.json": old, "configs/types/ibexa.json": server, "transformers/product.json": mapping,
    }  # fmt: skip
    root = project(tmp_path, files, sandbox.url)
    offline = validate_project(root, {"IBEXA_USERNAME": "x", "IBEXA_PASSWORD": "x"})[1]
    assert offline == []
    found = asked(root, sandbox)
    assert ("CFG181", "error") in {(one.code, one.severity) for one in found}, "by the server, not by the file"
    (stale,) = [one for one in found if one.code == "CFG193"]
    assert "folder (+short_name, +short_description, +description, -gone, name:" in stale.message
    assert stale.place is not None
    assert stale.place.file == "configs/types/ibexa.json"


def test_what_an_incoming_searches_for_is_looked_up_too(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    find = {
        "content_types": ["article"], "under": "/1/2/4711", "parent": 2, "section": "media",
        "states": {"ez_lock": ["not_locked", "lokced"]}, "languages": ["nor-NO", "nb-NO"],
    }  # fmt: skip
    search = {"type": "ibexa", "client": "ibexa", "entity": "content", "find": find}
    found = asked(project(tmp_path, {"configs/incoming/products.json": search}, sandbox.url), sandbox)
    told = {(one.code, one.place.pointer) for one in found if one.place and "incoming" in one.place.file}
    assert told == {
        ("CFG191", "/find/under"), ("CFG196", "/find/states/ez_lock/1"), ("CFG183", "/find/languages/1"),
    }  # fmt: skip


def test_what_the_user_may_not_see_is_a_warning_not_a_no(tmp_path: Path, sandbox: IbexaSandbox) -> None:
    payload = {**OUTGOING["payload"], "section": "standard"}  # type: ignore[dict-item]
    root = project(tmp_path, {"configs/outgoing/shop.json": {**OUTGOING, "payload": payload}}, sandbox.url)
    assert asked(root, sandbox) == []
    sandbox.faults.add({"match": {"op": "section.list"}, "do": {"status": 403}})
    (only,) = asked(root, sandbox)
    assert (only.code, only.severity) == ("CFG191", "warning")
    assert only.message.startswith("whether this is there cannot be told: section.list answered 403")
