"""An editor publishes between our draft and our publishing of it: her version is not replaced unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from connector.clients import IbexaClient
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Skipped, Unknown
from connector.core.secrets import Secret
from connector.systems.ibexa.actions.content import drafts
from connector.systems.ibexa.answered import Answer
from tests.integration.outgoing.shop import Kept, Shop

OWNERS = {"name": "initial", "body": "source"}
CHANGED = ["content.get", "content_version.create_draft_from_current", "content_version.update"]
CHANGED += ["content_version.publish"]


class Known(Kept):
    """One item, whose id an earlier delivery learned."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, **more)
        self.target = self.created()
        shop.sandbox.book.reset()


@pytest.fixture
def kept(shop: Shop) -> Known:
    return Known(shop, owners=OWNERS)


def just_before(kept: Known, operation: str, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, right before our outgoing sends that operation."""
    gateway, waiting = kept.shop.upsert._gateway, [act]
    call = gateway.call

    def between(asked: str, message: Message, within: float | None = None) -> Answer:
        if asked == operation and waiting:
            waiting.pop()()
        return call(asked, message, within)

    monkeypatch.setattr(gateway, "call", between)


def editor(kept: Known) -> None:
    kept.shop.edit(kept.target, name="By the editor", sku="hers")


def put(kept: Known, **delivery: Any) -> Any:
    return kept.put({"target_id": kept.target, **delivery}, name="ours", body="second")


def is_merged(kept: Known) -> bool:
    """Hers stays, ours is written: into a version made from hers."""
    fields = kept.shop.held(kept.target).version.fields["eng-GB"]
    return (fields["name"], fields["sku"], "second" in str(fields["body"])) == ("By the editor", "hers", True)


def test_what_is_changed_without_a_pause_costs_four_requests(kept: Known) -> None:
    assert isinstance(put(kept), Done)
    assert kept.shop.book["requests"]["by_op"] == dict.fromkeys(CHANGED, 1)


def test_a_draft_that_is_old_is_thrown_away_when_somebody_published(
    kept: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "FRESH", 0.0)
    just_before(kept, "content_version.update", lambda: editor(kept), monkeypatch)
    outcome = put(kept)
    assert isinstance(outcome, Done)
    assert outcome.detail["left"] == ["name (eng-GB): an editor changed it"]
    assert is_merged(kept)
    assert kept.shop.is_sound()


def test_a_draft_that_is_old_is_published_when_nobody_did(kept: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "FRESH", 0.0)
    assert isinstance(put(kept), Done)
    assert kept.shop.writes["content_version.create_draft_from_current"] == 1
    assert kept.name() == "ours"


def test_what_somebody_published_between_our_look_and_our_draft_is_seen(
    kept: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(kept, "content_version.create_draft_from_current", lambda: editor(kept), monkeypatch)
    assert isinstance(put(kept), Done)
    assert is_merged(kept)
    assert kept.shop.is_sound()


def test_a_draft_that_was_left_behind_is_published_only_after_a_look(
    kept: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.shop.fault("content_version.update", {"cut": "before"}, times=5)
    memory = kept.memory
    first = put(kept)
    assert isinstance(first, Unknown | NotSent)
    kept.shop.sandbox.faults.clear()
    kept.memory = memory
    just_before(kept, "content_version.update", lambda: editor(kept), monkeypatch)
    assert isinstance(put(kept, suspect=True), Done)
    assert is_merged(kept)
    assert kept.shop.is_sound()


def test_publishing_that_waits_at_the_gate_looks_again(kept: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "FRESH", 0.5)
    shop = kept.shop
    auth = {"type": "jwt", "username": "admin", "password": Secret("publish")}
    other = IbexaClient.build("editor", {"base_url": shop.sandbox.url, "auth": auth}, shop.services)
    ours, refused = shop.client, threading.Event()
    monkeypatch.setattr(ours, "_policy", replace(ours._policy, max_elapsed=20.0))

    def meanwhile() -> None:
        refused.wait(10)
        shop.client = other
        editor(kept)
        shop.client = ours

    shop.fault("content_version.publish", {"status": 429, "headers": {"Retry-After": "1"}}, times=1)
    gate = ours._gate
    told = gate.refused

    def refusal(*given: Any) -> float:
        wait = told(*given)
        refused.set()
        return wait

    monkeypatch.setattr(gate, "refused", refusal)
    thread = threading.Thread(target=meanwhile)
    thread.start()
    outcome = put(kept)
    thread.join()
    other.close()
    assert isinstance(outcome, Done)
    assert is_merged(kept)
    assert shop.is_sound()


def test_relations_are_published_over_nobody_else(kept: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(kept.shop.put("b"), Done)
    monkeypatch.setattr(drafts, "FRESH", 0.0)
    outgoing = kept.shop.outgoing("relation", "ensure")
    call, waiting = outgoing._gateway.call, [1]

    def between(asked: str, message: Message, within: float | None = None) -> Answer:
        if asked == "relation.create" and waiting:
            waiting.pop()
            editor(kept)
        return call(asked, message, within)

    monkeypatch.setattr(outgoing._gateway, "call", between)
    payload: Json = {"from": {"remote_id": "t-1"}, "to": [{"remote_id": "b"}]}
    first = kept.shop.send(outgoing, payload)
    assert isinstance(first, NotSent)
    assert first.begun
    assert isinstance(kept.shop.send(outgoing, payload, suspect=True), Done)
    fields = kept.shop.held(kept.target).version.fields["eng-GB"]
    assert fields["name"] == "By the editor"
    assert isinstance(kept.shop.send(outgoing, payload), Skipped)


def test_what_a_moment_was_enough_to_replace_is_told_when_comparing(
    kept: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(kept, "content_version.update", lambda: editor(kept), monkeypatch)
    assert isinstance(put(kept), Done)
    assert kept.name() == "ours", "within FRESH seconds nobody is asked"
    seen = put(kept, action="verify")
    assert isinstance(seen, Skipped)
    assert seen.detail["left"] == ["version 3: published while ours, 2, was written, which replaced it"]
    assert kept.shop.writes["content_version.publish"] == 2
    kept.shop.edit(kept.target, sku="looked at")
    assert "left" not in put(kept, action="verify").detail


def test_where_nobody_came_between_there_is_nothing_to_tell(kept: Known) -> None:
    editor(kept)
    outcome = kept.put({"target_id": kept.target}, name="ours", body="second")
    assert isinstance(outcome, Done)
    kept.put({"target_id": kept.target}, name="ours", body="third")
    seen = kept.put({"target_id": kept.target, "action": "verify"}, name="ours", body="third")
    assert seen.detail["left"] == ["name (eng-GB): an editor changed it"]  # type: ignore[union-attr]
