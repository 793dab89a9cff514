"""Trashing an item that editors have placed elsewhere too: it lives on there, and comes back to its own place."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped
from tests.integration.outgoing.places import A, B, C, Placed
from tests.integration.outgoing.shop import Shop
from tests.outcomes import forgetful


class Elsewhere(Placed):
    """``t-1``, made below ``cat-a``; an editor has placed it below ``cat-c`` too."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, **more)
        self.by_hand("cat-c")
        shop.sandbox.book.reset()

    def away(self, **more: Any) -> Outcome:
        outcome = self.shop.upsert.send(Delivery(Message(), "trash", "t-1", **{"memory": self.memory, **more}))
        if outcome.memory is not None:
            self.memory = outcome.memory
        return outcome

    def main(self, remote_id: str) -> None:
        """An editor makes the place below that one the main one."""
        repository = self.shop.sandbox.repository
        item = repository.content_by_remote_id("t-1")
        assert item is not None
        parent = int(self.path(remote_id).split("/")[-1])
        place = next(
            repository.locations[one] for one in item.locations if repository.locations[one].parent_id == parent
        )
        href = f"/api/ibexa/v2/content/locations/{place.path.strip('/')}"
        self.shop.call("content.update_metadata", {"MainLocation": {"_href": href}}, contentId=item.id)


@pytest.fixture
def kept(shop: Shop) -> Elsewhere:
    return Elsewhere(shop)


def left_of(outcome: Outcome) -> Any:
    assert isinstance(outcome, Done | Skipped)
    return outcome.detail.get("left")


def test_the_task_says_where_it_is_still_published_and_it_comes_back(kept: Elsewhere) -> None:
    away = kept.away()
    assert isinstance(away, Done)
    assert away.change == "trashed"
    (words,) = left_of(away)
    assert words.startswith(f"Location {kept.path('cat-c')}/")
    assert words.endswith(": not ours, so it is still published there")
    assert kept.lies == ["cat-c"]
    back = kept.put()
    assert isinstance(back, Done)
    assert (back.detail["changed"], kept.lies) == (["parent"], ["cat-a", "cat-c"])
    assert forgetful(kept.put()) == Skipped("unchanged", back.target_id)
    kept.more["move"] = True
    kept.more["parent"] = B
    kept.put()
    assert kept.lies == ["cat-b", "cat-c"], "what was put back is ours to move"


def test_our_place_goes_where_an_editor_made_another_one_the_main_one(kept: Elsewhere) -> None:
    kept.main("cat-c")
    assert len(left_of(kept.away())) == 1
    assert kept.lies == ["cat-c"]
    kept.put()
    assert kept.lies == ["cat-a", "cat-c"]


def test_all_that_we_made_goes_and_comes_back(kept: Elsewhere) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    kept.away()
    assert kept.lies == ["cat-c"]
    kept.put()
    assert kept.lies == ["cat-a", "cat-c", "cat-b"]
    assert isinstance(kept.put(), Skipped)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}])
def test_a_repeat_takes_no_editors_place(kept: Elsewhere, nth: int, do: Any) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    kept.shop.fault("location.move", do, nth=nth)
    kept.away()
    kept.shop.sandbox.faults.clear()
    for _ in range(2):
        away = kept.away(suspect=True)
        assert len(left_of(away)) == 1
        assert kept.lies == ["cat-c"]
    kept.put()
    assert kept.lies == ["cat-a", "cat-c", "cat-b"]


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}])
@pytest.mark.parametrize("op", ["location.create", "content.update_metadata"])
def test_what_breaks_off_while_it_is_put_back_is_finished(kept: Elsewhere, op: str, do: Any) -> None:
    kept.away()
    kept.shop.fault(op, do, times=9)
    kept.put()
    kept.shop.sandbox.faults.clear()
    kept.put({"suspect": True})
    assert kept.lies == ["cat-a", "cat-c"]
    assert isinstance(kept.put(), Skipped)


def test_dropped_once_more_before_it_was_put_back_it_stays_where_an_editor_has_it(kept: Elsewhere) -> None:
    kept.away()
    kept.shop.fault("content.update_metadata", {"status": 403})
    assert isinstance(kept.put(), Refused)
    assert kept.lies == ["cat-c", "cat-a"], "half put back"
    for _ in range(2):
        assert len(left_of(kept.away())) == 1
        assert kept.lies == ["cat-c"]
    kept.put()
    assert kept.lies == ["cat-a", "cat-c"]


def test_what_an_editor_moved_before_is_trashed_as_ever(shop: Shop) -> None:
    kept = Elsewhere.__new__(Elsewhere)
    Placed.__init__(kept, shop)
    main = next(iter(shop.sandbox.repository.content_by_remote_id("t-1").locations))  # type: ignore[union-attr]
    path = shop.sandbox.repository.locations[main].path.strip("/")
    shop.call("location.move", destination=f"/{kept.path('cat-b')}", path=path)
    assert left_of(kept.away()) is None
    assert [one["remote_id"] for one in shop.book["trashed"]] == ["t-1"]
    kept.more["parent"] = C
    back = kept.put()
    assert isinstance(back, Done)
    assert back.change == "restored"
