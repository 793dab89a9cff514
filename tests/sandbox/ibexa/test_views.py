"""Searching: criteria, sorting, paging, and the mistakes that return everything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import ROOT, Api, vendor

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
]  # fmt: skip


@pytest.fixture
def filled(api: Api) -> Api:
    """a, b (hidden) and "x,y" below Home, deep below a, and a draft."""
    for remote_id, parent in (("a", "1/2"), ("b", "1/2"), ("x,y", "1/2"), ("deep", "1/2/54")):
        api.published(remote_id, parent)
    api.send("POST", "/content/objects/53/hide")
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
    ):
        assert filled.search({"SortClauses": clauses}).status_code == status


def test_locations_can_be_searched(filled: Api) -> None:
    query = {"Filter": {"ParentLocationIdCriterion": 2}, "SortClauses": {"LocationId": "descending"}, "limit": 2}
    found = result(filled.search(query, "LocationQuery"))
    hits = [hit["value"]["Location"] for hit in found["searchHits"]["searchHit"]]
    assert (found["count"], [hit["id"] for hit in hits]) == (3, [56, 55])
    assert "Version" in hits[0]["ContentInfo"]["Content"]["CurrentVersion"]
    assert hits[0]["_href"] == f"{ROOT}/content/locations/1/2/56"


def test_anonymous_counts_only_what_is_public(filled: Api) -> None:
    filled.token = ""
    assert result(filled.search({"Filter": {"ContentTypeIdentifierCriterion": "user"}}))["count"] == 0
    # "b" is hidden, which keeps it off a site's pages, but is no matter of permission
    assert remote_ids(filled.search({"Filter": {"ContentRemoteIdCriterion": "a,b"}})) == ["a", "b"]
    assert remote_ids(filled.search({"Filter": {"SectionIdCriterion": 3}})) == []
