"""Who may write a field: what an editor changed stays, what is still ours is written, and what was left is said."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown
from tests.integration.outgoing.shop import Kept, Shop

OWNERS = {"name": "initial", "body": "editor"}


class Owned(Kept):
    """The same item again and again, its name ours while nobody changes it, its body the editors'."""

    def __init__(self, shop: Shop, **more: Any) -> None:
        super().__init__(shop, **{"owners": OWNERS, **more})


def test_a_field_is_written_while_nobody_else_changed_it(shop: Shop) -> None:
    owned = Owned(shop)
    owned.created()
    for name in ("B", "C"):
        outcome = owned.put(name=name)
        assert isinstance(outcome, Done)
        assert outcome.detail["changed"] == ["name (eng-GB)"]
        assert "left" not in outcome.detail
    assert owned.name() == "C"


def test_what_an_editor_changed_stays_and_is_said_while_the_rest_is_written(shop: Shop) -> None:
    owned = Owned(shop)
    number = owned.created(sku="1")
    shop.edit(number, name="The editor's")
    for sku in ("2", "3"):
        outcome = owned.put(name="B", sku=sku)
        assert isinstance(outcome, Done)
        assert outcome.detail["changed"] == ["sku (eng-GB)"]
        assert outcome.detail["left"] == ["name (eng-GB): an editor changed it"]
    assert owned.name() == "The editor's"
    shop.sandbox.book.reset()
    outcome = owned.put(name="B", sku="3")
    assert isinstance(outcome, Skipped)
    assert outcome.detail["left"] == ["name (eng-GB): an editor changed it"]
    assert shop.writes == {}


def test_a_field_that_the_editor_gave_back_is_ours_again(shop: Shop) -> None:
    owned = Owned(shop)
    number = owned.created()
    shop.edit(number, name="The editor's")
    owned.put(name="B")
    shop.edit(number, name="A")
    assert isinstance(owned.put(name="B"), Done)
    shop.edit(number, name="C")
    assert isinstance(owned.put(name="C"), Skipped), "the source says the same by now"
    assert isinstance(owned.put(name="D"), Done)
    assert owned.name() == "D"


def test_an_editors_field_is_written_once_in_each_language(shop: Shop) -> None:
    owned = Owned(shop)
    number = owned.created()
    outcome = owned.put(body="second")
    assert isinstance(outcome, Skipped)
    assert outcome.detail["left"] == ["body (eng-GB): it belongs to the editors"]
    owned.more["translations"] = {"nor-NO": {"name": "Å", "body": "første"}}
    outcome = owned.put()
    assert isinstance(outcome, Done)
    assert sorted(outcome.detail["changed"]) == ["body (nor-NO)", "name (nor-NO)"]
    shop.edit(number, "nor-NO", name="Redaktørens")
    owned.more["translations"] = {"nor-NO": {"name": "Ø", "body": "andre"}}
    assert isinstance(owned.put(), Skipped)
    assert owned.name("nor-NO") == "Redaktørens"


def test_pictures_and_rich_text_stay_ours_from_version_to_version(shop: Shop) -> None:
    owners = {"name": "source", "body": "initial", "picture": "initial", "related": "initial", "since": "initial"}
    owned = Owned(shop, owners=owners)
    number = owned.created(picture={"url": f"{shop.cdn.server.url}/a.png", "version": "1"}, since="2026-03-02")
    shop.edit(number, name="another version of it, with the same picture")
    shop.cdn.shade = 2
    body = {"html": "<p>a <b>b</b></p>"}
    outcome = owned.put(picture={"url": f"{shop.cdn.server.url}/a.png", "version": "2"}, body=body, since="2026-03-03")
    assert isinstance(outcome, Done)
    wrote = ["body (eng-GB)", "name (eng-GB)", "picture (eng-GB)", "since (eng-GB)"]
    assert sorted(outcome.detail["changed"]) == wrote
    assert isinstance(owned.put(picture={"url": f"{shop.cdn.server.url}/a.png", "version": "3"}, body="x"), Done)


