"""Users and user groups as a real 4.6.25 answered, request by request: status, and a piece of the answer's text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, error_text, vendor

Json = Any


def user(**values: Json) -> Json:
    """A UserCreate that is in order."""
    fields = [{"fieldDefinitionIdentifier": "first_name", "fieldValue": "Ed"}]
    fields += [{"fieldDefinitionIdentifier": "last_name", "languageCode": "eng-GB", "fieldValue": "Itor"}]
    body = {"mainLanguageCode": "eng-GB", "login": "editor1", "email": "editor1@example.com"}
    return {"UserCreate": body | {"password": "Publish123", "remoteId": "u-1", "fields": {"field": fields}} | values}


def group(**values: Json) -> Json:
    fields = [{"fieldDefinitionIdentifier": "name", "languageCode": "eng-GB", "fieldValue": "G1"}]
    body = {"mainLanguageCode": "eng-GB", "remoteId": "ug-1", "fields": {"field": fields}}
    return {"UserGroupCreate": body | values}


def changes(**values: Json) -> Json:
    return {"UserUpdate": values}


EDITORS = "/user/groups/1/5/14"
NEW_USER = EDITORS + "/users"
NEW_GROUP = "/user/groups/1/5/subgroups"
FREE = {"login": "other", "remoteId": "other"}

# Before each: user "editor1" (52, location 1/5/14/54) is in the editors, group "G1" (53, location 1/5/55) is empty.
# method, path, body, Content-Type, status, text in the answer
TABLE: list[tuple[str, str, Json, str | None, int, str]] = [
    # users
    ("GET", "/user/users/52", None, None, 200, '"login":"editor1"'),
    ("GET", "/user/users/99", None, None, 404, ""),
    ("GET", "/user/users/13", None, None, 404, ""),
    ("GET", "/user/users?login=EDITOR1", None, None, 200, "/user/users/52"),
    ("GET", "/user/users?email=editor1@example.com", None, None, 200, "/user/users/52"),
    ("GET", "/user/users?remoteId=u-1", None, None, 200, "/user/users/52"),
    ("GET", "/user/users?remoteId=nosuch", None, None, 404, "Could not find Users with the given filter"),
    ("GET", "/user/users?limit=5", None, None, 404, "Could not find Users with the given filter"),
    ("GET", f"/user/users?roleId={ROOT}/user/roles/2", None, None, 404, "Could not find Users with the given filter"),
    ("GET", "/user/users?roleId=/user/roles/2", None, None, 406, "No route matched"),
    ("HEAD", "/user/users?login=editor1", None, None, 200, ""),
    ("HEAD", "/user/users?login=nobody", None, None, 404, ""),
    ("POST", NEW_USER, user(login="two"), "UserCreate", 403, "Another Content item with remoteId 'u-1' exists"),
    ("POST", NEW_USER, user(remoteId="x"), "UserCreate", 500, "An error has occurred"),
    ("POST", NEW_USER, user(remoteId="x", login="EDITOR1"), "UserCreate", 500, "An error has occurred"),
    ("POST", NEW_USER, user(**FREE), "UserCreate", 201, '"email":"editor1@example.com"'),
    ("POST", NEW_USER, user(**FREE, password="weak"), "UserCreate", 500, "An error has occurred"),
    ("POST", NEW_USER, user(**FREE, email="nobody"), "UserCreate", 500, "An error has occurred"),
    ("POST", NEW_USER, user(**FREE, enabled=False), "UserCreate", 201, '"enabled":true'),
    ("POST", NEW_USER, user(**FREE, enabled="1"), "UserCreate", 500, "An error has occurred"),
    ("POST", NEW_USER, user(**FREE, fields=None), "UserCreate", 400, "Missing or invalid 'fields' element for UserCr"),
    ("POST", NEW_USER, {"UserCreate": {"login": "a"}}, "UserCreate", 400, "Missing 'mainLanguageCode' element for Us"),
    ("POST", "/user/groups/1/5/999/users", user(**FREE), "UserCreate", 404, ""),
    ("POST", "/user/groups/1/2/users", user(**FREE), "UserCreate", 201, "/content/locations/1/2/"),
    ("PATCH", "/user/users/52", changes(email="new@example.com"), "UserUpdate", 200, '"email":"new@example.com"'),
    ("PATCH", "/user/users/52", changes(login="renamed"), "UserUpdate", 200, '"login":"editor1"'),
    ("PATCH", "/user/users/52", changes(enabled="false"), "UserUpdate", 200, '"enabled":false'),
    ("PATCH", "/user/users/52", changes(password="weak"), "UserUpdate", 500, "An error has occurred"),
    ("PATCH", "/user/users/52", changes(remoteId="u-2"), "UserUpdate", 200, '"_remoteId":"u-2"'),
    ("PATCH", "/user/users/52", changes(remoteId="ug-1"), "UserUpdate", 406, "Another Content item with remoteId"),
    ("PATCH", "/user/users/52", changes(fields={}), "UserUpdate", 400, "Invalid 'fields' element for UserUpdate."),
    ("PATCH", "/user/users/99", changes(), "UserUpdate", 404, ""),
    ("DELETE", "/user/users/52", None, None, 204, ""),
    ("DELETE", "/user/users/14", None, None, 403, "Cannot delete the currently authenticated User"),
    ("DELETE", "/user/users/99", None, None, 404, ""),
    ("GET", "/user/users/14/drafts", None, None, 200, '"VersionItem":[]'),
    # groups
    ("GET", "/user/groups", None, None, 200, '"UserGroup":[]'),
    ("GET", "/user/groups?id=13", None, None, 200, "/user/groups/1/5/14"),
    ("GET", "/user/groups?id=999", None, None, 500, ""),
    ("GET", "/user/groups?remoteId=ug-1", None, None, 200, "/user/groups/1/5/55"),
    ("GET", "/user/groups?remoteId=nosuch", None, None, 404, ""),
    ("GET", "/user/groups?roleId=1", None, None, 200, "/user/groups/1/5/44"),
    ("GET", "/user/groups/root", None, None, 301, ""),
    ("GET", "/user/groups//1/5", None, None, 404, "Could not find a Location with path string /1/5"),
    ("GET", "/user/groups/1/14", None, None, 404, "Could not find a Location with path string 1/14"),
    ("GET", "/user/groups/1/2", None, None, 200, '"name":"Ibexa Platform"'),
    ("GET", "/user/groups/1/5/subgroups?limit=1&offset=1", None, None, 200, "/user/groups/1/5/13"),
    ("GET", "/user/groups/1/5/14/users", None, None, 200, "/user/users/52"),
    ("GET", "/user/groups/1/5/14/users?offset=1", None, None, 200, '"User":[]'),
    ("GET", "/user/groups/1/5/14/users?limit=0", None, None, 500, "An error has occurred"),
    ("POST", NEW_GROUP, group(), "UserGroupCreate", 406, "Another Content item with remoteId 'ug-1' exists"),
    ("POST", NEW_GROUP, group(remoteId="ug-2"), "UserGroupCreate", 201, '"Subgroups"'),
    ("POST", "/user/groups/subgroups", group(remoteId="ug-2"), "UserGroupCreate", 201, "/user/groups/1/5/56"),
    ("POST", NEW_GROUP, {"UserGroupCreate": {"fields": {}}}, "UserGroupCreate", 400, "'mainLanguageCode' element for"),
    ("PATCH", "/user/groups/1/5/55", {"UserGroupUpdate": {"remoteId": "z"}}, "UserGroupUpdate", 200, '"_remoteId":"z"'),
    ("PATCH", "/user/groups/1/5/99", {"UserGroupUpdate": {}}, "UserGroupUpdate", 404, ""),
    ("DELETE", "/user/groups/1/5/55", None, None, 204, ""),
    ("DELETE", "/user/groups/1/5/14", None, None, 403, "Cannot delete non-empty User Groups"),
    # who is in which group
    ("GET", "/user/users/52/groups", None, None, 200, "/user/groups/1/5/14"),
    ("POST", f"/user/users/52/groups?group={ROOT}/user/groups/1/5/55", None, None, 200, '"_method":"DELETE"'),
    ("POST", "/user/users/52/groups?group=/user/groups/1/5/14", None, None, 406, "already in the given User Group"),
    ("POST", "/user/users/52/groups?group=/user/groups/1/5/999", None, None, 403, "Could not find"),
    ("POST", "/user/users/52/groups", None, None, 500, ""),
    ("DELETE", "/user/users/52/groups/14", None, None, 409, "cannot unassign from last group"),
    ("DELETE", "/user/users/52/groups/55", None, None, 403, "User is not in the given User Group"),
]


@pytest.fixture
def peopled(api: Api) -> Api:
    assert api.send("POST", NEW_USER, user(), "UserCreate").status_code == 201
    assert api.send("POST", NEW_GROUP, group(), "UserGroupCreate").headers["Location"] == f"{ROOT}/user/groups/1/5/55"
    return api


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "text"),
    TABLE,
    ids=[f"{n}-{row[0]}-{row[1]}" for n, row in enumerate(TABLE)],
)
def test_answers_as_the_real_server(
    peopled: Api, method: str, path: str, body: Json, kind: str | None, status: int, text: str
) -> None:
    answer = peopled.send(method, path, body, kind)
    assert answer.status_code == status, answer.text
    assert text in answer.text.replace("\\/", "/")


def test_a_user_is_published_at_once_with_an_account(api: Api) -> None:
    answer = api.send("POST", NEW_USER, user(), "UserCreate", Accept=vendor("User"))
    made = answer.json()["User"]
    assert answer.headers["Location"] == made["_href"] == f"{ROOT}/user/users/52"
    assert answer.headers["Accept-Patch"] == vendor("UserUpdate")
    assert list(made) == [
        "_media-type", "_href", "_id", "_remoteId", "ContentType", "name", "Versions", "Section", "MainLocation",
        "Locations", "Groups", "Owner", "publishDate", "lastModificationDate", "mainLanguageCode", "alwaysAvailable",
        "Version", "login", "email", "enabled", "UserGroups", "Roles",
    ]  # fmt: skip
    assert (made["name"], made["_remoteId"]) == ("Ed Itor", "u-1")
    assert made["Section"]["_href"] == f"{ROOT}/content/sections/2"
    assert made["MainLocation"]["_href"] == f"{ROOT}/content/locations/1/5/14/54"
    info = made["Version"]["VersionInfo"]
    assert (info["versionNo"], info["status"]) == (1, "PUBLISHED")
    account = made["Version"]["Fields"]["field"][2]
    assert account["fieldDefinitionIdentifier"] == "user_account"
    assert isinstance(account["fieldValue"].pop("passwordUpdatedAt"), int)
    assert account["fieldValue"] == {
        "hasStoredLogin": True, "contentId": 52, "login": "editor1", "email": "editor1@example.com", "enabled": True,
        "maxLogin": 0, "plainPassword": None,
    }  # fmt: skip


def test_every_change_of_a_user_publishes_a_version(peopled: Api) -> None:
    for number, body in ((2, changes(enabled="false")), (3, changes(enabled=True, password="Publish456"))):
        changed = peopled.send("PATCH", "/user/users/52", body, "UserUpdate").json()["User"]
        assert changed["Version"]["VersionInfo"]["versionNo"] == number
        stamp = changed["Version"]["Fields"]["field"][2]["fieldValue"]["passwordUpdatedAt"]
        assert (stamp is None) == ("password" not in body["UserUpdate"])
    versions = peopled.send("GET", "/content/objects/52/versions").json()["VersionList"]["VersionItem"]
    assert [each["VersionInfo"]["status"] for each in versions] == ["ARCHIVED", "ARCHIVED", "PUBLISHED"]


def test_a_refused_change_leaves_no_draft_behind(peopled: Api) -> None:
    empty = changes(fields={"field": [{"fieldDefinitionIdentifier": "first_name", "fieldValue": ""}]})
    assert peopled.send("PATCH", "/user/users/52", empty, "UserUpdate").status_code == 400
    assert peopled.send("PATCH", "/user/users/52", changes(remoteId="ug-1"), "UserUpdate").status_code == 406
    assert len(peopled.send("GET", "/content/objects/52/versions").json()["VersionList"]["VersionItem"]) == 1


def test_who_is_disabled_or_deleted_is_out_at_once_and_a_password_change_ends_no_token(peopled: Api) -> None:
    admin = peopled.token
    assert peopled.log_in("Editor1", "Publish123").status_code == 200
    editor = peopled.token
    peopled.token = admin
    peopled.send("PATCH", "/user/users/52", changes(password="Publish456"), "UserUpdate")
    bearer = f"Bearer {editor}"
    assert peopled.send("GET", "/content/sections", Authorization=bearer).status_code == 200
    peopled.send("PATCH", "/user/users/52", changes(enabled=False), "UserUpdate")
    refused = peopled.send("GET", "/content/sections", Authorization=bearer)
    assert (refused.status_code, refused.json()) == (401, {"code": 401, "message": "Invalid credentials."})
    assert "Invalid login or password" in error_text(peopled.log_in("editor1", "Publish456"))
    peopled.send("PATCH", "/user/users/52", changes(enabled=True), "UserUpdate")
    assert peopled.send("GET", "/content/sections", Authorization=bearer).status_code == 200
    peopled.send("DELETE", "/user/users/52")
    assert peopled.send("GET", "/content/sections", Authorization=bearer).json()["message"] == "Invalid credentials."
    assert peopled.send("GET", "/user/users?login=editor1").status_code == 404


def test_accept_picks_links_or_whole_users_and_groups(peopled: Api) -> None:
    links = peopled.send("GET", "/user/groups/1/5/14/users", Accept="application/json")
    assert links.headers["Content-Type"] == vendor("UserRefList")
    whole = peopled.send("GET", "/user/groups/1/5/14/users", Accept=vendor("UserList")).json()["UserList"]
    assert [each["login"] for each in whole["User"]] == ["editor1"]
    found = peopled.send("GET", "/user/users?login=admin", Accept=vendor("UserList")).json()["UserList"]["User"]
    assert found[0]["_id"] == 14
    groups = peopled.send("GET", "/user/groups/1/5/subgroups", Accept=vendor("UserGroupList"))
    names = [each["name"] for each in groups.json()["UserGroupList"]["UserGroup"]]
    assert names == ["Guest accounts", "Administrator users", "Editors", "Anonymous users", "G1"]


def test_a_user_in_two_groups_can_leave_one(peopled: Api) -> None:
    both = peopled.send("POST", "/user/users/52/groups?group=/user/groups/1/5/55").json()["UserGroupRefList"]
    assert [each["unassign"]["_href"] for each in both["UserGroup"]] == [
        f"{ROOT}/user/users/52/groups/14", f"{ROOT}/user/users/52/groups/55",
    ]  # fmt: skip
    one = peopled.send("DELETE", "/user/users/52/groups/14").json()["UserGroupRefList"]["UserGroup"]
    assert one == [{"_media-type": vendor("UserGroup"), "_href": f"{ROOT}/user/groups/1/5/55"}]


def test_a_group_moves_with_its_users(peopled: Api) -> None:
    for destination, status in (("/user/groups/1/5/55", 406), (ROOT + "/user/groups/1/5/999", 403)):
        assert peopled.send("MOVE", EDITORS, Destination=destination).status_code == status
    moved = peopled.send("MOVE", EDITORS, Destination=ROOT + "/user/groups/1/5/55")
    assert (moved.status_code, moved.headers["Location"]) == (201, f"{ROOT}/user/groups/1/5/55/14")
    assert peopled.send("GET", "/user/groups/1/5/14").status_code == 404
    assert (
        "/user/users/52"
        in peopled.send("GET", "/user/groups/1/5/55/14/users").json()["UserRefList"]["User"][0]["_href"]
    )


def test_drafts_of_a_user_are_listed_over_all_items(peopled: Api) -> None:
    peopled.published("one")
    peopled.create("draft")
    peopled.send("COPY", "/content/objects/54/currentversion")
    entries = peopled.send("GET", "/user/users/14/drafts").json()["VersionList"]["VersionItem"]
    assert [each["Version"]["_href"].removeprefix(ROOT) for each in entries] == [
        "/content/objects/55/versions/1", "/content/objects/54/versions/2",
    ]  # fmt: skip
    assert peopled.send("GET", "/user/users/52/drafts").json()["VersionList"]["VersionItem"] == []


def test_a_group_is_written_as_the_real_server_writes_it(api: Api) -> None:
    shown = api.send("GET", "/user/groups/1/5", Accept="application/json").json()["UserGroup"]
    assert [
        (name, value["_media-type"], value["_href"]) for name, value in shown.items() if isinstance(value, dict)
    ] == [
        (name, vendor(kind), ROOT + path)
        for name, kind, path in (
            ("ContentType", "ContentType", "/content/types/3"),
            ("Versions", "VersionList", "/content/objects/4/versions"),
            ("Section", "Section", "/content/sections/2"),
            ("MainLocation", "Location", "/content/locations/1/5"),
            ("Locations", "LocationList", "/content/objects/4/locations"),
            ("Owner", "User", "/user/users/14"),
            ("Version", "Version", "/content/objects/4/versions/1"),
            ("ParentUserGroup", "UserGroup", "/user/groups/1"),
            ("Subgroups", "UserGroupList", "/user/groups/1/5/subgroups"),
            ("Users", "UserList", "/user/groups/1/5/users"),
            ("Roles", "RoleAssignmentList", "/user/groups/1/5/roles"),
        )
    ]
    assert (shown["_id"], shown["_remoteId"]) == (4, "f5c88a2209584891056f987fd965b0ba")
    assert (shown["name"], shown["publishDate"]) == ("Users", "2002-10-06T15:19:56+00:00")
    assert shown["Version"]["VersionInfo"]["modificationDate"] == "1970-01-01T00:00:00+00:00"
    assert [field["fieldValue"] for field in shown["Version"]["Fields"]["field"]] == ["Users", "Main group"]


def test_an_email_is_no_login(peopled: Api) -> None:
    assert "Invalid login or password" in error_text(peopled.log_in("editor1@example.com", "Publish123"))
    assert peopled.send("POST", NEW_USER, user(**FREE | {"login": "a@b.example"}), "UserCreate").status_code == 500
