"""Values of fields in plain operations: what the server answers with 500 and not a word is explained."""

from __future__ import annotations

import pytest

from connector.core.jsonio import Json
from connector.core.outcome import Refused, Unknown
from tests.integration.outgoing.shop import Shop

PREFIX = "/api/ibexa/v2/content"
ARTICLE = {
    "ContentType": {"_href": f"{PREFIX}/types/2"},
    "mainLanguageCode": "eng-GB",
    "LocationCreate": {
        "ParentLocation": {"_href": f"{PREFIX}/locations/1/2"}, "sortField": "PATH", "sortOrder": "ASC",
    },
}  # fmt: skip


def create(shop: Shop, intro: Json, *, rooted: bool = False) -> str:
    fields = [("title", "Chair"), ("intro", intro)]
    listed = [{"fieldDefinitionIdentifier": name, "fieldValue": value} for name, value in fields]
    payload: Json = {**ARTICLE, "fields": {"field": listed}}
    outcome = shop.send(shop.outgoing("content", "create"), {"ContentCreate": payload} if rooted else payload)
    assert isinstance(outcome, Refused | Unknown), outcome
    return outcome.problem.hint


@pytest.mark.parametrize("rooted", [False, True])
@pytest.mark.parametrize("value", [{"html": "<p>x</p>"}, {"markdown": "x"}, {"text": "x"}])
def test_rich_text_of_the_composed_actions(shop: Shop, value: Json, rooted: bool) -> None:
    hint = create(shop, value, rooted=rooted)
    assert hint.startswith("content.create takes the value of 'intro' as REST has it")
    assert 'rich text is {"xml": "…"} with DocBook' in hint


def test_of_another_value_nothing_is_said(shop: Shop) -> None:
    assert "REST" not in create(shop, {"xml": "<no docbook"})
