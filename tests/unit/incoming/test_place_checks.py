"""Places in a body that lie above one another."""

from __future__ import annotations

from typing import Any

import pytest

from connector.incoming.http_checks import findings

KEYSET = {"type": "keyset", "by": "id"}
POST = {"type": "http", "client": "pim", "endpoint": "/s", "key": "id", "method": "POST"}


def told(**config: Any) -> list[tuple[str, str]]:
    return [(one.pointer, one.message) for one in findings({**POST, **config}) if one.code in ("CFG143", "CFG201")]


@pytest.mark.parametrize(
    "config",
    [
        {"body": {"filter": {"id": {"gt": 0}}}, "pagination": {**KEYSET, "key_param": "/filter/id/gt"}},
        {"body": {"after": {}}, "pagination": {"type": "token", "token": "t", "token_param": "/after"}},
        {"body": {"after": []}, "pagination": {"type": "token", "token": "t", "token_param": "/after"}},
        {"body": {"after": [0]}, "pagination": {**KEYSET, "key_param": "/after/0"}},
        {"body": {"filters": {"a": 1}}, "pagination": {**KEYSET, "key_param": "/filter"}},
        {"query": {"/filter": {"a": 1}}, "pagination": {**KEYSET, "key_param": "/filter/id"}},
    ],
)
def test_a_place_beside_or_below_is_right(config: dict[str, Any]) -> None:
    assert told(**config) == []


def test_a_place_above_that_of_a_query_takes_it_away() -> None:
    [(pointer, message)] = told(query={"/filter/a": 1}, pagination={**KEYSET, "key_param": "/filter"})
    assert pointer == "/pagination/key_param"
    assert message == "the paging sets '/filter', and with it what query has at '/filter/a'"


def test_a_cursor_that_replaces_an_object_of_the_body() -> None:
    cursor = {"at": "updated", "send": {"query": {"/filter": "{cursor}"}}}
    [(pointer, message)] = told(body={"filter": {"active": True}}, cursor=cursor)
    assert pointer == "/cursor/send/query/~1filter#"
    assert message == "the cursor sets '/filter', and with it all that body has there"


@pytest.mark.parametrize("place", ["/", "/filter/"])
def test_a_place_without_a_name_at_its_end_is_none(place: str) -> None:
    [(pointer, message)] = told(pagination={**KEYSET, "key_param": place})
    assert pointer == "/pagination/key_param"
    assert message == f"'{place}' is no place in the body: it ends with a slash, and names nothing there"
