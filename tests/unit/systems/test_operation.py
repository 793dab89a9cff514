"""What a message becomes on the wire, operation by operation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.model import Message
from connector.systems.catalogue import ibexa

ROOT = "/api/ibexa/v2"
API = "application/vnd.ibexa.api."

# operation, message -> method, path, query, body
TABLE: list[tuple[str, Message, str, str, tuple[tuple[str, str], ...], Any]] = [
    (
        "content.create",
        Message(payload={"mainLanguageCode": "eng-GB"}),
        *("POST", "/content/objects", (), {"ContentCreate": {"mainLanguageCode": "eng-GB"}}),
    ),
    (
        "content.create",
        Message(payload={"ContentCreate": {"remoteId": "a"}}),
        *("POST", "/content/objects", (), {"ContentCreate": {"remoteId": "a"}}),
    ),
    ("content.get", Message({"contentId": 52}), "GET", "/content/objects/52", (), None),
    (
        "content.get",
        Message({"contentId": "52"}, {"languages": ["eng-GB", "nor-NO"]}),
        *("GET", "/content/objects/52", (("languages", "eng-GB,nor-NO"),), None),
    ),
    (
        "content.find",
        Message(query={"remoteId": "pim 47/11,æ"}),
        *("GET", "/content/objects", (("remoteId", "pim 47/11,æ"),), None),
    ),
    (
        "content.update_metadata",
        Message({"contentId": 5}, payload={"alwaysAvailable": "true"}),
        *("PATCH", "/content/objects/5", (), {"ContentUpdate": {"alwaysAvailable": "true"}}),
    ),
    ("content.delete", Message({"contentId": 5}), "DELETE", "/content/objects/5", (), None),
    ("content.copy", Message({"contentId": 5}, destination=61), "COPY", "/content/objects/5", (), None),
    ("content.hide", Message({"contentId": 5}), "POST", "/content/objects/5/hide", (), None),
    (
        "content.search",
        Message(payload={"ContentQuery": {"limit": 1}}),
        *("POST", "/views", (), {"ViewInput": {"ContentQuery": {"limit": 1}}}),
    ),
    (
        "content.delete_translation",
        Message({"contentId": 5, "languageCode": "nor-NO"}),
        *("DELETE", "/content/objects/5/translations/nor-NO", (), None),
    ),
    (
        "content_version.publish",
        Message({"contentId": 5, "versionNo": 2}),
        *("PUBLISH", "/content/objects/5/versions/2", (), None),
    ),
    (
        "content_version.update",
        Message({"contentId": 5, "versionNo": 2}, payload={"fields": {"field": []}}),
        *("PATCH", "/content/objects/5/versions/2", (), {"VersionUpdate": {"fields": {"field": []}}}),
    ),
    (
        "content_version.create_draft_from_current",
        Message({"contentId": 5}),
        *("COPY", "/content/objects/5/currentversion", (), None),
    ),
    (
        "location.list_children",
        Message({"path": "/1/2/"}, {"limit": 50, "offset": None}),
        *("GET", "/content/locations/1/2/children", (("limit", "50"),), None),
    ),
    ("location.get", Message({"path": "1/2/54"}), "GET", "/content/locations/1/2/54", (), None),
    (
        "location.update",
        Message({"path": "1/2"}, payload={"priority": 3}),
        *("PATCH", "/content/locations/1/2", (), {"LocationUpdate": {"priority": 3}}),
    ),
    ("location.move", Message({"path": "1/2/54"}, destination="trash"), "MOVE", "/content/locations/1/2/54", (), None),
    ("location.swap", Message({"path": "1/2"}, destination="/1/43/"), "SWAP", "/content/locations/1/2", (), None),
    ("trash.restore", Message({"trashItemid": 9}), "MOVE", "/content/trash/9", (), None),
    (
        "section.create",
        Message(payload={"identifier": "a", "name": "A"}),
        *("POST", "/content/sections", (), {"SectionInput": {"identifier": "a", "name": "A"}}),
    ),
    (
        "content_type.create",
        Message({"contentTypeGroupId": 1}, {"publish": True}, {"identifier": "product"}),
        *("POST", "/content/typegroups/1/types", (("publish", "true"),)),
        {"ContentTypeCreate": {"identifier": "product"}},
    ),
    (
        "content_type.publish_draft",
        Message({"contentTypeId": 4}),
        *("PUBLISH", "/content/types/4/draft", (), None),
    ),
    (
        "user.create",
        Message({"path": "1/5/12"}, payload={"login": "a"}),
        *("POST", "/user/groups/1/5/12/users", (), {"UserCreate": {"login": "a"}}),
    ),
    (
        "user_group.assign_user",
        Message({"userId": 14}, {"group": f"{ROOT}/user/groups/1/5/13"}),
        *("POST", "/user/users/14/groups", (("group", f"{ROOT}/user/groups/1/5/13"),), None),
    ),
    (
        "user_group.move",
        Message({"path": "1/5/12"}, destination="1/5/13"),
        *("MOVE", "/user/groups/1/5/12", (), None),
    ),
    ("user.check", Message(query={"login": "admin"}), "HEAD", "/user/users", (("login", "admin"),), None),
    ("language.get", Message({"code": "eng-GB"}), "GET", "/languages/eng-GB", (), None),
    ("segment.get", Message({"identifier": "a/b c"}), "GET", "/segments/a%2Fb%20c", (), None),
]


@pytest.mark.parametrize(
    ("name", "message", "method", "path", "query", "body"), TABLE, ids=[f"{n}-{one[0]}" for n, one in enumerate(TABLE)]
)
def test_a_message_becomes_this_request(
    name: str, message: Message, method: str, path: str, query: tuple[tuple[str, str], ...], body: Any
) -> None:
    request = ibexa().get(name).request(message)
    assert (request.method, request.path, request.query) == (method, path, query)
    assert (json.loads(request.body) if request.body else None) == body


@pytest.mark.parametrize(
    ("name", "accept", "content_type"),
    [
        ("content.create", API + "Content+json", API + "ContentCreate+json"),
        ("content.search", API + "View+json", API + "ViewInput+json; version=1.1"),
        ("content.update_metadata", API + "ContentInfo+json", API + "ContentUpdate+json"),
        ("section.update", API + "Section+json", API + "SectionInput+json"),
        ("user.update", API + "User+json", API + "UserUpdate+json"),
    ],
)
def test_media_types_are_spelled_exactly(name: str, accept: str, content_type: str) -> None:
    operation = ibexa().get(name)
    path = dict.fromkeys(operation.path_params, 1)
    headers = operation.request(Message(path, payload={})).headers
    assert headers["Accept"] == accept
    assert headers["Content-Type"] == content_type


def test_an_operation_without_an_answer_still_gets_its_errors_as_json() -> None:
    headers = ibexa().get("content.delete").request(Message({"contentId": 1})).headers
    assert headers == {"Accept": API + "ErrorMessage+json"}


@pytest.mark.parametrize(
    ("name", "given", "sent"),
    [
        ("location.copy", 61, "/content/locations/61"),
        ("location.copy", "1/2/61", "/content/locations/1/2/61"),
        ("location.copy", "/1/2/61/", "/content/locations/1/2/61"),
        ("location.copy", "/content/locations/1/2", "/content/locations/1/2"),
        ("location.copy", ROOT + "/content/locations/1/2", "/content/locations/1/2"),
        ("location.move", "trash", "/content/trash"),
        ("location.move", "/content/trash", "/content/trash"),
        ("location.move", ROOT + "/content/trash", "/content/trash"),
        ("content.copy", "1/43", "/content/locations/1/43"),
        ("user_group.move", "1/5/13", "/user/groups/1/5/13"),
        ("user_group.move", ROOT + "/user/groups/1/5/13", "/user/groups/1/5/13"),
    ],
)
def test_a_destination_becomes_the_one_form_that_the_server_takes(name: str, given: Any, sent: str) -> None:
    operation = ibexa().get(name)
    path: dict[str, Any] = dict.fromkeys(operation.path_params, 1)
    assert operation.request(Message(path, destination=given)).headers["Destination"] == ROOT + sent


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("location.copy", "trash"),
        ("user_group.move", "trash"),
        ("user_group.move", ROOT + "/content/locations/1/2"),
        ("location.move", "https://other.example/api/ibexa/v2/content/locations/1/2"),
        ("location.move", "1/../2"),
        ("location.move", "1/2\r\nX-Evil: 1"),
        ("location.move", True),
        ("location.move", ""),
        ("location.move", {"remote_id": "a"}),
    ],
)
def test_a_destination_that_leads_nowhere_is_not_sent(name: str, given: Any) -> None:
    with pytest.raises(RecordError, match="destination") as caught:
        ibexa().get(name).check(Message({"path": "1/2"}, destination=given))
    assert caught.value.step == "destination"


@pytest.mark.parametrize(
    ("name", "message", "words", "step"),
    [
        ("content.get", Message(), "'contentId'", ""),
        ("content.get", Message({"contentid": 1}), "'contentid'", "path.contentid"),
        ("content.get", Message({"contentId": ".."}), "another path", ""),
        ("content.get", Message({"contentId": 1}, {"langages": "x"}), "'langages'", "query.langages"),
        ("content.get", Message({"contentId": 1}, {"languages": {"a": 1}}), "object", ""),
        ("content.get", Message({"contentId": 1}, {"languages": "a\nb"}), "control", ""),
        ("content.get", Message({"contentId": 1}, payload={}), "takes no payload", "payload"),
        ("content.get", Message({"contentId": 1}, destination=1), "takes no destination", "destination"),
        ("content.create", Message(payload=[1]), "array", "payload"),
        ("content.create", Message(payload={"fields": {"field": [{"fieldValue": float("nan")}]}}), "NaN", "payload"),
        ("content.create", Message(payload={"remoteId": "\ud800"}), "surrogate", "payload"),
        ("location.get", Message({"path": "1//2"}), "another path", ""),
    ],
)
def test_what_cannot_be_right_is_refused_before_it_is_sent(name: str, message: Message, words: str, step: str) -> None:
    with pytest.raises(RecordError) as caught:
        ibexa().get(name).check(message)
    assert words in caught.value.message
    assert caught.value.step == step or not step


def test_a_misspelled_parameter_gets_the_nearest_name() -> None:
    with pytest.raises(RecordError) as caught:
        ibexa().get("content.get").check(Message({"contentId": 1}, {"langages": "x"}))
    assert "languages" in caught.value.hint


def test_reading_and_repeating_are_told_apart() -> None:
    told = {name: (one.reads, one.idempotent) for name, one in ((one.id, one) for one in ibexa().operations())}
    assert told["content.search"] == (True, True)
    assert told["content.create"] == (False, False)
    assert told["content_version.publish"] == (False, False)
    assert told["content.delete"] == (False, True)
    assert told["section.update"] == (False, True)
    assert told["cart.search"] == (True, True)
    assert told["token.create"][0] is False


def test_records_and_total_are_found_or_missed_but_never_guessed() -> None:
    operation = ibexa().get("content.search")
    body = {"View": {"Result": {"count": 3, "searchHits": {"searchHit": [1, 2]}}}}
    assert (operation.items(body), operation.total(body)) == ([1, 2], 3)
    assert operation.items({"View": {"Result": {"searchHits": {"searchHit": {}}}}}) is None
    assert operation.items([]) is None
    assert operation.total({"View": {"Result": {"count": True}}}) is None
    assert ibexa().get("content.get").items({"Content": {}}) is None


LACKING = [
    ("section.create", Message(), "'name' is missing", "payload"),
    ("content_type_group.create", Message(payload={}), "'identifier' is missing", "payload"),
    ("location.move", Message(path={"path": "1/2/61"}), "location.move needs a destination", "destination"),
    ("section.create", Message(payload={"name": "A"}), "'identifier' is missing", "payload"),
    (
        "section.create",
        Message(payload={"SectionInput": {"name": "A", "identifier": None}}),
        "'identifier' is null",
        "payload",
    ),
    (
        "location.create",
        Message(path={"contentId": 5}, payload={"ParentLocation": {}, "sortField": "PATH", "sortOrder": "ASC"}),
        "'_href' is missing",
        "payload.ParentLocation",
    ),
]


@pytest.mark.parametrize(("name", "message", "expected", "step"), LACKING)
def test_what_lacks_a_key_that_the_server_demands_is_refused_before_it_is_sent(
    name: str, message: Message, expected: str, step: str
) -> None:
    with pytest.raises(RecordError) as caught:
        ibexa().get(name).check(message)
    assert expected in caught.value.message
    assert caught.value.step == step


def test_a_value_may_be_null_where_the_server_takes_that() -> None:
    field = {"fieldDefinitionIdentifier": "image", "fieldValue": None}
    payload = {"mainLanguageCode": "eng-GB", "fields": {"field": [field]}}
    ibexa().get("user_group.create_top_level").check(Message(payload=payload))


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("content.get", {"contentId": "abc"}, "path.contentId must be a number, not 'abc'"),
        ("content_version.get", {"contentId": 5, "versionNo": "current"}, "path.versionNo must be a number"),
        (
            "location.get",
            {"path": "shoes"},
            "path.path must be the whole path from the root, such as 1/2/61, not 'shoes'",
        ),
    ],
)
def test_an_id_that_the_server_could_never_find_is_told_before_it_is_asked(
    name: str, path: dict[str, Any], expected: str
) -> None:
    with pytest.raises(RecordError) as caught:
        ibexa().get(name).request(Message(path))
    assert expected in caught.value.message


@pytest.mark.parametrize("path", ["1/2/61", "/1/2/61/", 1, "1"])
def test_a_path_of_ids_may_have_slashes_around_it(path: Any) -> None:
    ibexa().get("location.get").request(Message({"path": path}))
