"""Content types written down: names of 4.6 and 5.0, and shapes that are in step with what the codecs take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connector.core.errors import RecordError
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import CODECS, Context
from connector.systems.ibexa.fields.literals import misfit
from connector.systems.ibexa.fields.shapes import SHAPES, shape_schema, unknown_members
from connector.systems.ibexa.type_document import document_of, needed, type_of_document
from connector.systems.ibexa.types import FieldDefinition, content_type_of
from connector.systems.ibexa.written_down import plan, write

NAMES = {
    "ezstring": "ibexa_string", "eztext": "ibexa_text", "ezinteger": "ibexa_integer", "ezfloat": "ibexa_float",
    "ezboolean": "ibexa_boolean", "ezdate": "ibexa_date", "ezdatetime": "ibexa_datetime", "eztime": "ibexa_time",
    "ezurl": "ibexa_url", "ezemail": "ibexa_email", "ezauthor": "ibexa_author", "ezcountry": "ibexa_country",
    "ezkeyword": "ibexa_keyword", "ezselection": "ibexa_selection", "ezimage": "ibexa_image",
    "ezimageasset": "ibexa_image_asset", "ezbinaryfile": "ibexa_binaryfile", "ezmedia": "ibexa_media",
    "ezobjectrelation": "ibexa_object_relation", "ezobjectrelationlist": "ibexa_object_relation_list",
    "ezgmaplocation": "ibexa_gmap_location", "ezisbn": "ibexa_isbn", "ezuser": "ibexa_user",
    "ezrichtext": "ibexa_richtext", "ezmatrix": "ibexa_matrix",
}  # fmt: skip
"""The names of 4.6 and of 5.0."""


class There:
    def content_id(self, remote_id: str) -> int | None:
        return 61

    def has_content(self, number: int) -> bool:
        return True

    def has_location(self, number: int) -> bool:
        return True

    def countries(self) -> dict[str, str]:
        return {"norway": "NO", "no": "NO"}

    def location_path(self, remote_id: str) -> str | None:
        return "1/2/61"


def row(*types: str, **field: Any) -> dict[str, Any]:
    fields = [{"identifier": f"f{at}", "fieldType": one, "isRequired": True, **field} for at, one in enumerate(types)]
    return {"identifier": "t", "id": 4, "FieldDefinitions": {"FieldDefinition": fields}}


def test_a_type_is_written_the_same_by_the_names_of_4_6_and_of_5_0() -> None:
    old, new = document_of(row(*NAMES), ["Content"]), document_of(row(*NAMES.values()), ["Content"])
    assert old == new
    kinds = [one["x-field"]["type"] for one in old["properties"].values()]
    assert set(kinds) - {"user"} == set(SHAPES)


def test_every_type_that_has_a_codec_has_a_shape() -> None:
    assert set(SHAPES) == set(CODECS)


def test_what_is_written_is_read_back() -> None:
    made = document_of(
        row("ezselection", "ezstring", fieldSettings={"options": ["a"]}, validatorConfiguration=[]), ["Content"]
    )
    found = type_of_document(made)
    assert found is not None
    assert found.fields["f0"] == FieldDefinition("f0", "selection", required=True, settings={"options": ["a"]})
    assert needed(found.fields["f1"])
    broken: Any
    for broken in ({}, [], {**made, "properties": {"x": {}}}, {**made, "x-content-type": {}}):
        assert type_of_document(broken) is None


def test_the_order_of_the_server_s_keys_does_not_matter_and_ids_of_locations_are_left_out() -> None:
    one = row("ezobjectrelation", fieldSettings={"selectionMethod": 0, "selectionRoot": 61}, position=1)
    other = row("ezobjectrelation", position=1, fieldSettings={"selectionRoot": 2, "selectionMethod": 0})
    assert document_of(one, ["a", "b"]) == document_of(other, ["b", "a"])


def test_an_empty_document_is_no_default_of_a_required_rich_text() -> None:
    empty = '<section xmlns="http://docbook.org/ns/docbook" version="5.0-variant ezpublish-1.0"/>'
    full = empty.replace("/>", "><para>Soon</para></section>")
    for xml, required in ((empty, ["f0"]), (full, [])):
        assert document_of(row("ezrichtext", defaultValue={"xml": xml}), [])["required"] == required


VALUES: list[tuple[str, Any]] = [
    ("string", 5), ("string", True), ("text", "a"), ("integer", "42"), ("float", 9), ("boolean", "true"), ("boolean", 0),
    ("date", "2026-03-02"), ("datetime", 1772409600), ("time", "01:02"), ("email", "a@b.no"), ("isbn", "978-3-16-148410-0"),
    ("url", "https://x"), ("url", {"link": "https://x", "text": "x"}), ("url", {"url": "https://x"}),
    ("keyword", "a, b"), ("keyword", ["x"]), ("country", ["NO"]), ("author", "Åse"), ("author", [{"name": "Å", "email": "a@b"}]),
    ("relation", 7), ("relation", {"remote_id": "x"}), ("relation", [{"id": 7}]), ("relation_list", [{"remote_id": "x"}, 5]),
    ("image_asset", {"remote_id": "x", "alternative_text": "A"}), ("map_location", {"lat": 1, "lng": 2, "address": "x"}),
    ("map_location", {"latitude": 1, "longitude": 2}), ("matrix", [{"a": "b"}]), ("matrix", [["a", "b"]]),
    ("matrix", {"entries": [{"a": "b"}]}), ("selection", "Red"), ("selection", [0]), ("richtext", "a"),
    *(("richtext", {form: "<p>a</p>" if form != "xml" else '<section xmlns="http://docbook.org/ns/docbook"/>'}) for form in ("html", "markdown", "text", "xml")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_what_a_codec_takes_the_schema_takes(kind: str, value: Any) -> None:
    settings = {"options": ["Red"], "columns": [{"identifier": "a"}, {"identifier": "b"}]}
    definition = FieldDefinition("field", kind, settings=settings)
    assert CODECS[kind].encode(value, Context("t", definition, There(), Assets(Path()))) is not None
    for one in (value, None, {"clear": True}):
        assert list(Draft202012Validator(shape_schema(kind)).iter_errors(one)) == [], one
        assert misfit("t", definition, one) is None
    assert unknown_members(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [("boolean", "yes"), ("integer", 1.5), ("date", "soon"), ("email", "a"), ("isbn", "1"), ("map_location", {"lat": 99, "lng": 0})],
)  # fmt: skip
def test_what_a_codec_refuses_is_a_misfit(kind: str, value: Any) -> None:
    definition = FieldDefinition("field", kind)
    with pytest.raises(RecordError):
        CODECS[kind].encode(value, Context("t", definition, There(), Assets(Path())))
    assert misfit("t", definition, value) is not None


def test_what_only_a_record_gives_is_not_judged_but_its_keys_are() -> None:
    image = FieldDefinition("image", "image")
    assert misfit("t", image, {"url": "${…}", "version": "${…}"}) is None
    found = misfit("t", image, {"url": "${…}", "verison": "${…}"})
    assert found is not None
    assert (found.key, found.hint.partition("?")[0]) == ("/verison", "Did you mean 'version'")


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """A folder stands where a file shall be: what was there before stays, and nothing half is left."""
    documents = {name: {**document_of(row("ezstring"), []), "title": name} for name in ("a", "b")}
    (tmp_path / "shop" / "b.json" / "in the way").mkdir(parents=True)
    changes = plan(tmp_path, "shop", ({"languages": {"eng-GB": "English"}}, documents), None)
    with pytest.raises(OSError, match="b.json"):
        write(changes)
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {"shop.json", "shop/a.json"}


def test_two_clients_have_a_folder_each(tmp_path: Path) -> None:
    documents = {"t": document_of(row("ezstring"), [])}
    for client in ("shop", "blog"):
        write(plan(tmp_path, client, ({"languages": {}}, documents), None))
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")} == {
        "shop.json", "shop/t.json", "blog.json", "blog/t.json",
    }  # fmt: skip
    assert [one.state for one in plan(tmp_path, "shop", ({"languages": {}}, {}), ())] == ["changed", "removed"]


@pytest.mark.parametrize(
    ("default", "says"),
    [
        (None, False), ("", False), ([], False), ({}, False), ("x", True), (0, True), (False, True), ([0], True),
        ({"destinationContentId": None}, False), ({"destinationContentIds": [], "destinationContentHrefs": []}, False),
        ({"destinationContentId": 7}, True), ({"entries": []}, False), ({"timestamp": 0}, True),
        ({"xml": '<?xml version="1.0"?>\n<section xmlns="http://docbook.org/ns/docbook"/>\n', "xhtml5edit": "<a/>"}, False),
        ({"xml": '<section xmlns="http://docbook.org/ns/docbook"></section>'}, False), ({"xml": ""}, False),
        ({"xml": "<section><para>a</para></section>"}, True), ({"xml": "<section><ezembed/></section>"}, True),
    ],
)  # fmt: skip
def test_a_default_that_holds_nothing_is_none(default: Any, says: bool) -> None:
    """Else a required relation, whose default is a relation to nothing, would not be known to be required."""
    [definition] = content_type_of(
        {"id": 1, "identifier": "t", "_href": "/t", "FieldDefinitions": {"FieldDefinition": [
            {"identifier": "f", "fieldType": "ezstring", "isRequired": True, "defaultValue": default}]}}
    ).fields.values()  # fmt: skip
    assert definition.has_default is says
