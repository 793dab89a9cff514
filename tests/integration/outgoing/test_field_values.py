"""Values that Ibexa answers otherwise than they were written: the second time nothing is written all the same."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.jsonio import Json
from connector.core.outcome import Done, Outcome, Refused, Skipped
from tests.integration.outgoing.shop import Shop

FIELDS: list[Json] = [
    {"identifier": "name", "type": "string"},
    {"identifier": "country", "type": "country", "settings": {"isMultiple": True}},
    {"identifier": "home", "type": "country"},
    {"identifier": "link", "type": "url"},
    {"identifier": "isbn", "type": "isbn"},
    {"identifier": "size", "type": "selection", "options": ["1", "2", "3"]},
    {"identifier": "words", "type": "keyword"},
    {"identifier": "count", "type": "integer"},
]


@pytest.fixture
def put(shop: Shop) -> Any:
    kind = {"identifier": "odd", "main_language": "eng-GB", "name": "Odd", "fields": FIELDS}
    assert isinstance(shop.send(shop.ensure, kind), Done)

    def send(**fields: Json) -> Outcome:
        return shop.send(shop.upsert, {"remote_id": "o", "content_type": "odd", "fields": {"name": "A", **fields}})

    return send


@pytest.mark.parametrize("value", ["Norway", "NOR", "norway", ["NO", "Germany"], ["NO", "Norway", "NOR"], "NO"])
def test_a_country_by_any_of_its_names_is_written_once(put: Any, value: Json) -> None:
    assert isinstance(put(country=value), Done)
    assert isinstance(put(country=value), Skipped)


def test_what_is_no_country_is_refused_with_the_nearest(put: Any, shop: Shop) -> None:
    outcome = put(country="Norwey")
    assert isinstance(outcome, Refused)
    assert "knows no such country" in outcome.problem.message
    assert "Norway" in outcome.problem.hint
    assert isinstance(put(home=["NO", "SE"]), Refused)
    assert "content.create" not in shop.writes


def test_a_url_without_a_link_says_nothing(put: Any, shop: Shop) -> None:
    assert isinstance(put(link={"link": "https://a.example/", "text": "a"}), Done)
    for nothing in ({"link": None, "text": "a"}, {"link": ""}, {"url": ""}):
        assert isinstance(put(link=nothing), Skipped)
    assert isinstance(put(link={"clear": True}), Done)
    assert isinstance(put(link={"clear": True}), Skipped)


def test_an_isbn_of_ten_digits_is_refused_in_words_where_the_field_takes_none(put: Any) -> None:
    outcome = put(isbn="0-306-40615-2")
    assert isinstance(outcome, Refused)
    assert "13 digits only" in outcome.problem.message


def test_a_number_that_is_a_label_is_kept_as_that_option_and_not_written_again(put: Any, shop: Shop) -> None:
    first = put(size=1)
    assert isinstance(first, Done)
    assert shop.held(first.target_id).version.fields["eng-GB"]["size"] == [0]
    assert isinstance(put(size=1), Skipped)
    assert isinstance(put(size="1"), Skipped)
    assert isinstance(put(size=2), Done)
    assert shop.held(first.target_id).version.fields["eng-GB"]["size"] == [1]
    assert isinstance(put(size=0), Done), "nobody's label: the number of the first"
    assert shop.held(first.target_id).version.fields["eng-GB"]["size"] == [0]


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("words", {"a": 1}, "it wants a text, not object"),
        ("words", ["a", {"b": 1}], "it wants a text, not object"),
        ("count", 4006381333931, "Ibexa keeps whole numbers from -2147483648 to 2147483647"),
        ("count", "2147483648", "Ibexa keeps whole numbers from -2147483648 to 2147483647"),
    ],
)
def test_what_no_server_can_hold_as_it_is_meant_is_not_sent(
    put: Any, shop: Shop, field: str, value: Json, rule: str
) -> None:
    outcome = put(**{field: value})
    assert isinstance(outcome, Refused)
    assert f"odd.{field}" in outcome.problem.message
    assert rule in outcome.problem.message
    assert "content.create" not in shop.writes
