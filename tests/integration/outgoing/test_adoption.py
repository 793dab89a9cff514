"""Content that was there before: taken over once, never doubled, never taken from anybody; and what lies in the trash."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from tests.faults.project import ThingsProject
from tests.integration.outgoing.shop import Kept, Shop

BY_SKU = {"field": "sku"}


def made_by_hand(shop: Shop, name: str = "By hand", sku: str = "4711", **more: Json) -> int:
    """What an editor made before there was a connector: Ibexa gave it its remote id."""
    place = {
        "ParentLocation": {"_href": "/api/ibexa/v2/content/locations/1/2"},
        "sortField": "PATH",
        "sortOrder": "ASC",
    }
    thing = shop.sandbox.repository.type_by_identifier("thing")
    assert thing is not None
    rows = [
        {"fieldDefinitionIdentifier": field, "fieldValue": value} for field, value in (("name", name), ("sku", sku))
    ]
    payload = {
        "ContentType": {"_href": f"/api/ibexa/v2/content/types/{thing.id}"},
        "mainLanguageCode": "eng-GB",
        "LocationCreate": place,
        "fields": {"field": rows},
        **more,
    }
    number = int(shop.call("content.create", payload)["Content"]["_id"])
    shop.call("content_version.publish", contentId=number, versionNo=1)
    return number


def test_content_made_by_hand_is_taken_over_once(shop: Shop) -> None:
    number = made_by_hand(shop)
    kept = Kept(shop, match=BY_SKU)
    shop.sandbox.book.reset()
    outcome = kept.put(sku="4711")
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.target_id) == ("adopted", str(number))
    assert len(outcome.detail["remote_id_before"]) == 32
    assert "content.create" not in shop.writes
    assert shop.held(str(number)).remote_id == "t-1"
    shop.sandbox.book.reset()
    assert isinstance(kept.put(sku="4711"), Skipped)
    assert shop.writes == {}
    assert "content.search" not in shop.book["requests"]["by_op"], "only what is not there is looked for"


def test_what_was_taken_over_keeps_what_its_editors_wrote(shop: Shop) -> None:
    made_by_hand(shop)
    kept = Kept(shop, match=BY_SKU, owners={"name": "initial"}, move=True)
    outcome = kept.put(sku="4711", price=5)
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["body (eng-GB)", "price (eng-GB)"]
    assert outcome.detail["left"] == ["name (eng-GB): not known to be what we last wrote"]
    kept.more["parent"] = {"path": "/1/43"}
    left = kept.put(sku="4711", price=5)
    assert isinstance(left, Skipped)
    assert "made by others" in left.detail["left"][1]


@pytest.mark.parametrize(
    "match",
    [
        {"name": "By hand"},
        {"criteria": {"ContentNameCriterion": "By h*"}},
        {"field": "sku", "under": "/1/2"},
        {"remote_id": "old-1"},
    ],
)
def test_it_is_found_by_name_by_criteria_below_a_place_or_by_its_old_remote_id(shop: Shop, match: Any) -> None:
    number = made_by_hand(shop, **({"remoteId": "old-1"} if "remote_id" in match else {}))
    outcome = Kept(shop, match=match).put(sku="4711")
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.target_id) == ("adopted", str(number))


def test_what_matches_nothing_is_created(shop: Shop) -> None:
    made_by_hand(shop, sku="4711x")
    for match in (BY_SKU, {"name": "Nothing"}, {"field": "sku", "under": "/1/43"}, {"remote_id": "old-1"}):
        outcome = Kept(shop, match=match).put(sku="4711")
        assert isinstance(outcome, Done | Skipped)
    assert shop.book["items"]["t-1"]["creates"] == 1


def test_several_that_match_are_refused_with_their_ids(shop: Shop) -> None:
    numbers = [made_by_hand(shop) for _ in range(2)]
    outcome = Kept(shop, match=BY_SKU).put(sku="4711")
    assert isinstance(outcome, Refused)
    assert outcome.problem.code == "IBX418"
    assert all(str(one) in outcome.problem.message for one in numbers)
    assert "t-1" not in shop.book["items"]


def test_nothing_is_taken_from_another_record(shop: Shop) -> None:
    first = shop.send(shop.upsert, {"remote_id": "t-0", "fields": {"name": "Chair", "sku": "4711"}})
    assert isinstance(first, Done)
    for match in (BY_SKU, {"name": "Chair"}):
        outcome = Kept(shop, match=match).put(sku="4711")
        assert isinstance(outcome, Refused)
        assert "has the remote id 't-0'" in outcome.problem.message
    assert shop.held(first.target_id).remote_id == "t-0"


def test_two_records_that_match_the_same_content_do_not_both_get_it(shop: Shop) -> None:
    number = made_by_hand(shop)
    outcomes: list[Outcome] = []

    def put(remote_id: str) -> None:
        payload = {"remote_id": remote_id, "match": BY_SKU, "fields": {"name": remote_id, "sku": "4711"}}
        outcomes.append(shop.send(shop.upsert, payload))

    threads = [threading.Thread(target=put, args=(f"r-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = [one for one in outcomes if isinstance(one, Done)]
    assert [(one.change, one.target_id) for one in won] == [("adopted", str(number))]
    assert all(isinstance(one, Refused) for one in outcomes if one not in won)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
def test_an_answer_lost_while_it_is_taken_over_doubles_nothing(shop: Shop, do: Any) -> None:
    number = made_by_hand(shop)
    shop.fault("content.update_metadata", do, times=3)
    kept = Kept(shop, match=BY_SKU)
    outcome = kept.put(sku="4711")
    shop.sandbox.faults.clear()
    for _ in range(3):
        if isinstance(outcome, Done | Skipped):
            break
        assert isinstance(outcome, Unknown | NotSent), outcome
        outcome = kept.put({"suspect": True}, sku="4711")
    assert isinstance(outcome, Done | Skipped)
    assert (outcome.target_id, shop.writes["content.create"]) == (str(number), 1)


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({"field": "price"}, "thing.price is not searchable"),
        ({"field": "name", "under": "x"}, "find.under wants a Location path"),
        ({"field": "sku"}, "no value for it"),
        ({"field": "colour"}, "cannot go by the field 'colour'"),
    ],
)
def test_what_cannot_be_matched_by_is_refused_in_words(shop: Shop, match: Any, words: str) -> None:
    outcome = Kept(shop, match=match).put(sku=None, colour="Red")
    assert isinstance(outcome, Refused)
    assert words in outcome.problem.sentence()


@pytest.mark.parametrize("match", [{"field": "sku", "name": "x"}, {"under": "/1/2"}, {"feild": "sku"}])
def test_what_is_no_match_is_refused_before_anything_is_asked(shop: Shop, match: Any) -> None:
    with pytest.raises(RecordError):
        shop.upsert.prepare(Message(payload={"remote_id": "t-1", "match": match}))


def test_a_preview_tells_what_would_be_taken_over(shop: Shop, tmp_path: Any) -> None:
    project = ThingsProject(tmp_path, shop.sandbox.url)
    project.things({"1": "By hand", "2": "Nothing like it", "3": "Double"})
    number = made_by_hand(shop)
    for _ in range(2):
        made_by_hand(shop, name="Double")
    place = tmp_path / "configs/outgoing/things.json"
    declared = json.loads(place.read_text(encoding="utf-8"))
    declared["payload"] |= {"content_type": "thing", "match": {"field": "name"}}
    place.write_text(json.dumps(declared), encoding="utf-8")
    shop.sandbox.book.reset()
    notes = [row["notes"] for row in json.loads(project.run("preview", "things", "--json").stdout)]
    assert f"content item {number} " in notes[0][0]
    assert "'t-2' would be created" in notes[1][0]
    assert "2 content items match" in notes[2][0]
    assert shop.writes == {}
    assert f"content item {number} " in project.run("preview", "things").stdout
