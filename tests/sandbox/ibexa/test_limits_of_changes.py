"""Limitations on what somebody is about to bring about: a state, a section, an owner, a role (ibexa/core Limitation)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, creation
from tests.sandbox.ibexa.test_permissions import grant, hire, may

Json = Any
READ = (may("read"), may("versionread"))


@pytest.fixture
def filled(api: Api) -> Api:
    assert api.published("one") == 52
    return api


def test_a_new_state_is_one_of_those_named(filled: Api) -> None:
    grant(filled, *READ, may("state/assign", NewState=["2"]))
    guest = hire(filled, "guest", "1/5/12")
    for state, status in ((2, 200), (1, 401)):
        entry = {"_href": f"{ROOT}/content/objectstategroups/2/objectstates/{state}"}
        body = {"ContentObjectStates": {"ObjectState": [entry]}}
        answer = guest.send("PATCH", "/content/objects/52/objectstates", body, "ContentObjectStates")
        assert answer.status_code == status, answer.text


def test_a_new_section_is_one_of_those_named(filled: Api) -> None:
    grant(filled, *READ, may("section/assign", NewSection=["3"]))
    guest = hire(filled, "guest", "1/5/12")
    for section, status in ((3, 200), (1, 401)):
        body = {"ContentUpdate": {"Section": {"_href": f"{ROOT}/content/sections/{section}"}}}
        assert guest.send("PATCH", "/content/objects/52", body, "ContentUpdate").status_code == status


@pytest.mark.parametrize(("values", "owner", "status"), [(["-1"], None, 201), (["14"], None, 401), (["14"], 14, 201)])
def test_the_owner_of_a_new_item_is_one_of_those_named(
    filled: Api, values: list[str], owner: int | None, status: int
) -> None:
    grant(filled, *READ, may("create", ChangeOwner=values))
    guest = hire(filled, "guest", "1/5/12")
    body = creation("new", {"name": "new"})
    if owner:
        body["ContentCreate"]["User"] = {"_href": f"{ROOT}/user/users/{owner}"}
    assert guest.send("POST", "/content/objects", body, "ContentCreate").status_code == status


def test_below_what_somebody_of_the_own_groups_owns(filled: Api) -> None:
    near = (*READ, may("create", ParentGroup=["1"]))
    grant(filled, *near)
    for role in (2, 3, 4):
        filled.send("DELETE", f"/user/groups/1/5/14/roles/{role}")
    grant(filled, *near, group="1/5/14", identifier="others")
    first, fellow = hire(filled, "first", "1/5/12"), hire(filled, "fellow", "1/5/12")
    stranger = hire(filled, "stranger", "1/5/14")
    href = first.send("GET", "/user/current").headers["Location"]
    body: Json = {"ContentUpdate": {"Owner": {"_href": href}}}
    assert filled.send("PATCH", "/content/objects/52", body, "ContentUpdate").status_code == 200
    place = filled.main_location(52)
    for who, parent, status in ((fellow, place, 201), (stranger, place, 401), (fellow, "1/2", 401)):
        body = creation(None, {"name": "new"}, parent=parent)
        assert who.send("POST", "/content/objects", body, "ContentCreate").status_code == status


@pytest.mark.parametrize(
    ("limited", "group", "role", "status"),
    [
        ({"Role": ["5"]}, "1/5/14", 5, 200),
        ({"Role": ["5"]}, "1/5/14", 3, 401),
        ({"MemberOf": ["13"]}, "1/5/14", 5, 200),
        ({"MemberOf": ["12"]}, "1/5/14", 5, 401),
        ({"MemberOf": ["-1"]}, "1/5/14", 5, 401),
        ({"MemberOf": ["-1"]}, "1/5/12", 3, 200),
        ({"MemberOf": ["13"], "Role": ["3"]}, "1/5/14", 5, 401),
    ],
)
def test_a_role_is_given_to_whom_and_as_the_limits_say(
    filled: Api, limited: dict[str, list[str]], group: str, role: int, status: int
) -> None:
    grant(filled, *READ, may("role/read"), may("role/assign", **limited))
    guest = hire(filled, "guest", "1/5/12")
    other = hire(filled, "other", group)
    number = other.send("GET", "/user/current").headers["Location"].rpartition("/")[2]
    body = {"RoleAssignInput": {"Role": {"_href": f"{ROOT}/user/roles/{role}"}}}
    for path in (f"/user/users/{number}/roles", f"/user/groups/{group}/roles"):
        assert guest.send("POST", path, body, "RoleAssignInput").status_code == status, path
    filled.send("POST", f"/user/users/{number}/roles", body, "RoleAssignInput")
    taken = guest.send("DELETE", f"/user/users/{number}/roles/{role}")
    assert taken.status_code == status
