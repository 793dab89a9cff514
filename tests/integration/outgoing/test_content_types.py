"""content_type.ensure: what is declared is brought about where that is safe, and nobody's draft is published."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from tests.integration.outgoing.shop import Shop

_WORK = {"names": {"value": [{"_languageCode": "eng-GB", "#text": "EDITOR DRAFT, half done"}]}}
_EAN: dict[str, Json] = {"identifier": "ean", "type": "string"}


@pytest.fixture(params=["4.6", "5.0"])
def ibexa_version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def declared(shop: Shop, *, add: Json = None, field: str = "", drop: str = "", **more: Json) -> dict[str, Any]:
    """The shop's type, with one field added, changed or dropped; or, without ``field``, changed itself."""
    found = copy.deepcopy(shop.type)
    fields: Any = found["fields"]
    if field:
        next(one for one in fields if one["identifier"] == field).update(more)
    else:
        found |= more
    found["fields"] = [one for one in fields if one["identifier"] != drop] + ([add] if add else [])
    return found


def live(shop: Shop) -> Any:
    return shop.sandbox.repository.type_by_identifier("thing")


def field(shop: Shop, name: str) -> Any:
    return live(shop).definition(name)


def drafted(shop: Shop) -> Any:
    return shop.sandbox.repository.type_drafts.get(live(shop).id)


def changed(shop: Shop, payload: Json, **delivery: Any) -> Done:
    """Sent once, it is changed; once more, nothing is written."""
    outcome = shop.send(shop.ensure, payload, **delivery)
    assert isinstance(outcome, Done), outcome
    shop.sandbox.book.reset()
    again = shop.send(shop.ensure, payload, memory=outcome.memory)
    assert isinstance(again, Skipped), again
    assert again.detail.get("left") == outcome.detail.get("left")
    assert shop.writes == {}
    assert drafted(shop) is None
    return outcome


# -- drafts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theirs", [False, True])
def test_the_draft_of_an_editor_is_neither_published_nor_changed(shop: Shop, theirs: bool) -> None:
    shop.call("content_type.create_draft", _WORK, contentTypeId=live(shop).id)
    if theirs:
        drafted(shop).modifier = 10
    before = copy.deepcopy(drafted(shop))
    shop.sandbox.book.reset()
    outcome = shop.send(shop.ensure, declared(shop, add=_EAN))
    assert isinstance(outcome, NotSent), outcome
    assert outcome.problem.code == "IBX428"
    assert ("the user 'anonymous'" if theirs else "own user, 'admin'") in outcome.problem.message
    assert "last changed 20" in outcome.problem.message
    assert drafted(shop) == before
    assert live(shop).names == {"eng-GB": "Thing"}
    assert not field(shop, "ean")
    shop.call("content_type.delete_draft", contentTypeId=live(shop).id)
    assert changed(shop, declared(shop, add=_EAN)).detail["changed"] == ["ean"]
    assert live(shop).names == {"eng-GB": "Thing"}


@pytest.mark.parametrize(
    ("operation", "payload"),
    [
        ("field_definition.create", {"identifier": "hers", "fieldType": "string", "names": {"value": []}}),
        ("field_definition.create", {"identifier": "ean", "fieldType": "integer", "names": {"value": []}}),
        ("content_type.update_draft", {"nameSchema": "<sku>"}),
    ],
)
def test_whatever_an_editor_did_in_a_draft_it_is_hers(shop: Shop, operation: str, payload: dict[str, Json]) -> None:
    if "fieldType" in payload:
        payload = {**payload, "fieldType": shop.sandbox.repository.release.type_name(f"ez{payload['fieldType']}")}
    number = live(shop).id
    shop.call("content_type.create_draft", {}, contentTypeId=number)
    shop.call(operation, payload, contentTypeId=number)
    assert isinstance(shop.send(shop.ensure, declared(shop, add=_EAN)), NotSent)
    assert drafted(shop)


