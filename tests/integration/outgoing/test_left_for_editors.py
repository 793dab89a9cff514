"""``"publish": false``: a draft is left for an editor; it is brought up to date while nobody works in it."""

from __future__ import annotations

from typing import Any

import pytest

from connector.clients import IbexaClient
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from connector.core.secrets import Secret
from tests.integration.outgoing.shop import Kept, Shop

BODY = "first"


class Left(Kept):
    """``t-1`` of a route that leaves drafts."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, publish=False, **more)

    @property
    def item(self) -> Any:
        found = self.shop.sandbox.repository.content_by_remote_id("t-1")
        assert found is not None
        return found

    def drafts(self) -> dict[int, Any]:
        """Version -> its English name."""
        versions = self.item.versions.values()
        return {one.number: one.fields["eng-GB"]["name"] for one in versions if one.status == "DRAFT"}

    def publish(self, number: int) -> None:
        """What an editor does."""
        self.shop.call("content_version.publish", contentId=self.item.id, versionNo=number)


class Editor:
    """Another user, who saves drafts."""

    def __init__(self, shop: Shop) -> None:
        made = {
            "mainLanguageCode": "eng-GB",
            "login": "erna",
            "email": "erna@example.com",
            "password": "Publish123",
            "fields": {
                "field": [
                    {"fieldDefinitionIdentifier": "first_name", "fieldValue": "Erna"},
                    {"fieldDefinitionIdentifier": "last_name", "fieldValue": "Editor"},
                ]
            },
        }
        shop.call("user.create", made, path="1/5/13")
        auth = {"type": "jwt", "username": "erna", "password": Secret("Publish123")}
        config = {"base_url": shop.sandbox.url, "auth": auth}
        self._shop = shop
        self._client = IbexaClient.build("erna", config, shop.services)

    def save(self, content_id: int, number: int, **fields: Any) -> None:
        rows = [
            {"fieldDefinitionIdentifier": name, "languageCode": "eng-GB", "fieldValue": value}
            for name, value in fields.items()
        ]
        message = Message(path={"contentId": content_id, "versionNo": number}, payload={"fields": {"field": rows}})
        answer = self._client.send(self._shop.request("content_version.update", message))
        assert answer.status == 200, answer.body
        self._client.close()


def said(outcome: Outcome) -> str:
    assert isinstance(outcome, Done | Skipped), outcome
    return str(outcome.detail.get("waits", ""))


@pytest.fixture
def left(shop: Shop) -> Left:
    """Published as A by an editor, from the draft that we left."""
    kept = Left(shop)
    kept.created()
    kept.publish(1)
    shop.sandbox.book.reset()
    return kept


def test_a_new_item_is_a_draft_and_the_next_change_goes_into_it(shop: Shop) -> None:
    kept = Left(shop)
    first = kept.put()
    assert isinstance(first, Done)
    assert (first.change, first.detail["version"]) == ("drafted", 1)
    assert said(first) == "version 1 is a draft: an editor is to publish it"
    assert kept.item.status == "DRAFT"
    assert isinstance(kept.put(), Skipped)
    second = kept.put(name="B")
    assert isinstance(second, Done)
    assert (second.change, second.detail["changed"]) == ("drafted", ["name (eng-GB)"])
    assert kept.drafts() == {1: "B"}
    assert isinstance(kept.put(name="B"), Skipped)
    assert "content_version.publish" not in shop.writes


def test_the_next_change_goes_into_the_same_draft(left: Left) -> None:
    outcome = left.put(name="B")
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.detail["version"], outcome.detail["changed"]) == ("drafted", 2, ["name (eng-GB)"])
    assert said(outcome) == "version 2 is a draft: an editor is to publish it"
    assert (left.name(), left.drafts()) == ("A", {2: "B"})
    again = left.put({"target_id": outcome.target_id}, name="B")
    assert isinstance(again, Skipped)
    assert said(again)
    assert isinstance(left.put(name="C", price=3), Done)
    assert (left.name(), left.drafts()) == ("A", {2: "C"})
    assert left.shop.writes == {"content_version.create_draft_from_current": 1, "content_version.update": 2}


def test_what_goes_back_at_the_source_leaves_no_draft(left: Left) -> None:
    left.put(name="B")
    outcome = left.put()
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["no draft 2: nothing differs from what is published"]
    assert (left.name(), left.drafts()) == ("A", {})


def test_one_of_two_fields_goes_back(left: Left) -> None:
    left.put(name="B", price=2)
    left.publish(2)
    left.put(name="C", price=3)
    assert isinstance(left.put(name="C", price=2), Done)
    assert list(left.drafts().values()) == ["C"]
    [draft] = [one for one in left.item.versions.values() if one.status == "DRAFT"]
    assert draft.fields["eng-GB"]["price"] == 2


def test_after_an_editor_has_published_it_goes_on_from_there(left: Left) -> None:
    left.put(name="B")
    left.publish(2)
    assert isinstance(left.put(name="B"), Skipped)
    assert isinstance(left.put(name="C"), Done)
    assert (left.name(), left.drafts()) == ("B", {3: "C"})


@pytest.mark.parametrize("owner", ["initial", "source"])
def test_what_an_editor_changed_before_she_published_is_hers_if_it_may_be(left: Left, owner: str) -> None:
    left.more["owners"] = {"name": owner}
    left.put(name="B", price=2)
    Editor(left.shop).save(left.item.id, 2, name="hers")
    left.publish(2)
    outcome = left.put(name="C", price=3)
    assert isinstance(outcome, Done)
    assert outcome.detail.get("left") == (["name (eng-GB): an editor changed it"] if owner == "initial" else None)
    assert list(left.drafts().values()) == ["hers" if owner == "initial" else "C"]


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("suspect", [True, False])
def test_a_draft_in_which_an_editor_works_is_left_and_told(shop: Shop, new: bool, suspect: bool) -> None:
    kept = Left(shop)
    kept.created()
    number = 1
    if not new:
        kept.publish(1)
        kept.put(name="B")
        number = 2
    Editor(shop).save(kept.item.id, number, name="hers")
    shop.sandbox.book.reset()
    outcome = kept.put({"suspect": suspect}, name="C")
    assert isinstance(outcome, Skipped)
    assert outcome.detail["left"] == [
        f"version {number}: an editor has changed this draft, so it does not get name (eng-GB)"
    ]
    assert shop.writes == {}
    assert kept.drafts() == {number: "hers"}
    kept.publish(number)
    assert isinstance(kept.put(name="C"), Done)
    assert kept.drafts() == {number + 1: "C"}


def test_what_our_own_user_did_by_hand_in_it_counts_as_an_editors_work(left: Left) -> None:
    left.put(name="B")
    rows = [{"fieldDefinitionIdentifier": "price", "languageCode": "eng-GB", "fieldValue": 7}]
    left.shop.call("content_version.update", {"fields": {"field": rows}}, contentId=left.item.id, versionNo=2)
    assert isinstance(left.put(name="C"), Skipped)
    assert left.drafts() == {2: "B"}


def test_a_draft_that_an_editor_discarded_is_made_anew_with_the_next_change(left: Left) -> None:
    left.put(name="B")
    left.shop.call("content_version.delete", contentId=left.item.id, versionNo=2)
    assert isinstance(left.put(name="C"), Done)
    assert list(left.drafts().values()) == ["C"]


def test_what_was_published_since_is_not_undone_by_it(left: Left) -> None:
    left.put(name="B")
    left.shop.edit(str(left.item.id), price=9)
    assert isinstance(left.put(name="C"), Done)
    [(number, name)] = left.drafts().items()
    assert name == "C"
    left.publish(number)
    assert left.item.version.fields["eng-GB"]["price"] == 9


def test_nor_is_a_relation_that_was_published_since(left: Left) -> None:
    left.put(name="B")
    related = {"from": {"remote_id": "t-1"}, "to": [{"id": 1}]}
    assert isinstance(left.shop.send(left.shop.outgoing("relation", "ensure"), related), Done)
    assert isinstance(left.put(name="C"), Done)
    [number] = left.drafts()
    left.publish(number)
    assert left.name() == "C"
    place = {"contentId": left.item.id, "versionNo": number}
    assert len(left.shop.call("relation.list", **place)["Relations"]["Relation"]) == 1


@pytest.mark.parametrize("suspect", [True, False])
def test_tidying_up_leaves_it_there(left: Left, suspect: bool) -> None:
    left.put(name="B")
    assert isinstance(left.put({"suspect": suspect}, name="B"), Skipped)
    assert left.drafts() == {2: "B"}


def test_another_route_on_the_same_item_leaves_it_there(left: Left) -> None:
    left.put(name="B")
    prices = left.shop.outgoing("content", "update_only")
    payload = {"remote_id": "t-1", "fields": {"price": 5}}
    assert isinstance(left.shop.send(prices, payload, suspect=True), Done)
    related = {"from": {"remote_id": "t-1"}, "to": [{"id": 1}]}
    assert isinstance(left.shop.send(left.shop.outgoing("relation", "ensure"), related, suspect=True), Done)
    assert left.drafts() == {2: "B"}


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
@pytest.mark.parametrize("op", ["content_version.create_draft_from_current", "content_version.update"])
def test_whatever_is_lost_there_is_one_draft_in_the_end(left: Left, op: str, do: Any) -> None:
    left.shop.fault(op, do, times=3)
    outcome = left.put(name="B")
    left.shop.sandbox.faults.clear()
    if isinstance(outcome, NotSent | Unknown | Refused):
        outcome = left.put({"suspect": True}, name="B")
    assert isinstance(outcome, Done | Skipped)
    assert left.drafts() == {max(left.item.versions): "B"}
    assert isinstance(left.put(name="B"), Skipped)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
def test_a_lost_create_makes_one_draft(shop: Shop, do: Any) -> None:
    kept = Left(shop)
    shop.fault("content.create", do, times=3)
    outcome = kept.put()
    shop.sandbox.faults.clear()
    if not isinstance(outcome, Done | Skipped):
        outcome = kept.put({"suspect": True})
    assert said(outcome) == "version 1 is a draft: an editor is to publish it"
    assert (kept.item.status, kept.drafts()) == ("DRAFT", {1: "A"})
    assert shop.book["items"]["t-1"]["creates"] == 1
    assert isinstance(kept.put(name="B"), Done)
    assert kept.drafts() == {1: "B"}


@pytest.mark.parametrize("before", [{}, {2: "B"}])
def test_what_is_refused_leaves_no_draft_and_spoils_none(left: Left, before: dict[int, str]) -> None:
    if before:
        left.put(name="B")
    left.shop.fault("content_version.update", {"status": 400}, times=9)
    assert isinstance(left.put(name="C"), Refused)
    left.shop.sandbox.faults.clear()
    assert left.drafts() == before
    assert isinstance(left.put(name="D"), Done)
    assert list(left.drafts().values()) == ["D"]
    assert not before or list(left.drafts()) == [2]


def test_a_process_that_died_with_its_memory_finds_the_draft_again(left: Left) -> None:
    known = left.memory
    left.put(name="B")
    left.memory = known
    assert isinstance(left.put({"suspect": True}, name="B"), Skipped | Done)
    assert left.drafts() == {2: "B"}


@pytest.mark.parametrize("new", [True, False])
def test_a_lost_run_log_makes_no_second_draft(shop: Shop, new: bool) -> None:
    kept = Left(shop)
    kept.created(name="B" if new else "A")
    if not new:
        kept.publish(1)
        kept.put(name="B")
    kept.memory = None
    outcome = kept.put(name="B")
    assert said(outcome)
    assert list(kept.drafts().values()) == ["B"]
    assert isinstance(kept.put(name="C"), Done)
    assert list(kept.drafts().values()) == ["C"]


@pytest.mark.parametrize("new", [True, False])
def test_once_publishing_is_declared_our_draft_is_published(shop: Shop, new: bool) -> None:
    kept = Left(shop)
    kept.created()
    if not new:
        kept.publish(1)
        kept.put(name="B")
    del kept.more["publish"]
    assert isinstance(kept.put(name="C"), Done)
    assert (kept.item.status, kept.name(), kept.drafts()) == ("PUBLISHED", "C", {})


@pytest.mark.parametrize("new", [True, False])
def test_an_editors_work_is_not_published_then(shop: Shop, new: bool) -> None:
    kept = Left(shop)
    kept.created()
    if not new:
        kept.publish(1)
        kept.put(name="B")
    Editor(shop).save(kept.item.id, 1 if new else 2, name="hers")
    del kept.more["publish"]
    outcome = kept.put(name="C")
    assert "an editor has changed this draft" in str(outcome)
    assert kept.drafts() == {1 if new else 2: "hers"}
    assert kept.item.status == ("DRAFT" if new else "PUBLISHED")


def test_what_belongs_to_no_version_comes_after_the_editor(shop: Shop) -> None:
    kept = Left(shop, states={"ez_lock": "locked"}, parent=[{"path": "/1/2"}, {"path": "/1/43"}])
    first = kept.put()
    assert isinstance(first, Done)
    assert first.detail["left"] == ["further parents, states: it is not published yet"]
    kept.more["parent"] = [{"path": "/1/43"}, {"path": "/1/2"}]
    assert "parent: it is not published yet, and stays where it was made" in str(kept.put())
    kept.publish(1)
    done = kept.put()
    assert isinstance(done, Done)
    assert "state ez_lock: locked" in done.detail["changed"]
    assert len(kept.item.locations) == 2


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("update_only", {"fields": {"name": "B"}}),
        ("translate", {"language": "nor-NO", "fields": {"name": "B"}}),
    ],
)
def test_update_only_and_translate_leave_drafts_too(shop: Shop, action: str, payload: dict[str, Any]) -> None:
    kept = Kept(shop)
    kept.created()
    outgoing = shop.outgoing("content", action, payload={"publish": False})
    language = payload.get("language", "eng-GB")
    memory = None
    for name in ("B", "C"):
        said = {"remote_id": "t-1", **payload, "fields": {"name": name}}
        outcome = shop.send(outgoing, said, memory=memory)
        assert isinstance(outcome, Done)
        assert (outcome.change, outcome.detail["version"]) == ("drafted", 2)
        memory = outcome.memory
    item = shop.sandbox.repository.content_by_remote_id("t-1")
    assert item is not None
    assert item.versions[2].fields[language]["name"] == "C"
    assert (kept.name(), len(item.versions)) == ("A", 2)


def test_create_only_leaves_one_draft_and_then_leaves_it_alone(shop: Shop) -> None:
    payload = {"remote_id": "t-1", "content_type": "thing", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    outgoing = shop.outgoing("content", "create_only", payload={"publish": False})
    first = shop.send(outgoing, {**payload, "fields": {"name": "A"}})
    assert isinstance(first, Done)
    assert (first.change, said(first)) == ("drafted", "version 1 is a draft: an editor is to publish it")
    shop.sandbox.book.reset()
    again = shop.send(outgoing, {**payload, "fields": {"name": "B"}}, memory=first.memory, suspect=True)
    assert isinstance(again, Skipped)
    assert shop.writes == {}


@pytest.mark.parametrize(("away", "edited", "status"), [("hide", 0, "DRAFT"), ("trash", 1, "DRAFT"), ("trash", 0, "")])
def test_putting_away_what_was_never_published(shop: Shop, away: str, edited: int, status: str) -> None:
    kept = Left(shop)
    kept.created()
    if edited:
        Editor(shop).save(kept.item.id, 1, name="hers")
    outcome = shop.upsert.send(Delivery(Message(), away, "t-1", memory=kept.memory))
    assert isinstance(outcome, Skipped if status else Done)
    item = shop.sandbox.repository.content_by_remote_id("t-1")
    assert (item.status if item else "") == status


def test_a_look_writes_nothing(left: Left) -> None:
    left.put(name="B")
    left.shop.sandbox.book.reset()
    assert isinstance(left.put({"action": "verify"}, name="B"), Skipped)
    drifted = left.put({"action": "verify"}, name="C")
    assert isinstance(drifted, Skipped)
    assert drifted.reason == "drifted"
    assert left.shop.writes == {}
