"""Plain operations: what the server answers with 500 and not a word, or does half, is told before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Refused, Unknown
from tests.integration.outgoing.shop import Shop

PREFIX = "/api/ibexa/v2/content"
ARTICLE = {
    "ContentType": {"_href": f"{PREFIX}/types/2"},
    "mainLanguageCode": "eng-GB",
    "LocationCreate": {
        "ParentLocation": {"_href": f"{PREFIX}/locations/1/2"}, "sortField": "PATH", "sortOrder": "ASC",
    },
}  # fmt: skip


def create(shop: Shop, intro: Json, *, rooted: bool = False) -> str:
    fields = [("title", "Chair"), ("intro", intro)]
    listed = [{"fieldDefinitionIdentifier": name, "fieldValue": value} for name, value in fields]
    payload: Json = {**ARTICLE, "fields": {"field": listed}}
    outcome = shop.send(shop.outgoing("content", "create"), {"ContentCreate": payload} if rooted else payload)
    assert isinstance(outcome, Refused | Unknown), outcome
    return outcome.problem.hint


@pytest.mark.parametrize("rooted", [False, True])
@pytest.mark.parametrize("value", [{"html": "<p>x</p>"}, {"markdown": "x"}, {"text": "x"}])
def test_rich_text_of_the_composed_actions(shop: Shop, value: Json, rooted: bool) -> None:
    hint = create(shop, value, rooted=rooted)
    assert hint.startswith("content.create takes the value of 'intro' as REST has it")
    assert 'rich text is {"xml": "…"} with DocBook' in hint


def test_of_another_value_nothing_is_said(shop: Shop) -> None:
    assert "REST" not in create(shop, {"xml": "<no docbook"})


def plain(shop: Shop, operation: str, payload: Json = None, **path: Json) -> Any:
    """Sends one, and gives its outcome; the book counts from there."""
    outgoing = shop.outgoing(*operation.split("."))
    shop.sandbox.book.reset()
    message = outgoing.prepare(Message(path=path, payload=payload))
    return outgoing.send(Delivery(message, outgoing.action, "k"))


def refused(outcome: Any, shop: Shop, code: str, words: str) -> Any:
    assert isinstance(outcome, Refused), outcome
    assert outcome.problem.code == code
    assert words in outcome.problem.message
    assert outcome.problem.hint
    assert shop.writes == {}
    return outcome.problem


def rows(**fields: Json) -> Json:
    return {"field": [{"fieldDefinitionIdentifier": name, "fieldValue": one} for name, one in fields.items()]}


def thing(shop: Shop, **fields: Json) -> dict[str, Json]:
    number = next(one.id for one in shop.sandbox.repository.types.values() if one.identifier == "thing")
    return {**ARTICLE, "ContentType": {"_href": f"{PREFIX}/types/{number}"}, "fields": rows(**{"name": "A", **fields})}


VALUES: list[tuple[str, Json, str]] = [
    ("since", "2026-03-02", 'takes {"timestamp"'),
    ("since", 1700000000, 'takes {"timestamp"'),
    ("since", {"timestamp": 253402214400}, "from 1901 to 2038"),
    ("price", "abc", "makes 0"),
    ("colour", "Red", "option numbers"),
    ("colour", None, "option numbers"),
    ("related", None, '"destinationContentIds"'),
    ("related", [5], '"destinationContentIds"'),
    ("body", None, 'takes {"xml"'),
    ("body", "text", 'takes {"xml"'),
    ("picture", "https://x.example/a.png", '"fileName"'),
    ("place", [1, 2], '"latitude"'),
    ("name", {"a": 1}, "takes a text"),
    ("colur", "Red", "has no field 'colur'"),
]


@pytest.mark.parametrize("ibexa_version", ["4.6", "5.0"])
@pytest.mark.parametrize(("name", "value", "words"), VALUES)
def test_a_value_over_which_ibexa_fails_is_not_sent(shop: Shop, name: str, value: Json, words: str) -> None:
    payload = thing(shop, **{name: value})
    problem = refused(plain(shop, "content.create", payload), shop, "IBX481", words)
    assert f"thing.{name}" in problem.message or name == "colur"
    assert problem.place.pointer == f"/payload/fields/field/{0 if name == 'name' else 1}/fieldValue"
    problem = refused(plain(shop, "content.create", {"ContentCreate": payload}), shop, "IBX481", words)
    assert problem.place.pointer.startswith("/payload/ContentCreate/fields/field/")
    number = int(done(shop.put()).target_id)
    place = {"contentId": number, "versionNo": 2}
    shop.call("content_version.create_draft_from_current", contentId=number)
    refused(plain(shop, "content_version.update", {"fields": rows(**{name: value})}, **place), shop, "IBX481", words)


def done(outcome: Any) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


def test_what_ibexa_takes_is_sent_and_the_type_read_once(shop: Shop) -> None:
    fields: dict[str, Json] = {
        "since": {"timestring": "2026-03-02"},
        "price": "9.5",
        "colour": [0],
        "related": {"destinationContentIds": []},
        "body": {"xml": ""},
        "picture": None,
        "place": {"latitude": 1.5, "longitude": 2.5, "address": ""},
    }
    outgoing = shop.outgoing("content", "create")
    shop.sandbox.book.reset()
    for _ in range(3):
        done(outgoing.send(Delivery(outgoing.prepare(Message(payload=thing(shop, **fields))), "create", "k")))
    assert shop.book["requests"]["by_op"]["content_type.get"] == 1


def test_a_field_that_was_added_meanwhile_is_known(shop: Shop) -> None:
    outgoing = shop.outgoing("content", "create")
    done(outgoing.send(Delivery(outgoing.prepare(Message(payload=thing(shop))), "create", "k")))
    before = shop.type["fields"]
    assert isinstance(before, list)
    more = {**shop.type, "fields": [*before, {"identifier": "weight", "type": "integer"}]}
    other = shop.outgoing("content_type", "ensure")
    done(shop.send(other, more))
    done(outgoing.send(Delivery(outgoing.prepare(Message(payload=thing(shop, weight=5))), "create", "k")))


@pytest.mark.parametrize("state", ["draft", "trashed"])
def test_what_is_not_published_is_not_hidden_and_its_metadata_not_changed(shop: Shop, state: str) -> None:
    """Ibexa answers 500, and changes the metadata all the same."""
    if state == "draft":
        payload = {"remote_id": "t-1", "fields": {"name": "A"}, "publish": False}
        number = int(done(shop.send(shop.upsert, payload)).target_id)
    else:
        number = int(done(shop.put()).target_id)
        shop.trash(number)
    words = {"draft": "was never published", "trashed": "lies in the trash"}[state]
    for operation in ("content.hide", "content.reveal"):
        refused(plain(shop, operation, contentId=number), shop, "IBX482", words)
    refused(plain(shop, "content.update_metadata", {"remoteId": "x"}, contentId=number), shop, "IBX482", words)
    assert shop.held(str(number)).remote_id == "t-1"
    outcome = plain(shop, "content.delete", contentId=number)
    if state == "draft":
        done(outcome)
    else:
        refused(outcome, shop, "IBX482", "lies in the trash")
        assert len(shop.call("trash.list")["Trash"]["TrashItem"]) == 1


def test_an_item_keeps_its_main_location_and_a_section_that_is_there(shop: Shop) -> None:
    number = int(done(shop.put()).target_id)
    other = {"MainLocation": {"_href": f"{PREFIX}/locations/1/43"}}
    nowhere = {"Section": {"_href": f"{PREFIX}/sections/999"}}
    refused(plain(shop, "content.update_metadata", other, contentId=number), shop, "IBX483", "Location /1/43 is none")
    refused(plain(shop, "content.update_metadata", nowhere, contentId=number), shop, "IBX483", "no section 999")
    refused(plain(shop, "content.create", {**thing(shop), **nowhere}), shop, "IBX483", "no section 999")
    assert shop.held(str(number)).main_location
    there = {"Section": {"_href": f"{PREFIX}/sections/3"}}
    done(plain(shop, "content.update_metadata", there, contentId=number))
    done(plain(shop, "content.create", {**thing(shop), **there}))


def test_a_login_that_is_taken_is_told(shop: Shop) -> None:
    account: dict[str, Json] = {
        "mainLanguageCode": "eng-GB",
        "login": "ADMIN",
        "email": "a@b.example",
        "password": "Very-Long-1",
    }
    user = {**account, "fields": rows(first_name="A", last_name="B")}
    refused(plain(shop, "user.create", user, path="1/5/13"), shop, "IBX484", "'ADMIN' is taken")
    wrong = {**user, "login": "new", "fields": rows(first_name="A", surname="B")}
    refused(plain(shop, "user.create", wrong, path="1/5/13"), shop, "IBX481", "user has no field 'surname'")
    done(plain(shop, "user.create", {**user, "login": "new"}, path="1/5/13"))
