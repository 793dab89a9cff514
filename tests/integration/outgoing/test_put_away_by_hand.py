"""content.delete, trash, hide and reveal by remote id, and by content id: each once, and what is so already is skipped."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped, Unknown
from connector.explain.calls import CALLS
from connector.outgoing.ibexa import IbexaOutgoing
from tests.integration.outgoing.places import A, B, Placed
from tests.integration.outgoing.shop import Shop

ALREADY = {"hide": "hidden", "trash": "trashed", "delete": "gone", "reveal": "visible"}
DONE = {"hide": "hidden", "trash": "trashed", "delete": "deleted", "reveal": "revealed"}
FOUR = sorted(ALREADY)


def new(shop: Shop, remote_id: str = "t-1") -> str:
    outcome = shop.put(remote_id)
    assert isinstance(outcome, Done)
    return outcome.target_id


def do(shop: Shop, action: str, remote_id: str = "t-1", **delivery: Any) -> Outcome:
    return shop.send(shop.outgoing("content", action), {"remote_id": remote_id}, **delivery)


def state(shop: Shop, number: str) -> str:
    item = shop.sandbox.repository.contents.get(int(number))
    return "gone" if item is None else "hidden" if item.hidden else str(item.status)


AFTER = {"hide": "hidden", "trash": "TRASHED", "delete": "gone", "reveal": "PUBLISHED"}


@pytest.mark.parametrize("action", FOUR)
def test_it_is_done_once(shop: Shop, action: str) -> None:
    number = new(shop)
    if action == "reveal":
        shop.call("content.hide", contentId=int(number))
    shop.sandbox.book.reset()
    outcome = do(shop, action)
    assert outcome == Done(DONE[action], number)
    assert state(shop, number) == AFTER[action]
    assert set(shop.book["requests"]["by_op"]) <= {one for one, _ in CALLS[f"content.{action}"]}
    shop.sandbox.book.reset()
    for known in ("", number):
        again = do(shop, action, target_id=known)
        assert isinstance(again, Skipped)
        assert again.reason == ALREADY[action]
    assert shop.writes == {}


@pytest.mark.parametrize("action", ["hide", "delete", "reveal"])
def test_with_a_content_id_in_its_path_it_is_the_plain_operation(shop: Shop, action: str) -> None:
    number = new(shop)
    if action == "reveal":
        shop.call("content.hide", contentId=int(number))
    outgoing = shop.outgoing("content", action, path={"contentId": int(number)})
    message = outgoing.prepare(Message())
    assert outgoing.key(message) is None
    assert isinstance(outgoing.request_of(message), dict)
    assert not outgoing.can.compares
    shop.sandbox.book.reset()
    outcome = outgoing.send(Delivery(message, action, "a record"))
    assert isinstance(outcome, Done)
    assert outcome.change == "sent"
    assert shop.book["requests"]["by_op"] == {"content.get": 1, f"content.{action}": 1}
    assert state(shop, number) == AFTER[action]
    for look in ("verify", "repair"):
        assert isinstance(outgoing.send(Delivery(message, look, "a record")), Skipped)
    assert shop.book["requests"]["total"] == 2


@pytest.mark.parametrize("do_what", [{"cut": "after"}, {"cut": "before"}, {"status": 503}])
@pytest.mark.parametrize("action", FOUR)
def test_a_lost_answer_is_looked_up(shop: Shop, action: str, do_what: Any) -> None:
    number = new(shop)
    if action == "reveal":
        shop.call("content.hide", contentId=int(number))
    op = "location.move" if action == "trash" else f"content.{action}"
    shop.fault(op, do_what, times=9)
    assert isinstance(do(shop, action), Unknown | NotSent)
    shop.sandbox.faults.clear()
    assert isinstance(do(shop, action, suspect=True), Done | Skipped)
    assert state(shop, number) == AFTER[action]


def test_delete_takes_it_out_of_the_trash_which_stays_sound(shop: Shop) -> None:
    number = new(shop)
    shop.trash(number)
    assert do(shop, "delete") == Done("deleted", number)
    assert shop.book["trashed"] == []
    assert shop.call("trash.list")["Trash"]["TrashItem"] == []


def test_trash_takes_all_places_along(shop: Shop) -> None:
    kept = Placed(shop, move=True)
    kept.more["parent"] = [A, B]
    kept.put()
    kept.by_hand("cat-c")
    assert isinstance(do(shop, "trash"), Done)
    assert [one["remote_id"] for one in shop.book["trashed"]] == ["t-1"]


@pytest.mark.parametrize("action", ["hide", "trash", "delete"])
def test_what_never_was_is_gone(shop: Shop, action: str) -> None:
    assert do(shop, action) == Skipped("gone", "")


def test_reveal_waits_for_what_is_not_there_or_in_the_trash(shop: Shop) -> None:
    first = do(shop, "reveal")
    number = new(shop)
    shop.trash(number)
    for outcome in (first, do(shop, "reveal")):
        assert isinstance(outcome, NotSent)
        assert outcome.problem.code == "IBX410"


@pytest.mark.parametrize("action", ["hide", "trash", "reveal"])
def test_a_draft_is_waited_for_and_delete_removes_it(shop: Shop, action: str) -> None:
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    shop.put()
    shop.sandbox.faults.clear()
    shop.sandbox.book.reset()
    outcome = do(shop, action)
    assert isinstance(outcome, NotSent)
    assert "not published yet" in outcome.problem.message
    assert shop.writes == {}
    assert isinstance(do(shop, "delete"), Done)
    assert shop.sandbox.repository.content_by_remote_id("t-1") is None


def test_many_are_looked_up_together(shop: Shop) -> None:
    names = [f"n-{number}" for number in range(20)]
    for name in names:
        shop.call("content.hide", contentId=int(new(shop, name)))
    outgoing = shop.outgoing("content", "hide")
    deliveries = [Delivery(outgoing.prepare(Message(payload={"remote_id": one})), "hide", one) for one in names]
    shop.sandbox.book.reset()
    outgoing.expect(deliveries)
    assert {type(outgoing.send(one)) for one in deliveries} == {Skipped}
    assert shop.book["requests"]["total"] == 1


@pytest.mark.parametrize(
    "message",
    [
        Message(),
        Message(payload={"remote_id": ""}),
        Message(payload={"remote_id": 5}),
        Message(payload={"id": 5}),
        Message(path={"contentId": "t-1"}),
        Message(path={"contentID": 5}),
        Message(payload={"remote_id": "t-1"}, destination="1/2"),
    ],
)
def test_what_names_nothing_is_refused_before_anything_is_sent(shop: Shop, message: Message) -> None:
    with pytest.raises(RecordError):
        shop.outgoing("content", "hide").prepare(message)


@pytest.mark.parametrize(
    ("declared", "codes"),
    [
        ({"action": "hide"}, []),
        ({"action": "hide", "payload": {"remote_id": "x"}}, []),
        ({"action": "hide", "payload": {"remoteid": "x"}}, ["CFG157"]),
        ({"action": "hide", "query": {"a": 1}}, ["CFG154"]),
        ({"action": "trash", "path": {"contentId": 5}}, ["CFG154"]),
        ({"action": "hide", "path": {"contentId": 5}, "delivery": "look_up"}, []),
        ({"action": "hide", "path": {"contentID": 5}, "delivery": "look_up"}, ["CFG154"]),
        ({"action": "hide", "path": {"contentId": 5}}, []),  # a repeat does no harm
    ],
)
def test_a_declaration_is_checked(declared: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in IbexaOutgoing.lint({"entity": "content", **declared}, {})] == codes


def test_a_route_hides_by_remote_id_and_the_upsert_leaves_it_so(shop: Shop) -> None:
    number = new(shop)
    assert isinstance(do(shop, "hide"), Done)
    assert isinstance(shop.put("t-1", {"target_id": number}, name="B"), Done)
    assert state(shop, number) == "hidden"
