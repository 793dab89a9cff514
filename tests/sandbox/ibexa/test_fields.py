"""What each field type takes, gives back and refuses, value by value."""

from __future__ import annotations

from typing import Any

import pytest

from connector.sandbox.ibexa import IbexaSandbox
from tests.sandbox.ibexa.client import Api, creation, error_text

Json = Any
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one pixel
DOCBOOK = '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" version="5.0-variant ezpublish-1.0">{}</section>'
EDIT = '<section xmlns="http://ibexa.co/namespaces/ezpublish5/xhtml5/edit">{}</section>'
TYPES = {
    "title": "ezstring", "qty": "ezinteger", "price": "ezfloat", "active": "ezboolean", "day": "ezdate",
    "at": "ezdatetime", "tags": "ezkeyword", "link": "ezurl", "mail": "ezemail", "rel": "ezobjectrelation",
    "rels": "ezobjectrelationlist", "body": "ezrichtext", "memo": "eztext", "country": "ezcountry",
    "sel": "ezselection", "img": "ezimage", "file": "ezbinaryfile", "gmap": "ezgmaplocation", "author": "ezauthor",
    "tm": "eztime",
}  # fmt: skip

# field, value sent, status, value given back or a piece of the refusal
# a table reads better in whole lines
TABLE: list[tuple[str, Json, int, Json]] = [
    ("title", 123, 201, "123"),
    ("title", True, 201, "1"),
    ("title", "emoji \U0001f600", 201, "emoji \U0001f600"),
    ("title", "a\x00b", 201, "a\x00b"),
    ("title", "  ", 400, "did not validate"),
    ("title", None, 400, "did not validate"),
    ("qty", 5, 201, 5),
    ("qty", "5", 406, "'$value->value' is invalid: value must be of type 'integer', not 'string'"),
    ("qty", 5.5, 406, "not 'double'"),
    ("qty", 2**31 - 1, 201, 2**31 - 1),
    ("qty", 2**31, 500, "An error"),
    ("qty", 2**63 - 1, 500, "An error"),
    ("qty", 2**63, 406, "not 'double'"),
    ("qty", -(2**63) - 1, 406, "not 'double'"),
    ("qty", "", 406, "value must be of type 'integer'"),
    ("qty", None, 201, None),
    ("price", "9.5", 201, 9.5),
    ("price", "abc", 201, 0),
    ("price", 9, 201, 9),
    ("active", True, 201, True),
    ("active", "true", 406, "must be of type 'boolean', not 'string'"),
    ("active", 0, 406, "must be of type 'boolean'"),
    ("active", None, 406, "must be of type 'boolean'"),
    ("day", {"timestamp": "1700000000"}, 201, {"timestamp": 1699920000, "rfc850": "Tuesday, 14-Nov-23 00:00:00 GMT+0000"}),
    ("day", {"rfc850": "Tuesday, 14-Nov-23 00:00:00 GMT"}, 201, {"timestamp": 1699920000, "rfc850": "Tuesday, 14-Nov-23 00:00:00 GMT"}),
    ("day", "2024-01-02", 500, ""),
    ("day", 1700000000, 500, "An error"),
    ("day", {"timestamp": 253402214400}, 500, "An error"),
    ("day", None, 201, None),
    ("at", {"timestamp": 2**31}, 500, "An error"),
    ("gmap", {"latitude": 1.5, "longitude": 2.5, "address": "x" * 151}, 500, "An error"),
    ("at", {"rfc850": "Tue, 14 Nov 2023 22:13:20 +0000"}, 201, {"timestamp": 1700000000, "rfc850": "Tuesday, 14-Nov-23 22:13:20 GMT+0000"}),
    ("at", {"timestring": "2024-01-02 03:04:05"}, 201, {"timestamp": 1704164645, "rfc850": "Tuesday, 02-Jan-24 03:04:05 UTC"}),
    ("tags", "a, b", 201, ["a", "b"]),
    ("tags", ["a", "b c", "a"], 201, ["a", "b c"]),
    ("tags", None, 201, []),
    ("link", {"link": "https://x"}, 201, {"link": "https://x", "text": None}),
    ("link", "https://x", 500, ""),
    ("mail", "bad", 400, "did not validate"),
    ("mail", "a@b.no", 201, "a@b.no"),
    ("mail", "", 201, None),
    ("rel", {"destinationContentId": 41}, 201, {"destinationContentId": 41, "destinationContentHref": "/api/ibexa/v2/content/objects/41"}),
    ("rel", {"destinationContentId": 999999}, 400, "did not validate"),
    ("rel", 41, 500, "An error"),
    ("rel", None, 201, {"destinationContentId": None}),
    ("rels", {"destinationContentIds": []}, 201, {"destinationContentIds": [], "destinationContentHrefs": []}),
    ("rels", [41], 500, "An error"),
    ("rels", None, 500, "An error"),
    ("body", {"xml": DOCBOOK.format("<p>x</p>")}, 400, "did not validate"),
    ("body", {"xml": DOCBOOK.format("loose text")}, 400, "did not validate"),
    ("body", {"xml": "<section><para>x</para></section>"}, 404, "'Validator' with identifier 'NULL'"),
    ("body", {"xml": "<section xmlns='x'><para>"}, 406, "$xmlString"),
    ("body", {"xml": DOCBOOK.format('<para><link xlink:href="ezcontent://999999">x</link></para>')}, 400, "cannot find target content"),
    ("body", {"xml": DOCBOOK.format('<para><link xlink:href="ezlocation://999999#a">x</link></para>')}, 400, "cannot find target Location"),
    ("body", "text", 500, "An error"),
    ("body", {"xhtml5edit": EDIT.format("<p/>")}, 500, "An error"),
    ("body", None, 500, "An error"),
    ("memo", 5, 406, "must be of type 'string', not 'integer'"),
    ("memo", "", 201, None),
    ("country", ["Norway"], 201, ["NO"]),
    ("country", ["XX"], 406, "''XX'' is not a valid country identifier"),
    ("country", "Norway", 500, "An error"),
    ("sel", [1], 201, [1]),
    ("sel", [9], 400, "did not validate"),
    ("sel", None, 500, ""),
    ("img", {"fileName": "x.png"}, 406, "No source image"),
    ("img", {"fileName": "x.png", "data": "bm8gcGljdHVyZQ=="}, 400, "did not validate"),
    ("img", None, 201, None),
    ("file", {"fileName": "x.php", "data": "YWJj"}, 400, "did not validate"),
    ("gmap", {"latitude": 59.9, "longitude": 10.7, "address": "Oslo"}, 201, {"latitude": 59.9, "longitude": 10.7, "address": "Oslo"}),
    ("gmap", {"latitude": "59.9", "longitude": "10.7"}, 406, "'$value->latitude'"),
    ("author", [{"name": "A", "email": "a@b.no"}], 201, [{"id": 1, "name": "A", "email": "a@b.no"}]),
    ("author", None, 500, ""),
    ("tm", 3600, 201, 3600),
    ("tm", "01:02:03", 406, "must be of type 'DateTime', not 'string'"),
]  # fmt: skip


