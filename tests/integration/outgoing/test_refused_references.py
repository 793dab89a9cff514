"""Languages and parents that are not there are named; another main language is never taken for a translation."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.outcome import Done, Refused, Skipped
from tests.integration.outgoing.shop import Shop

_HOME = {"content_type": "thing", "parent": {"path": "/1/2"}, "main_language": "eng-GB"}


def refused(outcome: Any, code: str, *words: str) -> Refused:
    assert isinstance(outcome, Refused), outcome
    assert outcome.problem.code == code
    for one in words:
        assert one in outcome.problem.sentence()
    return outcome


@pytest.mark.parametrize(("code", "meant"), [("xx-XX", ""), ("nb_NO", "nor-NO"), ("nor-NB", "nor-NO")])
@pytest.mark.parametrize("there", [False, True])
def test_a_language_that_ibexa_has_not_is_named_before_anything_is_sent(
    shop: Shop, code: str, meant: str, there: bool
) -> None:
    if there:
        assert isinstance(shop.put(), Done)
        shop.sandbox.book.reset()
    outcome = refused(shop.put(translations={code: {"name": "Å"}}), "IBX425", f"translations.{code}: Ibexa has no")
    assert outcome.problem.place is not None
    assert outcome.problem.place.pointer == f"/payload/translations/{code}"
    assert f"Did you mean '{meant}'" in outcome.problem.hint if meant else "It has: eng-GB" in outcome.problem.hint
    assert shop.writes == {}


def test_a_main_language_that_ibexa_has_not_is_named(shop: Shop) -> None:
    payload = {**_HOME, "remote_id": "t-1", "main_language": "en_GB", "fields": {"name": "A"}}
    refused(shop.send(shop.upsert, payload), "IBX425", "main_language: Ibexa has no language 'en_GB'", "eng-GB")
    assert shop.writes == {}


def test_the_language_of_a_translation_is_named_where_it_stands(shop: Shop) -> None:
    shop.put()
    payload = {"remote_id": "t-1", "language": "xx-XX", "fields": {"name": "Å"}}
    outcome = refused(shop.send(shop.outgoing("content", "translate"), payload), "IBX425", "language: Ibexa has no")
    assert outcome.problem.place is not None
    assert outcome.problem.place.pointer == "/payload/language"


_TYPE: dict[str, Json] = {
    "identifier": "new",
    "main_language": "eng-GB",
    "fields": [{"identifier": "name", "type": "string", "names": {"xx-XX": "N"}}],
}


@pytest.mark.parametrize(
    ("kind", "payload", "pointer"),
    [
        ("content_type.ensure", {**_TYPE, "main_language": "xx-XX"}, "/payload/main_language"),
        ("content_type.ensure", _TYPE, "/payload/fields/0/names/xx-XX"),
        ("content_type.ensure", {**_TYPE, "identifier": "thing"}, "/payload/fields/0/names/xx-XX"),
        ("url_alias.ensure", {"location": {"path": "/1/2"}, "path": "a", "language": "xx-XX"}, "/payload/language"),
        (
            "user.upsert",
            {"login": "a", "email": "a@b.no", "main_language": "xx-XX", "group": {"path": "/1/5/12"}},
            "/payload/main_language",
        ),
    ],
)
def test_whatever_is_written_in_a_language_that_ibexa_has_not_is_refused(
    shop: Shop, kind: str, payload: Json, pointer: str
) -> None:
    outcome = refused(shop.send(shop.outgoing(*kind.split(".")), payload), "IBX425", "Ibexa has no language 'xx-XX'")
    assert outcome.problem.place is not None
    assert outcome.problem.place.pointer == pointer
    assert shop.writes == {}


def test_languages_are_asked_for_once_and_only_where_they_may_be_unknown(shop: Shop) -> None:
    for number in range(3):
        assert isinstance(shop.put(f"t-{number}", translations={"nor-NO": {"name": "Å"}}), Done)
        assert isinstance(shop.put(f"t-{number}", translations={"nor-NO": {"name": "Ø"}}), Done)
    assert shop.book["requests"]["by_op"]["language.list"] == 1


@pytest.mark.parametrize("parent", [{"path": "/1/2/9999"}, [{"path": "/1/2"}, {"path": "/1/2/9999/"}]])
def test_a_parent_that_is_not_there_is_named(shop: Shop, parent: Json) -> None:
    payload = {**_HOME, "remote_id": "t-1", "parent": parent, "fields": {"name": "A"}}
    refused(shop.send(shop.upsert, payload), "IBX426", "the parent /1/2/9999 is not in Ibexa")


def test_a_parent_to_move_to_or_to_lie_below_is_named(shop: Shop) -> None:
    first = shop.put()
    payload = {**_HOME, "remote_id": "t-1", "parent": {"path": "1/2/9999"}, "move": "always", "fields": {"name": "A"}}
    refused(shop.send(shop.upsert, payload, memory=first.memory), "IBX426", "the parent /1/2/9999 is not in Ibexa")
    below = {"content": {"remote_id": "t-1"}, "parent": {"path": "1/2/9999"}}
    refused(shop.send(shop.outgoing("location", "ensure"), below), "IBX426", "the parent /1/2/9999 is not in Ibexa")


@pytest.mark.parametrize("action", ["upsert", "update_only"])
def test_another_main_language_is_refused_and_nothing_becomes_a_translation(shop: Shop, action: str) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    shop.sandbox.book.reset()
    payload: dict[str, Json] = {"remote_id": "t-1", "main_language": "nor-NO", "fields": {"name": "Å"}}
    payload |= {"content_type": "thing", "parent": {"path": "/1/2"}} if action == "upsert" else {}
    outgoing = shop.outgoing("content", action)
    for _ in range(2):
        outcome = refused(shop.send(outgoing, payload), "IBX427", "main language of 't-1' is eng-GB in Ibexa, not nor")
        assert '"main_language": "eng-GB"' in outcome.problem.hint
    assert shop.writes == {}
    assert {*shop.held(first.target_id).version.fields} == {"eng-GB"}


def test_create_only_leaves_an_item_in_another_main_language_as_it_is(shop: Shop) -> None:
    first = shop.put()
    assert isinstance(first, Done)
    outgoing = shop.outgoing("content", "create_only", payload={**_HOME, "main_language": "nor-NO"})
    shop.sandbox.book.reset()
    assert shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "Å"}}) == Skipped("exists", first.target_id)
    assert shop.writes == {}


@pytest.mark.parametrize("action", ["upsert", "create_only"])
def test_a_draft_left_in_another_main_language_is_no_place_for_a_translation_either(shop: Shop, action: str) -> None:
    shop.fault("content_version.publish", {"status": 503}, times=9)
    assert not isinstance(shop.put(), Done)
    shop.sandbox.faults.clear()
    shop.sandbox.book.reset()
    outgoing = shop.outgoing("content", action, payload={**_HOME, "main_language": "nor-NO"})
    outcome = shop.send(outgoing, {"remote_id": "t-1", "fields": {"name": "Å"}}, suspect=True)
    refused(outcome, "IBX427", "is eng-GB in Ibexa, not nor-NO")
    assert shop.writes == {}
    assert isinstance(shop.put("t-1", {"suspect": True}), Done)
    assert shop.is_sound()
