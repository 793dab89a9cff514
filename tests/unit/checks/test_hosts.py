"""A route that would read what it writes is told, by whatever variables the two addresses are declared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.app import validate_project
from connector.core.jsonio import Json


def project(root: Path, route: Json) -> Path:
    auth = {"type": "jwt", "username": "${USER_NAME}", "password": "${SECRET}"}
    files: dict[str, Json] = {
        "clients/a": {"type": "ibexa", "base_url": "${FROM_URL}", "auth": auth},
        "clients/b": {"type": "ibexa", "base_url": "${TO_URL}", "auth": auth},
        "incoming/a": {"type": "ibexa", "client": "a", "entity": "section", "action": "list"},
        "outgoing/b": {"type": "ibexa", "client": "b", "entity": "section", "action": "ensure"},
        "routes/r": {"incoming": "a", "outgoing": "b", **route},
    }
    for name, content in files.items():
        path = root / "configs" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return root


def told(root: Path, env: dict[str, str]) -> list[str]:
    return [one.message for one in validate_project(root, env)[1] if one.code == "CFG142"]


@pytest.mark.parametrize(
    ("read", "written", "same"),
    [
        ("https://shop.example", "https://shop.example/", True),
        ("https://Shop.example:443", "https://shop.example", True),
        ("http://shop.example:8080/a", "http://shop.example:8080/b", True),
        ("http://shop.example", "https://shop.example", False),
        ("http://127.0.0.1:1", "http://127.0.0.1:2", False),
        ("not an address", "not an address", False),
        ("http://[::1", "http://[::1", False),
    ],
)
def test_addresses_are_compared_as_they_are_now(tmp_path: Path, read: str, written: str, same: bool) -> None:
    found = told(project(tmp_path, {}), {"FROM_URL": read, "TO_URL": written})
    assert found == (["it would write to the host that it reads from, ${TO_URL}"] if same else [])


def test_it_may_be_meant(tmp_path: Path) -> None:
    assert told(project(tmp_path, {"same_host": True}), {"FROM_URL": "http://x", "TO_URL": "http://x"}) == []


def test_what_is_not_set_is_not_guessed(tmp_path: Path) -> None:
    assert told(project(tmp_path, {}), {}) == []
