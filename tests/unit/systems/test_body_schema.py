"""What payloads may hold: slips are found with a hint, and what a server takes is never refused."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from connector.systems.bodies import Bodies
from connector.systems.catalogue import ibexa

HREF = {"_href": "/api/ibexa/v2/x/1"}
FINE: list[tuple[str, Any]] = [
    ("content.create", {}),
    (
        "content.create",
        {"ContentType": HREF, "remoteId": None, "alwaysAvailable": "true", "mainLanguageCode": "${LANG}"},
    ),
    ("content.create", {"fields": {"field": [{"fieldDefinitionIdentifier": "a", "fieldValue": {"xml": "<a/>"}}]}}),
    ("location.create", {"ParentLocation": HREF, "priority": "5", "sortField": "NAME", "sortOrder": "ASC"}),
    ("content.search", {"ContentQuery": {"Filter": {"OR": {"ContentIdCriterion": [1, 2]}, "Field": [{"name": "a"}]}}}),
    ("content.search", {"ContentQuery": {"SortClauses": {"ContentId": "ascending"}, "limit": 0}}),
    ("content_type.create", {"FieldDefinitions": {"FieldDefinition": [{"fieldSettings": {"any": {"thing": 1}}}]}}),
    ("basket_line.create", [{"sku": "a", "quantity": 4}]),
    ("order.create", {"context": {"whatever": [1]}}),
]
WRONG: list[tuple[str, Any, str, str, str]] = [
    ("content.create", {"remoteid": "a"}, "/remoteid", "'remoteid' is not known here", "Did you mean 'remoteId'?"),
    ("content.create", {"Section": "/x"}, "/Section", "must be an object or null, not a text", ""),
    ("content.create", {"fields": {"field": [{}, {"language": "a"}]}}, "/fields/field/1/language", "'language'", "languageCode"),
    ("location.create", {"sortOrder": "AS"}, "/sortOrder", "'AS' is none of the choices", "Did you mean 'ASC'?"),
    ("content.search", {"ContentQuery": {"Filter": {"FieldCriterion": {}}}}, "/ContentQuery/Filter/FieldCriterion", "not known", "Known here"),
    ("content.search", {"ContentQuery": {"SortClauses": {"ContentId": "down"}}}, "/ContentQuery/SortClauses/ContentId", "'down'", "ascending"),
    ("content.search", {"ContentQuery": {"Filter": {"AND": {"Contentid": 1}}}}, "/ContentQuery/Filter/AND/Contentid", "not known", "ContentIdCriterion"),
    ("section.create", {"na/me": 1}, "/na~1me", "'na/me'", "'name'"),
    ("user.create", {"enabled": {}}, "/enabled", "true or false or a text", ""),
]  # fmt: skip


def body(operation: str) -> Any:
    return ibexa().get(operation).body


@pytest.mark.parametrize(("operation", "payload"), FINE)
def test_what_a_server_takes_is_fine(operation: str, payload: Any) -> None:
    assert [one.message for one in body(operation).faults(payload)] == []


@pytest.mark.parametrize(("operation", "payload", "pointer", "message", "hint"), WRONG)
def test_a_slip_is_found_at_its_place(operation: str, payload: Any, pointer: str, message: str, hint: str) -> None:
    (fault,) = body(operation).faults(payload)
    assert fault.pointer == pointer
    assert message in fault.message
    assert hint in fault.hint


def test_only_a_complete_payload_lacks_something() -> None:
    assert list(body("section.create").faults({"name": "A"})) == []
    (fault,) = body("section.create").faults({"name": "A"}, complete=True)
    assert (fault.message, fault.hint) == ("'identifier' is missing", 'Add "identifier".')


def test_the_form_for_editors_says_the_same() -> None:
    validator = jsonschema.Draft202012Validator(body("content.search").json_schema())
    assert validator.is_valid({"ContentQuery": {"Filter": {"AND": {"ContentIdCriterion": "1"}}}})
    assert not validator.is_valid({"ContentQuery": {"Filter": {"AND": {"ContentId": "1"}}}})


def test_a_body_is_found_by_its_media_type() -> None:
    bodies = Bodies({"A": {"type": "object"}, "A@1.1": {"type": "array"}})
    found = bodies.get("application/vnd.ibexa.api.A+json; version=1.1")
    assert found is not None
    assert found.is_list
    assert bodies.get("application/vnd.ibexa.api.B+json") is None
