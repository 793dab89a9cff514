"""An Ibexa 5.0: its names, its log-in, what is gone there and what came; all else is as in 4.6."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox.ibexa import IbexaSandbox, JournalError
from connector.sandbox.ibexa.field_types import KINDS
from connector.sandbox.ibexa.releases import RELEASES
from tests.sandbox.ibexa.client import ROOT, Api, creation, error_text, vendor
from tests.sandbox.ibexa.test_fields import PNG

Json = Any
FIVE = RELEASES["5.0"]
LOGIN = {"JWTInput": {"username": "admin", "password": "publish"}}


@pytest.fixture(scope="module")
def server() -> Iterator[IbexaSandbox]:
    with IbexaSandbox(version="5.0", login_seconds=0) as running:
        yield running


def with_fields(api: Api, *names: str, identifier: str = "thing") -> requests.Response:
    fields = [{"identifier": f"f{at}", "fieldType": name} for at, name in enumerate(names)]
    body = {
        "ContentTypeCreate": {
            "identifier": identifier, "mainLanguageCode": "eng-GB", "nameSchema": "<f0>",
            "names": {"value": [{"_languageCode": "eng-GB", "#text": identifier}]},
            "FieldDefinitions": {"FieldDefinition": fields},
        }
    }  # fmt: skip
    kind = {"Accept": vendor("ContentType")}
    return api.send("POST", "/content/typegroups/1/types?publish=true", body, "ContentTypeCreate", **kind)


def item(api: Api, type_id: int, **fields: Json) -> requests.Response:
    return api.send("POST", "/content/objects", creation("thing-1", fields, type_id=type_id), "ContentCreate")


def values(answer: requests.Response) -> Json:
    rows = answer.json()["Content"]["CurrentVersion"]["Version"]["Fields"]["field"]
    return {row["fieldDefinitionIdentifier"]: row["fieldValue"] for row in rows}


def test_every_field_type_has_a_name_of_its_own() -> None:
    assert FIVE.type_names.keys() == KINDS.keys() == FIVE.kinds.keys()
    assert len(set(FIVE.type_names.values())) == len(KINDS)
    assert all(name.startswith("ibexa_") for name in FIVE.type_names.values())


@pytest.mark.parametrize("accept", ["json", "xml"])
def test_types_and_content_say_the_new_names_everywhere(api: Api, accept: str) -> None:
    kind = {"Accept": f"application/vnd.ibexa.api.ContentTypeList+{accept}"}
    query = {"ViewInput": {"identifier": "t", "ContentQuery": {"Filter": {"ContentTypeIdentifierCriterion": "user"}}}}
    view = {"Content_Type": vendor("ViewInput") + "; version=1.1", "Accept": f"application/vnd.ibexa.api.View+{accept}"}
    answers = [
        api.send("GET", "/content/types", **kind),
        api.send("GET", "/content/types/4/fieldDefinitions", **kind),
        api.send("GET", "/content/types/4/fieldDefinition/user_account", **kind),
        api.send("GET", "/content/objects/14", Accept=f"application/vnd.ibexa.api.Content+{accept}"),
        api.send("GET", "/user/users/14", Accept=f"application/vnd.ibexa.api.User+{accept}"),
        api.send("POST", "/views", query, **view),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "ibexa_user" in answer.text
        assert not [name for name in KINDS if f'"{name}"' in answer.text or f">{name}<" in answer.text]


def test_a_type_is_made_with_the_new_names_and_not_with_the_old_ones(api: Api) -> None:
    made = with_fields(api, *sorted(set(FIVE.type_names.values()) - {"ibexa_user"}))
    assert made.status_code == 201
    kept = api.send("GET", made.headers["Location"].removeprefix(ROOT), Accept=vendor("ContentType"))
    rows = kept.json()["ContentType"]["FieldDefinitions"]["FieldDefinition"]
    assert {row["fieldType"] for row in rows} == set(FIVE.type_names.values()) - {"ibexa_user"}
    assert with_fields(api, "ezstring", identifier="old").status_code == 500


def test_a_whole_number_may_be_a_text_and_is_cast(api: Api) -> None:
    number = with_fields(api, "ibexa_integer").json()["ContentType"]["id"]
    for given, stored in [("42", 42), ("9 of 10", 9), ("abc", 0), (5.9, 5), (True, 1), (None, None), ([], 0)]:
        answer = item(api, number, f0=given)
        assert (answer.status_code, values(answer)) == (201, {"f0": stored})
        api.send("DELETE", f"/content/objects/{answer.json()['Content']['_id']}")


def test_an_image_has_no_path(api: Api) -> None:
    number = with_fields(api, "ibexa_image").json()["ContentType"]["id"]
    answer = item(api, number, f0={"fileName": "a.png", "fileSize": len(PNG), "data": PNG})
    assert answer.status_code == 201
    assert "path" not in values(answer)["f0"]
    assert values(answer)["f0"]["uri"].endswith("a.png")


def test_the_log_in_is_told_in_json_whatever_is_accepted(api: Api) -> None:
    for accept in (vendor("JWT"), "application/vnd.ibexa.api.JWT+xml", "*/*", ""):
        answer = api.send("POST", "/user/token/jwt", LOGIN, "JWTInput", Authorization="", Accept=accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
        assert answer.json()["JWT"].keys() == {"_media-type", "_token", "token"}


def test_a_log_in_is_refused_in_the_firewalls_way(api: Api, sandbox: IbexaSandbox) -> None:
    answer = api.log_in(password="wrong")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json() == {"code": 401, "message": "Invalid credentials."}
    assert sandbox.book.snapshot()["refused_logins"] == 1


@pytest.mark.parametrize("kind", ["JWTInput+json; charset=utf-8", "JWTInput+xml", "SessionInput+json"])
def test_a_log_in_of_another_content_type_is_read_by_nobody(api: Api, kind: str) -> None:
    kinds = {"Content_Type": f"application/vnd.ibexa.api.{kind}", "Authorization": ""}
    assert api.send("POST", "/user/token/jwt", LOGIN, **kinds).status_code == 500


def test_the_old_way_to_search_has_no_route(api: Api) -> None:
    answer = api.send("POST", "/content/views", {"ViewInput": {}}, "ViewInput")
    assert answer.status_code == 404
    assert "No route found" in error_text(answer)


def test_what_a_method_does_a_content_type_does_too(api: Api) -> None:
    one, two = api.published("one"), api.published("two")
    place, other = api.main_location(one), api.main_location(two)

    def post(path: str, kind: str, destination: str | None = None) -> requests.Response:
        body = {} if destination is None else {"destination": destination}
        return api.send("POST", path, {kind: body}, kind)

    assert post(f"/content/objects/{one}", "CopyContentInput", "/1/2").status_code == 201
    draft = post(f"/content/objects/{one}/currentversion", "CreateDraftFromCurrentVersionInput")
    assert (draft.status_code, draft.json()["Version"]["VersionInfo"]["versionNo"]) == (201, 2)
    assert post(f"/content/objects/{one}/versions/2", "PublishContentVersionInput").status_code == 204
    assert post(f"/content/objects/{one}/versions/1", "CreateDraftFromVersionInput").status_code == 201
    assert post(f"/content/locations/{place}", "CopyLocationInput", f"/{other}").status_code == 201
    moved = post(f"/content/locations/{place}", "MoveLocationInput", f"/{other}")
    place = moved.headers["Location"].removeprefix(f"{ROOT}/content/locations/")
    assert place == f"{other}/{place.rpartition('/')[2]}"
    trashed = post(f"/content/locations/{place}", "TrashLocationInput")
    trash = trashed.headers["Location"].removeprefix(ROOT)
    restored = post(trash, "RestoreTrashItemInput", "/1/2")
    assert restored.headers["Location"].startswith(f"{ROOT}/content/locations/1/2/")
    place = restored.headers["Location"].removeprefix(f"{ROOT}/content/locations/")
    trash = post(f"/content/locations/{place}", "TrashLocationInput").headers["Location"].removeprefix(ROOT)
    back = post(trash, "RestoreTrashItemInput").headers["Location"]
    place = back.removeprefix(f"{ROOT}/content/locations/")
    assert post(f"/content/locations/{place}", "SwapLocationInput", f"/{other}").status_code == 204
    assert post("/content/types/1", "CopyContentTypeInput").status_code == 201
    assert api.send("POST", "/content/types/1", {"ContentTypeUpdate": {}}, "ContentTypeUpdate").status_code == 201
    assert post("/content/types/1/draft", "PublishContentTypeInput").status_code == 200


def test_a_twin_wants_its_destination_and_its_path(api: Api) -> None:
    one = api.published("one")
    for destination in (None, 5, "1/2", f"{ROOT}/content/locations/1/2"):
        body = {"CopyContentInput": {} if destination is None else {"destination": destination}}
        answer = api.send("POST", f"/content/objects/{one}", body, "CopyContentInput")
        assert (answer.status_code, "CopyContentInput" in error_text(answer)) == (400, True)
    body = {"CopyContentInput": {"destination": "/1/2"}}
    assert api.send("POST", "/content/locations/1/2", body, "CopyContentInput").status_code == 405


def test_the_old_methods_work(api: Api) -> None:
    one = api.published("one")
    place = api.main_location(one)
    assert api.send("COPY", f"/content/objects/{one}", Destination=f"{ROOT}/content/locations/1/2").status_code == 201
    override = {"X_HTTP_Method_Override": "MOVE", "Destination": f"{ROOT}/content/trash"}
    assert api.send("POST", f"/content/locations/{place}", **override).status_code == 201


def test_4_6_has_none_of_it() -> None:
    with IbexaSandbox(login_seconds=0) as sandbox, requests.Session() as session:
        api = Api(sandbox.url, session)
        assert sandbox.version == "4.6"
        assert api.log_in().headers["Content-Type"] == vendor("JWT")
        assert with_fields(api, "ibexa_string").status_code == 500
        assert with_fields(api, "ezinteger", "ezstring").status_code == 201
        one = api.published("one")
        body = {"CopyContentInput": {"destination": "/1/2"}}
        assert api.send("POST", f"/content/objects/{one}", body, "CopyContentInput").status_code == 405
        assert api.send("POST", "/content/views", {"ViewInput": {}}, "ViewInput").status_code == 500


def test_there_is_no_other_version() -> None:
    with pytest.raises(ValueError, match=r"4\.6 or 5\.0, and no '3\.3'"):
        IbexaSandbox(version="3.3")


def test_what_it_is_stands_at_its_door(api: Api) -> None:
    assert api.admin("GET", "/health") == {"status": "ok", "ibexa": "5.0"}


def test_a_file_is_of_one_version(tmp_path: Path) -> None:
    file = tmp_path / "shop.journal"
    with IbexaSandbox(version="5.0", login_seconds=0, file=file) as first, requests.Session() as session:
        api = Api(first.url, session)
        api.log_in()
        number = with_fields(api, "ibexa_integer").json()["ContentType"]["id"]
        item(api, number, f0="42")
        body = {"CopyContentInput": {"destination": "/1/2"}}
        assert api.send("POST", f"/content/objects/{api.published('a')}", body, "CopyContentInput").status_code == 201
        kept = first.repository.state()["contents"].keys()
    with pytest.raises(JournalError, match=r"is of an Ibexa 5\.0, and this one is a 4\.6\. Say --ibexa 5\.0"):
        IbexaSandbox(file=file)
    with IbexaSandbox(version="5.0", login_seconds=0, file=file) as second:
        assert second.repository.state()["contents"].keys() == kept
    old = tmp_path / "old.journal"
    with IbexaSandbox(login_seconds=0, file=old):
        assert b"ibexa" not in old.read_bytes()
    with pytest.raises(JournalError, match=r"is of an Ibexa 4\.6"):
        IbexaSandbox(version="5.0", file=old)


@pytest.mark.parametrize("module", ["connector", "connector.sandbox"])
def test_the_command_says_which_it_is(module: str) -> None:
    words = ["sandbox"] if module == "connector" else []
    command = [sys.executable, "-m", module, *words, "--port", "0", "--ibexa", "5.0", "--login-seconds", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        told = ""
        while "Ibexa 5.0" not in told:
            line = running.stdout.readline()
            assert line, told
            told += line
        running.terminate()