def test_a_field_that_an_editor_changes_or_removes_in_a_draft_is_hers(shop: Shop) -> None:
    for change in ("field_definition.update", "field_definition.delete"):
        number = live(shop).id
        shop.call("content_type.create_draft", {}, contentTypeId=number)
        payload = {"isRequired": True} if change.endswith("update") else None
        shop.call(change, payload, contentTypeId=number, fieldDefinitionId=field(shop, "sku").id)
        assert isinstance(shop.send(shop.ensure, declared(shop, add=_EAN)), NotSent)
        shop.call("content_type.delete_draft", contentTypeId=number)


def test_a_draft_that_ibexa_shows_to_its_owner_only_is_left_alone(shop: Shop) -> None:
    shop.call("content_type.create_draft", _WORK, contentTypeId=live(shop).id)
    shop.fault("content_type.get_draft", {"status": 404})
    outcome = shop.send(shop.ensure, declared(shop, add=_EAN))
    assert isinstance(outcome, NotSent)
    assert "Draft of the content type already exists" in outcome.problem.message


@pytest.mark.parametrize(
    "operation",
    [
        *("content_type.create_draft", "content_type.update_draft", "field_definition.update"),
        *("field_definition.create", "content_type.publish_draft"),
    ],
)
@pytest.mark.parametrize("do", [{"cut": "after"}, {"cut": "before"}, {"status": 500}, {"status": 503}])
def test_a_draft_that_an_attempt_left_is_known_again_and_completed(shop: Shop, operation: str, do: Any) -> None:
    payload = declared(shop, field="sku", required=True)
    payload["fields"] += [_EAN, {"identifier": "origin", "type": "country", "default": ["Norway"]}]
    payload["name_schema"] = "<sku>"
    shop.fault(operation, do, times=3)
    outcome: Outcome = shop.send(shop.ensure, payload)
    shop.sandbox.faults.clear()
    if not isinstance(outcome, Done):
        assert isinstance(outcome, Unknown | NotSent | Refused), outcome
        outcome = shop.send(shop.ensure, payload, suspect=True)
    assert isinstance(outcome, Done | Skipped), outcome
    assert field(shop, "sku").required
    assert field(shop, "ean")
    assert field(shop, "origin").default == ["NO"]
    assert live(shop).name_schema == "<sku>"
    assert drafted(shop) is None
    assert isinstance(shop.send(shop.ensure, payload), Skipped)


def test_a_draft_of_ours_that_ibexa_refuses_is_thrown_away(shop: Shop) -> None:
    wrong = {**_EAN, "validators": {"NoSuchValidator": {}}}
    outcome = shop.send(shop.ensure, declared(shop, add=wrong))
    assert isinstance(outcome, Refused)
    assert drafted(shop) is None
    assert isinstance(shop.send(shop.ensure, declared(shop, add=_EAN)), Done)


# -- what is declared otherwise ---------------------------------------------------------------------------------------


def test_what_is_not_declared_otherwise_writes_nothing(shop: Shop) -> None:
    for payload in (shop.type, declared(shop, drop="sku")):
        assert isinstance(shop.send(shop.ensure, payload), Skipped)
    assert shop.writes == {}
    assert field(shop, "sku")


@pytest.mark.parametrize(
    ("more", "attribute", "value"),
    [
        ({"name": "Article number"}, "names", {"eng-GB": "Article number"}),
        ({"names": {"nor-NO": "Varenummer"}}, "names", {"eng-GB": "sku", "nor-NO": "Varenummer"}),
        ({"description": "As in the ERP"}, "descriptions", {"eng-GB": "As in the ERP"}),
        ({"required": True}, "required", True),
        ({"searchable": False}, "searchable", False),
        ({"position": 7}, "position", 7),
        ({"group": "metadata"}, "group", "metadata"),
        ({"default": "none"}, "default", "none"),
        (
            {"validators": {"StringLengthValidator": {"maxStringLength": 9}}},
            "validators",
            {"StringLengthValidator": {"maxStringLength": 9, "minStringLength": None}},
        ),
    ],
)
def test_what_is_declared_otherwise_of_a_field_is_changed(shop: Shop, more: Any, attribute: str, value: Any) -> None:
    outcome = changed(shop, declared(shop, field="sku", **more))
    assert getattr(field(shop, "sku"), attribute) == value
    assert outcome.detail == {"changed": [f"sku: {attribute}"]}


