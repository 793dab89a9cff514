"""Drafts that a killed attempt left, found by the simulated month: each is known as ours, and none stays."""

from __future__ import annotations

from connector.core.outcome import Done, Unknown
from tests.integration.outgoing.shop import Shop

NORSE = {"nor-NO": {"name": "Norsk"}}


def _left_behind(shop: Shop, **fields: object) -> None:
    """An attempt that ended between the draft and its publication."""
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    assert isinstance(shop.put(**fields), Unknown)
    shop.sandbox.faults.clear()
    assert len(shop.book["leftover_drafts"]) == 1


def test_what_is_not_translatable_is_in_every_language_of_our_draft(shop: Shop) -> None:
    shop.put(price=1, translations=NORSE)
    _left_behind(shop, price=2, translations=NORSE)
    outcome = shop.put("t-1", {"suspect": True}, price=2, translations=NORSE)
    assert isinstance(outcome, Done)
    assert outcome.detail["version"] == 2, "the draft was taken up, not doubled"
    assert shop.is_sound()


def test_a_new_language_has_empty_fields_in_our_draft(shop: Shop) -> None:
    shop.put(body="text")
    _left_behind(shop, body="text", translations=NORSE)
    outcome = shop.put("t-1", {"suspect": True}, body="text", translations=NORSE)
    assert isinstance(outcome, Done)
    assert outcome.detail["version"] == 2
    assert shop.is_sound()


def test_what_an_editor_has_published_since_and_before_is_no_work_in_our_draft(shop: Shop) -> None:
    first = shop.put(body="text")
    assert isinstance(first, Done)
    shop.edit(first.target_id, name="an editor's first")
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    owned = {"owners": {"name": "initial"}}
    payload = {"remote_id": "t-1", "fields": {"name": "A", "body": "new"}, **owned}
    assert isinstance(shop.send(shop.upsert, payload, memory=first.memory), Unknown)
    shop.sandbox.faults.clear()
    shop.edit(first.target_id, name="an editor's second")
    assert isinstance(shop.send(shop.upsert, payload, memory=first.memory, suspect=True), Done)
    assert shop.held(first.target_id).version.fields["eng-GB"]["name"] == "an editor's second"
    assert shop.is_sound()


def test_what_our_user_did_by_hand_in_a_draft_is_still_work(shop: Shop) -> None:
    first = shop.put(price=1, translations=NORSE)
    assert isinstance(first, Done)
    made = shop.call("content_version.create_draft_from_current", contentId=first.target_id)
    number = made["Version"]["VersionInfo"]["versionNo"]
    rows = [{"fieldDefinitionIdentifier": "price", "languageCode": "eng-GB", "fieldValue": 7}]
    shop.call("content_version.update", {"fields": {"field": rows}}, contentId=first.target_id, versionNo=number)
    shop.edit(first.target_id, name="B")
    assert isinstance(shop.put("t-1", {"suspect": True}, price=2, translations=NORSE), Done)
    assert [one["version"] for one in shop.book["leftover_drafts"]] == [number]
