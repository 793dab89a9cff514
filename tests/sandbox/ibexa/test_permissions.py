"""What a user with few rights may do: the roles of a clean install, and each limitation of a policy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, creation, error_text
from tests.sandbox.ibexa.test_roles import limits

Json = Any
PASSWORD = "Publish123"


def hire(api: Api, login: str, group: str = "1/5/14") -> Api:
    """A new user of a group, logged in with a client of its own."""
    names = [{"fieldDefinitionIdentifier": each, "fieldValue": login} for each in ("first_name", "last_name")]
    body = {"mainLanguageCode": "eng-GB", "login": login, "email": f"{login}@example.com", "password": PASSWORD}
    made = api.send(
        "POST", f"/user/groups/{group}/users", {"UserCreate": {**body, "fields": {"field": names}}}, "UserCreate"
    )
    assert made.status_code == 201, made.text
    own = Api(api.url, api.session)
    assert own.log_in(login, PASSWORD).status_code == 200
    return own


def anonymous(api: Api) -> Api:
    return Api(api.url, api.session)


def grant(api: Api, *policies: Json, group: str = "1/5/12", identifier: str = "limited") -> None:
    """A role with these policies, and user/login, for a group, in place of the role that it has."""
    api.send("DELETE", f"/user/groups/{group}/roles/1")
    made = api.send("POST", "/user/roles?publish=false", {"RoleInput": {"identifier": identifier}}, "RoleInput")
    path = made.headers["Location"].removeprefix(ROOT)
    for each in (may("user/login"), *policies):
        added = api.send("POST", f"{path}/policies", {"PolicyCreate": each}, "PolicyCreate")
        assert added.status_code == 201, added.text
    assert api.send("PUBLISH", f"{path}/draft").status_code == 204
    body = {"RoleAssignInput": {"Role": {"_href": ROOT + path}}}
    assert api.send("POST", f"/user/groups/{group}/roles", body, "RoleAssignInput").status_code == 200


def may(function: str, **limited: list[str]) -> Json:
    module, _, name = function.rpartition("/")
    return {"module": module or "content", "function": name, **(limits(**limited) if limited else {})}


def missing(function: str, told: str = "", module: str = "content") -> str:
    return f"The User does not have the '{function}' '{module}' permission" + (f" with: {told}" if told else "")


def refused(api: Api, method: str, path: str, body: Json = None, kind: str | None = None, **headers: str) -> str:
    """The text of a 401."""
    answer = api.send(method, path, body, kind, **headers)
    assert answer.status_code == 401, answer.text
    assert "WWW-Authenticate" not in answer.headers
    return error_text(answer)


# Before each: "one" (52, 1/2/54) is published below Home, "pic" (53, 1/43/55) below Media, "draft" (54) is a draft.
@pytest.fixture
def filled(api: Api) -> Api:
    assert api.published("one") == 52
    assert api.published("pic", parent="1/43") == 53
    assert api.create("draft").json()["Content"]["_id"] == 54
    return api


def test_an_editor_of_a_clean_install(filled: Api) -> None:
    editor = hire(filled, "editor1")
    assert refused(editor, "GET", "/user/users/14") == missing("read", "locationId '15'")
    assert refused(editor, "GET", "/content/objects/14") == missing("read", "contentId '14'")
    assert refused(editor, "GET", "/content/locations/1/5/children") == missing("read", "locationId '5'")
    for path, root, name in (("/user/roles", "RoleList", "Role"), ("/content/sections", "SectionList", "Section")):
        answer = editor.send("GET", path)
        assert (answer.status_code, answer.json()[root][name]) == (200, [])
    assert len(editor.send("GET", "/content/types").json()["ContentTypeInfoList"]["ContentType"]) > 5
    made = editor.create("by-editor").json()["Content"]
    assert made["Owner"]["_href"] == f"{ROOT}/user/users/55"
    assert editor.publish(made["_id"]).status_code == 204
    assert editor.send("GET", "/user/users/55").status_code == 200  # a member reads the own account
    assert editor.send("DELETE", "/content/objects/52").status_code == 204
    elsewhere = creation("x", {"name": "x"}, parent="1/5")
    told = refused(editor, "POST", "/content/objects", elsewhere, "ContentCreate")
    assert told == missing("create", "parentLocationId '5', sectionId '2'")


# method, path, the missing permission, what it is told with; and its module
ANONYMOUS: list[tuple[str, str, str, str, str]] = [
    ("GET", "/content/objects/14", "read", "contentId '14'", "content"),
    ("GET", "/content/objects/53", "read", "contentId '53'", "content"),
    ("GET", "/content/objects/54", "versionread", "contentId '54'", "content"),
    ("GET", "/content/objects/54/versions/1", "versionread", "contentId '54'", "content"),
    ("GET", "/content/objects/52/versions", "versionread", "contentId '52'", "content"),
    ("GET", "/content/objects?remoteId=pic", "read", "remoteId 'pic'", "content"),
    ("GET", "/content/locations/1/43", "read", "locationId '43'", "content"),
    ("GET", "/content/locations?id=5", "read", "locationId '5'", "content"),
    ("GET", "/content/sections/1", "view", "", "section"),
    ("GET", "/content/sections?identifier=media", "view", "", "section"),
    ("GET", "/user/groups/1/5", "read", "locationId '5'", "content"),
    ("GET", "/user/roles/1", "read", "", "role"),
    ("DELETE", "/content/objects/52", "remove", "contentId '52'", "content"),
    ("DELETE", "/content/locations/1/2/54", "manage_locations", "locationId '54'", "content"),
    ("DELETE", "/content/trash", "cleantrash", "", "content"),
    ("DELETE", "/content/types/1", "delete", "", "ContentType"),
    ("COPY", "/content/objects/52/currentversion", "edit", "contentId '52'", "content"),
    ("PUBLISH", "/content/objects/54/versions/1", "versionread", "contentId '54'", "content"),
    ("POST", "/content/objects/52/hide", "hide", "contentId '52'", "content"),
    ("GET", "/user/users/14/drafts", "versionread", "", "content"),
]


@pytest.mark.parametrize(("method", "path", "function", "told", "module"), ANONYMOUS)
def test_what_a_visitor_may_not(filled: Api, method: str, path: str, function: str, told: str, module: str) -> None:
    assert refused(anonymous(filled), method, path) == missing(function, told, module)


def test_what_a_visitor_may(filled: Api) -> None:
    visitor = anonymous(filled)
    for path, status in (
        ("/content/objects/52", 200), ("/content/objects?remoteId=one", 307), ("/content/objects?remoteId=draft", 307),
        ("/content/locations/1/2/54", 200), ("/content/types", 200), ("/content/objects/52/versions/1", 200),
    ):  # fmt: skip
        assert visitor.send("GET", path).status_code == status
    assert visitor.search({"Filter": {"ParentLocationIdCriterion": "2,43,5"}}).json()["View"]["Result"]["count"] == 1


# what the policies are, and what a member of the guests may do with them: method, path, status
LIMITED: list[tuple[str, list[Json], list[tuple[str, str, int]]]] = [
    ("class", [may("read", Class=["1"])], [
        ("GET", "/content/objects/52", 200), ("GET", "/content/objects/14", 401),
    ]),
    ("section", [may("read", Section=["3"])], [
        ("GET", "/content/objects/53", 200), ("GET", "/content/objects/52", 401), ("GET", "/content/objects/41", 200),
    ]),
    ("subtree", [may("read", Subtree=["/1/43/"])], [
        ("GET", "/content/locations/1/43/55", 200), ("GET", "/content/objects/52", 401),
        ("GET", "/content/locations/1/43/children", 200), ("GET", "/content/locations/1/2", 401),
    ]),
    ("node", [may("read", Node=["54"])], [
        ("GET", "/content/objects/52", 200), ("GET", "/content/objects/1", 401), ("GET", "/content/locations/1/2/54", 200),
    ]),
    ("owner", [may("read", Owner=["1"])], [
        ("GET", "/content/objects/52", 401), ("GET", "/user/users/55", 200),
    ]),
    ("both", [may("read", Class=["1"], Section=["3"])], [
        ("GET", "/content/objects/53", 200), ("GET", "/content/objects/52", 401), ("GET", "/content/objects/14", 401),
    ]),
    ("either", [may("read", Class=["4"]), may("read", Section=["1"])], [
        ("GET", "/content/objects/14", 200), ("GET", "/content/objects/52", 200), ("GET", "/content/objects/53", 401),
    ]),
    ("whole module", [may("*")], [
        ("GET", "/content/objects/14", 200), ("DELETE", "/content/objects/53", 204), ("GET", "/content/sections/1", 401),
    ]),
    ("status", [may("read"), may("versionread", Status=["1"])], [
        ("GET", "/content/objects/52/versions/1", 200), ("GET", "/content/objects/54/versions/1", 401),
    ]),
    ("sections", [may("section/view")], [
        ("GET", "/content/sections/1", 200), ("GET", "/content/objects/52", 401), ("DELETE", "/content/sections/1", 401),
    ]),
    ("types", [may("class/delete")], [
        ("DELETE", "/content/types/1", 403), ("COPY", "/content/types/1", 401),
    ]),
    ("roles", [may("role/read")], [
        ("GET", "/user/roles/1", 200), ("DELETE", "/user/roles/1", 401), ("GET", "/user/users/14/roles", 200),
    ]),
    ("trash", [may("read"), may("remove")], [
        ("DELETE", "/content/objects/52", 204), ("DELETE", "/content/locations/1/43/55", 401),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("policies", "requests"), [row[1:] for row in LIMITED], ids=[row[0] for row in LIMITED])
def test_limits_of_policies(filled: Api, policies: list[Json], requests: list[tuple[str, str, int]]) -> None:
    grant(filled, *policies)
    guest = hire(filled, "guest", "1/5/12")
    for method, path, status in requests:
        assert guest.send(method, path).status_code == status, (method, path)


def test_creating_is_limited_by_type_parent_and_language(filled: Api) -> None:
    grant(filled, may("read"), may("create", Class=["1"], Subtree=["/1/43/"], Language=["eng-GB"]), may("publish"))
    guest = hire(filled, "guest", "1/5/12")
    for body, status in (
        (creation("a", {"name": "a"}, parent="1/43"), 201),
        (creation("b", {"name": "b"}, parent="1/2"), 401),
        (creation("c", {"name": "c"}, parent="1/43", type_id=3), 401),
    ):
        assert guest.send("POST", "/content/objects", body, "ContentCreate").status_code == status
    body = creation("d", {"name": "d"}, parent="1/43")
    body["ContentCreate"]["fields"]["field"][0]["languageCode"] = "nor-NO"
    told = refused(guest, "POST", "/content/objects", body, "ContentCreate")
    assert told == missing("create", "parentLocationId '43', sectionId '3'")


def test_editing_is_limited_by_the_language_that_is_written(filled: Api) -> None:
    grant(filled, may("read"), may("versionread"), may("edit", Language=["eng-GB"]))
    guest = hire(filled, "guest", "1/5/12")
    draft = guest.send("COPY", "/content/objects/52/currentversion").headers["Location"].removeprefix(ROOT)
    for code, status in (("eng-GB", 200), ("nor-NO", 401)):
        field = {"fieldDefinitionIdentifier": "name", "languageCode": code, "fieldValue": code}
        body = {"VersionUpdate": {"fields": {"field": [field]}}}
        assert guest.send("PATCH", draft, body, "VersionUpdate").status_code == status
    assert refused(guest, "PUBLISH", draft) == missing("publish", "contentId '52'")


def test_a_remote_id_that_may_not_be_read_is_a_401_not_a_duplicate(filled: Api) -> None:
    grant(filled, may("read", Section=["1"]), may("create"))
    guest = hire(filled, "guest", "1/5/12")
    told = refused(guest, "POST", "/content/objects", creation("pic", {"name": "x"}), "ContentCreate")
    assert told == missing("read", "remoteId 'pic'")
    seen = guest.send("POST", "/content/objects", creation("one", {"name": "x"}), "ContentCreate")
    assert seen.status_code == 406
    assert filled.create("next").json()["Content"]["_id"] == 56  # refusals use up no ids; the guest is 55


def test_moving_needs_the_right_to_create_at_the_target(filled: Api) -> None:
    grant(filled, may("read"), may("edit"), may("create", Subtree=["/1/43/"]))
    guest = hire(filled, "guest", "1/5/12")
    target = ROOT + "/content/locations/1/"
    assert guest.send("MOVE", "/content/locations/1/2/54", Destination=target + "43").status_code == 201
    told = refused(guest, "MOVE", "/content/locations/1/43/54", Destination=target + "2")
    assert told == missing("create", "locationId '2'")
    told = refused(guest, "MOVE", "/content/locations/1/43/54", Destination=ROOT + "/content/trash")
    assert told == missing("remove")


def test_a_section_is_assigned_by_a_right_of_its_own(filled: Api) -> None:
    grant(filled, may("read"), may("edit"))
    guest = hire(filled, "guest", "1/5/12")
    body = {"ContentUpdate": {"Section": {"_href": ROOT + "/content/sections/3"}}}
    told = refused(guest, "PATCH", "/content/objects/52", body, "ContentUpdate")
    assert told == missing("assign", "name 'Media', content-name 'one'", "section")
    assert guest.send("PATCH", "/content/objects/52", {"ContentUpdate": {"remoteId": "new"}}, "ContentUpdate").ok


def test_an_assignment_may_be_limited_itself(filled: Api) -> None:
    limit = {"_identifier": "Section", "values": {"ref": [{"_href": ROOT + "/content/sections/3"}]}}
    body = {"RoleAssignInput": {"Role": {"_href": ROOT + "/user/roles/2"}, "limitation": limit}}
    grant(filled)
    assert filled.send("POST", "/user/groups/1/5/12/roles", body, "RoleAssignInput").status_code == 200
    guest = hire(filled, "guest", "1/5/12")
    assert guest.send("GET", "/content/objects/53").status_code == 200
    assert guest.send("GET", "/content/objects/52").status_code == 401
    sections = guest.send("GET", "/content/sections").json()["SectionList"]["Section"]
    assert [each["sectionId"] for each in sections] == [3]


def test_rights_come_from_every_group_above_and_end_with_the_membership(filled: Api) -> None:
    grant(filled, may("read", Section=["3"]))
    name = [{"fieldDefinitionIdentifier": "name", "fieldValue": "Inner"}]
    inner = {"UserGroupCreate": {"mainLanguageCode": "eng-GB", "fields": {"field": name}}}
    place = filled.send("POST", "/user/groups/1/5/12/subgroups", inner, "UserGroupCreate").headers["Location"]
    path = place.removeprefix(f"{ROOT}/user/groups/")
    guest = hire(filled, "guest", path)
    assert guest.send("GET", "/content/objects/53").status_code == 200
    user = guest.send("GET", "/user/current").headers["Location"].removeprefix(ROOT)
    filled.send("POST", f"{user}/groups?group=/user/groups/1/5/14")
    assert guest.send("GET", "/content/objects/52").status_code == 200  # now an editor as well
    filled.send("DELETE", f"{user}/groups/{path.rpartition('/')[2]}")
    assert guest.create("made").status_code == 201
    filled.send("DELETE", "/user/groups/1/5/14/roles/3")
    # without any user/login left, nothing is answered any more, not even where anonymous visitors may read
    assert guest.send("GET", "/content/objects/52").status_code == 500


def test_logging_in_is_limited_by_siteaccess(filled: Api) -> None:
    guest = hire(filled, "guest", "1/5/12")  # who may log in on "site", as anonymous visitors may
    for client, siteaccess, status in ((guest, "site", 200), (guest, "admin", 500), (filled, "admin", 200)):
        assert client.send("GET", "/content/objects/52", X_Siteaccess=siteaccess).status_code == status


def test_trash_shows_what_may_be_read(filled: Api) -> None:
    for path in ("/content/locations/1/2/54", "/content/locations/1/43/55"):
        assert filled.send("MOVE", path, Destination=ROOT + "/content/trash").status_code == 201
    shown = anonymous(filled).send("GET", "/content/trash").json()["Trash"]["TrashItem"]
    assert [each["id"] for each in shown] == [54]
    assert refused(anonymous(filled), "GET", "/content/trash/54") == missing("restore")
