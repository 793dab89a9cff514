"""Looking whether Ibexa still holds what was written, without writing; and writing it again."""

from __future__ import annotations

from connector.core.outcome import Done, Skipped
from tests.integration.outgoing.shop import Shop
from tests.outcomes import forgetful

FIELDS = {"sku": "7", "price": 9, "body": {"html": "<p>x</p>"}}


def test_a_look_tells_a_difference_and_writes_nothing(shop: Shop) -> None:
    first = shop.put(**FIELDS)
    assert isinstance(first, Done)
    known = {"target_id": first.target_id}
    shop.sandbox.book.reset()
    assert forgetful(shop.put("t-1", {**known, "action": "verify"}, **FIELDS)) == Skipped("unchanged", first.target_id)
    changed = {**FIELDS, "price": 10}
    outcome = shop.put("t-1", {**known, "action": "verify"}, **changed)
    assert isinstance(outcome, Skipped)
    assert (outcome.reason, outcome.target_id) == ("drifted", first.target_id)
    assert outcome.detail["would"].startswith("content")
    assert shop.writes == {}
    repaired = shop.put("t-1", {**known, "action": "repair"}, **changed)
    assert isinstance(repaired, Done)
    assert repaired.change == "updated"


def test_a_look_at_what_is_gone_tells_that_it_would_be_made_again(shop: Shop) -> None:
    first = shop.put(**FIELDS)
    assert isinstance(first, Done)
    shop.put("t-1", {"action": "delete", "target_id": first.target_id}, **FIELDS)
    shop.sandbox.book.reset()
    outcome = shop.put("t-1", {"action": "verify", "target_id": first.target_id}, **FIELDS)
    assert outcome == Skipped("drifted", first.target_id, {"would": "content.create"})
    assert shop.writes == {}


def test_after_a_look_the_same_thread_may_write_again(shop: Shop) -> None:
    shop.put("t-1", {"action": "verify"}, **FIELDS)
    assert isinstance(shop.put(**FIELDS), Done)
