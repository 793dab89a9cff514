"""The smaller composed actions on content: each does one thing, and a second time nothing."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.clock import StopEvent, SystemClock
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown, Waits
from connector.routes.live import LiveRoute, Settings
from connector.routes.run import RouteRun, RunResult, Trigger
from connector.store import Store, causes
from tests.integration.outgoing.shop import Shop, twice
from tests.integration.outgoing.test_order import Plain
from tests.integration.store.test_engine_run import Shelf

HOME = {"path": "/1/2"}


def new(shop: Shop, remote_id: str = "t-1", **fields: Json) -> str:
    payload = {"remote_id": remote_id, "fields": {"name": "A", **fields}}
    outcome = shop.send(shop.upsert, payload)
    assert isinstance(outcome, Done)
    shop.sandbox.book.reset()
    return outcome.target_id


def test_create_only_creates_and_then_leaves_alone(shop: Shop) -> None:
    payload = {
        "remote_id": "t-1",
        "content_type": "thing",
        "main_language": "eng-GB",
        "parent": HOME,
        "fields": {"name": "A"},
    }
    created = twice(shop, "content", "create_only", payload)
    assert isinstance(created, Done)
    assert created.change == "created"
    outgoing = shop.outgoing("content", "create_only")
    again = shop.send(outgoing, {**payload, "fields": {"name": "B"}})
    assert again == Skipped("exists", created.target_id)
    assert shop.held(created.target_id).version.fields["eng-GB"]["name"] == "A"


@pytest.mark.parametrize("op", ["content.create", "content_version.publish"])
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
def test_create_only_ends_what_an_attempt_left_behind(shop: Shop, op: str, do: Any) -> None:
    payload = {
        "remote_id": "t-1",
        "content_type": "thing",
        "main_language": "eng-GB",
        "parent": HOME,
        "fields": {"name": "A"},
    }
    outgoing = shop.outgoing("content", "create_only")
    shop.fault(op, do, times=3)
    outcome = shop.send(outgoing, payload)
    shop.sandbox.faults.clear()
    if not isinstance(outcome, Done | Skipped):
        assert isinstance(shop.send(outgoing, payload, suspect=True), Done | Skipped)
    assert shop.book["items"]["t-1"]["status"] == "PUBLISHED"
    assert shop.is_sound()


def test_update_only_changes_what_is_there_by_its_own_type_and_language(shop: Shop) -> None:
    number = new(shop, price=1)
    payload = {
        "remote_id": "t-1",
        "fields": {"price": 2},
        "translations": {"nor-NO": {"name": "Å"}},
        "section": "media",
    }
    outcome = twice(shop, "content", "update_only", {**payload, "states": {"ez_lock": "locked"}})
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["price (eng-GB)", "name (nor-NO)", "section", "state ez_lock: locked"]
    assert shop.held(number).version.fields["eng-GB"]["name"] == "A"


def test_update_only_creates_nothing_and_waits_or_passes_over(shop: Shop) -> None:
    outgoing = shop.outgoing("content", "update_only")
    payload = {"remote_id": "t-1", "fields": {"name": "B"}}
    waits = shop.send(outgoing, payload)
    assert isinstance(waits, Waits)
    assert (waits.problem.code, waits.needs) == ("IBX410", "t-1")
    passed = shop.send(outgoing, {**payload, "absent": "skip"})
    assert isinstance(passed, Skipped)
    assert (passed.reason, passed.detail["left"]) == ("absent", ["'t-1' is not in Ibexa yet"])
    assert shop.writes == {}
    number = new(shop)
    shop.trash(number)
    trashed = shop.send(outgoing, payload)
    assert isinstance(trashed, Waits)
    assert "lies in the trash" in trashed.problem.message


def test_update_only_knows_owners_and_who_wrote_last(shop: Shop) -> None:
    number = new(shop)
    outgoing = shop.outgoing("content", "update_only", payload={"owners": {"name": "initial"}})
    first = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "A"}})
    assert isinstance(first, Skipped)
    outcome = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "B"}}, memory=first.memory)
    assert isinstance(outcome, Done)
    shop.fault("content_version.publish", {"cut": "after"}, times=1)
    shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "C"}}, memory=outcome.memory)
    said = outgoing.prepare(Message(payload={"remote_id": "t-1", "fields": {"name": "C"}}))
    unheard = shop.send(
        outgoing, {"remote_id": "t-1", "fields": {"name": "D"}}, memory=outcome.memory, suspect=True, earlier=(said,)
    )
    assert isinstance(unheard, Done), unheard
    shop.edit(number, name="The editor's")
    left = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "E"}}, memory=unheard.memory)
    assert isinstance(left, Skipped)
    assert left.detail["left"] == ["name (eng-GB): an editor changed it"]


def test_update_only_refuses_another_type_and_unknown_fields(shop: Shop) -> None:
    new(shop)
    outgoing = shop.outgoing("content", "update_only")
    for more, words in (
        ({"content_type": "folder"}, "is a thing, no folder"),
        ({"fields": {"nam": "x"}}, "Did you mean 'name'"),
        ({"owners": {"nam": "editor"}}, "Did you mean 'name'"),
    ):
        outcome = shop.send(outgoing, {"remote_id": "t-1", **more})
        assert isinstance(outcome, Refused)
        assert words in outcome.problem.sentence()


def test_a_translation_is_added_and_changed(shop: Shop) -> None:
    number = new(shop, sku="1")
    payload = {"remote_id": "t-1", "language": "nor-NO", "fields": {"name": "Å", "body": {"html": "<p>å</p>"}}}
    outcome = twice(shop, "content", "translate", payload)
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["name (nor-NO)", "body (nor-NO)"]
    payload["fields"] = {"name": "Ø"}
    assert isinstance(twice(shop, "content", "translate", payload), Done)
    fields = shop.held(number).version.fields
    assert (fields["eng-GB"]["name"], fields["nor-NO"]["name"]) == ("A", "Ø")
    refused = shop.send(shop.outgoing("content", "translate"), {**payload, "fields": {"sku": "2"}})
    assert isinstance(refused, Refused)
    assert "not translatable" in refused.problem.message


@pytest.mark.parametrize(
    "entity_action", ["content.update_only", "content.translate", "location.ensure", "object_state.set"]
)
@pytest.mark.parametrize(
    "payload",
    [None, [], {}, {"remote_id": "t", "language": "", "fields": {}}, {"content": {}, "parent": HOME, "states": {"a": "b"}},
     {"content": {"remote_id": "t"}, "parent": [HOME, {"id": 1}], "states": {}}, {"remote_id": "t", "absent": "never"},
     {"content": {"id": 1}, "parent": HOME, "priority": "1", "states": {"a": 1}}],
)  # fmt: skip
def test_what_is_no_message_is_refused_before_anything_is_asked(shop: Shop, entity_action: str, payload: Any) -> None:
    with pytest.raises(RecordError):
        shop.outgoing(*entity_action.split(".")).prepare(Message(payload=payload))


def test_a_location_is_added_once_and_corrected(shop: Shop) -> None:
    new(shop, "cat")
    number = new(shop)
    payload = {"content": {"remote_id": "t-1"}, "parent": {"remote_id": "cat"}}
    added = twice(shop, "location", "ensure", payload)
    assert isinstance(added, Done)
    assert added.change == "created"
    corrected = twice(shop, "location", "ensure", {**payload, "priority": 7, "hidden": True})
    assert isinstance(corrected, Done)
    assert (corrected.target_id, corrected.detail["changed"]) == (added.target_id, ["hidden", "priority"])
    place = shop.sandbox.repository.locations[int(added.target_id)]
    assert (place.priority, place.hidden, len(shop.held(number).locations)) == (7, True, 2)
    by_id = {"content": {"id": int(number)}, "parent": {"path": "/1/43"}, "priority": 3}
    assert isinstance(twice(shop, "location", "ensure", by_id), Done)


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
def test_an_answer_lost_adds_no_second_location(shop: Shop, do: Any) -> None:
    number = new(shop)
    outgoing, payload = (
        shop.outgoing("location", "ensure"),
        {"content": {"remote_id": "t-1"}, "parent": {"path": "/1/43"}},
    )
    shop.fault("location.create", do, times=3)
    assert isinstance(shop.send(outgoing, payload), Unknown | NotSent)
    shop.sandbox.faults.clear()
    assert isinstance(shop.send(outgoing, payload, suspect=True), Done | Skipped)
    assert len(shop.held(number).locations) == 2


def test_what_a_location_needs_may_come_later(shop: Shop) -> None:
    outgoing = shop.outgoing("location", "ensure")
    for payload in (
        {"content": {"remote_id": "later"}, "parent": HOME},
        {"content": {"id": int(new(shop))}, "parent": {"remote_id": "later"}},
    ):
        outcome = shop.send(outgoing, payload)
        assert isinstance(outcome, Waits)
        assert "later" in outcome.problem.message


def test_states_are_set_once(shop: Shop) -> None:
    number = new(shop)
    payload = {"content": {"remote_id": "t-1"}, "states": {"ez_lock": "locked"}}
    outcome = twice(shop, "object_state", "set", payload)
    assert isinstance(outcome, Done)
    assert (outcome.target_id, outcome.detail["changed"]) == (number, ["state ez_lock: locked"])
    unknown = shop.send(shop.outgoing("object_state", "set"), {**payload, "states": {"ez_lock": "lockd"}})
    assert isinstance(unknown, Refused)


def test_the_keys_of_two_messages_about_different_things_differ(shop: Shop) -> None:
    outgoing = shop.outgoing("location", "ensure")
    keys = [
        outgoing.key(outgoing.prepare(Message(payload={"content": {"remote_id": one}, "parent": parent})))
        for one in ("a", "b")
        for parent in (HOME, {"id": 43})
    ]
    assert len(set(keys)) == 2, "one message names all the places of an item"


@pytest.mark.parametrize("declared", [{"SectionInput": {"name": "S"}}, {"name": "S"}])
@pytest.mark.parametrize("given", [{"SectionInput": {"identifier": "s"}}, {"identifier": "s"}])
def test_a_root_element_may_stand_in_declaration_or_message_or_in_neither(
    shop: Shop, declared: Json, given: Json
) -> None:
    outgoing = shop.outgoing("section", "create", payload=declared)
    message = outgoing.prepare(Message(payload=given))
    assert isinstance(shop.send(outgoing, given), Done)
    inner = message.payload.get("SectionInput", message.payload) if isinstance(message.payload, dict) else {}
    assert inner == {"name": "S", "identifier": "s"}


@pytest.mark.parametrize("action", ["update_only", "translate"])
def test_what_waits_for_an_item_is_sent_when_a_route_has_made_it_however_late(
    shop: Shop, store: Store, action: str
) -> None:
    said = {"language": "nor-NO"} if action == "translate" else {}
    later: list[tuple[str, Json]] = [("t-1", {"remote_id": "t-1", "fields": {"name": "Later"}, **said})]
    outgoing = shop.outgoing("content", action)

    def run(name: str, target: Any, rows: list[tuple[str, Json]]) -> RunResult:
        settings = Settings(max_attempts=2, first_wait=0.01, max_wait=0.01)
        live = LiveRoute(name, Shelf(rows), Plain(), target, settings, {})
        return RouteRun(live, store, clock=SystemClock(), stop=StopEvent()).execute(Trigger(), lambda view: None)

    for _ in range(4):
        assert run("prices", outgoing, later).counts["updated"] == 0
    assert causes.failures(store)[0]["code"] == "IBX410"
    assert run("things", shop.upsert, [("t-1", {"remote_id": "t-1", "fields": {"name": "A"}})]).counts["created"] == 1
    assert run("prices", outgoing, later).counts["updated"] == 1
    assert causes.failures(store) == []
