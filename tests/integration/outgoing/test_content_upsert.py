"""content.upsert and its neighbours against the sandbox, judged by the sandbox's own book."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from connector.clients import IbexaClient
from connector.core.errors import AuthRefused, RecordError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown, Waits
from connector.core.secrets import Secret
from tests.integration.outgoing.shop import Shop
from tests.outcomes import forgetful


def test_what_is_new_is_created_and_published_in_every_language(shop: Shop) -> None:
    outcome = shop.put(
        sku="1", body={"html": "<p>x <b>y</b></p>"}, price="12.5", stock=True, since="2026-03-02", colour="Blue",
        translations={"nor-NO": {"name": "Å"}},
    )  # fmt: skip
    assert isinstance(outcome, Done)
    assert outcome.change == "created"
    assert shop.writes == {"content.create": 1, "content_version.publish": 1}
    held = shop.sandbox.repository.contents[int(outcome.target_id)].version.fields
    assert held["nor-NO"]["name"] == "Å"
    assert held["eng-GB"]["colour"] == [1]


def test_the_same_again_writes_nothing_with_or_without_the_known_id(shop: Shop) -> None:
    fields = {
        "body": {"html": "<h2>T</h2><p>a<br>b &amp; c</p><ul><li>x</li></ul>"},
        "price": 9,
        "since": "2026-03-02",
        "colour": "Red",
    }
    fields |= {"sku": "7", "stock": False, "translations": {"nor-NO": {"name": "N", "body": {"text": "en\nto"}}}}
    first = shop.put(**fields)
    assert isinstance(first, Done)
    shop.sandbox.book.reset()
    assert forgetful(shop.put("t-1", {"target_id": first.target_id}, **fields)) == Skipped("unchanged", first.target_id)
    assert forgetful(shop.put(**fields)) == Skipped("unchanged", first.target_id)
    assert shop.writes == {}


def test_markdown_and_a_place_on_the_map_are_the_same_the_second_time(shop: Shop) -> None:
    fields: Any = {"body": {"markdown": "# T\n\nA **b** `c` ~~d~~\n\n- x\n- y\n\n| h |\n|---|\n| 1 |\n"}}
    fields["place"] = {"latitude": "59.91", "longitude": 10, "address": "Oslo"}
    assert isinstance(shop.put(**fields), Done)
    assert isinstance(shop.put(**fields), Skipped)
    fields["place"]["address"] = "Bergen"
    outcome = shop.put(**fields)
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["place (eng-GB)"]
    assert isinstance(shop.put(place={"clear": True}), Done)


def test_only_what_differs_is_sent_in_one_new_version(shop: Shop) -> None:
    shop.put(price=1, sku="1")
    outcome = shop.put(price=2, sku="1", translations={"nor-NO": {"name": "Ny"}})
    assert isinstance(outcome, Done)
    assert outcome.change == "updated"
    assert sorted(outcome.detail["changed"]) == ["name (nor-NO)", "price (eng-GB)"]
    assert outcome.detail["version"] == 2
    assert shop.is_sound()


def test_null_is_not_managed_and_emptied_is_emptied(shop: Shop) -> None:
    shop.put(sku="1", price=5, body="text")
    assert isinstance(shop.put(sku=None, price=None, body=None), Skipped)
    outcome = shop.put(sku="", price={"clear": True}, body="")
    assert isinstance(outcome, Done)
    held = shop.sandbox.repository.contents[int(outcome.target_id)].version.fields["eng-GB"]
    assert (held["sku"] or None, held["price"]) == (None, None)


def test_a_picture_is_fetched_when_its_version_is_new_and_only_then(shop: Shop) -> None:
    url = f"{shop.cdn.server.url}/pictures/stol%20æ.png"
    picture = {"url": url, "version": "v1", "alternative_text": "A chair"}
    assert isinstance(shop.put(picture=picture), Done)
    assert len(shop.cdn.asked) == 1
    assert "authorization" not in shop.cdn.asked[0].headers
    assert isinstance(shop.put(picture=picture), Skipped)
    assert len(shop.cdn.asked) == 1
    shop.cdn.shade = 2
    assert isinstance(shop.put(picture={**picture, "version": "v2"}), Done)
    assert len(shop.cdn.asked) == 2


def test_a_picture_without_a_version_is_compared_by_its_bytes(shop: Shop) -> None:
    picture = {"url": f"{shop.cdn.server.url}/a.png"}
    shop.put(picture=picture)
    assert isinstance(shop.put(picture=picture), Skipped)
    shop.cdn.shade = 9
    assert isinstance(shop.put(picture=picture), Done)
    assert shop.is_sound()


def test_what_is_no_picture_is_refused_and_leaves_nothing_behind(shop: Shop) -> None:
    bad = {"url": f"{shop.cdn.server.url}/a.html", "version": "1"}
    created = shop.put("t-2", picture=bad)
    shop.put()
    updated = shop.put(picture=bad)
    for outcome in (created, updated):
        assert isinstance(outcome, Refused)
        assert "an HTML page" in outcome.problem.message
    assert "t-2" not in shop.book["items"]
    assert shop.is_sound()


def test_what_a_message_refers_to_must_be_there_and_may_come_later(shop: Shop) -> None:
    for payload in (
        {"fields": {"name": "A", "related": [{"remote_id": "t-9"}]}},
        {"fields": {"name": "A"}, "parent": {"remote_id": "t-9"}},
    ):
        outcome = shop.send(shop.upsert, {"remote_id": "t-1", **payload})
        assert isinstance(outcome, Waits)
        assert "t-9" in outcome.problem.message
    assert shop.writes == {}
    shop.put("t-9")
    outcome = shop.send(shop.upsert, {"remote_id": "t-1", "parent": {"remote_id": "t-9"}, "fields": {"name": "A"}})
    assert isinstance(outcome, Done)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"fields": {"nam": "x"}}, "Did you mean 'name'"),
        ({"fields": {"sku": "x"}}, "thing requires name"),
        ({"fields": {"name": "A"}, "content_type": "nothing"}, "no content type 'nothing'"),
        ({"fields": {"name": "A"}, "section": "nowhere"}, "no section 'nowhere'"),
        ({"fields": {"name": "A"}, "translations": {"nor-NO": {"name": "B", "sku": "1"}}}, "not translatable"),
        (
            {"fields": {"name": "A"}, "translations": {"xxx-XX": {"name": "B"}}},
            "translations.xxx-XX: Ibexa has no language",
        ),
        ({"fields": {"name": "A"}, "parent": {"path": "/1/2/99999"}}, "the parent /1/2/99999 is not in Ibexa"),
        ({"fields": {"name": "A", "price": "call us"}}, "thing.price (float) cannot take call us"),
    ],
)
def test_what_can_never_work_is_refused_in_words(shop: Shop, payload: Any, words: str) -> None:
    outcome = shop.send(shop.upsert, {"remote_id": "t-1", **payload})
    assert isinstance(outcome, Refused)
    assert words in outcome.problem.sentence()
    assert shop.book["items"] == {}


@pytest.mark.parametrize(
    "payload",
    [
        {"remote_id": ""}, {"remote_id": "x" * 101}, {"remote_id": 5}, {"remote_id": " a"}, {"remote_id": "a", "feilds": {}},
        {"remote_id": "a", "parent": []}, {"remote_id": "a", "parent": {"id": 1, "path": "/1"}}, {"remote_id": "a", "fields": []}, [],
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_before_anything_is_asked(shop: Shop, payload: Any) -> None:
    with pytest.raises(RecordError):
        shop.upsert.prepare(Message(payload=payload))


def test_an_answer_lost_after_the_server_has_created_makes_no_second_item(shop: Shop) -> None:
    shop.fault("content.create", {"cut": "after"})
    outcome = shop.put()
    assert isinstance(outcome, Done)
    assert shop.writes["content.create"] == 1
    assert shop.is_sound()


@pytest.mark.parametrize(
    "op", ["content_version.publish", "content_version.update", "content_version.create_draft_from_current"]
)
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}, {"status": 502}])
def test_whatever_is_lost_on_an_update_the_next_attempt_ends_it_without_a_leftover(
    shop: Shop, op: str, do: Any
) -> None:
    shop.put()
    shop.fault(op, do)
    outcome: Outcome = shop.put(name="B")
    for _ in range(3):
        if isinstance(outcome, Done | Skipped):
            break
        outcome = shop.put("t-1", {"suspect": True, "attempt": 2}, name="B")
    assert isinstance(outcome, Done | Skipped)
    content = next(one for one in shop.sandbox.repository.contents.values() if one.remote_id == "t-1")
    assert content.version.fields["eng-GB"]["name"] == "B"
    assert shop.is_sound()


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}, {"status": 502}])
@pytest.mark.parametrize("op", ["content.create", "content_version.publish"])
def test_whatever_is_lost_on_a_create_it_is_created_once(shop: Shop, op: str, do: Any) -> None:
    shop.fault(op, do)
    outcome: Outcome = shop.put()
    for _ in range(3):
        if isinstance(outcome, Done | Skipped):
            break
        outcome = shop.put("t-1", {"suspect": True, "attempt": 2})
    assert isinstance(outcome, Done | Skipped)
    assert shop.is_sound()
    assert shop.book["items"]["t-1"]["status"] == "PUBLISHED"


def test_the_same_500_again_is_the_messages_fault(shop: Shop) -> None:
    shop.fault("content.create", {"status": 500, "body": "", "content_type": "text/html"}, times=99)
    outcome = shop.put()
    assert isinstance(outcome, Refused)
    assert "answered 500" in outcome.problem.message


def test_a_server_that_is_away_is_said_so_and_nothing_was_sent(shop: Shop) -> None:
    shop.client.login()
    shop.sandbox.stop()
    outcome = shop.put()
    assert isinstance(outcome, NotSent | Unknown)
    assert outcome.client_down


def test_a_race_for_one_remote_id_has_one_winner(shop: Shop) -> None:
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda n=n: outcomes.append(shop.put(name=f"racer {n}"))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 6
    assert all(isinstance(one, Done | Skipped | NotSent) for one in outcomes), outcomes
    assert shop.book["items"]["t-1"]["creates"] == 1


def test_a_draft_left_between_create_and_publish_is_adopted(shop: Shop) -> None:
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    assert isinstance(shop.put(), Unknown)
    shop.sandbox.faults.clear()
    outcome = shop.put("t-1", {"suspect": True})
    assert isinstance(outcome, Done)
    assert outcome.detail["adopted"] is True
    assert shop.is_sound()


def test_somebody_elses_draft_is_not_touched(shop: Shop) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    place = {"contentId": first.target_id}
    drafted = shop.outgoing("content_version", "create_draft_from_current", delivery="at_least_once")
    drafted.send(Delivery(Message(path=place), "create_draft_from_current", "x"))
    edited = shop.outgoing("content_version", "update")
    payload = {"fields": {"field": [{"fieldDefinitionIdentifier": "name", "fieldValue": "an editor's work"}]}}
    edited.send(Delivery(Message(path={**place, "versionNo": 2}, payload=payload), "update", "x"))
    assert isinstance(shop.put("t-1", {"suspect": True}, name="B"), Done)
    drafts = [one["version"] for one in shop.book["leftover_drafts"]]
    assert drafts == [2]


def test_a_draft_of_a_message_that_a_newer_one_replaced_is_ours_too(shop: Shop) -> None:
    shop.put()
    shop.fault("content_version.publish", {"cut": "before"}, times=9)
    assert isinstance(shop.put(name="B"), Unknown)
    shop.sandbox.faults.clear()
    assert len(shop.book["leftover_drafts"]) == 1
    replaced = shop.upsert.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "B"}}))
    unreadable = Message(payload={"remote_id": "t-1", "content_type": "thing", "main_language": "eng-GB", "fields": 1})
    outcome = shop.put("t-1", {"suspect": True, "earlier": (unreadable, replaced)}, name="C")
    assert isinstance(outcome, Done)
    assert outcome.detail["version"] == 2, "the draft was taken up, not doubled"
    assert shop.is_sound()


@pytest.mark.parametrize(("action", "change"), [("hide", "hidden"), ("trash", "trashed"), ("delete", "deleted")])
def test_what_the_mapping_no_longer_yields_is_put_away_once(shop: Shop, action: str, change: str) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    delivery = Delivery(Message(), action, "t-1", target_id=first.target_id)
    again = Delivery(Message(), action, "t-1", target_id=first.target_id, suspect=True)
    outcome = shop.upsert.send(delivery)
    assert isinstance(outcome, Done)
    assert outcome.change == change
    assert isinstance(shop.upsert.send(again), Skipped)


def test_what_we_hid_is_shown_again_and_what_an_editor_hid_is_not(shop: Shop) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    shop.upsert.send(Delivery(Message(), "hide", "t-1", target_id=first.target_id))
    assert isinstance(shop.put(), Skipped)
    assert len(shop.book["hidden"]) == 1
    outcome = shop.put("t-1", {"hidden_by_us": True})
    assert isinstance(outcome, Done)
    assert outcome.change == "revealed"
    assert shop.book["hidden"] == []


def test_what_an_editor_trashed_is_reported_not_doubled(shop: Shop) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    shop.upsert.send(Delivery(Message(), "trash", "t-1", target_id=first.target_id))
    outcome = shop.put(name="B")
    assert isinstance(outcome, Refused)
    assert "trash" in outcome.problem.message


def test_remote_ids_that_no_search_would_find_are_found(shop: Shop) -> None:
    for remote_id in ("a,b", "æøå 🌲", "a/b?c=d&e#f", "x" * 100, "50%"):
        assert isinstance(shop.put(remote_id), Done)
        assert isinstance(shop.put(remote_id), Skipped)


def test_wrong_credentials_concern_the_run_not_the_message(shop: Shop) -> None:
    auth = {"type": "jwt", "username": "admin", "password": Secret("wrong-wrong")}
    shop.client = IbexaClient.build("ibexa", {"base_url": shop.sandbox.url, "auth": auth}, shop.services)
    with pytest.raises(AuthRefused):
        shop.send(shop.outgoing("content", "upsert", payload={"content_type": "thing", "main_language": "eng-GB", "parent": {"id": 2}}),
                  {"remote_id": "t", "fields": {}})  # fmt: skip


def test_a_section_is_made_renamed_and_left_alone(shop: Shop) -> None:
    section = shop.outgoing("section", "ensure")
    outcomes = [shop.send(section, {"identifier": "pim", "name": name}) for name in ("PIM", "PIM", "Produkter")]
    assert [getattr(one, "change", getattr(one, "reason", "")) for one in outcomes] == [
        "created",
        "unchanged",
        "updated",
    ]


def test_any_operation_of_the_reference_can_be_published_to(shop: Shop) -> None:
    create = shop.outgoing("section", "create")
    outcome = create.send(Delivery(create.prepare(Message(payload={"identifier": "x", "name": "X"})), "create", "x"))
    assert isinstance(outcome, Done)
    update = shop.outgoing("section", "update", path={"sectionId": int(outcome.target_id)})
    payload = {"SectionInput": {"identifier": "x", "name": "Y"}}
    assert isinstance(update.send(Delivery(update.prepare(Message(payload=payload)), "update", "x")), Done)
    delete = shop.outgoing("section", "delete")
    message = delete.prepare(Message(path={"sectionId": outcome.target_id}))
    assert isinstance(delete.send(Delivery(message, "delete", "x")), Done)
    assert isinstance(delete.send(Delivery(message, "delete", "x", suspect=True)), Skipped)
    assert delete.send(Delivery(message, "delete", "x")) == Skipped("gone")
    suspect = create.send(Delivery(Message(payload={"identifier": "z", "name": "Z"}), "create", "z", suspect=True))
    assert isinstance(suspect, Refused)
    assert "at_least_once" in suspect.problem.hint


def test_what_is_not_implemented_took_no_effect(shop: Shop) -> None:
    shop.fault("section.create", {"status": 501})
    create = shop.outgoing("section", "create")
    message = create.prepare(Message(payload={"identifier": "x", "name": "X"}))
    assert isinstance(create.send(Delivery(message, "create", "x")), Refused)


def test_an_operation_without_a_payload_still_names_its_media_type(shop: Shop) -> None:
    made = shop.outgoing("role", "create_draft").request_of(Message(path={"id": "3"}))
    assert made is not None
    assert made["body"] == {"RoleInput": {}}
    assert made["headers"]["Content-Type"] == "application/vnd.ibexa.api.RoleInput+json"


def test_the_request_that_a_message_means_is_shown_without_asking_anybody(shop: Shop) -> None:
    move = shop.outgoing("location", "move", path={"path": "1/2/52"})
    message = move.prepare(Message(destination={"remote_id": "shoes"}))
    made = move.request_of(message)
    assert made is not None
    assert (made["method"], made["path"]) == ("MOVE", "/content/locations/1/2/52")
    assert made["headers"]["Destination"] == '(looked up: {"remote_id": "shoes"})'
    assert shop.upsert.request_of(message) is None
