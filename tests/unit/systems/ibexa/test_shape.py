"""A content item in the shape that content.upsert takes."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.systems.ibexa.actions.content.wanted import KEYS, wanted_of
from connector.systems.ibexa.shape import Around, upsert_shape


def _field(name: str, kind: str, value: Any, language: str = "eng-GB") -> dict[str, Any]:
    where = {"fieldDefinitionIdentifier": name, "languageCode": language}
    return {**where, "fieldTypeIdentifier": kind, "fieldValue": value}


def _content(*fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "_remoteId": "pim-1",
        "_id": 52,
        "mainLanguageCode": "eng-GB",
        "alwaysAvailable": True,
        "CurrentVersion": {"Version": {"Fields": {"field": list(fields)}}},
    }


AROUND = Around("product", frozenset({"sku"}), "media", {"remote_id": "pim-chairs"}, "https://cms.example")


def test_everything_that_an_upsert_wants_is_there_and_nothing_else() -> None:
    content = _content(
        _field("name", "ezstring", "Chair"),
        _field("sku", "ezstring", "4711"),
        _field("name", "ezstring", "Stol", "nor-NO"),
        _field("sku", "ezstring", "4711", "nor-NO"),
    )
    shaped = upsert_shape(content, AROUND)
    assert shaped == {
        "remote_id": "pim-1",
        "content_type": "product",
        "parent": {"remote_id": "pim-chairs"},
        "main_language": "eng-GB",
        "section": "media",
        "always_available": True,
        "fields": {"name": "Chair", "sku": "4711"},
        "translations": {"nor-NO": {"name": "Stol"}},  # sku is not translatable: an upsert would refuse it here
    }
    assert set(shaped) <= set(KEYS)
    assert wanted_of(shaped).remote_id == "pim-1"


def test_what_is_not_known_is_left_out() -> None:
    content = _content(_field("name", "ezstring", "Chair")) | {"_remoteId": ""}
    assert upsert_shape(content, Around()) == {
        "main_language": "eng-GB",
        "always_available": True,
        "fields": {"name": "Chair"},
    }


@pytest.mark.parametrize(
    ("kind", "value", "readable"),
    [
        ("ezstring", None, ""),
        ("ibexa_string", "a", "a"),
        ("eztext", None, ""),
        ("ezinteger", 5, 5),
        ("ezinteger", None, None),
        ("ezfloat", 9.5, 9.5),
        ("ezboolean", False, False),
        ("ezselection", [0, 2], [0, 2]),
        ("ezkeyword", ["a", "b"], ["a", "b"]),
        ("ezdate", {"timestamp": 1699920000, "rfc850": "Tuesday"}, "2023-11-14"),
        ("ezdate", {"timestamp": -86400}, "1969-12-31"),
        ("ibexa_datetime", {"timestamp": 1700000000, "rfc850": "x"}, "2023-11-14T22:13:20+00:00"),
        ("eztime", 45296, "12:34:56"),
        ("ezurl", {"link": "https://x", "text": None}, {"link": "https://x", "text": None}),
        ("ezrichtext", {"xml": "<section/>", "xhtml5edit": "<b/>"}, {"xml": "<section/>"}),
        ("ezobjectrelation", {"destinationContentId": 53, "destinationContentHref": "/api"}, {"id": 53}),
        ("ezobjectrelation", {"destinationContentId": None}, None),
        (
            "ezobjectrelationlist",
            {"destinationContentIds": [1, 2], "destinationContentHrefs": []},
            [{"id": 1}, {"id": 2}],
        ),
        ("ezauthor", [{"id": 1, "name": "A", "email": None}], [{"name": "A", "email": ""}]),
        (
            "ezimage",
            {"id": "1/a.png", "uri": "/var/a.png", "fileName": "a.png", "alternativeText": "A", "width": 5},
            {
                "url": "https://cms.example/var/a.png",
                "version": "1/a.png",
                "file_name": "a.png",
                "alternative_text": "A",
            },
        ),
        (
            "ibexa_binaryfile",
            {"id": "b.pdf", "uri": "https://cdn.example/b.pdf", "fileName": "b.pdf"},
            {"url": "https://cdn.example/b.pdf", "version": "b.pdf", "file_name": "b.pdf"},
        ),
        ("ezmatrix", {"entries": [{"a": "b"}]}, {"entries": [{"a": "b"}]}),
        ("ezdate", "not the known form", "not the known form"),
        ("ezobjectrelationlist", {"destinationContentIds": None}, {"destinationContentIds": None}),
    ],
)
def test_a_value_is_readable(kind: str, value: Any, readable: Any) -> None:
    assert upsert_shape(_content(_field("it", kind, value)), AROUND)["fields"] == {"it": readable}


def test_an_item_without_its_fields_is_an_error_and_not_an_empty_item() -> None:
    with pytest.raises(RecordError, match="without its fields"):
        upsert_shape({"_remoteId": "a", "CurrentVersion": {"_href": "/x"}}, AROUND)
