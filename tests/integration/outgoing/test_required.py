"""What a content type requires is asked for before anything is written: on create, on update, in a new language."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.outcome import Done, Outcome, Refused, Skipped
from tests.integration.outgoing.shop import Kept, Shop
from tests.integration.outgoing.test_adoption import made_by_hand

FIELDS: list[Json] = [
    {"identifier": "name", "type": "string", "required": True},
    {"identifier": "sub", "type": "string"},
    {"identifier": "code", "type": "string", "required": True, "translatable": False},
    {"identifier": "body", "type": "richtext", "required": True},
    {"identifier": "words", "type": "keyword", "required": True, "translatable": False},
    {"identifier": "on", "type": "boolean", "required": True},
    {"identifier": "rel", "type": "relation", "translatable": False},
    {"identifier": "rels", "type": "relation_list", "translatable": False},
]
WHOLE: dict[str, Json] = {"name": "A", "code": "c", "body": {"html": "<p>a</p>"}, "words": ["w"], "on": False}
NORWEGIAN: dict[str, Json] = {"name": "B", "body": "b", "on": False}
EMPTY_BODY = {"html": ""}


@pytest.fixture
def put(shop: Shop) -> Any:
    kind = {"identifier": "strict", "main_language": "eng-GB", "name": "Strict", "fields": FIELDS}
    assert isinstance(shop.send(shop.ensure, kind), Done)
    shop.sandbox.book.reset()

    def send(remote_id: str = "s-1", norwegian: Any = None, more: Any = None, /, **fields: Json) -> Outcome:
        payload: Json = {"remote_id": remote_id, "content_type": "strict", "fields": {**WHOLE, **fields}}
        payload |= {"translations": {"nor-NO": norwegian}} if norwegian else {}
        return shop.send(shop.upsert, {**payload, **(more or {})})

    return send


def refused(outcome: Outcome, shop: Shop, words: str, pointer: str = "") -> None:
    assert isinstance(outcome, Refused), outcome
    assert words in outcome.problem.message
    assert shop.writes == {}, "nothing is written, not even a draft"
    if pointer:
        assert outcome.problem.place is not None
        assert outcome.problem.place.pointer == pointer


CASES: list[tuple[dict[str, Json], str, str]] = [
    ({"name": "  "}, 'strict requires name (eng-GB), for which the message has "  ", nothing but blanks', "name"),
    ({"name": " \t\n"}, "strict requires name (eng-GB), for which the message has", "name"),
    ({"name": ""}, "strict requires name (eng-GB), which the message empties", "name"),
    ({"name": {"clear": True}}, "strict requires name (eng-GB), which the message empties", "name"),
    ({"code": " "}, "strict requires code (eng-GB)", "code"),
    ({"body": EMPTY_BODY}, "strict requires body (eng-GB), which the message empties", "body"),
    ({"body": {"xml": ""}}, "strict requires body (eng-GB)", "body"),
    ({"words": []}, "strict requires words (eng-GB)", "words"),
    ({"words": " , "}, "strict requires words (eng-GB)", "words"),
]


@pytest.mark.parametrize(("fields", "words", "at"), CASES)
def test_what_is_required_cannot_be_empty_in_a_new_item(
    put: Any, shop: Shop, fields: dict[str, Json], words: str, at: str
) -> None:
    refused(put(**fields), shop, words, f"/payload/fields/{at}")


@pytest.mark.parametrize(("fields", "words", "at"), CASES)
def test_what_is_required_is_not_emptied_later_and_no_draft_is_made_of_it(
    put: Any, shop: Shop, fields: dict[str, Json], words: str, at: str
) -> None:
    assert isinstance(put(), Done)
    shop.sandbox.book.reset()
    refused(put(**fields, sub="new"), shop, words, f"/payload/fields/{at}")
    assert isinstance(put(sub="new"), Done)


def test_a_new_language_needs_every_required_field_that_is_translatable(put: Any, shop: Shop) -> None:
    lacking = {"sub": "y"}
    words = "strict requires name (nor-NO), of which the message says nothing; body (nor-NO), of which"
    refused(put("s-2", lacking), shop, words, "/payload/translations/nor-NO/name")
    assert isinstance(put(), Done)
    shop.sandbox.book.reset()
    refused(put("s-1", lacking), shop, words, "/payload/translations/nor-NO/name")
    refused(put("s-1", {**NORWEGIAN, "name": " "}), shop, "strict requires name (nor-NO), for which the message has")
    assert isinstance(put("s-1", NORWEGIAN), Done)
    assert isinstance(put("s-1", {"sub": "y"}), Done), "the language is there: the others keep their values"
    shop.sandbox.book.reset()
    refused(put("s-1", {"name": ""}), shop, "strict requires name (nor-NO), which the message empties")


def test_a_translation_of_its_own_and_an_update_are_held_to_the_same(put: Any, shop: Shop) -> None:
    assert isinstance(put(), Done)
    shop.sandbox.book.reset()
    translate = shop.outgoing("content", "translate")
    update = shop.outgoing("content", "update_only")
    lacking = {"remote_id": "s-1", "language": "nor-NO", "fields": {"sub": "y"}}
    refused(shop.send(translate, lacking), shop, "strict requires name (nor-NO), of which the message says nothing")
    blank = {"remote_id": "s-1", "fields": {"name": "  "}}
    refused(shop.send(update, blank), shop, "strict requires name (eng-GB), for which the message has")
    assert isinstance(shop.send(translate, {**lacking, "fields": NORWEGIAN}), Done)


def test_a_draft_for_an_editor_is_held_to_the_same(put: Any, shop: Shop) -> None:
    left = {"publish": False}
    refused(put("s-3", None, left, name=" "), shop, "strict requires name (eng-GB)")
    made = put("s-3", None, left)
    assert isinstance(made, Done)
    shop.sandbox.book.reset()
    payload = {"remote_id": "s-3", "content_type": "strict", "publish": False, "fields": {**WHOLE, "name": ""}}
    refused(shop.send(shop.upsert, payload, memory=made.memory), shop, "strict requires name (eng-GB)")
    assert isinstance(put("s-3", None, left | {"publish": True}), Done)


def test_content_of_others_is_not_taken_over_for_a_message_that_cannot_be_written(put: Any, shop: Shop) -> None:
    number = made_by_hand(shop, name="A", sku="z")
    before = shop.held(str(number)).remote_id
    shop.sandbox.book.reset()
    kept = Kept(shop, match={"field": "sku"})
    refused(kept.put(name=" ", sku="z"), shop, "thing requires name (eng-GB), for which the message has")
    assert shop.held(str(number)).remote_id == before
    assert isinstance(Kept(shop, match={"field": "sku"}, owners={"name": "editor"}).put(name=" ", sku="z"), Done)


def test_an_editors_own_value_is_not_asked_for(put: Any, shop: Shop) -> None:
    """What the message may not write cannot make it fail."""
    assert isinstance(put(), Done)
    outcome = put("s-1", None, {"owners": {"name": "editor"}}, name="", sub="x")
    assert isinstance(outcome, Done)


@pytest.mark.parametrize("fields", [{"rel": {"id": 999999}}, {"rel": 999999}, {"rels": [{"id": 1}, {"id": 999999}]}])
def test_a_relation_to_an_id_that_nothing_has_is_refused_before_anything_is_written(
    put: Any, shop: Shop, fields: dict[str, Json]
) -> None:
    name = next(iter(fields))
    words = f"strict.{name} refers to content 999999, which is not in Ibexa"
    outcome = put(**fields)
    refused(outcome, shop, words, f"/payload/fields/{name}")
    assert outcome.problem.code == "IBX470"
    assert isinstance(put(), Done)
    shop.sandbox.book.reset()
    refused(put(**fields), shop, words, f"/payload/fields/{name}")


def test_a_relation_by_an_id_that_is_there_is_asked_for_once(put: Any, shop: Shop) -> None:
    target = put("t-9")
    assert isinstance(target, Done)
    shop.sandbox.book.reset()
    assert isinstance(put("s-1", rel={"id": int(target.target_id)}), Done)
    assert isinstance(put("s-2", rels=[{"id": int(target.target_id)}]), Done)
    assert shop.book["requests"]["by_op"]["content.get"] == 1
    assert isinstance(put("s-1", rel={"id": int(target.target_id)}), Skipped)
