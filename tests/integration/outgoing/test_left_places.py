"""Further Locations of which we died before we could remember them: known by their mark, and none of an editor's is."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from tests.integration.outgoing.places import A, B, C, Placed
from tests.integration.outgoing.shop import Shop

DEAD = {"suspect": True}


@pytest.fixture
def kept(shop: Shop) -> Placed:
    return Placed(shop, move=True)


def die_after_put(kept: Placed, **more: Any) -> Message:
    """As by ``kill -9`` between the last write and the settling of the task; what was sent, for ``earlier``."""
    kept.more |= more
    known = kept.memory
    assert isinstance(kept.put(), Done)
    kept.memory = known
    return kept.said()


def trash(kept: Placed, **delivery: Any) -> Outcome:
    return kept.shop.upsert.send(Delivery(Message(), "trash", "t-1", memory=kept.memory, **delivery))


def in_trash(kept: Placed) -> list[str]:
    return [one["remote_id"] for one in kept.shop.book["trashed"]]


def test_the_same_message_again_knows_it_as_ours(kept: Placed) -> None:
    die_after_put(kept, parent=[A, B])
    assert isinstance(kept.put(DEAD), Skipped)
    kept.more["parent"] = A
    kept.put()
    assert kept.lies == ["cat-a"]


def test_a_newer_message_takes_away_what_an_earlier_one_asked_for(kept: Placed) -> None:
    said = die_after_put(kept, parent=[A, B])
    kept.more["parent"] = A
    assert isinstance(kept.put({**DEAD, "earlier": (said,)}), Done)
    assert kept.lies == ["cat-a"]


def test_an_item_that_was_made_just_before_knows_its_further_places(kept: Placed) -> None:
    kept.memory = None
    kept.shop.call("content.delete", contentId=kept.shop.sandbox.repository.content_by_remote_id("t-1").id)  # type: ignore[union-attr]
    die_after_put(kept, parent=[A, B, C])
    kept.put(DEAD)
    kept.more["parent"] = [A, C]
    kept.put()
    assert kept.lies == ["cat-a", "cat-c"]


def test_it_keeps_nothing_out_of_the_trash(kept: Placed) -> None:
    said = die_after_put(kept, parent=[A, B])
    assert isinstance(trash(kept, earlier=(said,), suspect=True), Done)
    assert in_trash(kept) == ["t-1"]


def test_what_an_editor_made_where_we_meant_to_is_hers(kept: Placed) -> None:
    kept.by_hand("cat-b")
    kept.more["parent"] = [A, B, C]
    kept.shop.fault("location.create", {"cut": "after"}, times=9)
    said = kept.said()
    assert not isinstance(kept.put(), Done | Skipped)
    kept.shop.sandbox.faults.clear()
    assert kept.lies == ["cat-a", "cat-b", "cat-c"]
    kept.put(DEAD)
    kept.more["parent"] = A
    kept.put({**DEAD, "earlier": (said,)})
    assert kept.lies == ["cat-a", "cat-b"]
    trash(kept, earlier=(said,), suspect=True)
    assert in_trash(kept) == []
    assert kept.lies == ["cat-b"]


def test_what_was_placed_before_a_later_step_failed_stays_ours(kept: Placed) -> None:
    kept.more["parent"] = [A, B, C]
    rule = {"match": {"op": "location.create"}, "when": {"nth": 2, "times": 9}, "do": {"status": 500}}
    kept.shop.sandbox.faults.add(rule)
    assert not isinstance(kept.put(), Done | Skipped)
    kept.shop.sandbox.faults.clear()
    assert kept.lies == ["cat-a", "cat-b"]
    kept.more["parent"] = A
    kept.put()
    assert kept.lies == ["cat-a"]


def test_the_former_main_place_goes_when_a_further_one_takes_its_part(kept: Placed) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    kept.more["parent"] = B
    kept.put()
    assert kept.lies == ["cat-b"]
    assert isinstance(kept.put(), Skipped)
    trash(kept)
    assert in_trash(kept) == ["t-1"]


def test_the_former_main_place_stays_as_a_further_one_and_goes_later(kept: Placed) -> None:
    for parents in ([A, B], [B, A], B):
        kept.more["parent"] = parents
        kept.put()
    assert kept.lies == ["cat-b"]


@pytest.mark.parametrize("then", [B, [B, C]])
def test_the_former_main_place_goes_also_when_we_died_in_between(kept: Placed, then: Any) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    kept.shop.fault("location.delete", {"cut": "before"}, times=9)
    kept.more["parent"] = then
    known = kept.memory
    assert not isinstance(kept.put(), Done | Skipped)
    kept.memory = known
    kept.shop.sandbox.faults.clear()
    kept.put(DEAD)
    assert kept.lies == ["cat-b", "cat-c"][: len(then) if isinstance(then, list) else 1]
