"""user.upsert: one user for each login, brought to what the message says; its password is told to Ibexa alone."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Refused, Skipped, Unknown, Waits
from connector.systems.catalogue import ibexa
from tests.integration.outgoing.shop import Shop, twice

EDITORS, GUESTS = {"path": "/1/5/14"}, {"path": "/1/5/12"}
ADA: dict[str, Json] = {
    "login": "ada",
    "email": "ada@example.com",
    "password": "Analytical-Engine-1",
    "main_language": "eng-GB",
    "group": EDITORS,
    "fields": {"first_name": "Ada", "last_name": "Lovelace"},
}


@pytest.fixture(params=["4.6", "5.0"])
def ibexa_version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def upsert(shop: Shop, **more: Json) -> Any:
    return shop.send(shop.outgoing("user", "upsert"), {**ADA, **more})


def ada(shop: Shop) -> Any:
    found = [one for one in shop.sandbox.repository.users.values() if one.login == "ada"]
    assert len(found) == 1
    return found[0]


def groups(shop: Shop) -> list[int]:
    places = shop.sandbox.repository.locations
    return [places[one].parent_id for one in shop.held(str(ada(shop).id)).locations]


def test_a_user_is_created_whole_and_a_second_time_nothing_is_written(shop: Shop) -> None:
    more = {"enabled": False, "remote_id": "crm-7", "groups": [EDITORS, GUESTS], "roles": ["Editor", "Member"]}
    outcome = twice(shop, "user", "upsert", {**ADA, **more})
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.target_id) == ("created", str(ada(shop).id))
    assert outcome.detail["changed"] == ["enabled", "group 1/5/12", "role Editor", "role Member"]
    assert (ada(shop).email, ada(shop).enabled, ada(shop).password) == ("ada@example.com", False, ADA["password"])
    assert groups(shop) == [14, 12]
    assert shop.held(outcome.target_id).remote_id == "crm-7"
    assert shop.held(outcome.target_id).version.fields["eng-GB"]["last_name"] == "Lovelace"


def test_what_differs_is_written_and_nothing_else(shop: Shop) -> None:
    upsert(shop)
    shop.sandbox.book.reset()
    fields = {"last_name": "King", "first_name": None}
    changed = {**ADA, "login": "Ada", "email": "ada@example.org", "password": "Another-Engine-2", "fields": fields}
    outcome = twice(shop, "user", "upsert", changed)
    assert isinstance(outcome, Done)
    assert (outcome.change, outcome.detail["changed"]) == ("updated", ["email", "last_name (eng-GB)"])
    assert (ada(shop).email, ada(shop).password) == ("ada@example.org", ADA["password"]), "the password stays"


def test_groups_and_roles_are_added_and_none_is_taken_away(shop: Shop) -> None:
    upsert(shop, roles=["Editor"])
    outcome = twice(shop, "user", "upsert", {**ADA, "group": GUESTS, "groups": [GUESTS], "roles": ["Member"]})
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["group 1/5/12", "role Member"]
    assert groups(shop) == [14, 12]
    assert len([one for one in shop.sandbox.repository.assignments.values() if one.holder == ada(shop).id]) == 2


def test_a_password_is_written_again_only_where_that_is_asked_for(shop: Shop) -> None:
    upsert(shop)
    outcome = upsert(shop, password="Another-Engine-2", update_password=True)
    assert isinstance(outcome, Done)
    assert outcome.detail["changed"] == ["password"]
    assert ada(shop).password == "Another-Engine-2"


def test_the_password_is_in_no_outcome_and_its_request_is_logged_without_a_body(shop: Shop) -> None:
    outcomes = [upsert(shop), upsert(shop, update_password=True), upsert(shop, roles=["Nobody"])]
    shop.fault("user.update", {"status": 400}, times=9)
    outcomes.append(upsert(shop, update_password=True))
    assert [type(one) for one in outcomes] == [Done, Done, Refused, Refused]
    for outcome in outcomes:
        assert str(ADA["password"]) not in repr(outcome)
    body = {"login": "a", "email": "a@b.cd", "password": "x", "mainLanguageCode": "eng-GB", "fields": {"field": []}}
    request = ibexa().get("user.create").request(Message(path={"path": "1/5"}, payload=body))
    assert request.confidential


def test_a_generated_password_fits_and_is_another_one_for_each_user(shop: Shop) -> None:
    made = {"generate": True}
    assert isinstance(upsert(shop, password=made), Done)
    assert isinstance(upsert(shop, password=made), Skipped)
    assert isinstance(upsert(shop, login="bob", password=made), Done)
    found = [one.password for one in shop.sandbox.repository.users.values() if one.login in ("ada", "bob")]
    assert len(set(found)) == 2
    assert all(one and len(one) > 20 for one in found)


@pytest.mark.parametrize(
    "op", ["user.create", "user.update", "user_group.assign_user", "role_assignment.assign_to_user"]
)
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 503}])
def test_a_write_that_we_never_heard_of_makes_no_second_user(shop: Shop, op: str, do: Any) -> None:
    more = {"enabled": False, "groups": [GUESTS], "roles": ["Editor"]}
    shop.fault(op, do, times=3)
    first = upsert(shop, **more)
    assert isinstance(first, Unknown | NotSent)
    shop.sandbox.faults.clear()
    assert isinstance(shop.send(shop.outgoing("user", "upsert"), {**ADA, **more}, suspect=True), Done | Skipped)
    shop.sandbox.book.reset()
    assert isinstance(upsert(shop, **more), Skipped)
    assert (shop.writes, ada(shop).enabled, groups(shop)) == ({}, False, [14, 12])


def test_a_user_that_somebody_else_made_at_the_same_moment_is_taken(shop: Shop) -> None:
    upsert(shop)
    shop.fault("user.find", {"status": 404}, times=1)  # as it was a moment before
    assert isinstance(upsert(shop, enabled=False), Done)
    assert ada(shop).enabled is False


def test_what_a_user_needs_may_come_later(shop: Shop) -> None:
    for more in ({"group": {"remote_id": "team"}}, {"groups": [{"remote_id": "team"}]}):
        outcome = upsert(shop, **more)
        assert isinstance(outcome, Waits)
        assert outcome.needs == "team"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"password": None}, "requires password"),
        ({"group": None, "password": None}, "requires group and password"),
        ({"password": "weak"}, "too weak"),
        ({"fields": {"first_name": "Ada"}}, "user requires last_name (eng-GB)"),
        ({"roles": ["Nobody"]}, "there is no role 'Nobody'"),
        ({"fields": {"last_nam": "x"}}, "Did you mean 'last_name'"),
        ({"content_type": "person"}, "no content type 'person'"),
        ({"group": {"path": "/1/2"}}, "/1/2 is no user group: its content type is folder"),
        ({"groups": [EDITORS, {"id": 2}]}, "/1/2 is no user group: its content type is folder"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(shop: Shop, more: Any, words: str) -> None:
    shop.sandbox.book.reset()
    outcome = upsert(shop, **more)
    assert isinstance(outcome, Refused)
    assert words in outcome.problem.sentence()
    assert not shop.writes or words == "too weak", "nothing is half done: only Ibexa can judge a password"


def test_what_was_done_before_a_step_failed_is_said(shop: Shop) -> None:
    shop.fault("role_assignment.assign_to_user", {"status": 403}, times=1)
    outcome = upsert(shop, groups=[GUESTS], roles=["Member"])
    assert isinstance(outcome, Refused)
    assert list(outcome.done) == ["user created", "group 1/5/12"]
    assert outcome.target_id == str(ada(shop).id)
    again = upsert(shop, groups=[GUESTS], roles=["Member"])
    assert isinstance(again, Done)
    assert again.detail["changed"] == ["role Member"]


@pytest.mark.parametrize(
    "more",
    [{"login": ""}, {"login": "x" * 151}, {"email": None}, {"email": "nobody"}, {"email": "x" * 150 + "@b.no"}, {"main_language": 1}, {"enabled": "yes"}, {"group": {"name": "x"}}, {"roles": [1]},
     {"groups": ["Editors"]}, {"groups": {}}, {"password": 12345}, {"password": {"generate": False}}, {"pasword": "x"},
     {"password": {"generate": True}, "update_password": True}, {"password": None, "update_password": True},
     {"fields": {"user_account": {}}}, {"fields": []}],
)  # fmt: skip
def test_what_is_no_message_is_refused_before_anything_is_asked(shop: Shop, more: Any) -> None:
    with pytest.raises(RecordError) as found:
        shop.outgoing("user", "upsert").prepare(Message(payload={**ADA, **more}))
    assert str(ADA["password"]) not in found.value.problem("").sentence()


def test_verify_tells_a_difference_and_writes_nothing(shop: Shop) -> None:
    upsert(shop)
    shop.sandbox.book.reset()
    outgoing = shop.outgoing("user", "upsert")
    assert shop.send(outgoing, ADA, action="verify") == Skipped("unchanged", str(ada(shop).id))
    drifted = shop.send(outgoing, {**ADA, "email": "a@example.net"}, action="verify")
    assert isinstance(drifted, Skipped)
    assert (drifted.reason, drifted.detail, shop.writes) == ("drifted", {"would": "user.update"}, {})


def test_a_user_is_not_made_as_content_and_an_account_not_written_as_a_field(shop: Shop) -> None:
    named = {"first_name": "Bob", "last_name": "B"}
    as_content = {"content_type": "user", "main_language": "eng-GB", "parent": EDITORS}
    shop.sandbox.book.reset()
    for fields in (named, {**named, "user_account": {"login": "bob"}}, {**named, "user_account": {"clear": True}}):
        outcome = shop.send(shop.outgoing("content", "upsert"), {**as_content, "remote_id": "bob", "fields": fields})
        assert isinstance(outcome, Refused)
        assert outcome.problem.code == "IBX480"
        assert "user.upsert" in outcome.problem.hint
    assert shop.writes == {}
    assert isinstance(upsert(shop, remote_id="crm-7"), Done)
    renamed = {**as_content, "remote_id": "crm-7", "fields": {"first_name": "Augusta"}}
    outcome = shop.send(shop.outgoing("content", "upsert"), renamed)
    assert isinstance(outcome, Done), "the other fields of a user that is there are content as any"
    assert shop.held(outcome.target_id).version.fields["eng-GB"]["first_name"] == "Augusta"
    assert ada(shop).login == "ada"
