"""Searching by what a field holds: each type is compared by the key that the database keeps of it; and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.ibexa.client import Api, creation, vendor

Json = Any
FIELDS = (
    "ezinteger", "ezfloat", "ezboolean", "ezdate", "ezkeyword", "ezcountry", "ezselection", "ezobjectrelation",
    "ezobjectrelationlist", "eztext", "ezurl",
)  # fmt: skip
VALUES: dict[str, tuple[Json, Json]] = {
    "ezinteger": (9, 10),
    "ezfloat": (9.5, 10.25),
    "ezboolean": (True, False),
    "ezdate": ({"timestamp": 1700000000}, {"timestamp": 1600000000}),
    "ezkeyword": (["red", "dark blue"], ["blue"]),
    "ezcountry": (["PL", "NO"], ["DE"]),
    "ezselection": ([0, 2], [1]),
    "ezobjectrelation": ({"destinationContentId": 14}, {"destinationContentId": 1}),
    "ezobjectrelationlist": ({"destinationContentIds": [14, 1]}, {"destinationContentIds": [41]}),
    "eztext": ("first line\nsecond line", "another"),
    "ezurl": ({"link": "https://a.example"}, {"link": "https://b.example"}),
}


@pytest.fixture
def shop(api: Api) -> Api:
    """Two items, ``one`` and ``two``, of a type with a field of each kind that searches differently."""
    settings: Json = {
        "ezselection": {"isMultiple": True, "options": ["x", "y", "z"]},
        "ezcountry": {"isMultiple": True},
    }
    fields = [
        {"identifier": name, "fieldType": name, "names": {"value": [{"_languageCode": "eng-GB", "#text": name}]}}
        | ({"fieldSettings": settings[name]} if name in settings else {})
        for name in FIELDS
    ]
    body = {
        "identifier": "article2",
        "mainLanguageCode": "eng-GB",
        "nameSchema": "<ezinteger>",
        "names": {"value": [{"_languageCode": "eng-GB", "#text": "Article"}]},
        "FieldDefinitions": {"FieldDefinition": fields},
    }
    made = api.send("POST", "/content/typegroups/1/types?publish=true", {"C": body}, "ContentTypeCreate")
    number = made.json()["ContentType"]["id"]
    for at, name in enumerate(("one", "two")):
        values = {each: VALUES[each][at] for each in FIELDS}
        created = api.send("POST", "/content/objects", creation(name, values, type_id=number), "ContentCreate")
        assert api.publish(created.json()["Content"]["_id"]).status_code == 204
    return api


def found(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    hits = answer.json()["View"]["Result"]["searchHits"]["searchHit"]
    return " ".join(hit["value"]["Content"]["_remoteId"] for hit in hits)


@pytest.mark.parametrize(
    ("name", "operator", "value", "outcome"),
    [
        ("ezinteger", "GT", 9, "two"),
        ("ezinteger", "CONTAINS", "9", "one"),
        ("ezinteger", "LIKE", "10", "two"),
        ("ezinteger", "BETWEEN", [9, 10], "one two"),
        ("ezinteger", "BETWEEN", [9], 500),
        ("ezfloat", "EQ", 9.5, "one"),
        ("ezfloat", "LT", "9.5", "two"),  # compared as a text
        ("ezboolean", "EQ", True, "one"),
        ("ezboolean", "EQ", "0", "two"),
        ("ezdate", "GTE", 1699920000, "one"),
        ("ezdate", "EQ", "1599955200", "two"),
        ("ezkeyword", "EQ", "Blue", "two"),
        ("ezkeyword", "CONTAINS", "blue", "two"),
        ("ezkeyword", "LIKE", "*blue", "one two"),
        ("ezcountry", "CONTAINS", "norway", "one"),
        ("ezcountry", "EQ", "norway,poland", "one"),
        ("ezcountry", "CONTAINS", "NO", ""),
        ("ezselection", "CONTAINS", "2", "one"),
        ("ezselection", "EQ", "0-2", "one"),
        ("ezobjectrelation", "EQ", 14, "one"),
        ("ezobjectrelationlist", "CONTAINS", "1", "one"),
        ("ezobjectrelationlist", "IN", ["41", "7"], "two"),
        ("eztext", "CONTAINS", "LINE", "one"),
        ("eztext", "CONTAINS", "second", ""),  # the key is the first line
        ("ezurl", "EQ", "https://a.example", 501),
    ],
)
def test_a_field_is_compared_by_its_key(shop: Api, name: str, operator: str, value: Json, outcome: str | int) -> None:
    query = {
        "Filter": {"Field": {"name": name, "operator": operator, "value": value}},
        "SortClauses": {"ContentId": "ascending"},
    }
    answer = shop.search(query)
    assert (answer.status_code if isinstance(outcome, int) else found(answer)) == outcome, answer.text


@pytest.mark.parametrize(
    ("name", "order"),
    [("ezinteger", "one two"), ("ezfloat", "two one"), ("ezdate", "two one"), ("ezcountry", "two one")],
)
def test_fields_are_sorted_by_their_keys_and_what_has_none_comes_first(shop: Api, name: str, order: str) -> None:
    clause = {"identifier": f"article2/{name}", "direction": "ascending"}
    query = {"Filter": {"ContentIdCriterion": "1,52,53"}, "SortClauses": {"Field": [clause]}}
    assert found(shop.search(query)) == f"9459d3c29e15006e45197295722c7ade {order}"


def test_a_word_of_most_items_finds_nothing(api: Api) -> None:
    for number in range(60):
        api.published(f"same-{number}")
    assert found(api.search({"Filter": {"FullTextCriterion": "same"}})) == ""
    assert found(api.search({"Filter": {"FullTextCriterion": "same 59"}})) == "same-59"


def causes(answer: Any) -> list[str]:
    told, at = [], answer.json()["ErrorMessage"]
    while at:
        told.append(at["errorDescription"])
        at = at.get("Previous", {}).get("ErrorMessage")
    return told


UNKNOWN = "Unknown content type specification: 'application/vnd.ibexa.api.internal.{} (version: 1.0)'."


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            {"Filter": {"OR": {"NoSuchCriterion": 1}}},
            [
                "Invalid Criterion id <OR> in <AND>",
                "Invalid Criterion id <NoSuchCriterion> in <AND>",
                UNKNOWN.format("criterion.NoSuch"),
            ],
        ),
        (
            {"Filter": {"DateMetadataCriterion": {"Target": "modified", "Operator": "GT", "Value": "2024-01-01"}}},
            ["Invalid Criterion id <DateMetadataCriterion> in <AND>", "Invalid <Value> format"],
        ),
        ({"Filter": {"ContentNameCriterion": ""}}, ["Input data validation failed for ContentNameCriterion"]),
        ({"SortClauses": {"Random": "ascending"}}, [UNKNOWN.format("sortclause.Random")]),
        ({"Aggregations": [{"NoSuch": {"name": "n"}}]}, [UNKNOWN.format("aggregation.NoSuch")]),
        ({"Aggregations": [{"SectionTermAggregation": {}}]}, ["Missing 'name' element for SectionTermAggregation."]),
        ({"FacetBuilders": {"X": 1}}, ["Invalid FacetBuilder id <X>", UNKNOWN.format("facetbuilder.X")]),
    ],
)
def test_refusals_say_what_they_could_not_read(api: Api, query: Json, told: list[str]) -> None:
    answer = api.search(query)
    assert (answer.status_code, causes(answer)) == (400, told)


def test_aggregations_that_can_be_read_are_left_out(api: Api) -> None:
    query = {
        "limit": 0,
        "Aggregations": [{"SectionTermAggregation": {"name": "n"}}],
        "FacetBuilders": {"Section": {"name": "s"}},
    }
    assert api.search(query).json()["View"]["Result"]["aggregations"] == []


def test_of_two_queries_that_of_locations_counts_and_what_is_none_does_not(api: Api) -> None:
    kind = vendor("ViewInput") + "; version=1.1"
    body: Json = {"ViewInput": {"identifier": "t", "ContentQuery": {}, "LocationQuery": {"limit": 1}}}
    answer = api.send("POST", "/views", body, Content_Type=kind)
    assert "Location" in answer.json()["View"]["Result"]["searchHits"]["searchHit"][0]["value"]
    body["ViewInput"] = {"identifier": "t", "ContentQuery": "all"}
    refused = api.send("POST", "/views", body, Content_Type=kind)
    assert causes(refused) == ["Missing <ContentQuery> or <LocationQuery> attribute for <ViewInput>."]


def test_a_page_shows_what_was_written_since_the_one_before(api: Api) -> None:
    query = {"Filter": {"ParentLocationIdCriterion": 2}, "SortClauses": {"ContentId": "ascending"}}
    one = api.published("one")
    assert found(api.search(query)) == "one"
    api.published("two")
    assert found(api.search(query)) == "one two"
    api.send("DELETE", f"/content/objects/{one}")
    assert found(api.search(query)) == "two"


def test_listing_views_says_nothing_of_its_own(api: Api) -> None:
    for path in ("/views", "/views/x", "/views/x/results"):
        answer = api.send("GET", path)
        assert (answer.status_code, causes(answer)[0][:21]) == (501, "An error has occurred")
        assert answer.json()["ErrorMessage"]["errorMessage"] == "Not Implemented"
