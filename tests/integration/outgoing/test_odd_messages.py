"""Messages and places as they come in practice: nothing of them is dropped, nothing doubled, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Refused, Skipped, Waits
from tests.integration.outgoing.shop import Kept, Shop
from tests.integration.outgoing.test_adoption import made_by_hand


def test_the_main_language_may_stand_among_the_translations_beside_fields(shop: Shop) -> None:
    payload: Json = {
        "remote_id": "t-1",
        "fields": {"sku": "1", "name": "A"},
        "translations": {"eng-GB": {"name": "A", "body": "x"}, "nor-NO": {"name": "N"}},
    }
    outcome = shop.send(shop.upsert, payload)
    assert isinstance(outcome, Done)
    fields = shop.held(outcome.target_id).version.fields
    assert (fields["eng-GB"]["sku"], fields["eng-GB"]["name"], fields["nor-NO"]["name"]) == ("1", "A", "N")
    assert "x" in str(fields["eng-GB"]["body"])
    assert isinstance(shop.send(shop.upsert, payload), Skipped)
    payload["translations"]["eng-GB"]["name"] = "Another"
    with pytest.raises(RecordError, match=r"name stands in fields and, otherwise, in translations.eng-GB"):
        shop.upsert.prepare(Message(payload=payload))


def test_what_create_only_hid_is_shown_again_and_left_otherwise(shop: Shop) -> None:
    defaults = {"content_type": "thing", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    outgoing = shop.outgoing("content", "create_only", payload=defaults)
    first = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "A"}})
    assert isinstance(first, Done)
    hidden = outgoing.send(Delivery(Message(), "hide", "t-1", memory=first.memory))
    assert isinstance(hidden, Done)
    back = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "B"}}, hidden_by_us=True, memory=hidden.memory)
    assert isinstance(back, Done)
    assert back.change == "revealed"
    assert shop.book["hidden"] == []
    assert shop.held(first.target_id).version.fields["eng-GB"]["name"] == "A"


def test_a_match_among_more_than_are_looked_at_is_no_reason_to_create(shop: Shop) -> None:
    for number in range(51):
        made_by_hand(shop, name=f"A{number}", sku=str(number))
    wanted = made_by_hand(shop, name="A*", sku="z")
    outcome = Kept(shop, match={"name": "A*"}).put(name="A*")
    assert isinstance(outcome, Refused)
    assert (outcome.problem.code, "more than are looked at" in outcome.problem.message) == ("IBX418", True)
    assert "t-1" not in shop.book["items"]
    outcome = Kept(shop, match={"field": "sku"}).put(name="A*", sku="z")
    assert isinstance(outcome, Done)
    assert outcome.target_id == str(wanted)


def test_another_picture_keeps_the_alternative_text_that_the_message_does_not_manage(shop: Shop) -> None:
    url = f"{shop.cdn.server.url}/a.png"
    kept = Kept(shop)
    number = kept.created(picture={"url": url, "version": "1", "alternative_text": "A chair"})
    assert isinstance(kept.put(picture={"url": url, "version": "2"}), Done)
    assert shop.held(number).version.fields["eng-GB"]["picture"]["alternativeText"] == "A chair"
    assert isinstance(kept.put(picture={"url": url, "version": "2", "alternative_text": ""}), Done)
    assert not shop.held(number).version.fields["eng-GB"]["picture"]["alternativeText"]


def test_another_film_keeps_how_it_is_played(shop: Shop) -> None:
    fields: Json = [{"identifier": "name", "type": "string"}, {"identifier": "film", "type": "media"}]
    shop.send(shop.ensure, {"identifier": "clip", "main_language": "eng-GB", "name": "Clip", "fields": fields})

    def put(film: Json) -> Any:
        return shop.send(shop.upsert, {"remote_id": "c", "content_type": "clip", "fields": {"name": "A", "film": film}})

    first = put({"base64": "aGFsbG8=", "name": "a.mp4", "autoplay": True, "width": 10})
    assert isinstance(first, Done)
    assert isinstance(put({"base64": "aGFsbG8h", "name": "a.mp4", "width": 20}), Done)
    film = shop.held(first.target_id).version.fields["eng-GB"]["film"]
    assert (film["autoplay"], film["width"]) == (True, 20)


@pytest.mark.parametrize("how", ["trashed", "moved"])
def test_a_parent_that_is_elsewhere_than_we_believed_is_looked_up_again(shop: Shop, how: str) -> None:
    above = shop.put("cat")
    assert isinstance(above, Done)
    child: Json = {"fields": {"name": "A"}, "parent": {"remote_id": "cat"}}
    assert isinstance(shop.send(shop.upsert, {"remote_id": "one", **child}), Done)
    if how == "trashed":
        shop.trash(above.target_id)
    else:
        path = shop.sandbox.repository.locations[shop.held(above.target_id).main_location].path.strip("/")
        shop.call("location.move", destination="/1/43", path=path)
    outcome = shop.send(shop.upsert, {"remote_id": "two", **child})
    if how == "trashed":
        assert isinstance(outcome, Waits)
        assert outcome.needs == "cat"
    else:
        assert isinstance(outcome, Done)
    assert shop.is_sound()


@pytest.mark.parametrize(
    "parent", [{"id": "x"}, {"id": True}, {"id": 2.5}, {"id": -1}, {"path": "x/y"}, {"path": "/"}, {"path": "/1/a"}]
)
def test_a_parent_that_is_no_place_is_refused_before_anything_is_asked(shop: Shop, parent: Json) -> None:
    with pytest.raises(RecordError) as caught:
        shop.upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "A"}, "parent": parent}))
    assert caught.value.step == "payload.parent"


@pytest.mark.parametrize("priority", ["x", True, 1.5, {"a": 1}, "1 2"])
def test_a_priority_that_is_no_whole_number_is_that_records_fault(shop: Shop, priority: Json) -> None:
    payload: Json = {"remote_id": "t-1", "fields": {"name": "A"}, "priority": priority}
    with pytest.raises(RecordError, match="priority must be a whole number"):
        shop.upsert.prepare(Message(payload=payload))


def test_a_new_item_with_an_unknown_state_is_not_made(shop: Shop) -> None:
    payload: Json = {"remote_id": "t-1", "fields": {"name": "A"}, "states": {"ez_lock": "nothing"}}
    outcome = shop.send(shop.upsert, payload)
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "IBX419"
    assert shop.writes == {}


@pytest.mark.parametrize("empty", ["", None])
def test_a_parent_that_an_optional_column_leaves_empty_is_the_declared_one(shop: Shop, empty: Json) -> None:
    defaults = {"content_type": "thing", "main_language": "eng-GB", "parent": {"path": "/1/2"}}
    message = Message(payload={"remote_id": "t-1", "parent": empty, "fields": {"name": "A"}})
    prepared = shop.outgoing("content", "upsert", payload=defaults).prepare(message)
    assert prepared.payload["parent"] == {"path": "/1/2"}
    bare = {name: value for name, value in defaults.items() if name != "parent"}
    with pytest.raises(RecordError, match="a parent is needed"):
        shop.outgoing("content", "upsert", payload=bare).prepare(message)
