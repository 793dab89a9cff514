"""What lies below an item that is to be put away: it is not taken along, unless the message says so."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Waits
from tests.integration.outgoing.places import A, B, Placed
from tests.integration.outgoing.shop import Shop

GOES = ["trash", "delete"]
IS = {"trash": "trashed", "delete": "deleted", "hide": "hidden"}


def put_away(shop: Shop, action: str, remote_id: str, **more: Any) -> Outcome:
    return shop.upsert.send(Delivery(Message(), action, remote_id, **more))


@pytest.mark.parametrize("action", GOES)
def test_a_parent_waits_for_what_lies_below_it(shop: Shop, action: str) -> None:
    kept = Placed(shop)
    outcome = put_away(shop, action, "cat-a")
    assert isinstance(outcome, Waits)
    assert (outcome.needs, outcome.problem.code) == ("t-1", "IBX460")
    words = (
        f"1 content item lies below 'cat-a' (Location {kept.path('cat-a')}) and would be {IS[action]} with it: 't-1'"
    )
    assert outcome.problem.message == words
    assert shop.writes == {}
    assert isinstance(put_away(shop, action, "t-1", memory=kept.memory), Done)
    assert isinstance(put_away(shop, action, "cat-a"), Done)


@pytest.mark.parametrize("action", GOES)
def test_all_below_is_counted_and_the_youngest_named_since_it_goes_last(shop: Shop, action: str) -> None:
    Placed(shop)
    for number in range(2, 10):
        parent = "t-1" if number > 5 else "cat-a"
        shop.send(shop.upsert, {"remote_id": f"t-{number}", "fields": {"name": "x"}, "parent": {"remote_id": parent}})
    outcome = put_away(shop, action, "cat-a")
    assert isinstance(outcome, Waits)
    assert outcome.needs == "t-9"
    assert outcome.problem.message.startswith("9 content items lie below 'cat-a'")
    assert outcome.problem.message.endswith("'t-9', 't-8', 't-7', 't-6', 't-5' and 4 more")


@pytest.mark.parametrize("action", GOES)
def test_what_an_editor_made_there_is_nobodys_to_wait_for(shop: Shop, action: str) -> None:
    kept = Placed(shop)
    outcome = shop.put("e-1")
    assert isinstance(outcome, Done)
    shop.call("location.move", destination=f"/{kept.path('cat-b')}", path=kept.path("e-1"))
    made = shop.held(outcome.target_id)
    shop.call("content.update_metadata", {"remoteId": "0123456789abcdef" * 2}, contentId=made.id)
    shop.sandbox.book.reset()
    refused = put_away(shop, action, "cat-b")
    assert isinstance(refused, Refused)
    assert refused.problem.code == "IBX460"
    assert f"content item {made.id} (A)" in refused.problem.message
    assert "tasks retry" in refused.problem.hint
    assert shop.writes == {}


def test_to_hide_a_parent_needs_nothing_of_it(shop: Shop) -> None:
    Placed(shop)
    assert isinstance(put_away(shop, "hide", "cat-a"), Done)
    assert set(shop.book["requests"]["by_op"]) == {"content.find", "content.get", "content.hide"}


def test_what_lies_below_a_further_place_counts_too(shop: Shop) -> None:
    kept = Placed(shop)
    kept.more["parent"] = [A, B]
    kept.put()
    further = next(
        one
        for one in shop.call("location.list_for_content", contentId=_id(shop))["LocationList"]["Location"]
        if kept.path("cat-b") in one["_href"]
    )["_href"].partition("/locations/")[2]
    shop.send(shop.upsert, {"remote_id": "t-2", "fields": {"name": "x"}, "parent": {"path": f"/{further}"}})
    for action in GOES:
        outcome = put_away(shop, action, "t-1", memory=kept.memory)
        assert isinstance(outcome, Waits)
        assert outcome.needs == "t-2"


def test_an_item_without_children_costs_two_looks_more_and_no_search(shop: Shop) -> None:
    kept = Placed(shop)
    number = str(_id(shop))
    assert isinstance(put_away(shop, "trash", "t-1", memory=kept.memory, target_id=number), Done)
    looks = {"content.get": 1, "location.list_for_content": 1, "location.get": 1}
    assert shop.book["requests"]["by_op"] == {**looks, "location.move": 1}


@pytest.mark.parametrize("action", GOES)
def test_a_message_of_its_own_says_whether_it_goes_along(shop: Shop, action: str) -> None:
    Placed(shop)
    outgoing = shop.outgoing("content", action)
    outcome = shop.send(outgoing, {"remote_id": "cat-a"})
    assert isinstance(outcome, Waits)
    assert (outcome.needs, shop.writes) == ("t-1", {})
    assert isinstance(shop.send(outgoing, {"remote_id": "cat-a", "below": True}), Done)
    again = shop.send(outgoing, {"remote_id": "t-1"})
    assert isinstance(again, Skipped)
    with pytest.raises(RecordError, match="below must be"):
        outgoing.prepare(Message(payload={"remote_id": "cat-a", "below": "yes"}))


def _id(shop: Shop) -> int:
    item = shop.sandbox.repository.content_by_remote_id("t-1")
    assert item is not None
    return int(item.id)


def test_a_search_that_does_not_show_it_is_tried_again(shop: Shop) -> None:
    Placed(shop)
    nothing = json.dumps({"View": {"Result": {"count": 1, "searchHits": {"searchHit": []}}}})
    kind = "application/vnd.ibexa.api.View+json"
    shop.fault("content.search", {"status": 200, "body": nothing, "content_type": kind}, times=9)
    outcome = put_away(shop, "trash", "cat-a")
    assert isinstance(outcome, NotSent)
    assert (outcome.problem.code, shop.writes) == ("IBX460", {})


def test_what_goes_between_two_looks_is_in_nobodys_way(shop: Shop) -> None:
    Placed(shop)
    shop.fault("content.search", {"latency_ms": 800}, times=1)
    goes = threading.Timer(0.3, shop.trash, [_id(shop)])
    goes.start()
    outcome = put_away(shop, "trash", "cat-a")
    goes.join()
    assert isinstance(outcome, Done)
