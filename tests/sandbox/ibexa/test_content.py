"""The life of a content item: drafts, versions, metadata, translations, the tree and the trash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import ROOT, Api, creation, error_text


def update(api: Api, number: int, version: int, *fields: tuple[str, object, str | None]) -> requests.Response:
    entries = [
        {"fieldDefinitionIdentifier": name, "fieldValue": value, **({"languageCode": code} if code else {})}
        for name, value, code in fields
    ]
    body = {"VersionUpdate": {"fields": {"field": entries}}}
    return api.send("PATCH", f"/content/objects/{number}/versions/{version}", body, "VersionUpdate")


def draft(api: Api, number: int) -> int:
    answer = api.send("COPY", f"/content/objects/{number}/currentversion")
    assert answer.status_code == 201
    return int(answer.headers["Location"].rpartition("/")[2])


def values(api: Api, number: int, code: str = "eng-GB") -> dict[str, object]:
    version = api.send("GET", f"/content/objects/{number}").json()["Content"]["CurrentVersion"]["Version"]
    fields = version["Fields"]["field"]
    return {each["fieldDefinitionIdentifier"]: each["fieldValue"] for each in fields if each["languageCode"] == code}


def test_an_update_keeps_the_fields_left_out(api: Api) -> None:
    number = api.published("one")
    version = draft(api, number)
    assert update(api, number, version, ("short_name", "Short", None)).status_code == 200
    assert api.publish(number, version).status_code == 204
    assert values(api, number)["name"] == "one"
    assert values(api, number)["short_name"] == "Short"
    assert api.send("GET", f"/content/objects/{number}").json()["Content"]["Name"] == "Short"


def test_the_older_of_two_drafts_wins_when_published_last(api: Api) -> None:
    number = api.published("one")
    older, newer = draft(api, number), draft(api, number)
    update(api, number, older, ("name", "older", None))
    update(api, number, newer, ("name", "newer", None))
    assert api.publish(number, newer).status_code == 204
    assert api.publish(number, older).status_code == 204
    assert values(api, number)["name"] == "older"


def test_five_archived_versions_are_kept(api: Api) -> None:
    number = api.published("one")
    for _ in range(8):
        api.publish(number, draft(api, number))
    listed = api.send("GET", f"/content/objects/{number}/versions").json()["VersionList"]["VersionItem"]
    assert [each["VersionInfo"]["versionNo"] for each in listed] == [4, 5, 6, 7, 8, 9]


def test_a_required_field_cannot_be_cleared_and_an_unknown_one_is_a_500(api: Api) -> None:
    number = api.published("one")
    version = draft(api, number)
    cleared = update(api, number, version, ("name", "", None))
    assert cleared.status_code == 400
    assert cleared.json()["ErrorMessage"]["errorDetails"]["fields"][0]["_fieldTypeId"] == 4
    assert update(api, number, version, ("nosuch", "x", None)).status_code == 500
    assert update(api, number, version, ("name", "x", "xxx-XX")).status_code == 404


def test_a_translation_stands_beside_the_main_language(api: Api) -> None:
    number = api.published("one")
    version = draft(api, number)
    assert update(api, number, version, ("name", "Stol", "nor-NO")).status_code == 200
    api.publish(number, version)
    assert values(api, number, "nor-NO")["name"] == "Stol"
    assert values(api, number)["name"] == "one"
    info = api.send("GET", f"/content/objects/{number}/versions/{version}").json()["Version"]["VersionInfo"]
    assert info["languageCodes"] == "eng-GB,nor-NO"
    limited = api.send("GET", f"/content/objects/{number}/versions/{version}?languages=nor-NO").json()["Version"]
    assert {each["languageCode"] for each in limited["Fields"]["field"]} == {"nor-NO"}


def test_metadata_of_a_draft_is_changed_though_the_answer_is_an_empty_500(api: Api) -> None:
    api.create("draft")
    answer = api.send("PATCH", "/content/objects/52", {"ContentUpdate": {"remoteId": "renamed"}}, "ContentUpdate")
    assert (answer.status_code, answer.text) == (500, "")
    assert api.send("GET", "/content/objects?remoteId=renamed").status_code == 307
    assert api.send("GET", "/content/objects?remoteId=draft").status_code == 404


def test_section_changes_show_one_request_later(api: Api) -> None:
    number = api.published("one")
    body = {"ContentUpdate": {"Section": {"_href": f"{ROOT}/content/sections/3"}}}
    answer = api.send("PATCH", f"/content/objects/{number}", body, "ContentUpdate")
    assert answer.json()["Content"]["Section"]["_href"].endswith("/1")
    assert api.send("GET", f"/content/objects/{number}").json()["Content"]["Section"]["_href"].endswith("/3")


def test_only_one_of_many_simultaneous_creates_wins(api: Api, sandbox: IbexaSandbox) -> None:
    def create(_: int) -> int:
        with requests.Session() as session:
            return Api(api.url, session, api.token).create("race").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(create, range(24)))
    assert sorted(statuses) == [201] + [406] * 23
    assert sandbox.book.snapshot()["items"]["race"]["creates"] == 1


def test_copying_makes_a_published_item_with_a_remote_id_of_its_own(api: Api) -> None:
    number = api.published("one")
    answer = api.send("COPY", f"/content/objects/{number}", Destination=f"{ROOT}/content/locations/1/43")
    assert (answer.status_code, answer.text) == (201, "")
    copied = api.send("GET", answer.headers["Location"].removeprefix(ROOT)).json()["Content"]
    assert copied["status"] == "PUBLISHED"
    assert copied["_remoteId"] != "one"


def test_moving_changes_path_and_section(api: Api) -> None:
    number = api.published("one")
    child = api.published("child", parent="1/2/54")
    answer = api.send("MOVE", "/content/locations/1/2/54", Destination=f"{ROOT}/content/locations/1/43")
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{ROOT}/content/locations/1/43/54")
    assert api.send("GET", "/content/locations/1/2/54").status_code == 404
    assert api.main_location(child) == "1/43/54/55"
    assert api.send("GET", f"/content/objects/{number}").json()["Content"]["Section"]["_href"].endswith("/3")
    below = api.send("MOVE", "/content/locations/1/43/54", Destination=f"{ROOT}/content/locations/1/43/54/55")
    assert below.status_code == 406
    assert api.send("MOVE", "/content/locations/1/43/54", Destination="/content/trash").status_code == 400


def test_the_trash_keeps_items_and_their_remote_ids(api: Api) -> None:
    number = api.published("one")
    api.published("child", parent="1/2/54")
    trashed = api.send("MOVE", "/content/locations/1/2/54", Destination=f"{ROOT}/content/trash")
    assert (trashed.status_code, trashed.headers["Location"]) == (201, f"{ROOT}/content/trash/54")
    assert len(api.send("GET", "/content/trash").json()["Trash"]["TrashItem"]) == 2
    content = api.send("GET", f"/content/objects/{number}").json()["Content"]
    assert (content["status"], "MainLocation" in content) == ("TRASHED", False)
    assert api.create("one").status_code == 406
    assert api.search({"Filter": {"ContentRemoteIdCriterion": "one"}}).json()["View"]["Result"]["count"] == 0
    assert api.send("COPY", f"/content/objects/{number}/currentversion").status_code == 409
    restored = api.send("MOVE", "/content/trash/54", Destination=f"{ROOT}/content/locations/1/2")
    assert restored.headers["Location"] == f"{ROOT}/content/locations/1/2/56"
    assert api.send("DELETE", "/content/trash").status_code == 204
    assert api.send("GET", "/content/objects?remoteId=child").status_code == 404


def test_deleting_a_trashed_item_spoils_the_trash(api: Api) -> None:
    number = api.published("one")
    api.send("MOVE", "/content/locations/1/2/54", Destination=f"{ROOT}/content/trash")
    assert api.send("DELETE", f"/content/objects/{number}").status_code == 204
    assert api.send("GET", "/content/trash").status_code == 404
    assert api.send("DELETE", "/content/trash").status_code == 404


def test_deleting_an_item_frees_its_remote_id_and_leaves_ghosts_of_its_children(api: Api) -> None:
    number = api.published("one")
    child = api.published("child", parent="1/2/54")
    assert api.send("DELETE", f"/content/objects/{number}").status_code == 204
    assert api.send("DELETE", f"/content/objects/{number}").status_code == 404
    assert api.main_location(child) == "1/2/54/55"
    place = api.send("GET", "/content/locations/1/2/54/55")
    assert place.json()["Location"]["ContentInfo"]["Content"]["_id"] == child
    assert api.send("GET", "/content/locations/1/2/54").status_code == 404
    assert api.send("GET", "/content/locations/1/2/54/children").status_code == 404
    assert api.send("GET", "/content/objects?remoteId=child").status_code == 404
    assert api.send("DELETE", f"/content/objects/{child}").status_code == 404
    assert api.create("child").status_code == 201


def test_deleting_a_location_leaves_no_ghosts(api: Api) -> None:
    api.published("one")
    child = api.published("child", parent="1/2/54")
    assert api.send("DELETE", "/content/locations/1/2/54").status_code == 204
    for path in (f"/content/objects/{child}", "/content/locations/1/2/54/55"):
        assert api.send("GET", path).status_code == 404


def test_a_second_location_takes_over_when_the_main_one_goes(api: Api) -> None:
    number = api.published("one")
    body = {
        "LocationCreate": {
            "ParentLocation": {"_href": f"{ROOT}/content/locations/1/43"}, "sortField": "PATH", "sortOrder": "ASC",
        }
    }  # fmt: skip
    path = f"/content/objects/{number}/locations"
    assert api.send("POST", path, body, "LocationCreate").headers["Location"].endswith("/1/43/55")
    again = api.send("POST", path, body, "LocationCreate")
    assert (again.status_code, "already below" in error_text(again)) == (403, True)
    assert api.send("DELETE", "/content/locations/1/2/54").status_code == 204
    assert api.main_location(number) == "1/43/55"


def test_children_page_by_ten_and_zero_means_all(api: Api) -> None:
    for n in range(12):
        api.published(f"child-{n}")

    def count(query: str) -> int:
        answer = api.send("GET", f"/content/locations/1/2/children{query}").json()
        return len(answer["LocationList"]["Location"])

    assert [count(query) for query in ("", "?limit=5", "?limit=5&offset=10", "?limit=0", "?limit=abc")] == [
        10, 5, 2, 12, 12,
    ]  # fmt: skip


def test_a_location_can_be_changed_and_swapped_and_its_subtree_copied(api: Api) -> None:
    first, second = api.published("one"), api.published("two")
    api.published("child", parent="1/2/54")
    body = {"LocationUpdate": {"priority": "7", "hidden": True, "remoteId": "place"}}
    changed = api.send("PATCH", "/content/locations/1/2/54", body, "LocationUpdate").json()["Location"]
    assert (changed["priority"], changed["hidden"], changed["invisible"]) == (7, True, True)
    assert api.send("GET", "/content/locations/1/2/54/56").json()["Location"]["invisible"] is True
    found = api.send("GET", "/content/locations?remoteId=place")
    assert found.headers["Location"] == f"{ROOT}/content/locations/1/2/54"
    swap = api.send("SWAP", "/content/locations/1/2/54", Destination=f"{ROOT}/content/locations/1/2/55")
    assert swap.status_code == 204
    assert (api.main_location(first), api.main_location(second)) == ("1/2/55", "1/2/54")
    copied = api.send("COPY", "/content/locations/1/2/54", Destination=f"{ROOT}/content/locations/1/43")
    path = copied.headers["Location"].removeprefix(ROOT)
    assert api.send("GET", path).json()["Location"]["childCount"] == 1


def test_object_states_are_set_one_per_group(api: Api) -> None:
    number = api.published("one")
    locked = {"_href": f"{ROOT}/content/objectstategroups/2/objectstates/2"}
    path = f"/content/objects/{number}/objectstates"
    answer = api.send("PATCH", path, {"ContentObjectStates": {"ObjectState": [locked]}}, "ContentObjectStates")
    assert answer.json()["ContentObjectStates"]["ObjectState"][0]["_href"] == locked["_href"]
    twice = {"ContentObjectStates": {"ObjectState": [locked, locked]}}
    assert api.send("PATCH", path, twice, "ContentObjectStates").status_code == 403


def test_a_server_made_remote_id_has_32_digits(api: Api) -> None:
    for given in (None, ""):
        body = creation(given, {"name": "x"})
        content = api.send("POST", "/content/objects", body, "ContentCreate").json()["Content"]
        assert len(content["_remoteId"]) == 32
