"""A source and an editor work on the same items while answers get lost: nobody's work is undone, nothing is doubled.

Each seed is a story of random steps; the sandbox's content and its book are the judge.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Skipped, Unknown
from tests.integration.outgoing.shop import Shop

OWNERS = {"name": "initial", "body": "editor"}
WRITES = (
    "content.create",
    "content_version.create_draft_from_current",
    "content_version.update",
    "content_version.publish",
    "location.move",
    "location.create",
)
FAULTS: tuple[dict[str, Any], ...] = ({"cut": "after"}, {"cut": "before"}, {"status": 500}, {"status": 503})
PLACES: tuple[Json, ...] = ({"remote_id": "cat-a"}, {"remote_id": "cat-b"})


class Engine:
    """Keeps what the engine keeps of one item: memory, whether a task is suspect, the messages that were replaced."""

    def __init__(self, shop: Shop, luck: random.Random) -> None:
        self.shop, self.luck = shop, luck
        self.memory: Json = None
        self.suspect = False
        self.open: Message | None = None
        self.earlier: list[Message] = []

    def say(self, payload: Json) -> None:
        """The source says something new: an older message that is not through is replaced."""
        if self.open is not None and self.suspect:
            self.earlier.append(self.open)
        self.open = self.shop.upsert.prepare(Message(payload=payload))

    def attempt(self, *, may_die: bool) -> bool:
        """One delivery; True when it is through. A process that dies learns nothing of what it did."""
        assert self.open is not None
        earlier = tuple(self.earlier) if self.suspect else ()
        delivery = Delivery(self.open, "upsert", "t-1", suspect=self.suspect, earlier=earlier, memory=self.memory)
        outcome = self.shop.upsert.send(delivery)
        if may_die and self.luck.random() < 0.2:
            self.suspect = True
            return False
        if outcome.memory is not None:
            self.memory = outcome.memory
        if isinstance(outcome, Done | Skipped):
            self.suspect, self.open, self.earlier = False, None, []
            return True
        self.suspect = self.suspect or isinstance(outcome, Unknown)
        return False


def one_story(shop: Shop, seed: int) -> None:
    luck = random.Random(seed)
    engine = Engine(shop, luck)
    source: dict[str, Any] = {"name": "source 0", "sku": "0", "parent": PLACES[0]}
    editors: list[str] = []
    for step in range(1, 14):
        source["sku"] = str(step)
        if luck.random() < 0.6:
            source["name"] = f"source {step}"
        if luck.random() < 0.3:
            source["parent"] = luck.choice([*PLACES, list(PLACES), list(reversed(PLACES))])
        fields = {"name": source["name"], "sku": source["sku"], "body": f"body {step}"}
        payload = {"remote_id": "t-1", "fields": fields, "parent": source["parent"], "owners": OWNERS, "move": True}
        engine.say(payload)
        if luck.random() < 0.5:
            fault: dict[str, Any] = luck.choice(FAULTS)
            shop.fault(luck.choice(WRITES), fault, times=luck.randint(1, 4))
        engine.attempt(may_die=True)
        shop.sandbox.faults.clear()
        item = shop.sandbox.repository.content_by_remote_id("t-1")
        if item is not None and item.status == "PUBLISHED" and luck.random() < 0.25:
            editors.append(f"editor {step}")
            shop.edit(str(item.id), name=editors[-1])
    for _ in range(4):
        if engine.open is None or engine.attempt(may_die=False):
            break
    judge(shop, source, editors)


def judge(shop: Shop, source: dict[str, Any], editors: list[str]) -> None:
    alive = [one for one in shop.sandbox.repository.contents.values() if one.remote_id == "t-1"]
    assert [one.status for one in alive] == ["PUBLISHED"]
    held = alive[0].version.fields["eng-GB"]
    assert held["name"] == (editors[-1] if editors else source["name"]), (
        "an editor's name stays; ours is never taken for an editor's"
    )
    assert held["sku"] == source["sku"]
    drafts = [one.fields["eng-GB"]["name"] for one in alive[0].versions.values() if one.status == "DRAFT"]
    assert drafts == [], "also one that was made before an editor published again"
    assert not shop.book["duplicates"]
    wanted = source["parent"] if isinstance(source["parent"], list) else [source["parent"]]
    locations = shop.sandbox.repository.locations
    lies = {shop.held(str(locations[locations[one].parent_id].content_id)).remote_id for one in alive[0].locations}
    assert {one["remote_id"] for one in wanted} <= lies


@pytest.mark.parametrize("seed", range(24))
def test_whatever_comes_between_nobodys_work_is_undone(shop: Shop, seed: int) -> None:
    for name in ("cat-a", "cat-b"):
        assert isinstance(shop.put(name), Done)
    one_story(shop, seed)
