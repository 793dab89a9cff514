"""The book tells what happened, and the faults go wrong exactly as told."""

from __future__ import annotations

import json
import re
import threading
import time
from importlib import resources
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import Faults, IbexaSandbox
from connector.sandbox.ibexa.routes import missing_routes
from tests.sandbox.ibexa.client import Api

Json = Any


def test_the_book_knows_every_item(api: Api, sandbox: IbexaSandbox) -> None:
    number = api.published("one")
    api.send("COPY", f"/content/objects/{number}/currentversion")
    api.create("draft")
    api.create("draft")
    api.send("POST", f"/content/objects/{number}/hide")
    book = sandbox.book.snapshot()
    assert book["items"]["one"] == {
        "creates": 1,
        "content_ids": [52],
        "versions_published": [1],
        "drafts": 1,
        "status": "PUBLISHED",
        "hidden": True,
    }
    assert book["items"]["draft"]["versions_published"] == []
    assert book["leftover_drafts"] == [
        {"content_id": 52, "remote_id": "one", "version": 2},
        {"content_id": 53, "remote_id": "draft", "version": 1},
    ]
    assert book["hidden"] == [{"content_id": 52, "remote_id": "one"}]
    assert book["duplicates"] == []
    assert book["writes"]["total"] == 6
    assert book["writes"]["by_op"] == {
        "content.create": 3,
        "content_version.publish": 1,
        "content_version.create_draft_from_current": 1,
        "content.hide": 1,
    }
    assert len(book["arrived"]) == 6


def test_events_are_in_the_order_of_commits_with_refusals(api: Api, sandbox: IbexaSandbox) -> None:
    api.published("one")
    api.create("one")
    events = [(each["n"], each["op"], each["remote_id"], each["status"]) for each in sandbox.book.snapshot()["events"]]
    assert events == [
        (1, "content.create", "one", 201),
        (2, "content_version.publish", "one", 204),
        (3, "content.create", None, 406),
    ]


def test_creating_again_after_a_delete_is_no_duplicate(api: Api, sandbox: IbexaSandbox) -> None:
    number = api.published("one")
    api.send("DELETE", f"/content/objects/{number}")
    api.create("ONE")
    item = sandbox.book.snapshot()["items"]["one"]
    assert (item["creates"], item["content_ids"], item["status"]) == (2, [52, 53], "DRAFT")
    assert sandbox.book.snapshot()["duplicates"] == []


def test_reads_are_no_writes(api: Api, sandbox: IbexaSandbox) -> None:
    api.log_in()
    api.search({})
    api.send("GET", "/content/sections")
    book = sandbox.book.snapshot()
    assert (book["writes"]["total"], book["requests"]["total"], book["logins"]) == (0, 3, 1)


def test_the_books_can_be_reset_with_or_without_the_data(api: Api) -> None:
    api.published("one")
    api.admin("POST", "/book/reset")
    book = api.admin("GET", "/book")
    assert (book["writes"]["total"], book["items"], book["events"]) == (0, {}, [])
    assert api.send("GET", "/content/objects?remoteId=one").status_code == 307
    api.admin("POST", "/reset")
    assert api.send("GET", "/content/objects?remoteId=one").status_code == 404
    assert api.published("two") == 52


def test_a_write_in_flight_can_be_seen(api: Api, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "do": {"hang_seconds": 0.5}})
    thread = threading.Thread(target=api.create, args=("slow",))
    thread.start()
    deadline = time.monotonic() + 5
    while not sandbox.book.in_flight_writes and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sandbox.book.in_flight_writes == 1
    assert sandbox.book.snapshot()["items"] == {}
    thread.join()
    assert sandbox.book.in_flight_writes == 0


def test_cut_before_does_nothing_and_cut_after_has_done_it(api: Api, sandbox: IbexaSandbox) -> None:
    for when, known in (("before", 404), ("after", 307)):
        api.admin("POST", "/faults", {"match": {"op": "content.create"}, "when": {"times": 1}, "do": {"cut": when}})
        with pytest.raises(requests.ConnectionError):
            api.create(when)
        assert api.send("GET", f"/content/objects?remoteId={when}").status_code == known
    assert sandbox.book.snapshot()["faults"] == {"cut before": 1, "cut after": 1}
    assert sandbox.book.snapshot()["writes"]["by_op"]["content.create"] == 2


def test_a_partial_answer_breaks_off(api: Api, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"path": "/content/types$"}, "do": {"cut": "partial"}})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.send("GET", "/content/types")


