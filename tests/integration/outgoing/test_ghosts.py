"""What Ibexa deleted along with its parent: read by its id it seems to be there for long, and it is not."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped, Waits
from tests.integration.outgoing.places import Placed
from tests.integration.outgoing.shop import Shop

LOCKED = {"ez_lock": "locked"}


class Ghost(Placed):
    """``t-1`` lay below ``cat-a``, which an editor deleted."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, **more)
        self.number = str(_of(shop, "t-1").id)
        shop.call("content.delete", contentId=_of(shop, "cat-a").id)
        assert shop.call("content.get", contentId=int(self.number))["Content"]["_remoteId"] == "t-1"
        assert shop.sandbox.repository.content_by_remote_id("t-1") is None
        self.more["parent"] = {"remote_id": "cat-b"}
        shop.sandbox.book.reset()

    def send(self, action: str, payload: dict[str, Any], known: str = "", **more: Any) -> Outcome:
        outgoing = self.shop.outgoing("content", action)
        return self.shop.send(outgoing, {"remote_id": "t-1", **payload}, target_id=known or self.number, **more)


@pytest.fixture
def ghost(shop: Shop) -> Ghost:
    return Ghost(shop)


@pytest.mark.parametrize(
    ("name", "more"),
    [("B", {}), ("B", {"move": True}), ("A", {"move": True}), ("A", {"move": "always"}), ("A", {"states": LOCKED})],
)
def test_it_is_made_anew_once_a_step_shows_that_it_is_gone(ghost: Ghost, name: str, more: dict[str, Any]) -> None:
    ghost.more |= more
    outcome = ghost.put({"target_id": ghost.number, "action": "upsert"}, name=name)
    assert isinstance(outcome, Done), outcome
    assert (outcome.change, outcome.target_id) == ("created", str(_of(ghost.shop, "t-1").id))
    assert (ghost.name(), ghost.lies) == (name, ["cat-b"])
    assert isinstance(ghost.put({"target_id": outcome.target_id}, name=name), Skipped)


@pytest.mark.parametrize("suspect", [False, True])
def test_one_that_was_made_anew_is_found_in_its_place(ghost: Ghost, suspect: bool) -> None:
    made = ghost.put(name="B")
    assert isinstance(made, Done)
    again = ghost.put({"target_id": ghost.number, "suspect": suspect}, name="C")
    assert isinstance(again, Done)
    assert (again.target_id, ghost.name()) == (made.target_id, "C")


def test_a_look_and_a_repair_are_not_fooled(ghost: Ghost) -> None:
    look = ghost.put({"target_id": ghost.number, "action": "verify"})
    assert isinstance(look, Skipped)
    assert (look.reason, ghost.shop.writes) == ("drifted", {})
    repaired = ghost.put({"target_id": ghost.number, "action": "repair"})
    assert isinstance(repaired, Done)
    assert repaired.change == "created"


def test_many_are_compared_by_one_search(shop: Shop) -> None:
    made = {f"n-{number}": shop.put(f"n-{number}") for number in range(40)}
    known = {name: one.target_id for name, one in made.items() if isinstance(one, Done)}
    messages = {name: Message(payload={"remote_id": name, "fields": {"name": "A"}}) for name in known}
    looks = [
        Delivery(shop.upsert.prepare(messages[name]), "verify", name, number, memory=made[name].memory)
        for name, number in known.items()
    ]
    shop.call("content.delete", contentId=int(known["n-7"]))
    shop.sandbox.book.reset()
    shop.upsert.expect(looks)
    reasons = [shop.upsert.send(one).reason for one in looks]  # type: ignore[union-attr]
    assert reasons == ["drifted" if name == "n-7" else "unchanged" for name in known]
    assert shop.book["requests"]["by_op"] == {"content.search": 1, "content.find": 1}


def test_what_only_changes_waits_for_it(ghost: Ghost) -> None:
    assert isinstance(ghost.send("update_only", {"fields": {"name": "B"}}), Waits)
    absent = ghost.send("update_only", {"fields": {"name": "B"}, "absent": "skip"})
    assert isinstance(absent, Skipped)
    assert absent.reason == "absent"
    assert isinstance(ghost.send("translate", {"language": "nor-NO", "fields": {"name": "B"}}), Waits)
    ghost.put(name="C")
    assert isinstance(ghost.send("update_only", {"fields": {"name": "B"}}), Done)
    assert ghost.name() == "B"


def test_what_puts_away_finds_it_gone_and_the_new_one_in_its_place(ghost: Ghost) -> None:
    for action in ("trash", "delete", "hide"):
        away = ghost.shop.upsert.send(Delivery(Message(), action, "t-1", ghost.number, memory=ghost.memory))
        assert isinstance(away, Skipped)
        assert away.reason == "gone"
        assert isinstance(ghost.send(action, {}), Skipped)
    ghost.put(name="C")
    assert ghost.send("hide", {}) == Done("hidden", str(_of(ghost.shop, "t-1").id))
    assert ghost.send("trash", {}) == Done("trashed", str(_of(ghost.shop, "t-1").id))


def test_what_shows_again_waits_for_it(shop: Shop) -> None:
    kept = Placed(shop)
    number = _of(shop, "t-1").id
    shop.call("content.hide", contentId=number)
    shop.call("content.delete", contentId=_of(shop, "cat-a").id)
    reveal = shop.outgoing("content", "reveal")
    outcome = shop.send(reveal, {"remote_id": "t-1"}, target_id=str(number), memory=kept.memory)
    assert isinstance(outcome, NotSent)
    assert "is not in Ibexa" in outcome.problem.message


def _of(shop: Shop, remote_id: str) -> Any:
    item = shop.sandbox.repository.content_by_remote_id(remote_id)
    assert item is not None
    return item
