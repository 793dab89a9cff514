"""Numbers on their whole way: out of each kind of source, through a mapping, into the run log and onto the wire."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.http import Response
from tests.faults.project import ThingsProject
from tests.integration.clients.scripted import Scripted, js

NUMBERS = ["12.10", "0.1000000000000000055", "1e400", "1180591620717411303424", "12345678901234567890.50"]
RECORDS = [f'{{"id": "{at}", "n": {text}}}' for at, text in enumerate(NUMBERS)]
PLACES = {"path": {"contentId": "id"}, "payload": {"value": "n"}}
SOURCES: dict[str, tuple[str, dict[str, Any], str]] = {
    "http": ("", {"type": "http", "client": "pim", "endpoint": "/things"}, "n"),
    "json": (f"[{','.join(RECORDS)}]", {"type": "file", "path": "a.json"}, "n"),
    "ndjson": ("\n".join(RECORDS), {"type": "file", "path": "a.ndjson"}, "n"),
    "csv": (
        "id,n\n" + "\n".join(f"{at},{text}" for at, text in enumerate(NUMBERS)),
        {"type": "file", "path": "a.csv"},
        "to_number(n)",
    ),
}


def made(root: Path, source: str, pim: str, target: str) -> ThingsProject:
    content, incoming, expression = SOURCES[source]
    if content:
        (root / incoming["path"]).write_text(content, encoding="utf-8")
    project = ThingsProject(root, target)
    operation = {"id": "rating.create", "method": "POST", "path": "/ratings/{contentId}", "request_root": "Rating"}
    files: dict[str, Any] = {
        "configs/clients/pim.json": {"type": "http", "base_url": pim},
        "configs/clients/ibexa.json": {
            "type": "ibexa", "base_url": target, "auth": {"type": "basic", "username": "a", "password": "${IBEXA_PASSWORD}"},
        },
        "configs/incoming/things.json": {**incoming, "key": "id"},
        "configs/systems/ibexa/ratings.json": {
            "operations": [{**operation, "content_type": "application/vnd.ibexa.api.Rating+json", "answers": [201]}]
        },
        "configs/outgoing/things.json": {"type": "ibexa", "client": "ibexa", "entity": "rating", "action": "create"},
        "transformers/thing.json": [{"type": "map", "to": {**PLACES, "payload": {"value": expression}}}],
    }  # fmt: skip
    for name, body in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(json.dumps(body), encoding="utf-8")
    return project


@pytest.mark.parametrize("source", SOURCES)
def test_every_digit_arrives_whatever_the_source_is(source: str, tmp_path: Path) -> None:
    listing = Response(200, [], f"[{','.join(RECORDS)}]".encode())
    with Scripted(listing) as pim, Scripted(js({}, 201)) as target:
        project = made(tmp_path, source, pim.url, target.url)
        done = project.run("run", "things")
        assert done.returncode == 0, done.stderr
        sent = {one.path.rpartition("/")[2]: one.body.decode() for one in target.asked if one.method == "POST"}
        again = project.run("run", "things", "--json")
        assert json.loads(again.stdout)[0]["counts"]["unchanged"] == len(NUMBERS)
        shown = project.run("preview", "things", "--json", "--limit", "9").stdout
        task = project.run("tasks", "show", "2", "--json").stdout
    assert {at: _value(body) for at, body in sent.items()} == {str(at): Decimal(one) for at, one in enumerate(NUMBERS)}
    assert '{"value":0.1000000000000000055}' in sent["1"]
    assert {Decimal(one) for one in re.findall(r'"value": ([-+0-9.eE]+)', shown)} == {Decimal(one) for one in NUMBERS}
    assert Decimal(re.findall(r'"value": ([-+0-9.eE]+)', task)[0]) == Decimal(NUMBERS[1])


def _value(body: str) -> Decimal:
    return Decimal(re.findall(r'"value":([-+0-9.eE]+)', body)[0])
