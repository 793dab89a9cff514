"""What the words of ``find`` become, and what is refused because the server would find everything."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.systems.ibexa.find import search_body, view_input

ORDER = {"ContentId": "ascending"}


@pytest.mark.parametrize(
    ("find", "criteria"),
    [
        ({"content_types": ["article", "blog"]}, {"ContentTypeIdentifierCriterion": ["article", "blog"]}),
        ({"under": "/1/2"}, {"SubtreeCriterion": "/1/2/"}),
        ({"under": "1/2/"}, {"SubtreeCriterion": "/1/2/"}),
        ({"parent": 61}, {"ParentLocationIdCriterion": 61}),
        ({"remote_ids": ["a", "b"]}, {"ContentRemoteIdCriterion": "a,b"}),
        ({"ids": [52, 53]}, {"ContentIdCriterion": "52,53"}),
        ({"languages": ["eng-GB", "nor-NO"]}, {"LanguageCodeCriterion": "eng-GB,nor-NO"}),
        ({"section": "media"}, {"SectionIdentifierCriterion": "media"}),
        ({"text": "red chair"}, {"FullTextCriterion": "red chair"}),
        (
            {"changed_since": "2026-03-02T04:55:00+01:00"},
            {"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": 1772423700}},
        ),
        (
            {"changed_since": "2026-03-02"},
            {"DateMetadataCriterion": {"Target": "modified", "Operator": "GTE", "Value": 1772409600}},
        ),
        (
            {"parent": 2, "criteria": {"NOT": {"ContentIdCriterion": 5}}},
            {"ParentLocationIdCriterion": 2, "NOT": {"ContentIdCriterion": 5}},
        ),
    ],
)
def test_a_word_becomes_its_criterion(find: dict[str, Any], criteria: dict[str, Any]) -> None:
    assert view_input(find, "me") == {"identifier": "me", "ContentQuery": {"Filter": criteria, "SortClauses": ORDER}}


def test_nothing_said_finds_everything_in_a_stable_order() -> None:
    assert view_input({}) == {"identifier": "connector", "ContentQuery": {"SortClauses": ORDER}}
    assert view_input({"section": None}) == view_input({})


@pytest.mark.parametrize(
    ("find", "words"),
    [
        ({"remote_ids": ["a,b"]}, "holds a comma"),
        ({"remote_ids": []}, "an empty array"),
        ({"content_types": []}, "an empty array"),
        ({"content_types": "article"}, "a list of texts, not string"),
        ({"ids": ["52"]}, "whole number"),
        ({"ids": []}, "an empty array"),
        ({"parent": True}, "whole number"),
        ({"under": "/1/x"}, "Location path"),
        ({"under": 2}, "Location path"),
        ({"text": " "}, "wants text"),
        ({"section": "a,b"}, "wants one section"),
        ({"languages": ["eng-GB,nor-NO"]}, "holds a comma"),
        ({"changed_since": "yesterday"}, "ISO 8601"),
        ({"criteria": {}}, "an empty object"),
        ({"criteria": {"AND": {}}}, "would not filter"),
        ({"ids": [1], "criteria": {"ContentIdCriterion": 2}}, "twice"),
        ({"content_type": ["article"]}, "knows no 'content_type'"),
    ],
)
def test_what_would_find_something_else_is_refused(find: dict[str, Any], words: str) -> None:
    with pytest.raises(RecordError) as caught:
        view_input(find)
    assert words in caught.value.message
    assert caught.value.hint
    assert caught.value.step.startswith("find.")


def test_the_apis_own_words_go_over_ours() -> None:
    own = {"ViewInput": {"languageCode": "eng-GB", "ContentQuery": {"Filter": {"SectionIdCriterion": 3}}}}
    assert search_body({"parent": 2}, own, "me") == {
        "identifier": "me",
        "languageCode": "eng-GB",
        "ContentQuery": {"Filter": {"ParentLocationIdCriterion": 2, "SectionIdCriterion": 3}, "SortClauses": ORDER},
    }


def test_own_sort_clauses_replace_ours() -> None:
    own = {"ContentQuery": {"SortClauses": {"DateModified": "descending", "ContentId": "ascending"}}}
    made = search_body({}, own, "me")["ContentQuery"]["SortClauses"]
    assert list(made) == ["DateModified", "ContentId"]


def test_a_query_for_locations_is_sorted_by_location() -> None:
    made = search_body({}, {"LocationQuery": {"Filter": {"ParentLocationIdCriterion": 2}}}, "me")
    assert made["LocationQuery"]["SortClauses"] == {"LocationId": "ascending"}
    assert "ContentQuery" not in made


@pytest.mark.parametrize(
    ("find", "payload", "words"),
    [
        ({}, {"Query": {"Filter": {}}}, "'Query'"),
        ({}, {"ContentQuery": {"Criteria": {"ContentIdCriterion": 1}}}, "'Criteria'"),
        ({}, {"ContentQuery": [1]}, "not an object"),
        ({}, {"ViewInput": 3}, "number"),
        ({}, ["a"], "array"),
        ({"parent": 2}, {"LocationQuery": {}}, "LocationQuery"),
    ],
)
def test_a_key_that_the_server_would_ignore_is_refused(find: dict[str, Any], payload: Any, words: str) -> None:
    with pytest.raises(RecordError) as caught:
        search_body(find, payload, "me")
    assert words in caught.value.message