@pytest.mark.parametrize(
    ("more", "attribute", "value"),
    [
        ({"name": "Product"}, "names", {"eng-GB": "Product"}),
        ({"names": {"nor-NO": "Ting"}}, "names", {"eng-GB": "Thing", "nor-NO": "Ting"}),
        ({"descriptions": {"eng-GB": "D"}}, "descriptions", {"eng-GB": "D"}),
        ({"name_schema": "<name> <sku>"}, "name_schema", "<name> <sku>"),
    ],
)
def test_what_is_declared_otherwise_of_the_type_is_changed(shop: Shop, more: Any, attribute: str, value: Any) -> None:
    changed(shop, declared(shop, **more))
    assert getattr(live(shop), attribute) == value
    if attribute == "name_schema":
        assert live(shop).url_alias_schema == value


def test_settings_are_merged_and_options_added_behind_those_that_are_there(shop: Shop) -> None:
    held = copy.deepcopy(field(shop, "colour").settings)
    outcome = changed(shop, declared(shop, field="colour", options=["Green", "Blue"], settings={"isMultiple": True}))
    assert outcome.detail["changed"] == ["colour: settings"]
    assert outcome.detail["left"] == ["colour: the option 'Red' stays: items may hold it"]
    settings = field(shop, "colour").settings
    assert held["options"] == ["Red", "Blue"]
    assert (settings["options"], settings["isMultiple"]) == (["Red", "Blue", "Green"], True)
    assert settings["multilingualOptions"] == {"eng-GB": ["Red", "Blue", "Green"]}
    first = shop.put(colour="Green")
    assert isinstance(first, Done)
    assert shop.held(first.target_id).version.fields["eng-GB"]["colour"] == [2]


@pytest.mark.parametrize(
    ("of", "more", "words"),
    [
        ("price", {"type": "string"}, "price: it is a float in Ibexa, not a string, and stays so"),
        ("sku", {"translatable": True}, "sku: it is not translatable in Ibexa, and stays so"),
        ("colour", {"options": ["Red"]}, "colour: the option 'Blue' stays"),
        ("", {"is_container": False}, "is_container: it is one in Ibexa"),
        ("", {"main_language": "nor-NO", "name": None}, "main_language: it is eng-GB in Ibexa"),
    ],
)
def test_what_content_may_depend_on_is_left_and_told(shop: Shop, of: str, more: Any, words: str) -> None:
    before = copy.deepcopy(live(shop))
    outcome = shop.send(shop.ensure, declared(shop, field=of, **more))
    assert isinstance(outcome, Skipped), outcome
    assert words in outcome.detail["left"][0]
    assert shop.writes == {}
    assert live(shop) == before


def test_the_columns_of_a_table_are_added_and_never_dropped(shop: Shop) -> None:
    columns = [{"identifier": "name", "name": "Name"}, {"identifier": "value", "name": "Value"}]
    table = {"identifier": "facts", "type": "matrix", "settings": {"columns": columns}}
    changed(shop, declared(shop, add=table))
    other = [{"identifier": "unit", "name": "Unit"}, {"identifier": "name", "name": "Fact"}]
    outcome = changed(shop, declared(shop, add={**table, "settings": {"columns": other}}))
    assert outcome.detail["left"] == ["facts: the column 'value' stays: items may hold it"]
    found = [(one["identifier"], one["name"]) for one in field(shop, "facts").settings["columns"]]
    assert found == [("name", "Fact"), ("value", "Value"), ("unit", "Unit")]


