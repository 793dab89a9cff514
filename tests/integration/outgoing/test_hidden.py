"""A message may say that an item is hidden, and its priority: what people do to either stays so."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.outcome import Done, Skipped
from tests.integration.outgoing.shop import Kept, Shop


def state(shop: Shop, number: str) -> tuple[bool, int]:
    held = shop.held(number)
    return held.hidden, shop.sandbox.repository.locations[held.main_location].priority


def left(outcome: Any) -> list[str]:
    assert isinstance(outcome, Done | Skipped)
    found: list[str] = list(outcome.detail.get("left", []))
    return found


def test_an_item_is_hidden_and_shown_as_the_message_says_and_nothing_is_written_twice(shop: Shop) -> None:
    kept = Kept(shop, hidden=True, priority=5)
    number = kept.created()
    assert state(shop, number) == (True, 5)
    shop.sandbox.book.reset()
    assert isinstance(kept.put(), Skipped)
    assert shop.writes == {}
    kept.more |= {"hidden": None, "priority": None}
    assert isinstance(kept.put(), Skipped), "not managed: it stays as it is"
    kept.more |= {"hidden": False, "priority": 0}
    outcome = kept.put()
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["visible", "priority"]
    assert state(shop, number) == (False, 0)
    kept.more["hidden"] = True
    assert isinstance(kept.put(), Done)
    shop.call("content.reveal", contentId=number)
    assert isinstance(kept.put(), Done), "as with section and states, the message decides"
    assert state(shop, number) == (True, 0)


def test_what_an_editor_hid_or_ordered_stays_so(shop: Shop) -> None:
    kept = Kept(shop, hidden=False, priority=5)
    number = kept.created()
    shop.call("content.hide", contentId=number)
    path = shop.sandbox.repository.locations[shop.held(number).main_location].path.strip("/")
    shop.call("location.update", {"priority": 1}, path=path)
    kept.more["priority"] = 6
    assert left(kept.put()) == ["hidden: somebody else hid it", "priority: it stays 1: an editor changed it"]
    assert state(shop, number) == (True, 1)
    kept.memory = None
    assert left(kept.put())[1] == "priority: it stays 1: not known to be what we last wrote"


@pytest.mark.parametrize("where", ["before", "after"])
def test_what_broke_off_before_it_was_hidden_is_made_good(shop: Shop, where: str) -> None:
    kept = Kept(shop, hidden=True)
    shop.fault("content.hide", {"cut": where}, times=1)
    outcome = kept.put()
    if not isinstance(outcome, Done):
        kept.put({"suspect": True})
    number = str(next(one.id for one in shop.sandbox.repository.contents.values() if one.remote_id == "t-1"))
    assert state(shop, number)[0]
    kept.more["hidden"] = False
    assert isinstance(kept.put(), Done), "that we hid it is known all the same"
    assert not state(shop, number)[0]
    assert shop.is_sound()


def test_an_item_that_the_route_hid_comes_back_as_the_message_says(shop: Shop) -> None:
    kept = Kept(shop, hidden=True)
    number = kept.created()
    for says, hidden in ((True, True), (False, False)):
        kept.more["hidden"] = says
        shop.call("content.hide", contentId=number)
        kept.put({"hidden_by_us": True})
        assert state(shop, number)[0] is hidden


def test_what_is_left_as_a_draft_cannot_be_hidden_and_the_task_says_so(shop: Shop) -> None:
    outcome = Kept(shop, hidden=True, publish=False).put()
    assert left(outcome) == ["hidden: it is not published yet"]


@pytest.mark.parametrize("more", [{"hidden": "yes"}, {"priority": 2**31}, {"priority": "abc"}])
def test_what_is_neither_is_refused_offline(shop: Shop, more: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        Kept(shop, **more).put()
