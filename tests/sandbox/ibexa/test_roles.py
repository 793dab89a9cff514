"""Roles, policies and assignments: the rules by which a real server keeps them, as tables of requests and answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, vendor

Json = Any
ROLES = "/user/roles"


def named(identifier: Json) -> Json:
    return {"RoleInput": {"identifier": identifier}}


def limits(**values: list[str]) -> Json:
    entries = [
        {"_identifier": name, "values": {"ref": [{"_href": one} for one in each]}} for name, each in values.items()
    ]
    return {"limitations": {"limitation": entries}}


def policy(module: str = "content", function: str = "read", **limited: list[str]) -> Json:
    return {"PolicyCreate": {"module": module, "function": function, **(limits(**limited) if limited else {})}}


def assigned(role: int = 5, **limited: list[str]) -> Json:
    body: Json = {"Role": {"_href": f"{ROOT}/user/roles/{role}"}}
    for name, values in limited.items():
        body["limitation"] = {"_identifier": name, "values": {"ref": [{"_href": ROOT + each} for each in values]}}
    return {"RoleAssignInput": body}


OWN = ROLES + "/5/policies"
TO_USER = "/user/users/14/roles"
TO_GROUP = "/user/groups/1/5/14/roles"

# Before each: role "R1" (5), with the policy content/read (341).
# method, path, body, Content-Type, status, text in the answer
TABLE: list[tuple[str, str, Json, str | None, int, str]] = [
    ("GET", ROLES + "?identifier=nosuch", None, None, 200, '"Role":[]'),
    ("GET", ROLES + "?identifier=editor", None, None, 200, "/user/roles/3"),
    ("GET", ROLES + "?limit=1&offset=4", None, None, 200, "/user/roles/5"),
    ("GET", ROLES + "/5", None, None, 200, '"identifier":"R1"'),
    ("GET", ROLES + "/99", None, None, 404, "'Persistence User Role' with identifier 'ID: 99, Status: 0'"),
    ("POST", ROLES, named("R2"), "RoleInput", 201, "/user/roles/7"),  # 6 was a draft's
    ("POST", ROLES, named("R1"), "RoleInput", 500, "An error has occurred"),
    ("POST", ROLES, named(""), "RoleInput", 500, "An error has occurred"),
    ("POST", ROLES, {"RoleInput": {}}, "RoleInput", 500, "An error has occurred"),
    ("PATCH", ROLES + "/5", named("R9"), "RoleInput", 200, '"identifier":"R9"'),
    ("PATCH", ROLES + "/5", named("Editor"), "RoleInput", 406, "A Role '3' with identifier 'Editor' already exists"),
    ("PATCH", ROLES + "/5", {"RoleInput": {}}, "RoleInput", 200, '"identifier":"R1"'),
    ("DELETE", ROLES + "/5", None, None, 204, ""),
    ("GET", ROLES + "/5/draft", None, None, 404, "Status: 1"),
    ("POST", ROLES + "/5", None, None, 201, '"identifier":"R1"'),
    # policies
    ("GET", OWN, None, None, 200, '"module":"content","function":"read"'),
    ("GET", OWN + "/341", None, None, 200, '"id":341'),
    ("GET", OWN + "/999", None, None, 404, "Policy not found: '/api/ibexa/v2/user/roles/5/policies/999'."),
    ("GET", ROLES + "/1/policies", None, None, 200, '"limitation":[{"_identifier":"Section","values":{"ref":[{"_media'),
    ("POST", OWN, policy(Class=["2"], Section=["1"]), "PolicyCreate", 201, '"_identifier":"Class"'),
    ("POST", OWN, policy("nosuch", "thing"), "PolicyCreate", 201, '"module":"nosuch"'),
    ("POST", OWN, policy("*", "read"), "PolicyCreate", 406, "incorrect value in class 'PolicyCreateStruct'"),
    ("POST", OWN, policy(Nosuch=["1"]), "PolicyCreate", 404, "Could not find 'Limitation' with identifier 'Nosuch'"),
    ("POST", OWN, policy(Class=["99"]), "PolicyCreate", 500, "An error has occurred"),
    ("POST", OWN, policy("content", "read", Language=["eng-GB"]), "PolicyCreate", 406, "'Language' is not applicable"),
    ("POST", OWN, {"PolicyCreate": {"module": "a"}}, "PolicyCreate", 400, "Missing 'function' attribute for Pol"),
    (
        "POST",
        OWN,
        {"PolicyCreate": {"module": "a", "function": "b", "limitations": 1}},
        "PolicyCreate",
        400,
        "Invalid fo",
    ),
    ("POST", ROLES + "/99/policies", policy(), "PolicyCreate", 404, "Status: 0"),
    ("PATCH", OWN + "/341", {"PolicyUpdate": limits(Subtree=["/1/2/"])}, "PolicyUpdate", 200, '"_href":"/1/2/"'),
    ("PATCH", OWN + "/341", {"PolicyUpdate": limits(Subtree=["/1/99/"])}, "PolicyUpdate", 400, "did not validate"),
    ("PATCH", OWN + "/999", {"PolicyUpdate": {}}, "PolicyUpdate", 404, "Policy not found"),
    ("DELETE", OWN + "/341", None, None, 204, ""),
    ("DELETE", OWN + "/999", None, None, 404, "Policy not found"),
    ("DELETE", OWN, None, None, 204, ""),
    ("GET", "/user/policies?userId=14", None, None, 200, '"id":332,"module":"*","function":"*"'),
    ("GET", "/user/policies", None, None, 404, ""),
    # assignments
    ("GET", TO_USER, None, None, 200, '"RoleAssignment":[]'),
    ("GET", TO_GROUP, None, None, 200, '"_href":"/1/43/"'),
    ("GET", TO_GROUP + "/4", None, None, 200, "/user/roles/4"),
    ("GET", TO_USER + "/5", None, None, 404, "Role assignment not found: '/api/ibexa/v2/user/users/14/roles/5'."),
    ("POST", TO_USER, assigned(), "RoleAssignInput", 200, "/user/users/14/roles/5"),
    ("POST", TO_USER, assigned(99), "RoleAssignInput", 404, "ID: 99, Status: 0"),
    ("POST", TO_USER, assigned(Section=["/content/sections/1"]), "RoleAssignInput", 200, '"_href":"1"'),
    ("POST", TO_USER, assigned(Section=["/content/sections/99"]), "RoleAssignInput", 400, "did not validate"),
    ("POST", TO_USER, assigned(Subtree=["/content/locations/1/2/"]), "RoleAssignInput", 200, '"_href":"/1/2/"'),
    ("POST", TO_USER, assigned(Subtree=["/1/2/"]), "RoleAssignInput", 406, "No route matched"),
    ("POST", TO_USER, assigned(Class=["/content/types/1"]), "RoleAssignInput", 400, "internal.limitation.Class"),
    ("POST", TO_GROUP, assigned(4), "RoleAssignInput", 406, "Role '4' already assigned without Limitations"),
    ("POST", TO_GROUP, assigned(3, Subtree=["/content/locations/1/43/"]), "RoleAssignInput", 406, "the same 'Subtree'"),
    ("POST", TO_GROUP, {"RoleAssignInput": {}}, "RoleAssignInput", 400, "Missing 'Role' element for RoleAssignInput."),
    ("POST", TO_GROUP, {"RoleAssignInput": {"Role": {"_href": "/x"}}}, "RoleAssignInput", 400, "<Role> reference"),
    ("DELETE", TO_GROUP + "/3", None, None, 200, "/user/roles/4"),
    ("DELETE", TO_USER + "/5", None, None, 200, '"RoleAssignment":[]'),
]


@pytest.fixture
def staffed(api: Api) -> Api:
    assert api.send("POST", ROLES, named("R1"), "RoleInput").headers["Location"] == f"{ROOT}/user/roles/5"
    draft = api.send("POST", ROLES + "/5").headers["Location"].removeprefix(ROOT)
    assert api.send("POST", draft + "/policies", policy(), "PolicyCreate").status_code == 201
    assert api.send("PUBLISH", draft + "/draft").headers["Location"] == f"{ROOT}/user/roles/5"
    return api


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "text"),
    TABLE,
    ids=[f"{n}-{row[0]}-{row[1]}" for n, row in enumerate(TABLE)],
)
def test_answers_as_the_real_server(
    staffed: Api, method: str, path: str, body: Json, kind: str | None, status: int, text: str
) -> None:
    answer = staffed.send(method, path, body, kind)
    assert answer.status_code == status, answer.text
    assert text in answer.text.replace("\\/", "/")


def policies(api: Api, role: int = 5) -> list[tuple[int, str]]:
    found = api.send("GET", f"{ROLES}/{role}/policies").json()["PolicyList"]["Policy"]
    return [(each["id"], each["function"]) for each in found]


def test_roles_are_listed_as_a_clean_install_does(api: Api) -> None:
    found = api.send("GET", ROLES, Accept="application/json").json()["RoleList"]["Role"]
    assert [each["identifier"] for each in found] == ["Anonymous", "Member", "Administrator", "Editor"]
    assert found[0] == {
        "_media-type": vendor("Role"), "_href": f"{ROOT}/user/roles/1", "identifier": "Anonymous",
        "Policies": {"_media-type": vendor("PolicyList"), "_href": f"{ROOT}/user/roles/1/policies"},
    }  # fmt: skip


def test_every_change_of_a_role_gives_its_policies_new_ids(staffed: Api) -> None:
    added = staffed.send("POST", OWN, policy("content", "edit"), "PolicyCreate")
    link = added.headers["Location"].removeprefix(ROOT)
    assert staffed.send("GET", link).status_code == 404  # the link names the draft, which is gone by now
    found = policies(staffed)
    assert [function for _, function in found] == ["read", "edit"]
    assert found[0][0] > 341
    assert staffed.send("GET", f"{OWN}/341").status_code == 404
    staffed.send("PATCH", f"{ROLES}/5", named("R9"), "RoleInput")
    assert policies(staffed)[0][0] > found[0][0]


def test_a_draft_changes_nothing_until_it_is_published(staffed: Api) -> None:
    draft = staffed.send("POST", ROLES + "/5").headers["Location"].removeprefix(ROOT)
    other = staffed.send("POST", ROLES + "/5")  # the server looks for a draft with the role's own id, which none has
    assert (other.status_code, other.headers["Location"] == ROOT + draft) == (201, False)
    assert staffed.send("DELETE", other.headers["Location"].removeprefix(ROOT) + "/draft").status_code == 204
    shown = staffed.send("PATCH", ROLES + "/5/draft", named("R9"), "RoleInput")
    assert shown.headers["Content-Type"] == vendor("RoleDraft")
    added = staffed.send("POST", draft + "/policies", policy("content", "edit"), "PolicyCreate")
    assert (added.status_code, added.json()["Policy"]["originalId"]) == (201, 0)
    assert staffed.send("GET", ROLES + "/5").json()["Role"]["identifier"] == "R1"
    assert policies(staffed) == [(341, "read")]
    assert staffed.send("PUBLISH", ROLES + "/5/draft").status_code == 204
    assert staffed.send("GET", ROLES + "/5").json()["Role"]["identifier"] == "R9"
    assert [function for _, function in policies(staffed)] == ["read", "edit"]


def test_a_draft_is_dropped_by_its_own_id_only(staffed: Api) -> None:
    draft = staffed.send("POST", ROLES + "/5").headers["Location"].removeprefix(ROOT)
    assert staffed.send("DELETE", ROLES + "/5/draft").status_code == 404
    assert staffed.send("DELETE", draft + "/draft").status_code == 204
    assert staffed.send("GET", ROLES + "/5/draft").status_code == 404


def test_a_draft_whose_role_is_gone_becomes_a_role_of_its_own(staffed: Api) -> None:
    draft = staffed.send("POST", ROLES + "/5").headers["Location"]
    assert staffed.send("DELETE", ROLES + "/5").status_code == 204
    published = staffed.send("PUBLISH", draft.removeprefix(ROOT) + "/draft")
    assert (published.status_code, published.headers["Location"]) == (204, draft)


def test_a_new_role_may_wait_as_a_draft(api: Api) -> None:
    made = api.send("POST", ROLES + "?publish=false", named("later"), "RoleInput")
    path = made.headers["Location"].removeprefix(ROOT)
    assert (made.status_code, api.send("GET", path).status_code) == (201, 404)
    assert api.send("PUBLISH", path + "/draft").status_code == 204
    assert api.send("GET", path).json()["Role"]["identifier"] == "later"


def test_each_value_of_a_limit_is_an_assignment_of_its_own(staffed: Api) -> None:
    staffed.send("POST", TO_USER, assigned(Section=["/content/sections/1"]), "RoleAssignInput")
    both = assigned(Section=["/content/sections/1", "/content/sections/2"])
    found = staffed.send("POST", TO_USER, both, "RoleAssignInput").json()["RoleAssignmentList"]["RoleAssignment"]
    assert [each["limitation"]["values"]["ref"] for each in found] == [
        [{"_media-type": vendor("ref"), "_href": "1"}], [{"_media-type": vendor("ref"), "_href": "2"}],
    ]  # fmt: skip
    whole = staffed.send("POST", TO_USER, assigned(), "RoleAssignInput").json()["RoleAssignmentList"]
    assert [each.get("limitation") for each in whole["RoleAssignment"]] == [None]
    for _ in range(2):
        emptied = staffed.send("DELETE", TO_USER + "/5")
        assert (emptied.status_code, emptied.json()["RoleAssignmentList"]["RoleAssignment"]) == (200, [])


def test_a_role_that_goes_takes_its_assignments_along(staffed: Api) -> None:
    staffed.send("POST", TO_USER, assigned(), "RoleAssignInput")
    staffed.send("DELETE", ROLES + "/5")
    assert staffed.send("GET", TO_USER).json()["RoleAssignmentList"]["RoleAssignment"] == []