def test_what_ibexa_answers_otherwise_than_it_was_written_is_written_once(shop: Shop) -> None:
    outcome = changed(shop, declared(shop, field="since", default={"timestring": "2026-03-02"}))
    assert outcome.detail["left"] == ["since: default: Ibexa answers it otherwise than it was written"]
    again = changed(shop, declared(shop, field="since", default={"timestring": "2026-03-03"}), memory=outcome.memory)
    assert again.detail["changed"] == ["since: default"]


def test_a_new_field_comes_behind_those_that_are_there(shop: Shop) -> None:
    changed(shop, declared(shop, field="related", position=90))
    changed(shop, declared(shop, field="related", position=90) | {"fields": [*shop.type["fields"], _EAN]})  # type: ignore[misc]
    assert field(shop, "ean").position == 91


@pytest.mark.parametrize(
    "more",
    [
        {"required": "yes"},
        {"options": "Red"},
        {"position": "3"},
        {"names": "x"},
        {"settings": []},
        {"identifier": "name"},
    ],
)
def test_a_declaration_that_cannot_be_is_refused_before_anything_is_asked(shop: Shop, more: Any) -> None:
    with pytest.raises(RecordError):
        shop.ensure.prepare(Message(payload=declared(shop, field="sku", **more)))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"identifier": "x" * 51}, "identifier has 51 characters; Ibexa keeps 50"),
        ({"name_schema": "<name>" * 50}, "name_schema has 300 characters"),
        ({"fields": [{"identifier": "x" * 51, "type": "string"}]}, "identifier has 51 characters"),
        ({"fields": [{"identifier": "a", "type": "string", "group": "x" * 26}]}, "group has 26 characters"),
        ({"fields": [{"identifier": "a", "type": "date", "default": "2026-03-02"}]}, "the default of a (date) takes"),
        (
            {"fields": [{"identifier": "a", "type": "selection", "default": "Red"}]},
            "the default of a (selection) takes",
        ),
        ({"fields": [{"identifier": "a", "type": "ezinteger", "default": 2**31}]}, "the default of a (integer) takes"),
    ],
)
def test_what_the_database_has_no_room_for_is_refused_before_anything_is_asked(
    shop: Shop, more: Any, words: str
) -> None:
    declared = {"identifier": "new", "main_language": "eng-GB", "fields": [{"identifier": "name", "type": "string"}]}
    with pytest.raises(RecordError, match=re.escape(words)):
        shop.send(shop.ensure, {**declared, **more})


def test_a_name_schema_of_a_field_that_is_not_there_is_refused(shop: Shop) -> None:
    fields = [{"identifier": "title", "type": "string"}]
    declared: dict[str, Any] = {"identifier": "new", "main_language": "eng-GB", "fields": fields}
    shop.sandbox.book.reset()
    outcome = shop.send(shop.ensure, {**declared, "name_schema": "<short|titel>"})
    assert isinstance(outcome, Refused)
    assert "new has no field 'short'" in outcome.problem.message
    assert shop.writes == {}
    assert isinstance(shop.send(shop.ensure, {**declared, "name_schema": "<title>"}), Done)
    more = [{"identifier": "short", "type": "string"}]
    assert isinstance(shop.send(shop.ensure, {**declared, "fields": more, "name_schema": "<short|title> x"}), Done)


def test_a_field_type_that_ibexa_has_not_is_named(shop: Shop) -> None:
    fields = [{"identifier": "a", "type": "string"}, {"identifier": "b", "type": "sting"}]
    outcome = shop.send(shop.ensure, {"identifier": "new", "main_language": "eng-GB", "fields": fields})
    assert isinstance(outcome, Refused)
    assert "the field type sting?" in outcome.problem.hint
