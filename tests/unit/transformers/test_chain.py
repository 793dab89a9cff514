"""From a record to messages: steps, files, and what is no message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.core.errors import ConfigError, RecordError
from connector.core.model import Message, Record
from connector.transformers.chain import MappingChain
from connector.transformers.files import lint, load

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def chain(*steps: Any) -> MappingChain:
    return MappingChain([load("t", Path("t.json"), json.dumps(list(steps)))])


def messages(mapping: MappingChain, data: Any) -> list[Message]:
    return mapping.messages(Record(data, "k", "o"), NOW)


def test_a_map_builds_its_object_leaf_by_leaf() -> None:
    mapping = chain({"type": "map", "to": {"payload": {"a": "x.y", "n": 5, "list": ["x.y", True], "none": None}}})
    assert messages(mapping, {"x": {"y": "æ"}})[0].payload == {"a": "æ", "n": 5, "list": ["æ", True], "none": None}


def test_a_failure_names_file_step_and_field() -> None:
    mapping = chain({"type": "filter", "where": "`true`"}, {"type": "map", "to": {"payload": {"price": "number(p)"}}})
    with pytest.raises(RecordError) as caught:
        messages(mapping, {"p": "x"})
    assert caught.value.step == "t.json step 2 (map) payload.price"


def test_a_filter_stops_what_is_false_or_empty() -> None:
    mapping = chain({"type": "filter", "where": "on"}, {"type": "map", "to": {"payload": "@"}})
    values: list[Any] = [True, 0, "x", [1], False, None, "", [], {}]
    passed = [value for value in values if messages(mapping, {"on": value})]
    assert passed == [True, 0, "x", [1]]


def test_split_makes_one_message_an_element_and_can_keep_the_parent() -> None:
    mapping = chain(
        {"type": "split", "at": "v", "keep_parent": True}, {"type": "map", "to": {"payload": "[id, parent.n]"}}
    )
    assert [one.payload for one in messages(mapping, {"n": 1, "v": [{"id": "a"}, {"id": "b"}]})] == [["a", 1], ["b", 1]]
    assert messages(mapping, {"n": 1, "v": None}) == []


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"fields": 1}, "no part of a message"),
        ({"paylod": 1}, "Did you mean 'payload'"),
        ({"_media-type": "x", "identifier": "y"}, "a record in the server's own form"),
        ("text", "instead of a message"),
        ({"path": []}, "path must be an object"),
        ({"payload": "\ud800"}, "surrogate"),
        ({"payload": float("inf")}, "NaN, Infinity"),
    ],
)
def test_what_is_no_message_is_refused_with_a_hint(made: Any, words: str) -> None:
    with pytest.raises(RecordError) as caught:
        MappingChain([]).messages(Record(made, "k", "o"), NOW)
    assert words in caught.value.message + caught.value.hint


def test_an_expression_file_may_begin_with_comments_and_yield_many() -> None:
    mapping = MappingChain([load("t", Path("t.jmespath"), "# why\n\nitems[].{payload: @}\n")])
    assert [one.payload for one in messages(mapping, {"items": [1, 2]})] == [1, 2]


def test_the_version_changes_with_the_mapping_only() -> None:
    one = load("t", Path("t.json"), '[{"type": "filter", "where": "a"}]')
    same = load("t", Path("t.json"), '[ {"where": "a", "type": "filter"} ]')
    other = load("t", Path("t.json"), '[{"type": "filter", "where": "b"}]')
    assert one.version == same.version != other.version


def test_every_fault_of_a_file_is_found_with_its_pointer() -> None:
    steps = [{"type": "filter", "where": "a["}, {"type": "map", "to": {"payload": {"x": "nope(a)", "y": "ok"}}}]
    found = lint("t", json.dumps(steps), ".json")
    assert [(one.pointer, one.code) for one in found] == [("/0/where", "CFG160"), ("/1/to/payload/x", "CFG160")]
    assert lint("t", "# c\na[", ".jmespath")[0].offset == 6


def test_a_file_that_does_not_compile_is_an_error_when_loaded() -> None:
    with pytest.raises(ConfigError, match="t.json"):
        load("t", Path("t.json"), '[{"type": "filter", "where": "a["}]')
