"""What a real 4.6.25 answered, request by request, as a table: status, and a piece of the answer's text."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, creation, vendor

Json = Any
FOLDER = {"name": "Folder"}
HREF = {"_href": f"{ROOT}/content/types/1"}


def without(*keys: str) -> Json:
    body = creation("new", FOLDER)
    for key in keys:
        del body["ContentCreate"][key]
    return body


def having(**values: Json) -> Json:
    body = creation("new", FOLDER)
    body["ContentCreate"] |= values
    return body


def section(identifier: str) -> Json:
    return {"SectionInput": {"name": identifier, "identifier": identifier}}


def parent(path: str) -> Json:
    return {"ParentLocation": {"_href": path}, "sortField": "PATH", "sortOrder": "ASC"}


# Before each: folder "one" (content 52, location 1/2/54) is published, "draft" (53) is a draft.
# method, path, body, Content-Type, status, text in the answer
TABLE: list[tuple[str, str, Json, str | None, int, str]] = [
    ("GET", "/", None, None, 200, '"createToken"'),
    ("GET", "/nosuch", None, None, 404, "No route found for"),
    ("GET", "/content/objects/abc", None, None, 404, "No route found for"),
    ("PUT", "/content/sections", None, None, 405, "(Allow: GET, POST, OPTIONS)"),
    ("POST", "/content/objects/52/versions/1", None, None, 405, "Method Not Allowed"),
    ("OPTIONS", "/content/sections", None, None, 200, ""),
    ("GET", "/views", None, None, 501, ""),
    ("POST", "/content/views", None, None, 500, ""),
    # content
    ("GET", "/content/objects", None, None, 400, "'remoteId' parameter is required."),
    ("GET", "/content/objects?remoteId=nosuch", None, None, 404, "Could not find 'Content' with identifier 'nosuch'"),
    ("GET", "/content/objects?remoteId=draft", None, None, 307, ""),
    ("GET", "/content/objects?remoteId=ONE", None, None, 307, ""),
    ("GET", "/content/objects/99999", None, None, 404, "'id: 99999'"),
    ("POST", "/content/objects", creation("one", FOLDER), "ContentCreate", 406, "Another Content item with remoteId"),
    ("POST", "/content/objects", creation("öNe ", FOLDER), "ContentCreate", 406, "exists"),
    ("POST", "/content/objects", creation("draft", FOLDER), "ContentCreate", 406, "exists"),
    ("POST", "/content/objects", creation("x" * 101, FOLDER), "ContentCreate", 500, "An error has occurred"),
    ("POST", "/content/objects", having(remoteId=5), "ContentCreate", 500, ""),
    ("POST", "/content/objects", without("LocationCreate"), "ContentCreate", 400, "'LocationCreate' element"),
    ("POST", "/content/objects", without("ContentType"), "ContentCreate", 400, "'ContentType' element"),
    ("POST", "/content/objects", without("fields"), "ContentCreate", 400, "'fields' element"),
    ("POST", "/content/objects", without("mainLanguageCode"), "ContentCreate", 400, "Missing 'mainLanguageCode'"),
    ("POST", "/content/objects", having(alwaysAvailable="1"), "ContentCreate", 500, "An error has occurred"),
    ("POST", "/content/objects", having(alwaysAvailable="TRUE", surprise=1), "ContentCreate", 201, "DRAFT"),
    ("POST", "/content/objects", having(mainLanguageCode="xxx-XX"), "ContentCreate", 404, "'Language'"),
    ("POST", "/content/objects", having(ContentType={"_href": ROOT + "/content/types/99"}), "ContentCreate", 404, "99"),
    ("POST", "/content/objects", having(fields={"field": {}}), "ContentCreate", 500, ""),
    ("POST", "/content/objects", having(fields={"field": []}), "ContentCreate", 201, '"Name":"Folder"'),
    ("POST", "/content/objects", creation("new", FOLDER, parent="1/2/9999"), "ContentCreate", 404, "'location'"),
    ("POST", "/content/objects", creation("new", {"nope": "x"}), "ContentCreate", 400, "'nope' is an invalid Field"),
    ("POST", "/content/objects", creation("new", {"name": "y" * 256}), "ContentCreate", 400, "can not exceed 255"),
    (
        "POST",
        "/content/objects",
        having(LocationCreate=parent("/content/locations/1/2")),
        "ContentCreate",
        406,
        "route",
    ),
    ("POST", "/content/objects", having(LocationCreate={"ParentLocation": HREF}), "ContentCreate", 406, "No attribute"),
    ("POST", "/content/objects", creation("new", FOLDER), "ContentUpdate", 500, ""),
    ("POST", "/content/objects", creation("new", FOLDER), "Nope", 400, "Unknown content type specification"),
    ("POST", "/content/objects", creation("new", FOLDER), "contentcreate", 400, "Unknown content type specification"),
    ("POST", "/content/objects", "not json", "ContentCreate", 400, "Syntax error"),
    ("PATCH", "/content/objects/52", {"ContentUpdate": {}}, "ContentUpdate", 200, "PUBLISHED"),
    ("PATCH", "/content/objects/52", {"ContentUpdate": {"remoteId": "draft"}}, "ContentUpdate", 406, "exists"),
    ("PATCH", "/content/objects/52", {"ContentUpdate": {"remoteId": "one"}}, "ContentUpdate", 200, '"one"'),
    ("PATCH", "/content/objects/52", {"ContentUpdate": {"alwaysAvailable": True}}, "ContentUpdate", 400, ""),
    ("PATCH", "/content/objects/53", {"ContentUpdate": {"remoteId": "renamed"}}, "ContentUpdate", 500, ""),
    ("COPY", "/content/objects/52", None, None, 404, "Could not find 'location' with identifier '0'"),
    ("POST", "/content/objects/52/hide", None, None, 204, ""),
    ("POST", "/content/objects/52/reveal", None, None, 204, ""),
    ("DELETE", "/content/objects/53", None, None, 204, ""),
    # versions
    ("PUBLISH", "/content/objects/52/versions/1", None, None, 403, "Only versions with DRAFT status can be published"),
    ("PUBLISH", "/content/objects/99999/versions/1", None, None, 404, "'Content'"),
    ("GET", "/content/objects/52/versions/9", None, None, 404, "array ("),
    ("GET", "/content/objects/52/currentversion", None, None, 307, ""),
    ("PATCH", "/content/objects/52/versions/1", {"VersionUpdate": {}}, "VersionUpdate", 403, "can be updated"),
    ("PATCH", "/content/objects/53/versions/1", {"VersionUpdate": {}}, "VersionUpdate", 200, "DRAFT"),
    ("DELETE", "/content/objects/52/versions/1", None, None, 403, "PUBLISHED status cannot be deleted"),
    ("COPY", "/content/objects/53/currentversion", None, None, 403, "already has DRAFT status"),
    # locations, trash
    ("GET", "/content/locations", None, None, 400, "At least one of 'id'"),
    ("GET", "/content/locations?id=54", None, None, 307, ""),
    ("GET", "/content/locations/1/43/54", None, None, 404, "path string 1/43/54"),
    ("GET", "/content/locations/1/999/2/children", None, None, 200, "1/2/54"),
    ("MOVE", "/content/locations/1/2/54", None, None, 500, ""),
    ("GET", "/content/trash/54", None, None, 404, ""),
    # sections, types, users
    ("GET", "/content/sections?identifier=media", None, None, 200, '"sectionId":3'),
    ("GET", "/content/sections?identifier=nosuch", None, None, 404, ""),
    ("GET", "/content/sections/99", None, None, 404, "Could not find 'Section' with identifier '99'"),
    ("POST", "/content/sections", section("media"), "SectionInput", 403, "already exists"),
    ("POST", "/content/sections", section("new"), "SectionInput", 201, '"sectionId":4'),
    ("DELETE", "/content/sections/1", None, None, 409, "still has content assigned"),
    ("GET", "/content/types?limit=2&offset=1", None, None, 200, '"identifier":"folder"'),
    ("GET", "/content/types?limit=0", None, None, 400, "wrong value for limit parameter"),
    ("GET", "/content/types?identifier=nosuch", None, None, 404, ""),
    ("DELETE", "/content/types/1", None, None, 403, "still has Content items"),
    ("GET", "/content/typegroups?identifier=Content", None, None, 307, ""),
    ("GET", "/user/current", None, None, 307, ""),
    ("GET", "/user/users", None, None, 404, "Could not find Users with the given filter"),
    ("GET", "/user/users?login=admin", None, None, 200, "/user/users/14"),
    ("HEAD", "/user/users?login=nobody", None, None, 404, ""),
    ("GET", "/user/users/current", None, None, 404, "No route found"),
    ("GET", "/languages/nor-NO", None, None, 200, '"languageCode":"nor-NO"'),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "text"),
    TABLE,
    ids=[f"{n}-{row[0]}-{row[1]}" for n, row in enumerate(TABLE)],
)
def test_answers_as_the_real_server(
    api: Api, method: str, path: str, body: Json, kind: str | None, status: int, text: str
) -> None:
    assert api.published("one") == 52
    assert api.create("draft").json()["Content"]["_id"] == 53
    answer = api.send(method, path, body, kind)
    assert answer.status_code == status, answer.text
    assert text in answer.text.replace("\\/", "/")
    if status == 500 and not text:
        assert answer.text == ""
        assert answer.headers["Content-Type"].startswith("text/html")


def test_plain_json_is_read_as_xml_and_no_type_is_missed(api: Api) -> None:
    plain = api.send("POST", "/content/sections", section("a"), Content_Type="application/json")
    assert plain.status_code == 400
    assert "Start tag expected" in plain.text
    none = api.send("POST", "/content/sections", section("a"), Content_Type="")
    assert (none.status_code, "Missing Content-Type header" in none.text) == (400, True)
    assert api.send(
        "POST", "/content/sections", section("a"), Content_Type=vendor("SectionInput") + "; charset=utf-8"
    ).ok


def test_accept_picks_format_and_shape(api: Api) -> None:
    number = api.published("one")
    path = f"/content/objects/{number}"
    assert "Version" in api.send("GET", path).json()["Content"]["CurrentVersion"]
    brief = api.send("GET", path, Accept="application/json")
    assert brief.headers["Content-Type"] == vendor("ContentInfo")
    assert "Version" not in brief.json()["Content"]["CurrentVersion"]
    assert api.send("GET", "/content/sections", Accept="*/*").text.startswith("<?xml")
    error = api.send("GET", "/content/sections/99", Accept="APPLICATION/JSON")
    assert "<errorCode>404</errorCode>" in error.text


def test_without_accept_the_deed_is_done_and_the_answer_lost(api: Api) -> None:
    answer = api.send("POST", "/content/sections", section("lost"), "SectionInput", Accept="")
    assert (answer.status_code, answer.text) == (500, "")
    assert api.send("GET", "/content/sections?identifier=lost").status_code == 200


def test_links_and_dates_have_the_servers_form(api: Api) -> None:
    created = api.create("one")
    assert created.headers["Location"] == f"{ROOT}/content/objects/52"
    assert created.headers["Accept-Patch"] == vendor("ContentUpdate")
    content = created.json()["Content"]
    assert (content["_id"], content["status"], content["currentVersionNo"]) == (52, "DRAFT", 1)
    assert "MainLocation" not in content
    assert "\\/api\\/ibexa" in created.text
    assert content["CurrentVersion"]["Version"]["VersionInfo"]["creationDate"].endswith("+00:00")


def test_methods_can_be_overridden_on_post_only(api: Api) -> None:
    api.create("one")
    path = "/content/objects/52/versions/1"
    assert api.send("GET", path, X_HTTP_Method_Override="PUBLISH").status_code == 200
    assert api.send("POST", path, X_HTTP_Method_Override="NO-SUCH").status_code == 400
    assert api.send("POST", path, X_HTTP_METHOD_OVERRIDE="publish").status_code == 204
    assert api.send("POST", "/content/objects/52/currentversion?_method=COPY").status_code == 201


def test_unknown_siteaccess_and_unexpected_user(api: Api) -> None:
    assert api.send("GET", "/content/sections", X_Siteaccess="nosuch").status_code == 500
    assert api.send("GET", "/content/sections", X_Siteaccess="admin").status_code == 200
    other = api.send("GET", "/content/sections", X_Expected_User="editor")
    assert (other.status_code, "User changed" in other.text) == (401, True)
    assert api.send("GET", "/content/sections", X_Expected_User="admin").status_code == 200


def test_caches_are_told_what_they_may_keep(api: Api) -> None:
    api.published("one")
    for path, control, tags in (
        ("/", "public, s-maxage=86400", "ez-all"),
        ("/content/objects/52", "public, s-maxage=86400", "ez-all,l54,pl2,p1,p2,p54,c52,ct1"),
        ("/content/objects/52/versions", "public, s-maxage=86400", "ez-all,c52,cv52"),
        ("/content/sections", "no-cache, private", "ez-all"),
        ("/content/objects?remoteId=one", "no-cache, private", None),
        ("/content/objects/99", "max-age=0, public, s-maxage=20", "ez-all"),
        ("/nosuch", "max-age=0, public, s-maxage=20", "ez-all"),
    ):
        answer = api.send("GET", path)
        assert (answer.headers["Cache-Control"], answer.headers.get("X-Cache-Tags")) == (control, tags), path
        assert "authorization" in answer.headers["Vary"]
        assert "ETag" not in answer.headers
    draft = api.create("draft").json()["Content"]["_id"]
    assert api.send("GET", f"/content/objects/{draft}").headers["Cache-Control"] == "no-cache, private"