def test_status_html_and_headers(api: Api, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add(
        {"match": {"method": "POST"}, "when": {"nth": 2}, "do": {"status": 503, "headers": {"Retry-After": "7"}}}
    )
    assert api.create("one").status_code == 201
    second = api.create("two")
    assert (second.status_code, second.headers["Retry-After"]) == (503, "7")
    assert api.create("two").status_code == 201
    sandbox.faults.clear()
    sandbox.faults.add({"do": {"html": True}})
    page = api.send("GET", "/content/sections")
    assert (page.status_code, page.headers["Content-Type"][:9], "<html>" in page.text) == (200, "text/html", True)


def test_tokens_can_expire_in_the_middle_of_it_all(api: Api, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"op": "content.create"}, "when": {"nth": 2}, "do": {"expire_tokens": True}})
    assert api.create("one").status_code == 201
    assert api.create("two").json() == {"code": 401, "message": "Expired JWT Token"}
    api.log_in()
    assert api.create("two").status_code == 201


def test_slowness(api: Api, sandbox: IbexaSandbox) -> None:
    def seconds() -> float:
        started = time.monotonic()
        assert api.send("GET", "/languages/eng-GB").status_code == 200
        return time.monotonic() - started

    sandbox.faults.latency_ms = 100
    assert 0.1 <= seconds() < 1
    sandbox.faults.clear()
    sandbox.faults.add({"when": {"every": 2}, "do": {"latency_ms": 150}})
    assert seconds() < 0.1 <= seconds()
    sandbox.faults.clear()
    sandbox.faults.add({"do": {"trickle": 2000}})
    assert 0.1 <= seconds() < 2


def test_latency_does_not_hold_up_the_others(api: Api, sandbox: IbexaSandbox) -> None:
    sandbox.faults.add({"match": {"path": "eng-GB"}, "do": {"hang_seconds": 1}})
    thread = threading.Thread(target=api.send, args=("GET", "/languages/eng-GB"))
    thread.start()
    with requests.Session() as session:
        started = time.monotonic()
        assert Api(api.url, session, api.token).send("GET", "/languages/nor-NO").status_code == 200
        assert time.monotonic() - started < 0.5
    thread.join()


def test_rules_count_and_a_seed_repeats_chance() -> None:
    def drawn() -> list[bool]:
        faults = Faults()
        faults.add({"when": {"probability": 0.5, "seed": 7, "times": 20}, "do": {"status": 500}})
        return [bool(faults.draw("content.get", "GET", "/x")) for _ in range(60)]

    assert drawn() == drawn()
    assert 5 < sum(drawn()) <= 20
    faults = Faults()
    faults.add({"when": {"every": 3, "times": 2}, "do": {"status": 500}})
    assert [bool(faults.draw("x", "GET", "/")) for _ in range(9)] == [n in {2, 5} for n in range(9)]
    assert (faults.rules()[0]["seen"], faults.rules()[0]["fired"]) == (9, 2)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({}, "'do'"),
        ({"do": {"status": 500, "html": True}}, "exactly one"),
        ({"do": {"status": 500}, "match": {"route": "x"}}, "'route'"),
        ({"do": {"status": 500}, "wen": {}}, "'wen'"),
        ({"do": {"status": 500}, "match": {"path": "("}}, "regular expression"),
    ],
)
def test_a_wrong_rule_is_told(rule: Json, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Faults().add(rule)


def test_a_wrong_rule_over_http_is_a_400(sandbox: IbexaSandbox) -> None:
    answer = requests.post(f"{sandbox.url}/_sandbox/faults", json={"do": {}}, timeout=5)
    assert (answer.status_code, "exactly one" in answer.json()["error"]) == (400, True)
    assert requests.get(f"{sandbox.url}/_sandbox/health", timeout=5).json()["status"] == "ok"
    assert "GET /book" in requests.get(f"{sandbox.url}/_sandbox/nosuch", timeout=5).json()["doors"]


def test_every_operation_of_the_reference_is_played_or_owned_up_to(api: Api, sandbox: IbexaSandbox) -> None:
    tables = (resources.files("connector.systems.ibexa") / "operations").iterdir()
    operations = [row for table in tables for row in json.loads(table.read_text(encoding="utf-8"))]
    assert len(operations) > 200
    documented_only = {"user.get_current_documented"}  # a real server has no such route
    for operation in operations:
        if operation["id"] in documented_only:
            continue
        path = operation["path"].replace("{urlAliasId}", "0-" + "0" * 32).replace("{eventType}", "future_hide")
        found = sandbox._rest._router.find(operation["method"], re.sub(r"\{\w+\}", "1", path))
        assert found is not None, operation["id"]
        assert found.target is not None, operation["id"]
    for route in missing_routes():
        answer = api.send(route.method, re.sub(r"\{\w+(:\w+)?\}", "1", route.template))
        assert (answer.status_code, "does not play the operation" in answer.text) == (501, True), route.op
