"""A content item in the shape that content.upsert takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.systems.ibexa.actions.content.wanted import KEYS, wanted_of
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import Context, codec_of, is_emptied
from connector.systems.ibexa.fields.choices import own_labels
from connector.systems.ibexa.shape import Around, fields_of, pointed_to, upsert_shape
from connector.systems.ibexa.types import OLD, FieldDefinition, server_name


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


NAMES = {("ezcontent", 53): "a", ("ezcontent", 2): "b", ("ezlocation", 61): "c"}
AROUND = Around("product", frozenset({"sku"}), "media", ({"remote_id": "pim-chairs"},), "https://cms.example", NAMES)


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
        ("ezinteger", None, ""),
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
        ("ezobjectrelation", {"destinationContentId": 53, "destinationContentHref": "/api"}, {"remote_id": "a"}),
        ("ezobjectrelation", {"destinationContentId": 1}, ""),  # it is not there, or may not be read
        ("ezobjectrelation", {"destinationContentId": None}, ""),
        (
            "ezobjectrelationlist",
            {"destinationContentIds": [2, 1, 53], "destinationContentHrefs": []},
            [{"remote_id": "b"}, {"remote_id": "a"}],
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
            "ezimage",
            {"id": "1/a.png", "uri": "/var/a.png", "fileName": "a.png", "alternativeText": None},
            {
                "url": "https://cms.example/var/a.png",
                "version": "1/a.png",
                "file_name": "a.png",
                "alternative_text": "",
            },
        ),
        (
            "ibexa_binaryfile",
            {"id": "b.pdf", "uri": "https://cdn.example/b.pdf", "fileName": "b.pdf"},
            {"url": "https://cdn.example/b.pdf", "version": "b.pdf", "file_name": "b.pdf"},
        ),
        (
            "ezbinaryfile",
            {"id": "b.pdf", "uri": "/content/download/5/6?version=3", "fileName": "b.pdf"},
            {"url": "https://cms.example/content/download/5/6", "version": "b.pdf", "file_name": "b.pdf"},
        ),
        (
            "ezimageasset",
            {"destinationContentId": 53, "alternativeText": None},
            {"remote_id": "a", "alternative_text": None},
        ),
        ("ezimageasset", {"destinationContentId": 1, "alternativeText": "A"}, ""),
        (
            "ezrichtext",
            {"xml": '<section a="ezcontent://53#x" b="ezlocation://61"/>'},
            {"xml": '<section a="ezremote://a#x" b="ezremotelocation://c"/>'},
        ),
        ("ezmatrix", {"entries": [{"a": "b"}]}, {"entries": [{"a": "b"}]}),
        ("ezdate", "not the known form", "not the known form"),
        ("ezobjectrelationlist", {"destinationContentIds": None}, {"destinationContentIds": None}),
    ],
)
def test_a_value_is_readable(kind: str, value: Any, readable: Any) -> None:
    assert upsert_shape(_content(_field("it", kind, value)), AROUND)["fields"] == {"it": readable}


def test_options_are_read_by_label_where_the_label_means_that_option_alone() -> None:
    odd = own_labels({"options": {"0": "a", "1": "a", "2": "", "4": "b"}})
    labels = {"size": own_labels({"options": ["1", "2", "3"]}), "odd": odd}
    content = _content(_field("size", "ezselection", [1, 2, 9]), _field("odd", "ibexa_selection", [0, 1, 2, 4]))
    shaped = upsert_shape(content, Around("product", options=labels))["fields"]
    assert shaped == {"size": ["2", "3", {"option": 9}], "odd": [*({"option": one} for one in (0, 1, 2)), "b"]}
    definition = FieldDefinition("size", "selection", settings={"options": ["1", "2", "3"], "isMultiple": True})
    context = Context("product", definition, _Known(), Assets(Path()))
    assert codec_of("selection").encode(shaped["size"][:2], context) == [1, 2]


def test_an_option_without_a_label_of_its_own_is_not_taken_for_one_whose_label_is_its_number() -> None:
    settings: dict[str, Any] = {"options": ["Red", "Red", "", "2", "1"], "isMultiple": True}
    around = Around("product", options={"odd": own_labels(settings)})
    shaped = upsert_shape(_content(_field("odd", "ezselection", [0, 1, 2, 4])), around)["fields"]["odd"]
    context = Context("product", FieldDefinition("odd", "selection", settings=settings), _Known(), Assets(Path()))
    assert codec_of("selection").encode(shaped, context) == [0, 1, 2, 4]
    with pytest.raises(RecordError, match="none of the options"):
        codec_of("selection").encode({"option": 9}, context)


def test_what_no_message_takes_is_left_out() -> None:
    account = {"hasStoredLogin": True, "login": "anna", "email": "a@b.c"}
    authors = [{"id": 1, "name": "", "email": ""}, {"id": 2, "name": "", "email": "a@b.c"}]
    content = _content(_field("user_account", "ibexa_user", account), _field("by", "ezauthor", authors))
    assert upsert_shape(content, AROUND)["fields"] == {"by": [{"name": "", "email": "a@b.c"}]}


_LIST: dict[str, Any] = {"destinationContentIds": []}
_FILM = {"id": "a/b.mp4", "uri": "/b.mp4", "fileName": "b.mp4", "hasController": True, "autoplay": False, "width": 5}
_EMPTY = '<section xmlns="http://docbook.org/ns/docbook" version="5.0-variant ezpublish-1.0"/>'
HELD: list[tuple[str, Any, Any]] = [
    *((kind, None, {}) for kind in ("string", "text", "integer", "float", "date", "datetime", "time", "url", "email")),
    *((kind, None, {}) for kind in ("country", "isbn", "image", "file", "media", "map_location")),
    ("relation", {"destinationContentId": None}, {}),
    ("relation", {"destinationContentId": 53, "destinationContentHref": "/api/x"}, {}),
    ("relation_list", {**_LIST, "destinationContentHrefs": []}, {}),
    ("relation_list", {"destinationContentIds": [2, 53], "destinationContentHrefs": ["/a", "/b"]}, {}),
    ("image_asset", {"destinationContentId": None, "alternativeText": None, "variations": []}, {}),
    ("image_asset", {"destinationContentId": 53, "alternativeText": "A", "variations": []}, {}),
    ("selection", [0, 2], {"settings": {"options": ["a", "b", "c"], "isMultiple": True}}),
    ("selection", [], {"settings": {"options": ["a"]}}),
    ("matrix", {"entries": [{"a": "b"}]}, {"settings": {"columns": [{"identifier": "a"}]}}),
    ("matrix", {"entries": []}, {"settings": {"columns": [{"identifier": "a"}]}}),
    ("map_location", {"latitude": 1.0, "longitude": 2.0, "address": "x"}, {}),
    ("author", [{"id": 1, "name": "A", "email": "a@b.c"}], {}),
    ("author", [], {}),
    ("keyword", ["a", "b, c"], {}),
    ("boolean", False, {}),
    ("integer", 0, {}),
    ("time", 45296, {}),
    ("date", {"timestamp": 1699920000, "rfc850": "x"}, {}),
    ("richtext", {"xml": _EMPTY, "xhtml5edit": ""}, {}),
]


class _Known:
    """A gateway of an Ibexa in which all has the same ids."""

    def content_id(self, remote_id: str) -> int | None:
        return {"a": 53, "b": 2}[remote_id]

    def has_content(self, number: int) -> bool:
        raise AssertionError(number)

    def has_location(self, number: int) -> bool:
        raise AssertionError(number)

    def countries(self) -> dict[str, str]:
        return {}

    def location_path(self, remote_id: str) -> str | None:
        return {"c": "1/2/61"}[remote_id]


@pytest.mark.parametrize(("kind", "held", "definition"), HELD)
def test_what_was_read_is_the_same_when_it_is_written_also_where_it_is_empty(
    kind: str, held: Any, definition: dict[str, Any]
) -> None:
    read = upsert_shape(_content(_field("it", server_name(kind, OLD), held)), AROUND)["fields"]["it"]
    context = Context("thing", FieldDefinition("it", kind, **definition), _Known(), Assets(Path()))
    codec = codec_of(kind)
    made = codec.empty if is_emptied(read) else codec.encode(read, context)
    assert codec.equal(made, held), (read, made)
    assert made is not None or is_emptied(read), "nothing would be said"


def test_how_a_film_is_played_is_read_too() -> None:
    read = upsert_shape(_content(_field("it", "ezmedia", _FILM)), AROUND)["fields"]["it"]
    assert read == {
        "url": "https://cms.example/b.mp4", "version": "a/b.mp4", "file_name": "b.mp4", "controller": True, "autoplay": False,
        "width": 5,
    }  # fmt: skip


def test_several_places_are_a_list_with_the_main_one_first() -> None:
    places = ({"remote_id": "a"}, {"path": "/1"})
    assert upsert_shape(_content(), Around(parents=places))["parent"] == list(places)


def test_what_fields_point_to_is_found_in_all_of_them() -> None:
    rows = [
        _field("a", "ezobjectrelation", {"destinationContentId": 1}),
        _field("b", "ibexa_object_relation_list", {"destinationContentIds": [2, 3]}),
        _field("c", "ezimageasset", {"destinationContentId": None}),
        _field("d", "ezrichtext", {"xml": '<a b="ezcontent://4#x" c="ezlocation://5"/>'}),
        _field("e", "ezstring", "ezcontent://6"),
        _field("f", "ezobjectrelation", None),
    ]
    content = _content(*rows)
    pointed = [("ezcontent", 1), ("ezcontent", 2), ("ezcontent", 3), ("ezcontent", 4), ("ezlocation", 5)]
    assert list(pointed_to(fields_of(content))) == pointed
    assert fields_of({"CurrentVersion": {"_href": "/x"}}) is None


def test_an_item_without_its_fields_is_an_error_and_not_an_empty_item() -> None:
    with pytest.raises(RecordError, match="without its fields"):
        upsert_shape({"_remoteId": "a", "CurrentVersion": {"_href": "/x"}}, AROUND)
