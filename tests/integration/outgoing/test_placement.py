"""Where an item lies: it follows its parent as far as it is ours, lies in several places, and nobody's Location is lost."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown, Waits
from tests.integration.outgoing.places import A, B, C, Placed
from tests.integration.outgoing.shop import Shop


@pytest.fixture
def kept(shop: Shop) -> Placed:
    return Placed(shop)


def lists(outcome: Outcome, name: str) -> Any:
    assert isinstance(outcome, Done | Skipped), outcome
    return outcome.detail.get(name, [])


def test_another_parent_is_said_and_moves_nothing_unless_declared(kept: Placed) -> None:
    kept.more["parent"] = B
    for name in ("A", "another"):
        outcome = kept.put(name=name)
        assert "below Location" in lists(outcome, "left")[0]
        assert '"move" is not declared' in lists(outcome, "left")[0]
    assert kept.lies == ["cat-a"]
    assert "location.move" not in kept.shop.writes


def test_it_moves_with_its_parent_and_only_once(kept: Placed) -> None:
    kept.more |= {"parent": B, "move": True}
    outcome = kept.put(name="another")
    assert lists(outcome, "changed") == ["name (eng-GB)", "parent"]
    assert kept.lies == ["cat-b"]
    kept.shop.sandbox.book.reset()
    assert isinstance(kept.put(name="another"), Skipped)
    assert kept.shop.writes == {}


def test_what_an_editor_moved_stays_unless_it_shall_always_follow(kept: Placed) -> None:
    kept.more["move"] = True
    kept.shop.call("location.move", destination=kept.path("cat-c"), path=kept.path("t-1"))
    assert isinstance(kept.put(), Skipped), "the message asks for nothing new"
    kept.more["parent"] = B
    assert "an editor moved it" in lists(kept.put(), "left")[0]
    assert kept.lies == ["cat-c"]
    kept.more["move"] = "always"
    assert lists(kept.put(), "changed") == ["parent"]
    kept.shop.call("location.move", destination=kept.path("cat-c"), path=kept.path("t-1"))
    assert lists(kept.put(), "changed") == ["parent"]
    assert kept.lies == ["cat-b"]


def test_without_a_memory_it_is_moved_only_when_it_shall_always_follow(kept: Placed) -> None:
    kept.memory = None
    kept.more |= {"parent": B, "move": True}
    assert "not known to be where we put it" in lists(kept.put(), "left")[0]
    kept.more["move"] = "always"
    assert lists(kept.put(), "changed") == ["parent"]


def test_a_move_brings_no_other_section_along(kept: Placed) -> None:
    media = next(one.id for one in kept.shop.sandbox.repository.sections.values() if one.identifier == "media")
    target = kept.shop.sandbox.repository.content_by_remote_id("cat-b")
    assert target is not None
    target.section_id = media
    kept.more |= {"parent": B, "move": True}
    assert lists(kept.put(), "changed") == ["parent", "section"]
    assert isinstance(kept.put(), Skipped)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
@pytest.mark.parametrize("op", ["location.move", "location.create", "content.update_metadata"])
def test_whatever_is_lost_the_next_attempt_ends_it(kept: Placed, op: str, do: Any) -> None:
    kept.more |= {"parent": [B, C], "move": True, "section": "media"}
    kept.shop.fault(op, do, times=5)
    outcome = kept.put(name="another")
    kept.shop.sandbox.faults.clear()
    for _ in range(3):
        if isinstance(outcome, Done | Skipped):
            break
        assert isinstance(outcome, Unknown | NotSent), outcome
        outcome = kept.put({"suspect": True}, name="another")
    assert kept.lies == ["cat-b", "cat-c"]
    assert kept.shop.is_sound()
    kept.shop.sandbox.book.reset()
    assert isinstance(kept.put(name="another"), Skipped)
    assert kept.shop.writes == {}


def test_it_lies_in_several_places_from_the_start(kept: Placed) -> None:
    outcome = kept.shop.send(kept.shop.upsert, {"remote_id": "t-2", "parent": [A, B, A], "fields": {"name": "A"}})
    assert isinstance(outcome, Done)
    assert outcome.change == "created"
    assert len(kept.shop.held(outcome.target_id).locations) == 2


def test_a_further_place_that_is_not_there_yet_keeps_all_from_being_written(kept: Placed) -> None:
    for remote_id in ("t-1", "t-3"):
        payload = {"remote_id": remote_id, "parent": [A, {"remote_id": "later"}], "fields": {"name": "Z"}}
        assert isinstance(kept.shop.send(kept.shop.upsert, payload), Waits)
    assert kept.shop.writes == {}


def test_places_come_and_go_but_only_ours(kept: Placed) -> None:
    kept.more["parent"] = [A, B]
    assert len(lists(kept.put(), "changed")) == 1
    kept.by_hand("cat-c")
    assert isinstance(kept.put(), Skipped)
    kept.more["parent"] = A
    assert lists(kept.put(), "changed")[0].startswith("no Location ")
    assert kept.lies == ["cat-a", "cat-c"]
    kept.more["parent"] = [A, C]
    kept.put()
    kept.more["parent"] = A
    assert isinstance(kept.put(), Skipped), "it was there before us"
    assert kept.lies == ["cat-a", "cat-c"]


def test_a_place_with_content_below_it_is_never_removed(kept: Placed) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    repository = kept.shop.sandbox.repository
    item = repository.content_by_remote_id("t-1")
    assert item is not None
    further = repository.locations[next(one for one in item.locations if one != item.main_location)]
    kept.shop.send(kept.shop.upsert, {"remote_id": "below", "parent": {"id": further.id}, "fields": {"name": "x"}})
    kept.more["parent"] = A
    assert "content lies below it" in lists(kept.put(), "left")[0]
    assert repository.content_by_remote_id("below") is not None


def test_places_that_change_their_order_change_which_one_is_the_main_one(kept: Placed) -> None:
    kept.more |= {"parent": [A, B], "move": True}
    kept.put()
    kept.more["parent"] = [B, A]
    assert lists(kept.put(), "changed") == ["parent"]
    assert kept.lies == ["cat-b", "cat-a"]
    assert isinstance(kept.put(), Skipped)


def test_what_lies_in_several_places_is_trashed_from_all_of_ours(kept: Placed) -> None:
    kept.more["parent"] = [A, B]
    kept.put()
    outcome = kept.shop.upsert.send(Delivery(Message(), "trash", "t-1", memory=kept.memory))
    assert isinstance(outcome, Done)
    assert [one["remote_id"] for one in kept.shop.book["trashed"]] == ["t-1"]


def test_section_availability_and_states_follow_the_message(kept: Placed) -> None:
    kept.more |= {"section": "media", "always_available": False, "states": {"ez_lock": "locked"}}
    assert lists(kept.put(), "changed") == ["section", "always_available", "state ez_lock: locked"]
    kept.shop.sandbox.book.reset()
    assert isinstance(kept.put(), Skipped)
    assert kept.shop.writes == {}
    kept.more |= {"section": None, "always_available": True, "states": {"ez_lock": None}}
    assert lists(kept.put(), "changed") == ["always_available"]


def test_fields_that_were_written_before_a_later_step_failed_stay_ours(kept: Placed) -> None:
    kept.more |= {"owners": {"name": "initial"}, "states": {"nothing": "x"}}
    assert isinstance(kept.put(name="B"), Refused)
    kept.more["states"] = None
    outcome = kept.put(name="C")
    assert lists(outcome, "changed") == ["name (eng-GB)"]


@pytest.mark.parametrize(
    ("states", "words"),
    [({"nothing": "x"}, "no object state group 'nothing'"), ({"ez_lock": "x"}, "It has: not_locked, locked")],
)
def test_an_unknown_state_is_refused_in_words(kept: Placed, states: Any, words: str) -> None:
    kept.more["states"] = states
    outcome = kept.put()
    assert isinstance(outcome, Refused)
    assert words in outcome.problem.sentence()
