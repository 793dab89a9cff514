"""An editor gives an item of ours another remote id: no second one is made beside it."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.outcome import Done, Refused
from tests.integration.outgoing.shop import Shop

CALLED: dict[str, Any] = {"content_type": "thing", "main_language": "eng-GB", "parent": {"path": "/1/2"}}


@pytest.mark.parametrize("action", ["upsert", "create_only"])
def test_an_item_under_another_remote_id_is_not_made_twice(shop: Shop, action: str) -> None:
    made = shop.put("t-1")
    assert isinstance(made, Done)
    shop.call("content.update_metadata", {"remoteId": "editors-own"}, contentId=made.target_id)
    outgoing = shop.outgoing("content", action, payload=CALLED)
    known: dict[str, Any] = {"target_id": made.target_id, "memory": made.memory}
    outcome = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "B"}}, **known)
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "IBX451"
    assert f"content item {made.target_id} was 't-1'" in outcome.problem.message
    assert "'editors-own'" in outcome.problem.message
    assert shop.writes["content.create"] == 1
    shop.trash(made.target_id)
    anew = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "B"}}, **known)
    assert isinstance(anew, Done)
    assert anew.target_id != made.target_id
