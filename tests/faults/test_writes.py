"""Writes whose answers are lost, late, odd or in conflict (cases 20 to 26); the sandbox's book is the judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown, Waits
from connector.outgoing.ibexa import IbexaOutgoing
from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa import IbexaSandbox
from tests.faults.fault_server import FaultServer, is_create
from tests.faults.rig import ONCE, folders, ibexa_client, outgoing
from tests.integration.clients.scripted import Scripted, js

QUICKLY = {"connect": "2s", "read": "150ms", "total": "300ms"}


@pytest.fixture
def sandbox() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(login_seconds=0) as running:
        yield running


def until_done(upsert: IbexaOutgoing, name: str = "A", attempts: int = 5) -> Outcome:
    """As the engine does: after an unknown outcome the task is suspect."""
    message = upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": name}}))
    suspect = False
    for attempt in range(1, attempts + 1):
        outcome = upsert.send(Delivery(message, "upsert", "t-1", suspect=suspect, attempt=attempt))
        if isinstance(outcome, Done | Skipped):
            return outcome
        suspect = suspect or isinstance(outcome, Unknown)
    raise AssertionError(outcome)


@pytest.mark.parametrize("kind", ["committed, then cut", "committed, then late", "committed, then 502"])
def test_a_create_whose_answer_is_lost_is_made_once(sandbox: IbexaSandbox, kind: str) -> None:
    plan = [kind]
    with FaultServer(sandbox, lambda one, _: plan.pop() if is_create(one) and plan else "") as server:
        until_done(folders(ibexa_client(server.url, retry=ONCE, timeout=QUICKLY)))
        assert server.fired[kind] == 1
    book = sandbox.book.snapshot()
    assert (book["items"]["t-1"]["creates"], book["leftover_drafts"]) == (1, [])


def test_a_create_that_is_committed_after_it_was_looked_for_is_made_once(sandbox: IbexaSandbox) -> None:
    """The server is slower than our patience: the look-up finds nothing yet, and the remote id has one winner."""
    plan = ["late, then committed"]
    script = lambda one, _: plan.pop() if is_create(one) and plan else ""  # noqa: E731
    with FaultServer(sandbox, script, hang=0.4) as server:
        until_done(folders(ibexa_client(server.url, retry=ONCE, timeout=QUICKLY)))
    book = sandbox.book.snapshot()
    assert (book["items"]["t-1"]["creates"], book["items"]["t-1"]["status"]) == (1, "PUBLISHED")
    assert book["leftover_drafts"] == []


def odd_create(answer: Response) -> Any:
    """The server creates, and then says something odd about it, once."""
    plan = [answer]

    def mutate(sandbox: IbexaSandbox, request: Request) -> Response:
        found = sandbox._answer(request)
        return plan.pop() if is_create(request) and plan else found

    return mutate


ODD = {
    "201 without a body": Response(201, []),
    "201 with a body that lacks the id": js({"Content": {}}, 201),
    "200 with a log-in page": Response(200, [("Content-Type", "text/html")], b"<!doctype html><html></html>"),
    "202 to be done later": js({"status": "queued"}, 202),
    "204 without anything": Response(204, []),
    "207 with an error inside": js({"items": [{"status": 422}]}, 207),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_to_a_create_is_no_success_until_it_is_looked_up(sandbox: IbexaSandbox, name: str) -> None:
    mutate = odd_create(ODD[name])
    with Scripted(lambda request: mutate(sandbox, request)) as server:
        upsert = folders(ibexa_client(server.url, retry=ONCE))
        message = upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "A"}}))
        first = upsert.send(Delivery(message, "upsert", "t-1"))
        assert not isinstance(first, Refused), first
        until_done(upsert)
    book = sandbox.book.snapshot()
    assert (book["items"]["t-1"]["creates"], book["items"]["t-1"]["status"]) == (1, "PUBLISHED")


@pytest.mark.parametrize(
    ("status", "kind"), [(202, Unknown), (207, Unknown), (301, Refused), (303, Refused), (503, Unknown)]
)
def test_a_plain_operation_is_done_when_the_answer_says_so(status: int, kind: type[Outcome]) -> None:
    def answer(request: Request) -> Response:
        if request.path.endswith("/user/token/jwt"):
            return js({"JWT": {"token": "t-1234"}})
        return js({}, status, Location="/elsewhere")

    with Scripted(answer) as server:
        create = outgoing(ibexa_client(server.url, retry=ONCE), "section", "create")
        message = create.prepare(Message(payload={"identifier": "x", "name": "X"}))
        assert isinstance(create.send(Delivery(message, "create", "x")), kind)
        writes = [one for one in server.asked if not one.path.endswith("/jwt")]
        assert [one.method for one in writes] == ["POST"]


def test_an_editor_who_publishes_meanwhile_is_not_overwritten_blindly(sandbox: IbexaSandbox) -> None:
    """Between our look and our draft an editor publishes another field: theirs stays, ours arrives."""
    upsert = folders(ibexa_client(sandbox.url, retry=ONCE))
    until_done(upsert)
    [content] = [one for one in sandbox.repository.contents.values() if one.remote_id == "t-1"]
    editor = folders(ibexa_client(sandbox.url, retry=ONCE))
    told = [False]

    def meanwhile(request: Request) -> Response:
        if request.headers.get("x-http-method-override") == "COPY" and not told[0]:
            told[0] = True
            payload = {"remote_id": "t-1", "fields": {"short_name": "theirs"}}
            editor.send(Delivery(editor.prepare(Message(payload=payload)), "upsert", "t-1"))
        return sandbox._answer(request)

    with Scripted(meanwhile) as server:
        until_done(folders(ibexa_client(server.url, retry=ONCE)), "B")
    assert told[0]
    fields = content.version.fields["eng-GB"]
    assert (fields["name"], fields["short_name"]) == ("B", "theirs")
    assert sandbox.book.snapshot()["leftover_drafts"] == []


def test_a_parent_that_vanished_is_waited_for_and_not_guessed(sandbox: IbexaSandbox) -> None:
    """A child before its parent, and a parent deleted while children run: later, not lost, and nowhere else."""
    client = ibexa_client(sandbox.url, retry=ONCE)
    fixed = {"content_type": "folder", "main_language": "eng-GB"}
    upsert = outgoing(client, "content", "upsert", payload=fixed)

    def put(remote_id: str, parent: dict[str, Any]) -> Outcome:
        payload = {"remote_id": remote_id, "fields": {"name": remote_id}, "parent": parent}
        return upsert.send(Delivery(upsert.prepare(Message(payload=payload)), "upsert", remote_id))

    early = put("child-1", {"remote_id": "parent"})
    assert isinstance(early, Waits)
    assert early.needs == "parent", "it concerns this one only"
    made = put("parent", {"path": "/1/2"})
    assert isinstance(made, Done)
    assert isinstance(put("child-1", {"remote_id": "parent"}), Done)
    delete = outgoing(client, "content", "delete", path={"contentId": int(made.target_id)})
    assert isinstance(delete.send(Delivery(delete.prepare(Message()), "delete", "x")), Done)
    late = put("child-2", {"remote_id": "parent"})
    assert isinstance(late, Waits)
    assert late.needs == "parent"
    assert "child-2" not in json.dumps(sandbox.book.snapshot()["items"])