@pytest.fixture
def type_id(api: Api) -> int:
    """A type with one field of each kind; only title is required."""
    fields: list[Json] = [{"identifier": name, "fieldType": kind} for name, kind in TYPES.items()]
    fields[0] |= {"isRequired": True, "validatorConfiguration": []}
    fields[13] |= {"isSearchable": "false"}
    fields[14] |= {"fieldSettings": {"isMultiple": False, "options": ["red", "blue"]}}
    body = {
        "identifier": "everything", "mainLanguageCode": "eng-GB", "nameSchema": "<title>",
        "names": {"value": [{"_languageCode": "eng-GB", "#text": "Everything"}]},
        "FieldDefinitions": {"FieldDefinition": fields},
    }  # fmt: skip
    answer = api.send(
        "POST", "/content/typegroups/1/types?publish=true", {"ContentTypeCreate": body}, "ContentTypeCreate"
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["ContentType"]["status"] == "DEFINED"
    return int(answer.json()["ContentType"]["id"])


def create(api: Api, type_id: int, **fields: Json) -> Any:
    body = creation("thing", {"title": "Thing"} | fields, type_id=type_id)
    return api.send("POST", "/content/objects", body, "ContentCreate")


def stored(answer: Any, name: str) -> Json:
    fields = answer.json()["Content"]["CurrentVersion"]["Version"]["Fields"]["field"]
    return next(each["fieldValue"] for each in fields if each["fieldDefinitionIdentifier"] == name)


@pytest.mark.parametrize(("name", "value", "status", "outcome"), TABLE)
def test_a_value_is_taken_or_refused(
    api: Api, type_id: int, name: str, value: Json, status: int, outcome: Json
) -> None:
    answer = create(api, type_id, **{name: value})
    assert answer.status_code == status, answer.text
    if status == 201:
        assert stored(answer, name) == outcome
        assert api.publish(52).status_code == 204
    else:
        assert outcome in answer.text.replace("\\/", "/")
        assert bool(answer.text) == bool(outcome)


def test_refusals_name_the_field_definition(api: Api, type_id: int) -> None:
    answer = create(api, type_id, mail="bad", sel=[9])
    assert error_text(answer) == "Content fields did not validate"
    details = answer.json()["ErrorMessage"]["errorDetails"]["fields"]
    assert [each["_fieldTypeId"] for each in details] == [189, 195]
    assert details[0]["errors"] == [{"type": "email", "message": "The value must be a valid email address."}]


def test_rich_text_comes_back_in_both_forms_and_in_the_servers_own_spelling(api: Api, type_id: int) -> None:
    sent = EDIT.format('<h2>Head</h2><p>A <b>bold</b> <a href="https://x">link</a></p><ul><li>one</li></ul>')
    body = stored(create(api, type_id, body={"xml": sent}), "body")
    assert body["xml"].startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<section xmlns="http://docbook.org/ns/docbook"'
    )
    assert '<title ezxhtml:level="2">Head</title><para>A <emphasis role="strong">bold</emphasis>' in body["xml"]
    assert '<link xlink:href="https://x">link</link>' in body["xml"]
    assert "<p>A <strong>bold</strong>" in body["xhtml5edit"]


