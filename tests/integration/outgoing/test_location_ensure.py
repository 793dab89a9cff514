"""location.ensure: several parents, moves, and the Locations that are not ours, which stay."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from tests.integration.outgoing.places import A, B, C, Placed
from tests.integration.outgoing.shop import Shop

DEAD = {"suspect": True}


class Ensured(Placed):
    """``t-1``, made below ``cat-a`` by another route; remembers for location.ensure."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.known: Json = None
        self.outgoing = shop.outgoing("location", "ensure")

    def message(self, *parents: Json, **more: Any) -> Message:
        parent: Json = parents[0] if len(parents) == 1 else list(parents)
        return self.outgoing.prepare(Message(payload={"content": {"remote_id": "t-1"}, "parent": parent, **more}))

    def ensure(self, *parents: Json, delivery: dict[str, Any] | None = None, **more: Any) -> Outcome:
        message = self.message(*parents, **more)
        key = self.outgoing.key(message) or ""
        outcome = self.outgoing.send(Delivery(message, "ensure", key, memory=self.known, **(delivery or {})))
        if outcome.memory is not None:
            self.known = outcome.memory
        return outcome

    def main_is(self, remote_id: str) -> None:
        """An editor makes the Location below that item the main one."""
        item = self.item
        other = next(one for one in item.locations if self.parent_of(one) == remote_id)
        path = self.shop.sandbox.repository.locations[other].path.strip("/")
        payload = {"MainLocation": {"_href": f"/api/ibexa/v2/content/locations/{path}"}}
        self.shop.call("content.update_metadata", payload, contentId=item.id)

    @property
    def item(self) -> Any:
        found = self.shop.sandbox.repository.content_by_remote_id("t-1")
        assert found is not None
        return found

    def parent_of(self, number: int) -> str:
        repository = self.shop.sandbox.repository
        above = repository.locations[repository.locations[number].parent_id]
        return repository.contents[above.content_id].remote_id

    def at(self, remote_id: str) -> str:
        """Path of its Location below that item."""
        number = next(one for one in self.item.locations if self.parent_of(one) == remote_id)
        path: str = self.shop.sandbox.repository.locations[number].path.strip("/")
        return path

    def child_below(self, remote_id: str) -> None:
        number = next(one for one in self.item.locations if self.parent_of(one) == remote_id)
        assert isinstance(self.shop.put("child", None), Done)
        child = self.shop.sandbox.repository.content_by_remote_id("child")
        assert child is not None
        path = self.shop.sandbox.repository.locations[number].path.strip("/")
        href = f"/api/ibexa/v2/content/locations/{path}"
        place = {"ParentLocation": {"_href": href}, "sortField": "PATH", "sortOrder": "ASC"}
        self.shop.call("location.create", place, contentId=child.id)


@pytest.fixture
def kept(shop: Shop) -> Ensured:
    return Ensured(shop)


def test_several_parents_are_added_once(kept: Ensured) -> None:
    outcome = kept.ensure(B, C, priority=7)
    assert isinstance(outcome, Done)
    assert outcome.change == "created"
    assert kept.lies == ["cat-a", "cat-b", "cat-c"]
    places = kept.shop.sandbox.repository.locations
    assert [places[one].priority for one in sorted(kept.item.locations)[1:]] == [7, 7]
    kept.shop.sandbox.book.reset()
    assert isinstance(kept.ensure(B, C, priority=7), Skipped)
    assert kept.shop.writes == {}


@pytest.mark.parametrize("move", [False, True])
def test_a_changed_parent_takes_what_we_made_along(kept: Ensured, move: bool) -> None:
    first = kept.ensure(B)
    assert isinstance(first, Done)
    outcome = kept.ensure(C, move=move)
    assert isinstance(outcome, Done)
    assert kept.lies == ["cat-a", "cat-c"]
    assert (outcome.target_id == first.target_id) == move, "moved, it is the same Location"
    assert isinstance(kept.ensure(C, move=move), Skipped)


@pytest.mark.parametrize("move", [False, True])
def test_what_others_made_stays(kept: Ensured, move: bool) -> None:
    kept.by_hand("cat-b")
    assert isinstance(kept.ensure(B), Skipped)
    assert isinstance(kept.ensure(C, move=move), Done)
    assert kept.lies == ["cat-a", "cat-b", "cat-c"]
    assert isinstance(kept.ensure(A, move=move), Done)
    assert kept.lies == ["cat-a", "cat-b"]


