"""Searches that the server takes, and that can never find anything."""

from __future__ import annotations

from typing import Any

import pytest

from connector.systems.ibexa.criteria import in_criteria, never

TYPES = {"ContentTypeIdentifierCriterion": ["product", "article"]}


@pytest.mark.parametrize(
    ("criteria", "pointer"),
    [
        ({"AND": TYPES}, "/AND/ContentTypeIdentifierCriterion"),
        ({"OR": {"AND": [{}, TYPES]}}, "/OR/AND/1/ContentTypeIdentifierCriterion"),
        ({"AND": {"SectionIdentifierCriterion": ["media", "users"]}}, "/AND/SectionIdentifierCriterion"),
        ({"DateMetadataCriterion": {"Value": 1700000000000}}, "/DateMetadataCriterion/Value"),
        (
            {"AND": {"DateMetadataCriterion": [{"Value": ["1", "1700000000000"]}]}},
            "/AND/DateMetadataCriterion/0/Value/1",
        ),
    ],
)
def test_what_is_never_found(criteria: dict[str, Any], pointer: str) -> None:
    assert [one.pointer for one in in_criteria(criteria, "")] == [pointer]


@pytest.mark.parametrize(
    "criteria",
    [
        TYPES,
        {"OR": TYPES},
        {"AND": {"OR": TYPES}},
        {"AND": {"ContentTypeIdentifierCriterion": ["product"]}},
        {"AND": {"ParentLocationIdCriterion": [1, 2], "LanguageCodeCriterion": ["eng-GB", "nor-NO"]}},
        {"AND": {"ContentTypeIdentifierCriterion": ["${ONE}", "${OTHER}"]}},
        {"DateMetadataCriterion": {"Value": 4102444800}},
    ],
)
def test_what_may_be_found(criteria: dict[str, Any]) -> None:
    assert list(in_criteria(criteria, "")) == []


def test_a_whole_search_is_looked_through() -> None:
    body = {"ContentQuery": {"Filter": {"AND": TYPES}}, "LocationQuery": {"Query": {"AND": TYPES}}}
    assert len(list(never(body))) == 2