def test_rich_text_that_was_read_can_be_sent_back(api: Api, type_id: int) -> None:
    first = stored(create(api, type_id, body={"xml": EDIT.format("<p>x</p>")}), "body")
    api.send("DELETE", "/content/objects/52")
    again = stored(create(api, type_id, body={"xml": first["xml"]}), "body")
    assert again == first


def test_images_are_measured_and_linked(api: Api, type_id: int) -> None:
    image = {"fileName": "p.png", "fileSize": 70, "data": PNG, "alternativeText": "alt"}
    given = stored(create(api, type_id, img=image, file={"fileName": "a.txt", "data": "YWJj"}), "img")
    assert (given["width"], given["height"], given["mime"], given["fileSize"]) == (1, 1, "image/png", 70)
    assert given["path"] == "/" + given["id"]
    assert given["variations"]["original"]["href"].endswith(f"/{given['imageId']}/variations/original")


def test_relations_are_listed_with_their_field(api: Api, type_id: int) -> None:
    create(api, type_id, rel={"destinationContentId": 41}, rels={"destinationContentIds": [1, 4]})
    listed = api.send("GET", "/content/objects/52/versions/1/relations").json()["Relations"]["Relation"]
    assert [each["SourceFieldDefinitionIdentifier"] for each in listed] == ["rel", "rels", "rels"]


def test_a_type_is_drafted_changed_and_published(api: Api, type_id: int, sandbox: IbexaSandbox) -> None:
    create(api, type_id)
    path = f"/content/types/{type_id}"
    assert api.send("POST", path, {"ContentTypeUpdate": {}}, "ContentTypeUpdate").status_code == 201
    again = api.send("POST", path, {"ContentTypeUpdate": {}}, "ContentTypeUpdate")
    assert (again.status_code, "Draft of the content type already exists" in again.text) == (403, True)
    new = {"FieldDefinitionCreate": {"identifier": "sku", "fieldType": "ezstring", "defaultValue": "none"}}
    added = api.send("POST", path + "/draft/fieldDefinitions", new, "FieldDefinitionCreate")
    field = added.json()["FieldDefinition"]["id"]
    assert api.send("POST", path + "/draft/fieldDefinitions", new, "FieldDefinitionCreate").status_code == 403
    change = {"FieldDefinitionUpdate": {"isRequired": "true"}}
    changed = api.send("PATCH", f"{path}/draft/fieldDefinitions/{field}", change, "FieldDefinitionUpdate")
    assert changed.json()["FieldDefinition"]["isRequired"] is True
    memo = next(each.id for each in sandbox.repository.types[type_id].fields if each.identifier == "memo")
    assert api.send("DELETE", f"{path}/draft/fieldDefinitions/{memo}").status_code == 204
    published = api.send("PUBLISH", path + "/draft")
    assert (published.status_code, published.json()["ContentType"]["status"]) == (200, "DEFINED")
    assert stored(api.send("GET", "/content/objects/52"), "sku") == "none"
    names = [each["fieldDefinitionIdentifier"] for each in _fields(api)]
    assert "memo" not in names


def _fields(api: Api) -> list[Json]:
    version = api.send("GET", "/content/objects/52/versions/1").json()["Version"]
    return list(version["Fields"]["field"])


def test_a_type_is_a_draft_until_published_and_its_identifier_is_taken_once(api: Api) -> None:
    body = {
        "identifier": "product", "mainLanguageCode": "eng-GB",
        "names": {"value": [{"_languageCode": "eng-GB", "#text": "Product"}]},
        "FieldDefinitions": {"FieldDefinition": [{"identifier": "title", "fieldType": "ezstring"}]},
    }  # fmt: skip
    path = "/content/typegroups/1/types?publish=yes"
    made = api.send("POST", path, {"ContentTypeCreate": body}, "ContentTypeCreate").json()["ContentType"]
    assert made["status"] == "DRAFT"
    assert api.send("GET", "/content/types?identifier=product").status_code == 404
    again = api.send("POST", path, {"ContentTypeCreate": body}, "ContentTypeCreate")
    assert (again.status_code, "Another content type with identifier 'product' exists" in again.text) == (403, True)
    assert api.send("PUBLISH", f"/content/types/{made['id']}/draft").status_code == 200
    full = api.send("GET", "/content/types?identifier=Product", Accept="application/vnd.ibexa.api.ContentTypeList+json")
    [one] = full.json()["ContentTypeList"]["ContentType"]
    assert one["FieldDefinitions"]["FieldDefinition"][0]["fieldSettings"] == []
    unknown = body | {
        "identifier": "odd",
        "FieldDefinitions": {"FieldDefinition": [{"identifier": "x", "fieldType": "nope"}]},
    }
    assert api.send("POST", path, {"ContentTypeCreate": unknown}, "ContentTypeCreate").status_code == 500