def test_a_text_that_an_editor_gave_to_our_picture_keeps_the_picture(shop: Shop) -> None:
    owned = Owned(shop, owners={"picture": "initial"})
    picture = {"url": f"{shop.cdn.server.url}/a.png", "version": "1"}
    number = owned.created(picture=picture)
    held = dict(shop.held(number).version.fields["eng-GB"]["picture"])
    held["alternativeText"] = "An editor's words"
    shop.held(number).version.fields["eng-GB"]["picture"] = held
    assert isinstance(owned.put(picture=picture, name="B"), Done), "the picture is the same, its text is not ours"
    outcome = owned.put(picture={**picture, "version": "2"}, name="B")
    assert isinstance(outcome, Skipped)
    assert outcome.detail["left"] == ["picture (eng-GB): an editor changed it"]


def test_without_a_memory_only_what_is_empty_or_equal_is_taken_as_ours(shop: Shop) -> None:
    owned = Owned(shop, owners={"name": "initial", "sku": "initial"})
    owned.created()
    owned.memory = None
    outcome = owned.put(name="B", sku="1")
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["sku (eng-GB)"]
    assert outcome.detail["left"] == ["name (eng-GB): not known to be what we last wrote"]
    assert isinstance(owned.put(sku="1"), Skipped), "equal: learnt"
    assert isinstance(owned.put(name="B", sku="1"), Done)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}])
@pytest.mark.parametrize("op", ["content.create", "content_version.publish", "content_version.update"])
def test_a_write_that_we_never_heard_of_is_not_taken_for_an_editors(shop: Shop, op: str, do: Any) -> None:
    owned = Owned(shop)
    if op == "content_version.update":
        owned.created()
    shop.sandbox.faults.add({"match": {"op": op}, "when": {"times": 9}, "do": do})
    outcome = owned.put(name="B")
    shop.sandbox.faults.clear()
    replaced = shop.upsert.prepare(
        Message(payload={"remote_id": "t-1", "fields": {"name": "B", "body": "first"}, "owners": OWNERS})
    )
    suspect = {"suspect": isinstance(outcome, Unknown), "earlier": (replaced,)}
    for _ in range(3):
        outcome = owned.put(suspect, name="C")
        if isinstance(outcome, Done | Skipped):
            break
    assert isinstance(outcome, Done | Skipped)
    assert (owned.name(), outcome.detail.get("left")) == ("C", None)
    assert shop.is_sound()


def test_a_system_that_is_busy_half_way_leaves_no_draft_behind(shop: Shop) -> None:
    owned = Owned(shop)
    owned.created()
    shop.fault("content_version.update", {"status": 429}, times=999)
    outcome = owned.put(name="B")
    assert isinstance(outcome, NotSent)
    assert outcome.begun
    assert len(shop.book["leftover_drafts"]) == 1
    shop.sandbox.faults.clear()
    assert isinstance(owned.put({"suspect": True}, name="C"), Done)
    assert shop.is_sound()


def test_a_draft_that_was_left_behind_does_not_undo_an_editors_work(shop: Shop) -> None:
    owned = Owned(shop)
    number = owned.created(sku="1")
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    assert isinstance(owned.put(name="B", sku="2"), Unknown)
    shop.sandbox.faults.clear()
    shop.edit(number, name="The editor's")
    outcome = owned.put({"suspect": True}, name="B", sku="3")
    assert isinstance(outcome, Done)
    assert (owned.name(), shop.held(number).version.fields["eng-GB"]["sku"]) == ("The editor's", "3")


def test_owners_name_fields_of_the_type_and_known_words(shop: Shop) -> None:
    with pytest.raises(RecordError, match="'editors' is no|cannot be"):
        shop.upsert.prepare(Message(payload={"remote_id": "t-1", "owners": {"name": "editors"}}))
    outcome = shop.send(shop.upsert, {"remote_id": "t-1", "fields": {"name": "A"}, "owners": {"nam": "editor"}})
    assert isinstance(outcome, Refused)
    assert "Did you mean 'name'" in outcome.problem.sentence()
