"""What is told of each operation: parameters, payload key by key, answers, an example; nothing is left unsaid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.body_keys import Key, keys_of
from connector.systems.body_schema import BodySchema
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.actions import ACTIONS
from connector.systems.ibexa.described import described, described_action, payload_of
from connector.systems.ibexa.records import record_of
from connector.systems.meanings import meanings
from connector.systems.operation import Operation
from connector.systems.places import misfit

OPERATIONS = [pytest.param(one, id=one.id) for one in ibexa().operations()]
WITH_BODY = [pytest.param(one, id=one.id) for one in ibexa().operations() if one.body and not one.unread]
UNSHOWN = {"customer_price.get"}
"""In place of what it takes, the reference shows its answer."""
SILENT = {
    "basket.set_reference_number", "basket.set_remark", "basket_line.import_file", "cart.delete", "cart.update",
    "cart_entry.create", "cart_entry.delete", "cart_entry.update",
    "segment.assign_to_user", "segment.list_for_user", "segment.unassign_from_user",
}  # fmt: skip
"""Of whose answers the reference says nothing."""
TYPES = {"any", "array", "boolean", "integer", "null", "number", "object", "string"}
EXAMPLES: list[tuple[str, Json]] = [
    ("content.create", {"ContentType": {"_href": ""}, "fields": {"field": [{"fieldValue": {"xml": ""}, "languageCode": ""}]}}),
    ("content_type.create", {"FieldDefinitions": {"FieldDefinition": [{"fieldType": "", "names": {"value": [{"#text": ""}]}}]}}),
    ("cart_entry.create", {"quantity": 2, "Product": {"code": ""}, "context": {"foo": "bar"}}),
    ("order.create", {"source": "", "OrderUser": {"id": 1}, "items": [{"OrderItem": {"quantity": 1, "OrderItemProduct": {"code": ""}}}]}),
    ("order.update", {"status": "", "transition": ""}),
    ("shipment.create", {"identifier": "", "Amount": {"value": "", "currency": ""}, "Context": {"key1": ""}}),
    ("payment_method.create", {"identifier": "", "type": "", "names": {"eng-GB": ""}, "enabled": True}),
    ("segment.create", {"identifier": "", "name": "", "group": ""}),
    ("basket_line.create", [{"sku": "", "quantity": 4, "isVariant": 0, "variantCode": None}]),
    ("calendar_event.run_action", {"events": [""]}),
    ("content.search", {"identifier": "", "ContentQuery": {"Filter": {"ContentIdCriterion": 1}, "limit": 1}}),
]  # fmt: skip
"""Requests as the reference shows them, cut to their keys."""


def table(one: Operation) -> dict[str, Key]:
    return {key.name: key for key in payload_of(one)}


def places(value: Any, place: str = "") -> set[str]:
    """Dotted names of all keys in a payload."""
    if isinstance(value, list):
        return {name for one in value for name in places(one, f"{place}[]")}
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for name, one in value.items():
        inner = f"{place}.{name}" if place else name
        found |= {inner, *places(one, inner)}
    return found


def test_what_an_incoming_writes_by_itself_is_not_asked_for() -> None:
    search, carts = table(ibexa().get("content.search")), table(ibexa().get("cart.search"))
    assert (search["identifier"].required, search["identifier"].filled) == (False, True)
    assert search["identifier"].help == "Any text; it is repeated in the answer. An incoming fills it in by itself."
    assert {name for name, key in carts.items() if key.filled} == {"CartQuery", "CartQuery.offset", "CartQuery.limit"}
    assert carts["CartQuery.ownerId"].required is None
    assert described(ibexa().get("cart.search"))["payload"]["CartQuery.limit"]["filled"] is True
    assert not any(key.filled for one in ibexa().operations() if one.writes for key in payload_of(one))


# -- each operation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", OPERATIONS)
def test_every_path_parameter_says_what_it_is(one: Operation) -> None:
    assert set(one.params) == set(one.path_params)
    for name, known in one.params.items():
        assert known["help"].endswith(".")
        numbers = bool(misfit(name, "not-a-number", of_tree=False))
        assert known["type"] == ("path" if name in one.path_of_segments else known["type"])
        assert not numbers or known["type"] == "integer"


@pytest.mark.parametrize("one", OPERATIONS)
def test_every_query_parameter_has_its_default_where_the_server_has_one(one: Operation) -> None:
    for name, known in one.query.items():
        assert known["help"].endswith(".")
        assert set(known) <= {"type", "help", "default", "enum", "needed"}
        assert known.get("default") in (*known.get("enum", [known.get("default")]), None)
        if name == one.paging.get("limit_param"):
            assert known.get("default") == one.paging.get("default_limit")
        if name == one.paging.get("offset_param"):
            assert known["default"] == 0


@pytest.mark.parametrize("one", OPERATIONS)
def test_every_answer_has_a_meaning(one: Operation) -> None:
    found = meanings(one)
    assert list(found) == [str(status) for status in sorted(one.answers)]
    assert set(one.says) <= set(found)
    assert (not found) == (one.id in SILENT)
    assert all(meaning and not meaning.endswith(".") for meaning in found.values())


@pytest.mark.parametrize("one", WITH_BODY)
def test_every_key_of_a_payload_has_a_type(one: Operation) -> None:
    found = payload_of(one)
    assert bool(found) == (one.id not in UNSHOWN)
    for key in found:
        assert set(key.type.split(" or ")) <= TYPES
        assert key.filled or key.required in ((True, None) if one.closed else (True, False))
    assert len({key.name for key in found}) == len(found)


@pytest.mark.parametrize("one", WITH_BODY)
def test_what_is_called_needed_is_what_is_missed(one: Operation) -> None:
    """Left out, each needed key of the first level is a fault; and there is no fault about any other.

    What an incoming fills in is a fault too in what the operation is sent.
    """
    wanted = {name for name, key in table(one).items() if key.required or (key.filled and not one.closed)}
    needed = {name for name in wanted if "." not in name and "[" not in name}
    missed = {fault.message.split("'")[1] for fault in one.lacks([] if one.body and one.body.is_list else {})}
    assert needed == missed


@pytest.mark.parametrize("one", OPERATIONS)
def test_the_example_is_one_of_the_side_that_it_is_for(one: Operation) -> None:
    found = described(one)
    json.dumps(found)
    assert found["example"]["in"] == (
        "configs/incoming/" if one.reads and one.method != "HEAD" else "configs/outgoing/"
    )
    assert found["example"]["config"]["entity"] == one.entity
    assert set(found["example"]["config"].get("path", {})) == set(found["path"])


@pytest.mark.parametrize(("entity", "action"), sorted(ACTIONS))
def test_composed_actions_are_told_of_in_the_same_way(entity: str, action: str) -> None:
    found = described_action(entity, action, ibexa())
    body = ibexa().composed_body(f"{entity}.{action}")
    assert body is not None
    assert {name for name, key in found["payload"].items() if key["required"] and "." not in name} >= set(body.required)
    assert all(key["type"] for key in found["payload"].values())


def test_a_plain_operation_of_the_same_name_is_told_of() -> None:
    told = described_action("content", "hide", ibexa())["request"]
    assert told.endswith("with path.contentId in place of a payload: POST /content/objects/{contentId}/hide alone")
    assert "path." not in described_action("content", "trash", ibexa())["request"]


# -- what examples show ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("operation", "payload"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_a_key_of_an_example_request_has_a_type(operation: str, payload: Json) -> None:
    one = ibexa().get(operation)
    known = table(one)
    for name in places(payload):
        parent = name.rpartition(".")[0]
        free = parent in known and not any(
            other.startswith(f"{parent}.") for other in known
        )  # anything may stand there
        assert name in known or free, name


@pytest.mark.parametrize(
    ("operation", "name", "from_example"),
    [
        ("order.create", "OrderUser.email", True),
        ("order.create", "identifier", False),
        ("basket_line.create", "[].sku", True),
        ("cart.update", "name", False),
        ("content.create", "remoteId", False),
    ],
)
def test_a_type_that_only_an_example_shows_says_so(operation: str, name: str, from_example: bool) -> None:
    key = table(ibexa().get(operation))[name]
    assert key.from_example is from_example
    assert ("(From example.)" in key.words) is from_example
    assert key.as_json().get("source") == ("from example" if from_example else None)


# -- the walk ----------------------------------------------------------------------------------------------------------


def test_what_leads_back_to_itself_is_shown_once() -> None:
    parts = {name: {"type": "string"} for name in "abcdefg"}
    schemas = {
        "X": {
            "type": "object",
            "required": ["filter"],
            "properties": {"filter": {"$ref": "f"}, "other": {"$ref": "f"}},
        },
        "f": {"type": "object", "properties": {**parts, "and": {"$ref": "f"}, "list": {"$ref": "l"}}},
        "l": {"type": ["object", "array"], "items": {"$ref": "l"}, "properties": {"not": {"$ref": "f"}}},
    }
    found = {key.name: key for key in keys_of(BodySchema("X", schemas))}
    assert found["filter"].required is True
    assert found["filter.and"].help == "Keys as in filter."
    assert found["filter.list.not"].help == "Keys as in filter."
    assert found["other"].help == "Keys as in filter."
    assert "filter.and.a" not in found
    assert len(found) == 2 + 7 + 3


def test_choices_and_needs_of_inner_keys_are_told() -> None:
    found = table(ibexa().get("location.create"))
    assert found["sortOrder"].allowed == ["ASC", "DESC"]
    assert found["hidden"].allowed == ["true", "false"]
    assert found["ParentLocation._href"].required is True
    assert found["priority"].type == "integer or string"


# -- a project's own operations ----------------------------------------------------------------------------------------


def test_an_operation_of_a_project_may_say_what_its_parameters_and_answers_are() -> None:
    row = {
        "id": "rating.get", "method": "GET", "path": "/ratings/{contentId}/{kind}",
        "params": {"kind": {"type": "string", "help": "Stars or words."}},
        "answers": [200, 404, 418], "says": {"404": "nobody has rated it"},
    }  # fmt: skip
    one = ibexa([{"operations": [row]}]).get("rating.get")
    assert described(one)["path"] == {
        "contentId": {"type": "integer", "help": "Id of the content item.", "required": True},
        "kind": {"type": "string", "help": "Stars or words.", "required": True},
    }
    assert meanings(one) == {"200": "the answer", "404": "nobody has rated it", "418": "refused"}
    plain = ibexa([{"operations": [{"id": "rating.list", "method": "GET", "path": "/ratings/{shop}"}]}]).get(
        "rating.list"
    )
    assert described(plain)["path"] == {"shop": {"type": "string", "required": True}}


def test_the_schema_of_the_rows_knows_the_new_keys() -> None:
    from connector.systems.catalogue import added_schema

    row = {
        "id": "a.b",
        "method": "GET",
        "path": "/a/{c}",
        "params": {"c": {"type": "string", "help": "C."}},
        "says": {"404": "x"},
    }
    jsonschema.Draft202012Validator(added_schema()).validate({"operations": [row]})


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_of_operations_says_the_same() -> None:
    page = (Path(__file__).parents[3] / "docs/ibexa/operations.md").read_text(encoding="utf-8")
    parts = {part.partition("\n")[0]: part for part in page.split("\n### ")[1:]}
    for one in ibexa().operations():
        for name in (*one.path_params, *one.query, *table(one)):
            assert f"| `{name}` |" in parts[one.id], (one.id, name)
        for status, meaning in meanings(one).items():
            assert f"| {status} | {meaning} |" in parts[one.id]


def test_an_example_of_a_reading_operation_can_be_asked() -> None:
    one = ibexa().get("location.list_children")
    assert one.request(Message(path=described(one)["example"]["config"]["path"])).path.endswith("/children")


READING = [one for one in ibexa().operations() if one.reads and one.method != "HEAD" and not one.closed]


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in READING])
def test_a_reading_operation_tells_what_a_record_has(one: Operation) -> None:
    found = described(one)["record"]
    assert found
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[\w-]+(\[\])?(\.[\w-]+(\[\])?)?", name) for name in found)


def test_records_are_known_of_reading_operations_only() -> None:
    assert {name for name in (one.id for one in ibexa().operations() if one.writes) if record_of(name)} == set()
    assert described(ibexa().get("role.create"))["record"] == []


def test_a_body_that_is_not_read_is_neither_told_nor_shown() -> None:
    found = described(ibexa().get("role.create_draft"))
    assert (found["payload"], found["payload_about"]) == ({}, "")
    assert "payload" not in found["example"]["config"]
    assert found["content_type"].endswith("RoleInput+json")
