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