def test_no_parent_at_all_leaves_what_others_made(kept: Ensured) -> None:
    kept.ensure(B, C)
    assert isinstance(kept.ensure(), Done)
    assert kept.lies == ["cat-a"]
    assert isinstance(kept.ensure(), Skipped)


def test_what_an_editor_moved_is_hers(kept: Ensured) -> None:
    first = kept.ensure(B)
    assert isinstance(first, Done)
    path = kept.shop.sandbox.repository.locations[int(first.target_id)].path.strip("/")
    kept.shop.call("location.move", destination=kept.path("cat-c"), path=path)
    assert isinstance(kept.ensure(A), Skipped)
    assert kept.lies == ["cat-a", "cat-c"]


def test_one_with_content_below_it_stays_or_is_moved_with_it(kept: Ensured) -> None:
    kept.ensure(B)
    kept.child_below("cat-b")
    outcome = kept.ensure(C)
    assert isinstance(outcome, Done)
    assert "content lies below it" in str(outcome.detail["left"])
    assert kept.lies == ["cat-a", "cat-b", "cat-c"]
    assert isinstance(kept.ensure(A, C, move=True), Skipped)
    kept.shop.call("location.delete", path=kept.at("cat-c"))
    assert isinstance(kept.ensure(C, move=True), Done)
    assert kept.lies == ["cat-a", "cat-c"]


def test_the_main_one_is_never_removed(kept: Ensured) -> None:
    kept.ensure(B)
    kept.main_is("cat-b")
    outcome = kept.ensure(A)
    assert isinstance(outcome, Skipped)
    assert "it is the main one" in str(outcome.detail["left"])
    assert kept.lies == ["cat-b", "cat-a"]
    assert isinstance(kept.ensure(C, move=True), Done)
    assert kept.lies == ["cat-c", "cat-a"]


def test_what_content_upsert_made_is_not_ours(kept: Ensured) -> None:
    kept.more |= {"parent": [A, B]}
    kept.put()
    said = kept.message(B)
    assert isinstance(kept.ensure(C, delivery={**DEAD, "earlier": (said,)}), Done)
    assert kept.lies == ["cat-a", "cat-b", "cat-c"]


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
@pytest.mark.parametrize(
    ("op", "move"), [("location.create", False), ("location.delete", False), ("location.move", True)]
)
def test_whatever_is_lost_it_lies_where_it_is_meant_to(kept: Ensured, op: str, move: bool, do: Any) -> None:
    kept.ensure(B)
    kept.shop.fault(op, do, times=9)
    assert not isinstance(kept.ensure(C, move=move), Done | Skipped)
    kept.shop.sandbox.faults.clear()
    assert isinstance(kept.ensure(C, move=move, delivery=DEAD), Done | Skipped)
    assert kept.lies == ["cat-a", "cat-c"]
    assert isinstance(kept.ensure(A), Done)
    assert kept.lies == ["cat-a"]


@pytest.mark.parametrize("move", [False, True])
def test_a_process_that_died_knows_what_it_made(kept: Ensured, move: bool) -> None:
    kept.ensure(B)
    known, said = kept.known, kept.message(C, move=move)
    kept.ensure(C, move=move)
    kept.known = known
    assert isinstance(kept.ensure(A, delivery={**DEAD, "earlier": (said,)}), Done)
    assert kept.lies == ["cat-a"]


def test_what_was_added_before_a_later_step_failed_is_remembered(kept: Ensured) -> None:
    rule = {"match": {"op": "location.create"}, "when": {"nth": 2, "times": 9}, "do": {"status": 500}}
    kept.shop.sandbox.faults.add(rule)
    assert not isinstance(kept.ensure(B, C), Done | Skipped)
    kept.shop.sandbox.faults.clear()
    assert isinstance(kept.ensure(A), Done)
    assert kept.lies == ["cat-a"]


@pytest.mark.parametrize("payload", [{"parent": None}, {"parent": [B, {}]}, {"parent": B, "move": "always"}])
def test_what_names_no_place_is_refused(kept: Ensured, payload: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        kept.outgoing.prepare(Message(payload={"content": {"remote_id": "t-1"}, **payload}))
