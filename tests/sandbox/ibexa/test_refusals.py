"""What is refused, in which words, and that nothing of it was done: bodies are read whole before anything is changed."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import ROOT, Api, creation, error_text, vendor

Json = Any
ONE = "/content/objects/52"
PLACE = "/content/locations/1/2/54"
TYPE: Json = {"identifier": "t", "mainLanguageCode": "eng-GB", "names": {"value": []}}
STATES = "/content/objectstategroups"
ALIAS = "/content/urlaliases"
TYPES = "/content/typegroups/1/types"

# method, path, body below its root, its type, status, text of the refusal (empty: the answer has no body)
TABLE: list[tuple[str, str, Json, str | None, int, str]] = [
    ("PATCH", ONE, {"Section": {"_href": "/x"}}, "ContentUpdate", 400, "Invalid format for the <Section> reference in <ContentUpdate>."),
    ("PATCH", ONE, {"Owner": {"_href": ROOT + "/content/types/1"}}, "ContentUpdate", 400, "Invalid format for the <Owner> reference in <ContentUpdate>."),
    ("PATCH", ONE, {"MainLocation": {}}, "ContentUpdate", 500, ""),
    ("PATCH", ONE, {"alwaysAvailable": "TRUE"}, "ContentUpdate", 400, "Invalid format for <alwaysAvailable> in <ContentUpdate>."),
    ("PATCH", ONE, {"publishDate": "never"}, "ContentUpdate", 400, "Invalid format for <publishDate> in <ContentUpdate>"),
    ("PATCH", ONE + "/versions/1", {"fields": {}}, "VersionUpdate", 400, "Invalid 'fields' element for VersionUpdate."),
    ("PATCH", ONE + "/versions/1", {}, "VersionUpdate", 403, "Only versions with DRAFT status can be updated"),
    ("POST", "/content/objects/999/locations", {}, "LocationCreate", 400, "Missing or invalid 'ParentLocation' element for LocationCreate."),
    ("POST", ONE + "/locations", {"ParentLocation": {}}, "LocationCreate", 400, "Missing '_href' attribute for the ParentLocation element in LocationCreate."),
    ("POST", ONE + "/versions/9/relations", {}, "RelationCreate", 400, "Missing or invalid 'Destination' element for RelationCreate."),
    ("POST", ONE + "/versions/1/relations", {"Destination": {}}, "RelationCreate", 400, "Missing '_href' attribute for the Destination element in RelationCreate."),
    ("GET", "/content/types?limit=5x&offset=abc", None, None, 500, ""),
    ("GET", "/content/types?limit=0&orderby=x", None, None, 400, "wrong value for limit parameter"),
    ("POST", TYPES, {"identifier": "t", "mainLanguageCode": "eng-GB"}, "ContentTypeCreate", 400, "Missing 'FieldDefinitions' element for ContentTypeCreate."),
    ("POST", TYPES, {**TYPE, "FieldDefinitions": []}, "ContentTypeCreate", 400, "Invalid 'FieldDefinitions' element for ContentTypeCreate."),
    ("POST", TYPES + "?publish=true", {**TYPE, "FieldDefinitions": {"FieldDefinition": []}}, "ContentTypeCreate", 400, "ContentTypeCreate should provide at least one Field definition."),
    ("POST", TYPES, {**TYPE, "FieldDefinitions": {"FieldDefinition": ["x"]}}, "ContentTypeCreate", 400, "Invalid 'FieldDefinition' element for ContentTypeCreate."),
    ("POST", TYPES, {**TYPE, "names": {}, "FieldDefinitions": {"FieldDefinition": []}}, "ContentTypeCreate", 400, "Invalid 'names' element for ContentTypeCreate."),
    ("POST", "/content/types/1", {"descriptions": {}}, "ContentTypeUpdate", 400, "Invalid 'descriptions' element for ContentTypeUpdate."),
    ("POST", STATES, {"identifier": "g"}, "ObjectStateGroupCreate", 400, "Missing 'defaultLanguageCode' attribute for ObjectStateGroupCreate."),
    ("POST", STATES, {"identifier": "g", "defaultLanguageCode": "eng-GB", "names": {}}, "ObjectStateGroupCreate", 400, "Missing or invalid 'names' element for ObjectStateGroupCreate."),
    ("PATCH", STATES + "/2/objectstates/1", {"names": 5}, "ObjectStateUpdate", 400, "Missing or invalid 'names' element for ObjectStateUpdate."),
    ("PATCH", ONE + "/objectstates", {"ObjectState": [{}]}, "ContentObjectStates", 400, "Missing '_href' attribute for ObjectState."),
    ("POST", ALIAS, {"_type": "LOCATION"}, "UrlAliasCreate", 400, "Missing 'location' value for URLAliasCreate."),
    ("POST", "/content/urlwildcards", {}, "UrlWildcardCreate", 400, "Missing 'sourceUrl' value for URLWildcardCreate."),
    ("POST", "/user/groups/1/5/12/users", {"mainLanguageCode": "eng-GB", "login": "l", "email": "a@b.c", "password": "Passw0rd!", "fields": {"field": [{}]}}, "UserCreate", 400, "Missing 'fieldDefinitionIdentifier' element in field data for UserCreate."),
    ("POST", "/content/sections", {"name": "", "identifier": "x"}, "SectionInput", 403, "Argument 'name' is invalid: '' is incorrect value in class 'SectionCreateStruct'"),
    ("POST", "/content/sections", {"name": "x", "identifier": 5}, "SectionInput", 403, "Argument 'identifier' is invalid: '5' is incorrect value in class 'SectionCreateStruct'"),
    ("PATCH", "/content/sections/1", {"name": 5, "identifier": "x"}, "SectionInput", 403, "Argument 'name' is invalid: 'Standard' is incorrect value in class 'Section'"),
    ("DELETE", "/content/locations/1", None, None, 404, "Could not find 'Content' with identifier '0'"),
    ("PATCH", "/user/users/14", {"Section": {}}, "UserUpdate", 400, "Missing '_href' attribute for the Section element in UserUpdate."),
    ("PATCH", "/user/groups/1/5/12", {"Section": {}}, "UserGroupUpdate", 400, "Missing '_href' attribute for the Section element in UserGroupUpdate."),
    ("PATCH", "/user/groups/1/5/12", {"Section": {"_href": ROOT + "/content/sections/99"}}, "UserGroupUpdate", 404, "Could not find 'Section' with identifier '99'"),
    ("MOVE", "/user/groups/1/5/12", None, None, 500, ""),
    ("POST", "/user/users/14/groups?group=/x", None, None, 500, ""),
    ("GET", ONE + "?languages=nor-NO,ger-DE", None, None, 200, ""),
]  # fmt: skip


@pytest.fixture
def one(api: Api) -> Api:
    """One item, 52 at 1/2/54."""
    api.published("one")
    return api


@pytest.mark.parametrize(("method", "path", "body", "kind", "status", "told"), TABLE)
def test_refused(one: Api, method: str, path: str, body: Json, kind: str | None, status: int, told: str) -> None:
    answer = one.send(method, path, None if body is None else {"X": body}, kind)
    assert answer.status_code == status, answer.text
    if status < 500 and told:
        assert error_text(answer) == told
    elif status == 500:
        assert answer.content == b""


def test_nothing_is_changed_by_an_update_that_cannot_be_read(one: Api) -> None:
    body = {"ContentUpdate": {"remoteId": "other", "alwaysAvailable": True}}
    assert one.send("PATCH", ONE, body, "ContentUpdate").status_code == 400
    assert one.send("GET", "/content/objects?remoteId=other").status_code == 404


def test_the_section_is_changed_before_the_rest_is_refused(one: Api) -> None:
    one.published("two")
    body = {"ContentUpdate": {"Section": {"_href": ROOT + "/content/sections/3"}, "remoteId": "two"}}
    assert one.send("PATCH", ONE, body, "ContentUpdate").status_code == 406
    assert one.send("GET", ONE).json()["Content"]["Section"]["_href"] == ROOT + "/content/sections/3"


def test_a_draft_is_no_source_of_a_draft(api: Api) -> None:
    api.create("draft")
    assert api.send("COPY", ONE + "/versions/1").status_code == 409
    assert api.send("COPY", ONE + "/currentversion").status_code == 403


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("/content/types/1", "No route matched '/content/types/1'"),
        (ROOT + "/content/type/1", f'No routes found for "{ROOT}/content/type/1".'),
        (ROOT + "/content/objects/1", f"No attribute 'contentTypeId' in route matched from {ROOT}/content/objects/1"),
        (ROOT + "/user/token/jwt", f"Method 'GET' is not allowed for '{ROOT}/user/token/jwt'. Allowed: [POST]"),
    ],
)
def test_a_link_is_matched_as_a_get(api: Api, link: str, told: str) -> None:
    body = creation("x", {"name": "x"})
    body["ContentCreate"]["ContentType"] = {"_href": link}
    answer = api.send("POST", "/content/objects", body, "ContentCreate")
    assert (answer.status_code, error_text(answer)) == (406, told)


def test_a_link_below_a_thing_names_that_thing(one: Api) -> None:
    body = creation("x", {"name": "x"})
    body["ContentCreate"]["ContentType"] = {"_href": ROOT + "/content/types/1/fieldDefinitions?a=1"}
    assert one.send("POST", "/content/objects", body, "ContentCreate").status_code == 201
    to = {"Destination": ROOT + "/content/locations/1/43/children"}
    assert one.send("MOVE", PLACE, **to).headers["Location"] == ROOT + "/content/locations/1/43/54"
    wrong = one.send("SWAP", PLACE, Destination=ROOT + "/content/objects/1")
    assert error_text(wrong) == f"No attribute 'locationPath' in route matched from {ROOT}/content/objects/1"


def test_a_draft_of_a_type_stays_where_its_changes_are_refused(api: Api) -> None:
    answer = api.send("POST", "/content/types/1", {"C": {"identifier": "user"}}, "ContentTypeUpdate")
    assert (answer.status_code, "exists" in answer.text) == (403, True)
    assert api.send("GET", "/content/types/1/draft").status_code == 200


def test_users_and_groups_change_their_section(api: Api) -> None:
    body = {"X": {"Section": {"_href": ROOT + "/content/sections/3"}}}
    for path, kind, number in (("/user/users/14", "UserUpdate", 14), ("/user/groups/1/5/12", "UserGroupUpdate", 11)):
        assert api.send("PATCH", path, body, kind).status_code == 200
        section = api.send("GET", f"/content/objects/{number}").json()["Content"]["Section"]["_href"]
        assert section == ROOT + "/content/sections/3"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"a": "\xff"}', "Malformed UTF-8 characters, possibly incorrectly encoded"),
        (b'{"a": "\x01"}', "Control character error, possibly incorrectly encoded"),
        (b"\xef\xbb\xbf{}", "Syntax error"),
        (b'{"a": NaN}', "Syntax error"),
        (b"", "Syntax error"),
        (b"5", "Missing 'name' attribute for SectionInput."),
        (b"null", "Missing 'name' attribute for SectionInput."),
        (b"{}", ""),
        (b'{"a": null}', ""),
    ],
)
def test_bodies_are_decoded_as_php_does(api: Api, body: bytes, told: str) -> None:
    answer = api.send("POST", "/content/sections", body, "SectionInput")
    if not told:
        assert (answer.status_code, answer.content) == (500, b"")
    else:
        assert answer.status_code == 400
        assert told in error_text(answer).split("\n")


def test_an_empty_object_is_enough_where_the_server_adds_the_address(api: Api) -> None:
    answer = api.send("POST", "/content/objects", {}, "ContentCreate")
    assert error_text(answer) == "Missing or invalid 'LocationCreate' element for ContentCreate."


def test_of_drafts_published_at_once_one_is_refused(sandbox: IbexaSandbox, api: Api) -> None:
    number = api.published("one")
    for _ in range(2):
        api.send("COPY", f"/content/objects/{number}/currentversion")
    found: list[Any] = []

    def publish(version: int) -> None:
        with requests.Session() as session:
            found.append(Api(api.url, session, api.token).publish(number, version))

    threads = [threading.Thread(target=publish, args=(version,)) for version in (2, 3)]
    with sandbox.repository.lock:  # both are there before one of them is handled
        for each in threads:
            each.start()
        while sandbox.book.in_flight_writes < 2:
            time.sleep(0.01)
        time.sleep(0.1)
    for each in threads:
        each.join()
    refused = max(found, key=lambda each: each.status_code)
    assert sorted(each.status_code for each in found) == [204, 409]
    assert error_text(refused).endswith(f"Someone just published another version of Content item {number}")
    drafts = [each for each in sandbox.repository.contents[number].versions.values() if each.status == "DRAFT"]
    assert api.publish(number, drafts[0].number).status_code == 204, "one after the other, the later one wins"


def test_relations_come_in_pages(api: Api) -> None:
    number = api.published("one")
    api.send("COPY", f"/content/objects/{number}/currentversion")
    at = f"/content/objects/{number}/versions/2/relations"
    for target in (1, 41, 14):
        body = {"R": {"Destination": {"_href": f"{ROOT}/content/objects/{target}"}}}
        assert api.send("POST", at, body, "RelationCreate").status_code == 201
    for query, count in (
        ("", 3),
        ("?limit=2", 2),
        ("?limit=2&offset=2", 1),
        ("?limit=-1&offset=-1", 3),
        ("?limit=0", 0),
    ):
        assert len(api.send("GET", at + query).json()["Relations"]["Relation"]) == count, query


def test_fields_are_shown_in_the_languages_asked_for(api: Api) -> None:
    number = api.published("one")
    shown = api.send("GET", f"/content/objects/{number}?languages=nor-NO").json()["Content"]["CurrentVersion"][
        "Version"
    ]
    assert {each["languageCode"] for each in shown["Fields"]["field"]} == {"eng-GB"}, "folders are always available"
    api.send("PATCH", f"/content/objects/{number}", {"C": {"alwaysAvailable": "false"}}, "ContentUpdate")
    for path, version in (("", "NULL"), ("/versions/1", "1")):
        answer = api.send("GET", f"/content/objects/{number}{path}?languages=nor-NO")
        assert answer.status_code == 404
        assert f"0 => 'nor-NO',\n  ),\n  'versionNo' => {version},\n)" in error_text(answer)


def test_each_problem_of_a_field_is_an_entry_of_its_own(api: Api) -> None:
    text = '<section xmlns="http://docbook.org/ns/docbook"><a/><b/></section>'
    body = creation(None, {"name": "x", "short_description": {"xml": text}})
    answer = api.send("POST", "/content/objects", body, "ContentCreate", Accept=vendor("Content"))
    fields = answer.json()["ErrorMessage"]["errorDetails"]["fields"]
    assert [len(each["errors"]) for each in fields] == [1, 1]
