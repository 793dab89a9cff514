"""url_alias.ensure: an address made by hand leads to a place, and is made once."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown, Waits
from tests.integration.outgoing.shop import Shop, twice

ALIAS: dict[str, Json] = {"location": {"remote_id": "t-1"}, "path": "old/Thing-1", "language": "eng-GB"}


@pytest.fixture(autouse=True)
def thing(shop: Shop) -> str:
    outcome = shop.put()
    assert isinstance(outcome, Done)
    shop.sandbox.book.reset()
    return outcome.target_id


def ensure(shop: Shop, **more: Json) -> Any:
    return shop.send(shop.outgoing("url_alias", "ensure"), {**ALIAS, **more})


def aliases(shop: Shop) -> list[Any]:
    return list(shop.sandbox.repository.aliases.values())


def test_an_address_is_made_once_and_leads_there(shop: Shop, thing: str) -> None:
    outcome = twice(shop, "url_alias", "ensure", {**ALIAS, "forward": True})
    assert isinstance(outcome, Done)
    assert (outcome.change, [one.id for one in aliases(shop)]) == ("created", [outcome.target_id])
    made = aliases(shop)[0]
    assert (made.path, made.languages, made.forward) == ("/old/Thing-1", ["eng-GB"], True)
    assert made.location_id == shop.held(thing).main_location
    same = ensure(shop, location={"id": made.location_id}, path="/OLD/thing-1/")
    assert same == Skipped("unchanged", outcome.target_id)


def test_another_language_is_added_to_the_same_address(shop: Shop) -> None:
    ensure(shop)
    assert isinstance(twice(shop, "url_alias", "ensure", {**ALIAS, "language": "nor-NO"}), Done)
    assert [one.languages for one in aliases(shop)] == [["eng-GB", "nor-NO"]]
    left = ensure(shop, forward=True)
    assert isinstance(left, Skipped)
    assert left.detail["left"] == ["forward: the address also holds in nor-NO"]


def test_an_address_of_another_sort_is_made_anew(shop: Shop) -> None:
    ensure(shop, always_available=True)
    outcome = twice(shop, "url_alias", "ensure", {**ALIAS, "forward": True})
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.detail["changed"]) == ("updated", ["forward"])
    assert [(one.forward, one.always_available) for one in aliases(shop)] == [(True, True)]


@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}])
def test_an_answer_lost_makes_no_second_address(shop: Shop, do: Any) -> None:
    shop.fault("url_alias.create", do, times=3)
    assert isinstance(ensure(shop), Unknown | NotSent)
    shop.sandbox.faults.clear()
    assert isinstance(ensure(shop), Done | Skipped)
    assert len(aliases(shop)) == 1


def test_an_address_that_leads_elsewhere_is_not_taken_away(shop: Shop) -> None:
    ensure(shop)
    outcome = ensure(shop, location={"path": "/1/43"})
    assert isinstance(outcome, Refused)
    assert "already exists" in outcome.problem.message
    assert len(aliases(shop)) == 1


def test_what_it_leads_to_may_come_later(shop: Shop) -> None:
    outcome = ensure(shop, location={"remote_id": "later"})
    assert isinstance(outcome, Waits)
    assert (outcome.needs, outcome.problem.where) == ("later", "payload.location")


@pytest.mark.parametrize(
    "more",
    [{"path": "old shoes"}, {"path": "/"}, {"path": "sko/blå"}, {"path": "a//b"}, {"path": "-a"}, {"path": "a--b"},
     {"location": {}}, {"location": {"path": "/"}}, {"location": {"id": "x"}}, {"language": ""}, {"forward": 1},
     {"paths": "a"}],
)  # fmt: skip
def test_what_is_no_message_is_refused_before_anything_is_asked(shop: Shop, more: Any) -> None:
    with pytest.raises(RecordError):
        shop.outgoing("url_alias", "ensure").prepare(Message(payload={**ALIAS, **more}))


def test_keys_are_those_of_the_address(shop: Shop) -> None:
    outgoing = shop.outgoing("url_alias", "ensure")

    def key(**more: Json) -> str | None:
        return outgoing.key(outgoing.prepare(Message(payload={**ALIAS, **more})))

    assert key() == key(path="/OLD/thing-1", location={"id": 2})
    assert len({key(), key(language="nor-NO"), key(path="other")}) == 3
