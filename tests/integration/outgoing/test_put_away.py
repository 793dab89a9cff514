"""What lies in the trash, or is hidden: by whom decides what becomes of it when the mapping yields it again."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Refused, Skipped, Unknown
from tests.integration.outgoing.shop import Kept, Shop
from tests.integration.outgoing.test_adoption import made_by_hand


@pytest.fixture
def trashed(shop: Shop) -> Kept:
    """Created by us, and put into the trash by an editor."""
    kept = Kept(shop)
    number = kept.created()
    shop.trash(number)
    shop.sandbox.book.reset()
    return kept


def test_what_an_editor_trashed_is_reported_unless_declared_otherwise(trashed: Kept) -> None:
    outcome = trashed.put(name="B")
    assert isinstance(outcome, Refused)
    assert '"trashed": "restore" or "new"' in outcome.problem.hint
    assert trashed.shop.writes == {}


def test_it_is_restored_below_its_parent_and_brought_up_to_date(trashed: Kept) -> None:
    trashed.more |= {"trashed": "restore", "parent": {"path": "/1/43"}}
    outcome = trashed.put(name="B")
    assert isinstance(outcome, Done)
    assert outcome.change == "restored"
    item = trashed.shop.held(outcome.target_id)
    assert trashed.shop.sandbox.repository.locations[item.main_location].parent_id == 43
    assert trashed.name() == "B"
    assert isinstance(trashed.put(name="B"), Skipped)
    assert trashed.shop.book["trashed"] == []


def test_a_new_one_is_made_while_the_trashed_one_stays(trashed: Kept) -> None:
    trashed.more["trashed"] = "new"
    outcome = trashed.put(name="B")
    assert isinstance(outcome, Done)
    assert outcome.change == "created"
    assert [one["remote_id"].startswith("t-1-trashed-") for one in trashed.shop.book["trashed"]] == [True]
    assert isinstance(trashed.put(name="B"), Skipped)


@pytest.mark.parametrize("how", ["restore", "new"])
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}])
@pytest.mark.parametrize("op", ["trash.restore", "content.update_metadata", "content.create"])
def test_whatever_is_lost_there_is_one_of_it_in_the_end(trashed: Kept, how: str, do: Any, op: str) -> None:
    trashed.more["trashed"] = how
    trashed.shop.fault(op, do, times=3)
    outcome = trashed.put(name="B")
    trashed.shop.sandbox.faults.clear()
    for _ in range(3):
        if isinstance(outcome, Done | Skipped):
            break
        outcome = trashed.put({"suspect": True}, name="B")
    assert isinstance(outcome, Done | Skipped)
    alive = [one for one in trashed.shop.sandbox.repository.contents.values() if one.remote_id == "t-1"]
    assert [one.status for one in alive] == ["PUBLISHED"]
    assert len(trashed.shop.book["trashed"]) == (how == "new")


def test_what_we_trashed_comes_back_when_the_mapping_yields_it_again(shop: Shop) -> None:
    kept = Kept(shop)
    kept.created()
    outcome = shop.upsert.send(Delivery(Message(), "trash", "t-1", memory=kept.memory))
    assert isinstance(outcome, Done)
    kept.memory = outcome.memory
    back = kept.put(name="B")
    assert isinstance(back, Done)
    assert (back.change, kept.name()) == ("restored", "B")
    assert isinstance(kept.put(name="B"), Skipped)


def test_it_is_found_in_a_long_trash(trashed: Kept) -> None:
    for number in range(3):
        made = made_by_hand(trashed.shop, sku=str(number))
        trashed.shop.trash(made)
    trashed.more["trashed"] = "restore"
    assert isinstance(trashed.put(), Done)


def test_a_trashing_that_we_never_heard_of_is_ours_and_what_came_later_is_not(shop: Shop) -> None:
    kept = Kept(shop)
    number = kept.created()
    shop.fault("location.move", {"cut": "after"}, times=5)
    away = Delivery(Message(), "trash", "t-1", memory=kept.memory)
    assert isinstance(shop.upsert.send(away), Unknown)
    shop.sandbox.faults.clear()
    seen = shop.upsert.send(Delivery(Message(), "trash", "t-1", memory=kept.memory, suspect=True))
    assert isinstance(seen, Skipped)
    back = kept.put({"memory": seen.memory}, name="B")
    assert isinstance(back, Done)
    assert back.change == "restored"
    shop.trash(number)
    assert isinstance(kept.put(name="C"), Refused), "this time it was an editor"


def test_what_an_editor_restored_and_trashed_again_stays_there(shop: Shop) -> None:
    kept = Kept(shop)
    number = kept.created()
    done = shop.upsert.send(Delivery(Message(), "trash", "t-1", memory=kept.memory))
    assert isinstance(done, Done)
    kept.memory = done.memory
    trash_item = shop.call("trash.list")["Trash"]["TrashItem"][0]["id"]
    shop.call("trash.restore", destination="/1/2", trashItemid=trash_item)
    assert isinstance(kept.put(), Done | Skipped)
    shop.trash(number)
    assert isinstance(kept.put(name="C"), Refused)


def test_what_an_editor_hid_before_us_stays_hidden(shop: Shop) -> None:
    kept = Kept(shop)
    number = kept.created()
    shop.call("content.hide", contentId=int(number))
    seen = shop.upsert.send(Delivery(Message(), "hide", "t-1", memory=kept.memory))
    assert isinstance(seen, Skipped)
    back = kept.put({"hidden_by_us": True, "memory": seen.memory}, name="B")
    assert isinstance(back, Done)
    assert back.change == "updated"
    assert len(shop.book["hidden"]) == 1
