"""The data of the catalogue, row by row, and what is found in it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from connector.core.errors import ConfigError
from connector.core.model import Message
from connector.systems.catalogue import ibexa
from connector.systems.operation import Operation
from tools.check_catalogue import FOLDER, canonical

ROWS = [row for file in sorted(FOLDER.glob("*.json")) for row in json.loads(file.read_text("utf-8"))]
OPERATIONS = ibexa().operations()
BY_ID = [pytest.param(one, id=one.id) for one in OPERATIONS]
COUNTS = {
    "basket": 14,
    "basket_line": 4,
    "bookmark": 4,
    "calendar_event": 3,
    "cart": 9,
    "cart_entry": 3,
    "checkout": 4,
    "content": 11,
    "content_type": 11,
    "content_type_group": 6,
    "content_version": 10,
    "corporate_account": 1,
    "country": 1,
    "customer_price": 1,
    "field_definition": 7,
    "language": 2,
    "location": 10,
    "object_state": 7,
    "object_state_group": 5,
    "order": 6,
    "payment_method": 6,
    "policy": 7,
    "relation": 5,
    "role": 10,
    "role_assignment": 8,
    "root": 1,
    "section": 5,
    "segment": 8,
    "segment_group": 5,
    "session": 4,
    "shipment": 6,
    "shipping_method": 2,
    "shipping_method_type": 2,
    "token": 1,
    "trash": 5,
    "url_alias": 5,
    "url_wildcard": 4,
    "user": 9,
    "user_group": 12,
}
SAME_ADDRESS = {"order.get", "order.get_by_identifier", "payment_method.get", "payment_method.get_by_identifier"}


def _message(operation: Operation) -> Message:
    path: dict[str, object] = {
        name: "1/2" if name in operation.path_of_segments else 7 for name in operation.path_params
    }
    empty: object = [] if operation.body is not None and operation.body.is_list else {}
    payload = empty if operation.content_type else None
    return Message(path, dict.fromkeys(operation.query, 1), payload, "1/2/61" if operation.destination else None)


def test_all_224_operations_are_there() -> None:
    assert len(ROWS) == len(ibexa()) == len({row["id"] for row in ROWS}) == 224


def test_no_entity_has_lost_an_operation() -> None:
    assert Counter(one.entity for one in OPERATIONS) == COUNTS
    assert sum(one.closed for one in OPERATIONS) == 75


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_a_file_keeps_the_schema_and_the_canonical_form(file: Path) -> None:
    rows = json.loads(file.read_text("utf-8"))
    schema = json.loads((FOLDER.parent / "operations.schema.json").read_text("utf-8"))
    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(rows)]
    assert errors == []
    assert file.read_text("utf-8") == canonical(rows)
    assert {row["id"].partition(".")[0] for row in rows} == {file.stem}


def test_a_repeat_is_told_of_writes_that_are_not_repeatable_and_refused_by_a_status() -> None:
    told = [one for one in OPERATIONS if one.repeat]
    assert [one.id for one in told if one.idempotent] == []
    assert [one.id for one in told if one.repeat == "refused" and not any(code > 400 for code in one.answers)] == []
    assert {"content_type.create_draft", "content_version.publish"} <= {one.id for one in told}
    assert "content_version.create_draft" not in {one.id for one in told}  # every one adds a draft


def test_no_two_operations_share_method_and_address_shape() -> None:
    shapes: dict[tuple[str, str], list[str]] = {}
    for one in OPERATIONS:
        shape = "/".join("{}" if part.startswith("{") else part for part in one.path.split("/"))
        shapes.setdefault((one.method, shape), []).append(one.id)
    shared = {name for names in shapes.values() if len(names) > 1 for name in names}
    assert shared == SAME_ADDRESS
    assert max(Counter((one.method, one.path) for one in OPERATIONS).values()) == 1


@pytest.mark.parametrize("operation", BY_ID)
def test_a_request_can_be_made_of_every_operation(operation: Operation) -> None:
    request = operation.request(_message(operation))
    assert "{" not in request.path
    assert request.path.startswith("/")
    assert request.headers["Accept"].endswith("+json")  # anything else is answered as XML
    assert (request.body is not None) == bool(operation.content_type) == ("Content-Type" in request.headers)
    assert ("Destination" in request.headers) == operation.destination
    assert request.is_safe == operation.reads
    assert request.operation == operation.id


@pytest.mark.parametrize("operation", BY_ID)
def test_a_row_does_not_contradict_itself(operation: Operation) -> None:
    assert set(operation.path_of_segments) <= set(operation.path_params)
    assert operation.writes != operation.reads
    if operation.list_at:
        assert operation.list_at.split(".")[0] == operation.response_root
    if operation.total_at:
        assert operation.total_at.split(".")[0] == operation.response_root
    if operation.replaced_by:
        assert ibexa().get(operation.replaced_by).status == "active"
    if operation.paging["style"] in ("offset_limit", "cursor"):
        named = {value for name, value in operation.paging.items() if name.endswith("_param")}
        assert named <= set(operation.query)
    if operation.paging["style"] == "view_offset_limit":
        assert operation.paging["offset_at"].split(".")[0] == operation.request_root
        assert operation.searches


def test_nothing_says_what_no_server_does() -> None:
    never = {one.id for one in OPERATIONS if not one.closed and {304, 412, 415} & set(one.answers)}
    assert never == set()
    assert ibexa().get("object_state.set_for_content").answers[0] == 200
    assert "remoteId" in ibexa().get("user_group.find").query
    assert "identifier" in ibexa().get("section.list").query
    assert ibexa().get("country.list").response_root == "CountryList"
    assert ibexa().get("content.search").content_type.endswith("ViewInput+json; version=1.1")


@pytest.mark.parametrize(
    ("entity", "listing"),
    [
        ("content", "content.search"),
        ("section", "section.list"),
        ("trash", "trash.list"),
        ("content_type", "content_type.list"),
        ("cart", "cart.search"),
        ("role", "role.list"),
    ],
)
def test_an_entity_alone_means_its_listing(entity: str, listing: str) -> None:
    assert ibexa().default_listing(entity).id == listing


@pytest.mark.parametrize("entity", ["location", "user", "token"])
def test_an_entity_with_several_listings_wants_an_action(entity: str) -> None:
    with pytest.raises(ConfigError, match="needs an action") as caught:
        ibexa().default_listing(entity)
    assert caught.value.hint


def test_a_wrong_name_gets_the_nearest_right_one() -> None:
    with pytest.raises(ConfigError) as caught:
        ibexa().find("content", "serch")
    assert "'search'" in caught.value.hint
    with pytest.raises(ConfigError) as caught:
        ibexa().find("contnet", "search")
    assert "'content'" in caught.value.hint
    with pytest.raises(ConfigError) as caught:
        ibexa().get("location.lst_children")
    assert "location.list_children" in caught.value.hint
    with pytest.raises(ConfigError) as caught:
        ibexa().default_listing("nothing-like-it")
    assert "no entity" in caught.value.message


def test_the_catalogue_needs_nothing_heavy() -> None:
    code = "import sys; from connector.systems.catalogue import ibexa; ibexa(); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"requests", "sqlalchemy", "jsonschema", "jmespath"} & set(ast.literal_eval(done.stdout))


def test_every_payload_is_described_and_every_part_that_is_referred_to_is_there() -> None:
    for one in OPERATIONS:
        assert (one.body is not None) == bool(one.content_type), one.id
        if one.body is not None:
            jsonschema.Draft202012Validator.check_schema(one.body.json_schema())


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("GET /languages/{code}", "language.get"),
        ("/languages/eng-GB", "language.get"),
        ("get /content/objects/52", "content.get"),
        ("/cart/authorize", "cart.authorize"),
        ("GET /api/ibexa/v2/content/locations/1/2/61/children?limit=5", "location.list_children"),
        ("PUBLISH /content/objects/{id}/versions/{no}", "content_version.publish"),
        ("GET /", "root.get"),
    ],
)
def test_an_operation_is_found_by_its_address_in_the_reference(address: str, expected: str) -> None:
    assert ibexa().get(address).id == expected


def test_an_address_that_is_none_or_several_is_told() -> None:
    with pytest.raises(ConfigError) as caught:
        ibexa().get("GET /nowhere")
    assert caught.value.message == "no operation has the address /nowhere"
    with pytest.raises(ConfigError) as caught:
        ibexa().get("/content/objects/52")
    assert "content.get (GET)" in caught.value.hint


def test_every_operation_is_found_by_method_and_template() -> None:
    same_address = {"order.get", "order.get_by_identifier", "payment_method.get", "payment_method.get_by_identifier"}
    for one in OPERATIONS:
        if one.id not in same_address:
            assert ibexa().get(f"{one.method} {one.path}").id == one.id


def test_what_was_removed_names_what_takes_its_place_or_says_that_nothing_does() -> None:
    for one in OPERATIONS:
        if one.replaced_by:
            assert ibexa().get(one.replaced_by).status == "active"
        elif one.status != "active":
            assert "No operation took its place" in one.notes


def test_the_words_of_an_address_and_the_action_lead_to_the_operation() -> None:
    """The reference's own way to name things, which a newcomer tries first."""
    for name, wanted in (
        ("content.locations.move", "location.move"),
        ("content.sections.delete", "section.delete"),
        ("content.trash.delete", "trash.delete"),
        ("user.roles.policies.create", "policy.create"),
        ("content.types.draft.field_definitions.create", "field_definition.create"),
        ("payment-methods.create", "payment_method.create"),
    ):
        with pytest.raises(ConfigError) as caught:
            ibexa().get(name)
        assert f"'{wanted}'" in caught.value.hint, (name, caught.value.hint)


def test_every_operation_is_found_by_the_words_of_its_address() -> None:
    catalogue = ibexa()
    for one in catalogue.operations():
        stem = ".".join(part for part in one.path.strip("/").split("/") if not part.startswith("{"))
        name = f"{stem}.{one.action}"
        if name in {known.id for known in catalogue.operations()} or not stem:
            continue
        with pytest.raises(ConfigError) as caught:
            catalogue.get(name)
        assert f"'{one.id}'" in caught.value.hint, (name, caught.value.hint)
