"""The bytes of files and images: what was uploaded can be fetched again, by whom a real server gives it to."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import ROOT, Api, creation

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # 1 x 1, PNG
FIELDS = [("name", "ezstring"), ("file", "ezbinaryfile"), ("image", "ezimage")]


@pytest.fixture
def type_id(api: Api) -> int:
    rows = [{"identifier": name, "fieldType": kind, "names": _named(name)} for name, kind in FIELDS]
    body = {"identifier": "thing", "mainLanguageCode": "eng-GB", "nameSchema": "<name>", "names": _named("Thing")}
    made = api.send(
        "POST",
        "/content/typegroups/1/types?publish=true",
        {"ContentTypeCreate": {**body, "FieldDefinitions": {"FieldDefinition": rows}}},
        "ContentTypeCreate",
        Accept="application/vnd.ibexa.api.ContentType+json",
    )
    assert made.status_code == 201, made.text
    return int(made.json()["ContentType"]["id"])


def _named(text: str) -> Any:
    return {"value": [{"_languageCode": "eng-GB", "#text": text}]}


def _made(api: Api, type_id: int, parent: str = "1/2", without: str = "") -> int:
    fields = {
        "name": "A",
        "file": {"fileName": "ü.txt", "fileSize": 3, "data": base64.b64encode(b"abc").decode()},
        "image": {"fileName": "p.png", "fileSize": 70, "data": PIXEL},
    }
    fields.pop(without, None)
    answer = api.send(
        "POST", "/content/objects", creation(None, fields, parent=parent, type_id=type_id), "ContentCreate"
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["Content"]["_id"])


def _value(api: Api, content_id: int, field: str) -> Any:
    content = api.send("GET", f"/content/objects/{content_id}").json()["Content"]
    rows = content["CurrentVersion"]["Version"]["Fields"]["field"]
    return next(row["fieldValue"] for row in rows if row["fieldDefinitionIdentifier"] == field)


def test_a_file_can_be_downloaded_by_those_who_may_read_its_content(api: Api, type_id: int) -> None:
    number = _made(api, type_id)
    address = _value(api, number, "file")["url"]
    assert _get(address).status_code == 302, "a draft is for those who may see versions"
    api.publish(number)
    address = _value(api, number, "file")["url"]
    answer = _get(address)
    assert (answer.status_code, answer.content) == (200, b"abc")
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"] == "attachment; filename=%C3%BC.txt"
    assert _get(address.partition("?")[0]).content == b"abc", "without a version it is the published one"


def test_what_anonymous_visitors_may_not_read_leads_to_the_login_whatever_token_comes(api: Api, type_id: int) -> None:
    number = _made(api, type_id, "1/43")  # the media section
    api.publish(number)
    address = _value(api, number, "file")["url"]
    for headers in ({}, {"Authorization": f"Bearer {api.token}"}):
        answer = _get(address, headers)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/login")
    page = _get(f"{api.url}/login")
    assert (page.status_code, page.text.startswith("<!DOCTYPE html>")) == (200, True)


def test_a_session_may_fetch_what_its_user_may_read(api: Api, type_id: int) -> None:
    number = _made(api, type_id, "1/43")
    api.publish(number)
    body = {"SessionInput": {"login": "admin", "password": "publish"}}
    made = api.send("POST", "/user/sessions", body, "SessionInput", Authorization="", Accept="application/json")
    assert made.status_code == 201
    cookie = made.headers["Set-Cookie"].partition(";")[0]
    assert _get(_value(api, number, "file")["url"], {"Cookie": cookie}).content == b"abc"


def test_an_image_is_there_for_everybody(api: Api, type_id: int) -> None:
    number = _made(api, type_id, "1/43")
    api.publish(number)
    answer = _get(api.url + _value(api, number, "image")["uri"])
    assert (answer.status_code, answer.content) == (200, base64.b64decode(PIXEL))
    assert answer.headers["Content-Type"] == "image/png"


def test_an_address_names_the_version_that_it_came_with_and_old_ones_hold_while_they_are_kept(
    api: Api, type_id: int
) -> None:
    number = _made(api, type_id)
    api.publish(number)
    first = _value(api, number, "file")["url"]
    made = api.send("COPY", f"/content/objects/{number}/currentversion", Accept="application/json")
    assert made.status_code == 201
    api.publish(number, 2)
    second = _value(api, number, "file")["url"]
    assert second == first.replace("version=1", "version=2")
    assert _get(second).content == b"abc"
    assert _get(first).status_code == 302, "an archived version is for those who may see versions"


@pytest.mark.parametrize(
    "path",
    ["/content/download/1/999", "/content/download/999/1", "/var/site/storage/images/no.png", "/nosuch", ROOT + "/x"],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert _get(api.url + path, {"Accept": "application/json"}).status_code == 404


def test_files_are_there_after_a_start_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.jsonl"
    with IbexaSandbox(login_seconds=0, file=file) as first:
        api = Api(first.url, requests.Session())
        api.log_in()
        number = _made(api, 5, without="file")  # type 5 is the image of a clean install
        api.publish(number)
        address = _value(api, number, "image")["uri"]
    with IbexaSandbox(login_seconds=0, file=file) as again:
        assert _get(again.url + address).content == base64.b64decode(PIXEL)


def _get(address: str, headers: dict[str, str] | None = None) -> requests.Response:
    return requests.get(address, headers=headers, allow_redirects=False, timeout=10)
