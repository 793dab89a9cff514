"""What request bodies may hold: the data is whole, and what is wrong is found where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connector.core.jsonio import parse
from connector.systems.bodies import Bodies
from connector.systems.body_schema import BodySchema, Fault
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS

API = "application/vnd.ibexa.api."
FILES: list[dict[str, Any]] = [
    parse(file.read_bytes())
    for file in (resources.files("connector.systems.ibexa") / "bodies").iterdir()
    if file.name.endswith(".json")
]
SCHEMAS: dict[str, Any] = {name: schema for file in FILES for name, schema in file.items()}
KEYWORDS = {"$ref", "caution", "description", "enum", "items", "open", "pattern", "properties", "required", "type"}
KEYWORDS |= {"examples", "maxProperties", "minimum", "minProperties", "x-source"}
TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}
PARENT = {"_href": "/api/ibexa/v2/content/locations/1/2"}
PLACE = {"ParentLocation": PARENT, "sortField": "PATH", "sortOrder": "ASC"}
ITEM = {
    "ContentType": {"_href": "/api/ibexa/v2/content/types/2", "_media-type": "application/vnd.ibexa.api.ContentType"},
    "mainLanguageCode": "eng-GB",
    "LocationCreate": PLACE,
    "fields": {"field": [{"fieldDefinitionIdentifier": "title", "fieldValue": {"any": ["thing", None]}}]},
}


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    yield schema
    for one in schema.get("properties", {}).values():
        yield from _parts(one)
    if "items" in schema:
        yield from _parts(schema["items"])


def _body(operation: str) -> BodySchema:
    found = ibexa().get(operation).body
    assert found is not None
    return found


def _faults(operation: str, payload: Any, *, complete: bool = False) -> list[Fault]:
    return list(_body(operation).faults(payload, complete=complete))


# -- the data ---------------------------------------------------------------------------------------------------------


def test_every_operation_that_takes_a_body_has_one() -> None:
    taking = [one for one in ibexa().operations() if one.content_type]
    assert len(taking) == 68
    assert [one.id for one in taking if one.body is None] == []


def test_every_name_is_there_once() -> None:
    assert sum(len(file) for file in FILES) == len(SCHEMAS)


def test_no_body_is_left_over() -> None:
    bodies = {one.body.name for one in ibexa().operations() if one.body}
    named = {part["$ref"] for schema in SCHEMAS.values() for part in _parts(schema) if "$ref" in part}
    composed = {f"{entity}.{action}" for entity, action in ACTIONS}
    older = {"ViewInput"}  # for rows of a project's own
    assert set(SCHEMAS) - bodies - named - composed == older - bodies


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_uses_only_what_is_understood(name: str) -> None:
    for part in _parts(SCHEMAS[name]):
        assert set(part) <= KEYWORDS
        assert part.get("$ref", name) in SCHEMAS
        wanted = part.get("type", [])
        assert set([wanted] if isinstance(wanted, str) else wanted) <= TYPES
        assert set(part.get("required", ())) <= set(part.get("properties", ()))
        assert part.get("open", True) is True


def test_the_version_of_a_media_type_counts() -> None:
    bodies = Bodies(SCHEMAS)
    names = {
        "ViewInput+json": "ViewInput",
        "ViewInput+json; version=1.1": "ViewInput@1.1",
        "SectionInput+json; version=9": "SectionInput",
        "Nothing+json": None,
    }
    for content_type, name in names.items():
        found = bodies.get(API + content_type)
        assert (found and found.name) == name


# -- what is right ----------------------------------------------------------------------------------------------------

RIGHT: list[tuple[str, Any]] = [
    ("content.create", ITEM),
    ("content.create", {**ITEM, "alwaysAvailable": "true", "remoteId": None, "Section": None}),
    ("content.update_metadata", {"alwaysAvailable": "false", "publishDate": "2026-03-01T00:00:00+01:00"}),
    ("content_version.update", {"fields": {"field": []}, "initialLanguageCode": "nor-NO"}),
    ("location.update", {"priority": "3", "hidden": True}),
    ("location.update", {"priority": "${PRIORITY}", "hidden": "${HIDDEN}", "sortField": "${SORT}"}),
    ("object_state.set_for_content", {"ObjectState": [PARENT]}),
    ("field_definition.create", {"identifier": "a", "fieldType": "ezstring", "fieldSettings": []}),
    ("policy.create", {"module": "content", "function": "*"}),
    ("basket_line.create", [{"sku": "1", "quantity": "3"}]),
    ("payment_method.create", {"identifier": "a", "type": "offline", "names": {"eng-GB": "A"}}),
    ("segment.assign_to_user", {"segments": ["a"]}),
    ("calendar_event.run_action", {"events": ["future_publication:2"]}),
    ("cart.update", {"anything": 1}),
    ("content.search", {"identifier": "a", "ContentQuery": {"Filter": {}, "limit": "5", "SortClauses": {}}}),
    ("content.search", {"identifier": "a", "LocationQuery": {"SortClauses": {"LocationPath": "ascending"}}}),
]
CRITERIA: list[dict[str, Any]] = [
    {"ContentTypeIdentifierCriterion": ["article", "blog_post"], "ContentIdCriterion": 5, "VisibilityCriterion": 0},
    {"OR": {"ContentRemoteIdCriterion": ["a", "b"], "AND": {"NOT": {"SubtreeCriterion": "/1/2/"}}}},
    {"AND": {"OR": [{"SectionIdCriterion": 1}, {"IsContainerCriterion": "true"}]}},
    {"DateMetadataCriterion": {"Target": "modified", "Operator": "gte", "Value": 1767225600}},
    {"AND": {"Field": [{"name": "price", "operator": "BETWEEN", "value": [1, 2]}]}},
    {"ObjectStateIdentifierCriterion": {"value": "locked", "target": ""}},
    {"ImageCriterion": {"fieldDefIdentifier": "image", "width": {"min": 100}, "mimeTypes": "image/png"}},
]


@pytest.mark.parametrize(("operation", "payload"), RIGHT)
def test_nothing_is_said_of_what_the_server_takes(operation: str, payload: Any) -> None:
    assert _faults(operation, payload, complete=True) == []


@pytest.mark.parametrize("criteria", CRITERIA)
def test_criteria_may_be_nested(criteria: dict[str, Any]) -> None:
    assert _faults("content.search", {"identifier": "a", "ContentQuery": {"Filter": criteria}}, complete=True) == []


# -- what is wrong ----------------------------------------------------------------------------------------------------

FILTER = "/ContentQuery/Filter"
WRONG: list[tuple[str, Any, str, str]] = [
    ("content.create", {"remoteID": "a"}, "/remoteID", "Did you mean 'remoteId'?"),
    ("content.create", {"LocationCreate": {"sortfield": "PATH"}}, "/LocationCreate/sortfield", "'sortField'"),
    ("content.create", {"fields": {"field": [{}, {"value": 1}]}}, "/fields/field/1/value", "fieldValue"),
    ("content.create", {"a/b~c": 1}, "/a~1b~0c", "Known here: ContentType"),
    ("content.create", {"Section": {"href": "/x"}}, "/Section/href", "Did you mean '_href'?"),
    ("content.update_metadata", {"publishedDate": "2026-03-01"}, "/publishedDate", "'publishDate'"),
    ("content_type.create", {"names": {"value": [{"languageCode": "a"}]}}, "/names/value/0/languageCode", "'_lang"),
    ("user.update", {"login": "a"}, "/login", "Known here: email"),
    ("content.search", {"ContentQuery": {"Criteria": {}}}, "/ContentQuery/Criteria", "Known here: Filter"),
    ("content.search", {"Query": {}}, "/Query", "ContentQuery, LocationQuery"),
    ("content.search", {"ContentQuery": {"Filter": {"SubtreeCriteria": "/1/"}}}, f"{FILTER}/SubtreeCriteria", "'Subtr"),
    ("content.search", {"ContentQuery": {"Filter": {"OR": {"FieldCriterion": {}}}}}, f"{FILTER}/OR/FieldCriterion", ""),
    (
        "content.search",
        {"ContentQuery": {"SortClauses": {"LocationPath": "ascending"}}},
        *("/ContentQuery/SortClauses/LocationPath", "ContentId"),
    ),
    ("shipment.create", {"context": {}}, "/context", "Did you mean 'Context'?"),
]


@pytest.mark.parametrize(("operation", "payload", "pointer", "hint"), WRONG)
def test_a_key_that_would_be_ignored_is_found(operation: str, payload: Any, pointer: str, hint: str) -> None:
    (fault,) = _faults(operation, payload)
    assert (fault.pointer, fault.at_key) == (pointer, True)
    assert "is not known here" in fault.message
    assert hint in fault.hint


VALUES: list[tuple[str, Any, str, str]] = [
    ("content.update_metadata", {"alwaysAvailable": True}, "/alwaysAvailable", "must be a text, not true or false"),
    ("content.create", {"remoteId": 47}, "/remoteId", "must be a text or null, not a number"),
    ("content.create", {"fields": {"field": {}}}, "/fields/field", "must be a list, not an object"),
    ("location.update", {"hidden": 1}, "/hidden", "must be true or false or a text, not a number"),
    ("location.update", {"hidden": "yes"}, "/hidden", "'yes' is none of the choices"),
    ("location.update", {"priority": 1.5}, "/priority", "must be a whole number or a text, not a number"),
    ("location.update", {"priority": True}, "/priority", "must be a whole number or a text, not true or false"),
    ("segment.assign_to_user", {"segments": ["a", 1]}, "/segments/1", "must be a text, not a number"),
    ("section.create", [], "", "'the payload' must be an object, not a list"),
    ("basket_line.create", {}, "", "'the payload' must be a list, not an object"),
    (
        "content.search",
        {"ContentQuery": {"Filter": {"ContentRemoteIdCriterion": ["a", "b"]}}},
        *(f"{FILTER}/ContentRemoteIdCriterion", "must be a text, not a list"),
    ),
    *(
        ("content.search", {"ContentQuery": {"Filter": criteria}}, f"{FILTER}/{pointer}", words)
        for criteria, pointer, words in (
            ({"AND": {}}, "AND", "is empty"),
            ({"OR": {}}, "OR", "is empty"),
            ({"AND": [{"ContentIdCriterion": 1}]}, "AND", "must be an object, not a list"),
            ({"NOT": {"ContentIdCriterion": 1, "SectionIdCriterion": 1}}, "NOT", "takes 1 of these, not 2"),
            ({"AND": {"NOT": {}}}, "AND/NOT", "is empty"),
            ({"ContentTypeIdentifierCriterion": ""}, "ContentTypeIdentifierCriterion", "not of the form"),
            ({"OR": {"LanguageCodeCriterion": [""]}}, "OR/LanguageCodeCriterion/0", "not of the form"),
        )
    ),
]


@pytest.mark.parametrize(("operation", "payload", "pointer", "words"), VALUES)
def test_a_value_that_the_server_would_not_take_is_found(
    operation: str, payload: Any, pointer: str, words: str
) -> None:
    (fault,) = _faults(operation, payload)
    assert (fault.pointer, fault.at_key) == (pointer, False)
    assert words in fault.message


FORMS: list[tuple[str, Any, str, str]] = [
    ("content.create", {**ITEM, "remoteId": "x" * 101}, "/remoteId", "at most 100 characters"),
    ("content.create", {**ITEM, "remoteId": ""}, "/remoteId", "at most 100 characters"),
    ("location.update", {"priority": "abc"}, "/priority", "A whole number"),
    ("content.search", {"identifier": "a", "ContentQuery": {"limit": -1}}, "/ContentQuery/limit", "from 0 on"),
    ("content.search", {"identifier": "a", "ContentQuery": {"offset": "-1"}}, "/ContentQuery/offset", "from 0 on"),
    ("role.create", {"identifier": ""}, "/identifier", "must have one"),
    ("section.create", {"identifier": "a", "name": "x" * 256}, "/name", "255 characters"),
    (
        "content.search",
        {"identifier": "a", "ContentQuery": {"Filter": {"FullTextCriterion": " "}}},
        "/ContentQuery/Filter/FullTextCriterion",
        "not empty",
    ),
    ("user.update", {"email": "nobody"}, "/email", "valid e-mail address"),
]


@pytest.mark.parametrize(("operation", "payload", "pointer", "hint"), FORMS)
def test_a_value_that_makes_the_server_fail_is_found_with_its_form(
    operation: str, payload: Any, pointer: str, hint: str
) -> None:
    (fault,) = _faults(operation, payload)
    assert (fault.pointer, "not of the form" in fault.message) == (pointer, True)
    assert hint in fault.hint


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        ({"hidden": "flase"}, "Did you mean 'false'? One of: true, false."),
        ({"sortOrder": "down"}, "One of: ASC, DESC."),
        ({"sortField": "NAMES"}, "Did you mean 'NAME'?"),
    ],
)
def test_choices_are_told_once_each(payload: dict[str, Any], hint: str) -> None:
    (fault,) = _faults("location.update", payload)
    assert fault.hint.startswith(hint)


def test_every_fault_is_found_in_one_walk() -> None:
    payload = {"nmae": "a", "identifier": 5, "x": 1}
    assert [one.pointer for one in _faults("section.create", payload)] == ["/nmae", "/identifier", "/x"]


def test_what_is_missing_is_only_told_of_a_whole_body() -> None:
    assert _faults("content.create", {"LocationCreate": {"ParentLocation": PARENT}}) == []
    found = _faults("content.create", {"LocationCreate": {"ParentLocation": PARENT}}, complete=True)
    assert [(one.pointer, one.message) for one in found] == [
        ("/LocationCreate", "'sortField' is missing"),
        ("/LocationCreate", "'sortOrder' is missing"),
        ("", "'ContentType' is missing"),
        ("", "'mainLanguageCode' is missing"),
        ("", "'fields' is missing"),
    ]


# -- for editors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", [one.id for one in ibexa().operations() if one.body])
def test_the_json_schema_is_one(operation: str) -> None:
    Draft202012Validator.check_schema(_body(operation).json_schema())


@pytest.mark.parametrize(("operation", "payload"), RIGHT)
def test_the_json_schema_takes_what_the_server_takes(operation: str, payload: Any) -> None:
    if "${" not in str(payload):
        assert [one.message for one in Draft202012Validator(_body(operation).json_schema()).iter_errors(payload)] == []


@pytest.mark.parametrize(("operation", "payload"), [(row[0], row[1]) for row in [*WRONG, *VALUES, *FORMS]])
def test_the_json_schema_refuses_the_same(operation: str, payload: Any) -> None:
    assert not Draft202012Validator(_body(operation).json_schema()).is_valid(payload)


@pytest.mark.parametrize("payload", [{"Query": {"Filter": {}}}, {"ViewInput": {"Query": {"Filter": {}}}}])
def test_a_misspelt_key_is_not_taken_for_a_root_element(payload: dict[str, Any]) -> None:
    [fault] = ibexa().find("content", "search").faults(payload)
    assert fault.message == "'Query' is not known here"
    assert fault.hint.startswith("Did you mean 'ContentQuery' or 'LocationQuery'?")


def test_an_unknown_key_that_wraps_all_is_told_as_a_wrong_root_element() -> None:
    [fault] = ibexa().find("content", "search").faults({"Viewer": {"identifier": "x"}})
    assert "root element" in fault.message
