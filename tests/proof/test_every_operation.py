"""Every operation of the reference against a table written by hand from it, over a real socket.

The table (``table/*.json``) was written by people who had not seen the product's catalogue; the product never loads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.clients.ibexa import IbexaClient
from connector.core.clock import StopEvent, SystemClock
from connector.core.model import Delivery, Message
from connector.core.outcome import Done
from connector.core.services import Services
from connector.incoming.ibexa import IbexaIncoming
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request, Response
from connector.systems.catalogue import ibexa
from tests.integration.clients.scripted import Scripted

ROWS: list[dict[str, Any]] = [
    row
    for path in sorted((Path(__file__).parent / "table").glob("*.json"))
    for row in json.loads(path.read_text("utf-8"))
]
LOOKS = {
    *("content.create", "content.delete", "content.hide", "content.reveal", "content.update_metadata"),
    *("content_version.update", "user.create", "user.update"),
    *("user_group.create", "user_group.create_top_level", "user_group.update"),
}
"""Writes over which Ibexa may fail with a 500, or do half: it is asked first."""
OVERRIDDEN = {"PATCH", "COPY", "MOVE", "SWAP", "PUBLISH"}


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with Scripted(Response(500)) as found:
        yield found


def test_the_table_has_every_operation_once() -> None:
    names = [row["operation"] for row in ROWS]
    assert len(names) == len(set(names)) == 224


@pytest.mark.parametrize("override", [True, False], ids=["override", "real"])
@pytest.mark.parametrize("row", ROWS, ids=[row["operation"] for row in ROWS])
def test_what_is_said_becomes_the_request_of_the_reference(
    row: Mapping[str, Any], server: Scripted, tmp_path: Path, override: bool
) -> None:
    answer, expected, result = row["answer"], row["expect"], row["result"]
    body = b"" if answer.get("body") is None else json.dumps(answer["body"]).encode()
    headers = [("Content-Type", "application/json"), *answer.get("headers", {}).items()]
    server.answers, server.asked = [Response(answer["status"], headers, body)], []
    ragged = ibexa().get(row["operation"]).paging.get("ragged")
    if ragged:  # a short page is not the end: one more is asked for
        server.answers.append(Response(200, headers, _emptied(body)))
    client = _client(server, tmp_path, override=override)
    try:
        if "records" in result:
            records, total = _read(row, client, tmp_path)
            assert records == result["records"]
            assert total == result.get("total")
        else:
            outcome = _write(row, client, tmp_path)
            assert isinstance(outcome, Done), outcome
            assert (outcome.target_id, outcome.detail["href"]) == (result["id"], result["href"])
            assert outcome.detail["status"] == answer["status"]
    finally:
        client.close()
    looks = server.asked[:-1] if "records" not in result else []
    assert {one.method for one in looks} <= {"GET"}, "what is looked at before a write, see systems/ibexa/beforehand.py"
    assert bool(looks) is (row["operation"] in LOOKS)
    assert len(server.asked) - len(looks) == (2 if ragged else 1)
    _compare(server.asked[len(looks)], expected, override=override)


def _emptied(body: bytes) -> bytes:
    """The same listing without its items."""
    (root, inner), *_ = json.loads(body).items()
    return json.dumps({root: {key: [] if isinstance(one, list) else one for key, one in inner.items()}}).encode()


def _compare(asked: Request, expected: Mapping[str, Any], *, override: bool) -> None:
    method = expected["method"]
    sent = "POST" if override and method in OVERRIDDEN else method
    assert asked.method == sent
    assert asked.headers.get("x-http-method-override") == (method if sent != method else None)
    assert asked.path == expected["url"]
    assert dict(asked.query) == expected.get("query", {})
    accept = asked.headers.get("accept", "")
    assert accept == expected["accept"] if expected["accept"] else "+json" in accept
    assert asked.headers.get("content-type") == expected["content_type"]
    assert asked.headers.get("destination") == expected.get("destination")
    assert (json.loads(asked.body) if asked.body else None) == expected["body"]


def _client(server: Scripted, root: Path, *, override: bool) -> IbexaClient:
    services = Services(root, lambda name: None, SystemClock(), StopEvent())
    config: dict[str, Any] = {"base_url": server.url, "auth": {"type": "none"}, "method_override": override}
    return IbexaClient.build("ibexa", config, services)


def _config(row: Mapping[str, Any]) -> dict[str, Any]:
    entity, _, action = row["operation"].partition(".")
    return {"type": "ibexa", "client": "ibexa", "entity": entity, "action": action}


def _read(row: Mapping[str, Any], client: IbexaClient, root: Path) -> tuple[list[Any], int | None]:
    services = Services(root, lambda name: client, SystemClock(), StopEvent())
    asked = {part: row["say"][part] for part in ("path", "query", "payload") if part in row["say"]}
    config = {**_config(row), "shape": "raw", **asked}
    assert [one for one in IbexaIncoming.lint(config, {}) if one.severity == "error"] == []
    incoming = IbexaIncoming.build("proof", config, services)
    (reading,) = incoming.readings({}, datetime.now(UTC))
    batches = list(reading.batches(StopEvent()))
    return [record.data for batch in batches for record in batch.records], batches[-1].total


def _write(row: Mapping[str, Any], client: IbexaClient, root: Path) -> Any:
    services = Services(root, lambda name: client, SystemClock(), StopEvent())
    config = {**_config(row), "delivery": "at_least_once"}
    assert [one for one in IbexaOutgoing.lint(config, {}) if one.severity == "error"] == []
    outgoing = IbexaOutgoing.build("proof", config, services)
    message = outgoing.prepare(Message(**row["say"]))
    return outgoing.send(Delivery(message, outgoing.action, "key"))
