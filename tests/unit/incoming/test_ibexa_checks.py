"""What is said of an Ibexa subscriber's declaration before anything is asked."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import ConfigError
from connector.incoming.ibexa import IbexaIncoming
from connector.incoming.ibexa_checks import operation_of
from connector.systems.catalogue import ibexa


@pytest.mark.parametrize(
    "config",
    [
        {"entity": "content"},
        {"entity": "content", "find": {"content_types": ["article"], "under": "${ROOT_PATH}"}},
        {"entity": "content", "find": {"under": "${ROOT}"}, "cursor": {}},
        {"entity": "${ENTITY}", "query": {"anything": 1}},
        {"entity": "location", "action": "list_children", "path": {"path": "1/2"}, "query": {"limit": 5}},
        {"entity": "location", "action": "list_children", "request_transformer": "places"},
        {"entity": "content", "payload": {"ViewInput": {"identifier": "a", "ContentQuery": {"Filter": {}}}}},
        {
            "entity": "content",
            "find": {"ids": [1]},
            "payload": {"ContentQuery": {"SortClauses": {"ContentName": "ascending"}}},
        },
        {"entity": "content", "find": {"criteria": {"SubtreeCriterion": "/1/2/,/1/5/6/"}}},
        {"entity": "content", "find": {"criteria": {"SubtreeCriterion": "${PLACE}"}}},
        {
            "entity": "content",
            "find": {
                "criteria": {"DateMetadataCriterion": {"Target": "created", "Operator": "gte", "Value": "1600000000"}}
            },
        },
    ],
)
def test_nothing_is_said_of_what_is_right(config: dict[str, Any]) -> None:
    assert IbexaIncoming.lint(config, {}) == []


@pytest.mark.parametrize(
    ("config", "pointer", "code", "words"),
    [
        ({"entity": "contnet"}, "/entity", "CFG150", "no entity"),
        ({"entity": "content", "action": "serch"}, "/action", "CFG150", "no action"),
        ({"entity": "content", "action": "create"}, "/action", "CFG150", "only reads"),
        ({"entity": "user", "action": "check"}, "/action", "CFG150", "no records"),
        ({"entity": "location"}, "/entity", "CFG150", "needs an action"),
        ({"entity": "section", "find": {"ids": [1]}}, "/entity", "CFG150", "find belongs to content.search"),
        ({"entity": "section", "cursor": {}}, "/entity", "CFG150", "cursor belongs to content.search"),
        ({"entity": "basket", "action": "list"}, "/action", "CFG152", "is removed"),
        ({"entity": "section", "query": {"identifer": "a"}}, "/query/identifer#", "CFG154", "'identifer'"),
        ({"entity": "section", "payload": {}}, "/payload#", "CFG154", "no payload"),
        ({"entity": "content", "action": "get"}, "", "CFG155", "path.contentId"),
        ({"entity": "content", "find": {"remote_ids": ["a,b"]}}, "/find/remote_ids", "CFG154", "comma"),
        ({"entity": "content", "payload": {"Query": {}}}, "/payload/Query#", "CFG157", "'Query'"),
        (
            {"entity": "content", "find": {"criteria": {"OR": {"AncestorCriterion": ["/1/2/", "1/2/"]}}}},
            "/find/criteria/OR/AncestorCriterion/1",
            "CFG158",
            "'1/2/'",
        ),
        (
            {"entity": "content", "find": {"criteria": {"Field": {"name": "a", "operator": "=", "value": 1}}}},
            "/find/criteria/Field/operator",
            "CFG158",
            "'='",
        ),
        (
            {"entity": "content", "payload": {"ViewInput": {"LocationQuery": {"SortClauses": {"Score": "ascending"}}}}},
            "/payload/ViewInput/LocationQuery/SortClauses/Score#",
            "CFG158",
            "legacy",
        ),
        (
            {
                "entity": "content",
                "find": {"ids": [1]},
                "payload": {"ViewInput": {"ContentQuery": {"Filter": {"ContentIdCriterion": 2}}}},
            },
            "/payload/ViewInput/ContentQuery/Filter#",
            "CFG143",
            "both",
        ),
    ],
)
def test_what_is_wrong_is_named_at_its_place(config: dict[str, Any], pointer: str, code: str, words: str) -> None:
    (finding,) = IbexaIncoming.lint(config, {})
    assert (finding.pointer, finding.code) == (pointer, code)
    assert words in finding.message
    assert finding.hint


def test_a_declaration_that_writes_is_not_built() -> None:
    with pytest.raises(ConfigError, match="writes"):
        operation_of({"entity": "content", "action": "delete"}, ibexa())


def test_a_value_that_a_query_parameter_does_not_take_is_found() -> None:
    config = {"type": "ibexa", "client": "ibexa", "entity": "content_type", "action": "list"}
    (found,) = IbexaIncoming.lint({**config, "query": {"orderby": "names", "sort": "desc"}}, {})
    assert (found.pointer, found.code) == ("/query/orderby", "CFG113")
    assert found.hint == "Did you mean 'name'? One of: name, lastmodified."
    assert IbexaIncoming.lint({**config, "query": {"orderby": "${BY}", "sort": "asc"}}, {}) == []
