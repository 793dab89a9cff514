"""An outgoing that can only add and change is asked to put something away: refused in a sentence, and nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Refused
from tests.integration.outgoing.shop import Shop

CANNOT: list[tuple[str, str, dict[str, Any]]] = [
    ("location", "ensure", {}),
    ("section", "ensure", {}),
    ("content", "update_only", {}),
    ("content", "translate", {}),
    ("relation", "ensure", {}),
    ("object_state", "set", {}),
    ("user", "upsert", {}),
    ("url_alias", "ensure", {}),
    ("content_type", "ensure", {}),
    ("section", "create", {"payload": {"identifier": "gone", "name": "Gone"}}),
    ("section", "delete", {"path": {"sectionId": 1}}),
    ("location", "copy", {}),
    ("content", "hide", {}),
    ("content", "delete", {}),
]


@pytest.mark.parametrize("away", ["hide", "trash", "delete"])
@pytest.mark.parametrize(("entity", "action", "declared"), CANNOT)
def test_what_cannot_put_away_says_so_and_sends_nothing(
    shop: Shop, entity: str, action: str, declared: dict[str, Any], away: str
) -> None:
    shop.put()
    shop.sandbox.book.reset()
    outgoing = shop.outgoing(entity, action, **declared)
    outcome = outgoing.send(Delivery(Message(), away, "t-1"))
    assert isinstance(outcome, Refused)
    assert (outcome.problem.code, f"cannot {away}" in outcome.problem.message) == ("IBX429", True)
    assert "t-1" in outcome.problem.hint
    assert shop.book["requests"]["total"] == 0


@pytest.mark.parametrize("action", ["upsert", "create_only"])
def test_what_owns_an_item_can(shop: Shop, action: str) -> None:
    shop.put()
    outcome = shop.outgoing("content", action).send(Delivery(Message(), "hide", "t-1"))
    assert isinstance(outcome, Done)
    assert outcome.change == "hidden"


def test_a_plain_delete_of_its_own_is_none_of_this(shop: Shop) -> None:
    made = shop.send(shop.outgoing("section", "create"), {"identifier": "gone", "name": "Gone"})
    assert isinstance(made, Done)
    outgoing = shop.outgoing("section", "delete")
    message = outgoing.prepare(Message(path={"sectionId": int(made.target_id)}))
    assert isinstance(outgoing.send(Delivery(message, "delete", "k")), Done)
