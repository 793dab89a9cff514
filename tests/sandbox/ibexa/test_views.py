"""Searching: criteria, sorting, paging, and the mistakes that return everything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, creation, vendor

Json = Any
CLEAN = 12  # published items of a clean install

# a table reads better in whole lines
# a Filter on ContentQuery and the remote ids (of ours) that it finds; an int is the status of a refusal
TABLE: list[tuple[Json, str | int]] = [
    ({"ContentRemoteIdCriterion": "a"}, "a"),
    ({"ContentRemoteIdCriterion": "A,b"}, "a b"),
    ({"ContentRemoteIdCriterion": "x,y"}, ""),
    ({"ContentRemoteIdCriterion": ["a", "b"]}, 500),
    ({"OR": {"ContentRemoteIdCriterion": ["a", "b"]}}, "a b"),
    ({"OR": [{"ContentRemoteIdCriterion": "a"}]}, 400),
    ({"AND": {"ContentRemoteIdCriterion": "a", "ContentTypeIdentifierCriterion": "folder"}}, "a"),
    ({"ContentRemoteIdCriterion": "a", "ContentTypeIdentifierCriterion": "user"}, ""),
    ({"ParentLocationIdCriterion": 2, "NOT": {"ContentRemoteIdCriterion": "a"}}, "b x,y"),
    ({"NOT": {"ContentRemoteIdCriterion": "a", "ContentIdCriterion": 1}}, 400),
    ({"NoSuchCriterion": "x"}, 400),
    ({"ContentIdCriterion": "52,53"}, "a b"),
    ({"ContentIdCriterion": 52}, "a"),
    ({"ContentIdCriterion": [52]}, 500),
    ({"ContentTypeIdentifierCriterion": ["folder", "USER"], "ContentIdCriterion": "52,14"}, "a 1bb4fe25487f05527efa8bfd394cecc7"),
    ({"ContentTypeIdentifierCriterion": "folder,user"}, 404),
    ({"ContentTypeIdCriterion": [1], "ParentLocationIdCriterion": "2"}, "a b x,y"),
    ({"LocationIdCriterion": "54"}, "a"),
    ({"SubtreeCriterion": "/1/2/54/"}, "a deep"),
    ({"SubtreeCriterion": "/1/2"}, 500),
    ({"AncestorCriterion": "/1/2/54/", "ContentIdCriterion": "52,55"}, "a"),
    ({"SectionIdentifierCriterion": "standard", "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"SectionIdCriterion": 3, "ContentRemoteIdCriterion": "a"}, ""),
    ({"LanguageCodeCriterion": "nor-NO"}, ""),
    ({"VisibilityCriterion": 1}, "b"),
    ({"VisibilityCriterion": 0, "ParentLocationIdCriterion": 2}, "a x,y"),
    ({"FullTextCriterion": "deep"}, "deep"),
    ({"FullTextCriterion": ""}, 500),
    ({"ContentNameCriterion": "de*"}, "deep"),
    ({"Field": {"name": "name", "operator": "EQ", "value": "B"}}, "b"),
    ({"Field": {"name": "name", "operator": "IN", "value": ["a", "deep"]}}, "a deep"),
    ({"Field": {"name": "nosuch", "operator": "EQ", "value": "x"}}, 406),
    ({"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": 1600000000}}, "a b x,y deep"),
    ({"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": "2024-01-01"}}, 400),
    ({"UserMetadataCriterion": {"Target": "owner", "Value": "14"}, "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"IsBookmarkedCriterion": True}, 406),
    ({"UserMetadataCriterion": {"Target": "group", "Value": 12}, "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"UserMetadataCriterion": {"Target": "group", "Value": "11,13"}}, ""),
    ({"UserMetadataCriterion": {"Target": "modifier", "Value": [14]}, "ContentIdCriterion": 52}, "a"),
    ({"UserMetadataCriterion": {"Target": "nosuch", "Value": 1}}, 500),
    ({"ObjectStateIdentifierCriterion": {"value": "locked", "target": "ez_lock"}}, "deep"),
    ({"ObjectStateIdentifierCriterion": {"value": "locked,nosuch", "target": ""}}, "deep"),
    ({"ObjectStateIdentifierCriterion": {"value": "locked", "target": "nosuch"}}, ""),
    ({"ObjectStateIdentifierCriterion": {"value": "locked"}}, 400),
    ({"ObjectStateIdCriterion": "2"}, "deep"),
    ({"MoreLikeThisCriterion": "x"}, 500),
    ({"DateMetadataCriterion": {"Target": "trashed", "Operator": "GT", "Value": 1}}, 500),
    ({"AND": {"OR": {"ContentRemoteIdCriterion": ["a", "b"]}, "NOT": {"VisibilityCriterion": 1}}}, "a"),
    ({"NOT": {"OR": {"SubtreeCriterion": ["/1/2/54/", "/1/2/55/"]}}, "ParentLocationIdCriterion": 2}, "x,y"),
    ({"OR": {"AND": {"ContentRemoteIdCriterion": "a", "ContentNameCriterion": "z"}, "ContentNameCriterion": "deep"}}, "deep"),
    ({"AND": {"ContentTypeIdentifierCriterion": ["folder", "user"]}}, ""),
    ({"NOT": {"NOT": {"ContentRemoteIdCriterion": "b"}}}, "b"),
    ({"OR": {"NoSuchCriterion": 1}}, 400),
    ({"IsContainerCriterion": "false", "ParentLocationIdCriterion": 2}, ""),
    ({"IsContainerCriterion": True, "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"IsUserBasedCriterion": "false", "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"IsUserBasedCriterion": 2}, 500),
    ({"FullTextCriterion": "deep nosuch"}, "deep"),
    ({"FullTextCriterion": "*eep"}, "deep"),
    ({"FullTextCriterion": "dee*"}, "deep"),
    ({"FullTextCriterion": "d*p"}, ""),
    ({"ContentNameCriterion": "d__p"}, "deep"),
    ({"ContentNameCriterion": "d%"}, "deep"),
    ({"ContentNameCriterion": "d?ep"}, ""),
    ({"ContentNameCriterion": ["deep"]}, 400),
    ({"Field": {"name": "name", "operator": "LIKE", "value": "*EE*"}}, "deep"),
    ({"Field": {"name": "name", "operator": "LIKE", "value": "d__p"}}, ""),
    ({"Field": {"name": "name", "operator": "CONTAINS", "value": "ee"}}, "deep"),
    ({"Field": {"name": "name", "operator": "IN", "value": "deep"}}, 500),
    ({"Field": {"name": "name", "operator": "EQ", "value": ["deep"]}}, 500),
    ({"DateMetadataCriterion": {"Target": "modified", "Operator": "LIKE", "Value": 1}}, 400),
    ({"DateMetadataCriterion": {"Target": "modified", "Operator": "GT", "Value": [1]}}, 500),
    ({"UserIdCriterion": "52,14"}, "1bb4fe25487f05527efa8bfd394cecc7"),
    ({"UserLoginCriterion": "adm*"}, "1bb4fe25487f05527efa8bfd394cecc7"),
    ({"UserLoginCriterion": "adm*,x"}, ""),
    ({"UserMetadataCriterion": {"Target": "group", "Value": 4}, "ParentLocationIdCriterion": 2}, "a b x,y"),
    ({"UserMetadataCriterion": {"Value": 4}}, 400),
    ({"VisibilityCriterion": 2}, 400),
    ({"VisibilityCriterion": True}, "b"),
    ({"NOT": "x"}, 500),
    ([{"ContentRemoteIdCriterion": "a"}], 400),
]  # fmt: skip


@pytest.fixture
def filled(api: Api) -> Api:
    """a, b (hidden) and "x,y" below Home, deep (locked) below a, and a draft."""
    for remote_id, parent in (("a", "1/2"), ("b", "1/2"), ("x,y", "1/2"), ("deep", "1/2/54")):
        api.published(remote_id, parent)
    api.send("POST", "/content/objects/53/hide")
    locked = {"C": {"ObjectState": [{"_href": f"{ROOT}/content/objectstategroups/2/objectstates/2"}]}}
    api.send("PATCH", "/content/objects/55/objectstates", locked, "ContentObjectStates")
    api.create("draft")
    return api


def result(answer: Any) -> Json:
    assert answer.status_code == 200, answer.text
    return answer.json()["View"]["Result"]


def remote_ids(answer: Any) -> list[str]:
    return [hit["value"]["Content"]["_remoteId"] for hit in result(answer)["searchHits"]["searchHit"]]


@pytest.mark.parametrize(("criteria", "outcome"), TABLE)
def test_criteria(filled: Api, criteria: Json, outcome: str | int) -> None:
    answer = filled.search({"Filter": criteria})
    if isinstance(outcome, int):
        assert answer.status_code == outcome, answer.text
    else:
        assert sorted(remote_ids(answer)) == sorted(outcome.split())


def test_misspelled_filters_return_everything(filled: Api) -> None:
    mistakes: list[Json] = [{}, {"Criteria": {"ContentRemoteIdCriterion": "a"}}]
    mistakes += [{"Filter": {"OR": {}}}, {"Filter": {"AND": {}}}]
    for query in mistakes:
        assert result(filled.search(query))["count"] == CLEAN + 4


def test_the_version_of_the_media_type_picks_the_query(filled: Api) -> None:
    body = {"ViewInput": {"identifier": "t", "ContentQuery": {}}}
    old = filled.send("POST", "/views", body, "ViewInput")
    assert (old.status_code, "Missing <Query> attribute" in old.text) == (400, True)
    body = {"ViewInput": {"identifier": "t", "Query": {"Filter": {"ContentRemoteIdCriterion": "a"}}}}
    assert remote_ids(filled.send("POST", "/views", body, "ViewInput")) == ["a"]
    quoted = filled.send("POST", "/views", body, Content_Type=vendor("ViewInput") + '; version="1.1"')
    assert quoted.status_code == 400


def test_pages_have_a_total(filled: Api) -> None:
    for n in range(20):
        filled.published(f"more-{n}")
    everything = CLEAN + 24
    assert len(remote_ids(filled.search({}))) == 25
    order = {"SortClauses": {"ContentId": "ascending"}}
    first = filled.search({"limit": "30", **order})
    rest = filled.search({"limit": 30, "offset": "30", **order})
    assert len({*remote_ids(first), *remote_ids(rest)}) == everything == result(rest)["count"]
    for limit in (0, "abc", None):
        counted = result(filled.search({"limit": limit}))
        assert (counted["count"], counted["searchHits"]["searchHit"]) == (everything, [])
    assert filled.search({"limit": -1}).status_code == 500
    assert remote_ids(filled.search({"offset": 1000})) == []


def test_sorting(filled: Api) -> None:
    query = {"Filter": {"SubtreeCriterion": "/1/2/"}, "limit": 3}
    assert remote_ids(filled.search({**query, "SortClauses": {"ContentName": "descending"}})) == ["x,y", "9459d3c29e15006e45197295722c7ade", "deep"]  # fmt: skip
    assert remote_ids(filled.search({**query, "SortClauses": {"ContentId": "descending"}})) == ["deep", "x,y", "b"]
    by_field = {"Field": {"identifier": "folder/name", "direction": "ascending"}}
    assert remote_ids(filled.search({**query, "SortClauses": by_field}))[:2] == ["a", "b"]
    for clauses, status in (
        ({"ContentId": "sideways"}, 400),
        ({"Random": "ascending"}, 400),
        ({"Score": "ascending"}, 500),
        ({"LocationPriority": "ascending"}, 406),
        ({"Field": {"identifier": "folder/nosuch", "direction": "ascending"}}, 406),
        ([{"ContentId": "ascending"}], 400),
        ("ContentId", 500),
    ):
        assert filled.search({"SortClauses": clauses}).status_code == status


def test_locations_can_be_searched(filled: Api) -> None:
    query = {"Filter": {"ParentLocationIdCriterion": 2}, "SortClauses": {"LocationId": "descending"}, "limit": 2}
    found = result(filled.search(query, "LocationQuery"))
    hits = [hit["value"]["Location"] for hit in found["searchHits"]["searchHit"]]
    assert (found["count"], [hit["id"] for hit in hits]) == (3, [56, 55])
    assert "Version" in hits[0]["ContentInfo"]["Content"]["CurrentVersion"]
    assert hits[0]["_href"] == f"{ROOT}/content/locations/1/2/56"


def test_bookmarked_locations_are_the_callers_own(filled: Api) -> None:
    filled.send("POST", "/bookmark/54")
    filled.send("POST", "/bookmark/55", Authorization="")
    query = {"Filter": {"IsBookmarkedCriterion": True}}
    hits = result(filled.search(query, "LocationQuery"))["searchHits"]["searchHit"]
    assert [hit["value"]["Location"]["id"] for hit in hits] == [54]
    query["Filter"] = {"IsBookmarkedCriterion": "false", "ParentLocationIdCriterion": "2"}  # type: ignore[dict-item]
    assert result(filled.search(query, "LocationQuery"))["count"] == 2


def test_the_language_of_a_view_leaves_out_what_is_not_in_it(filled: Api) -> None:
    body: Json = {
        "ViewInput": {
            "identifier": "t",
            "languageCode": "ger-DE",
            "ContentQuery": {"Filter": {"ParentLocationIdCriterion": 2}},
        }
    }
    kind = vendor("ViewInput") + "; version=1.1"
    assert result(filled.send("POST", "/views", body, Content_Type=kind))["count"] == 3, "folders are always available"
    body["ViewInput"]["useAlwaysAvailable"] = False
    assert result(filled.send("POST", "/views", body, Content_Type=kind))["count"] == 0
    body["ViewInput"]["languageCode"] = "xxx-XX"
    assert filled.send("POST", "/views", body, Content_Type=kind).status_code == 404


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAFklEQVR42mNk+M/wn4GBgYGJAQoAHgQCAZvPfb8AAAAASUVORK5CYII="


@pytest.mark.parametrize(
    ("criterion", "asked", "outcome"),
    [
        ("ImageMimeTypeCriterion", {"type": "image/png"}, 1),
        ("ImageMimeTypeCriterion", {"type": ["image/gif", "image/jpeg"]}, 0),
        ("ImageOrientationCriterion", {"orientation": "landscape"}, 1),
        ("ImageOrientationCriterion", {"orientation": ["portrait", "square"]}, 0),
        ("ImageDimensionsCriterion", {"width": {"min": 2, "max": 2}, "height": {"max": 1}}, 1),
        ("ImageDimensionsCriterion", {"width": {"min": 3}}, 0),
        ("ImageFileSizeCriterion", {"size": {"max": 0.5}}, 1),
        ("ImageFileSizeCriterion", {"size": {"min": "1"}}, 0),
        ("ImageCriterion", {"mimeTypes": ["image/png"], "orientation": "landscape", "size": {"min": 0}}, 1),
        ("ImageCriterion", {"mimeTypes": "image/png", "height": {"min": 5}}, 0),
        ("ImageCriterion", {}, 400),
        ("ImageFileSizeCriterion", {"width": {"max": 1}}, 400),
        ("ImageDimensionsCriterion", {"width": 5}, 400),
    ],
)
def test_pictures_are_found_by_what_they_are(api: Api, criterion: str, asked: Json, outcome: int) -> None:
    picture = {"name": "Pixel", "image": {"fileName": "p.png", "fileSize": 79, "data": PIXEL}}
    created = api.send("POST", "/content/objects", creation("pixel", picture, type_id=5), "ContentCreate")
    assert api.publish(created.json()["Content"]["_id"]).status_code == 204
    answer = api.search({"Filter": {criterion: {"fieldDefIdentifier": "image", **asked}}})
    found = answer.status_code if outcome == 400 else result(answer)["count"]
    assert found == outcome, answer.text


def test_a_picture_has_the_variations_that_its_value_links_to(api: Api) -> None:
    picture = {"name": "Pixel", "image": {"fileName": "p.png", "fileSize": 79, "data": PIXEL}}
    created = api.send("POST", "/content/objects", creation("pixel", picture, type_id=5), "ContentCreate").json()[
        "Content"
    ]
    fields = created["CurrentVersion"]["Version"]["Fields"]["field"]
    [image] = [each["fieldValue"] for each in fields if each["fieldDefinitionIdentifier"] == "image"]
    for name, link in image["variations"].items():
        shown = api.send("GET", link["href"].removeprefix(ROOT)).json()["ContentImageVariation"]
        assert (shown["_href"], shown["contentType"], shown["width"], shown["height"]) == (
            link["href"],
            "image/png",
            2,
            1,
        )
        assert shown["uri"].startswith(api.url)
        assert ("_aliases" in shown["uri"]) == (name != "original")
    gone = f"/content/binary/images/{created['_id']}-1-1/variations"
    assert api.send("GET", gone + "/large").status_code == 404
    assert api.send("GET", link["href"].removeprefix(ROOT).rpartition("/")[0] + "/nosuch").status_code == 404


def test_a_picture_criterion_names_its_field(api: Api) -> None:
    assert api.search({"Filter": {"ImageMimeTypeCriterion": {"type": "image/png"}}}).status_code == 400
    other = api.search({"Filter": {"ImageMimeTypeCriterion": {"fieldDefIdentifier": "nosuch", "type": "image/png"}}})
    assert result(other)["count"] == 0


def test_anonymous_counts_only_what_is_public(filled: Api) -> None:
    filled.token = ""
    assert result(filled.search({"Filter": {"ContentTypeIdentifierCriterion": "user"}}))["count"] == 0
    # "b" is hidden, which keeps it off a site's pages, but is no matter of permission
    assert remote_ids(filled.search({"Filter": {"ContentRemoteIdCriterion": "a,b"}})) == ["a", "b"]
    assert remote_ids(filled.search({"Filter": {"SectionIdCriterion": 3}})) == []
