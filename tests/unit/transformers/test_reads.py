"""Which fields a mapping reads, and the note when no record has one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connector.transformers.reads import paths_read, unmet

RECORD = {"sku": "1", "price": {"amount": 5}, "tags": [{"name": "a"}], "colour": None, "Weight": 3}


def steps(*to: Any) -> str:
    return json.dumps(list(to))


READ = [
    ("sku", ["sku"]),
    ("@.sku", ["sku"]),
    ("price.amount", ["price.amount"]),
    ("tags[].name", ["tags"]),
    ("tags[?name == 'a'].price", ["tags"]),
    ("tags | [0].sku", ["tags"]),
    ("sort_by(tags, &name)[0].colour", ["tags"]),
    ("{a: sku, b: [price.amount, colour]}", ["colour", "price.amount", "sku"]),
    ("join('-', [sku, colour || 'none'])", ["colour", "sku"]),
    ("sku == '1' && !colour", ["colour", "sku"]),
    ("'sku'", []),
    ("`5`", []),
    ("not ( jmespath", []),
]


@pytest.mark.parametrize(("expression", "expected"), READ)
def test_what_an_expression_reads_from_the_record_itself(expression: str, expected: list[str]) -> None:
    assert [".".join(path) for path in paths_read(f"# why\n{expression}", ".jmespath")] == expected
    step = {"type": "map", "to": {"payload": {"a": expression}}}
    assert [".".join(path) for path in paths_read(steps(step), ".json")] == expected


def test_what_comes_after_a_change_of_shape_is_not_a_field_of_the_record() -> None:
    text = steps(
        {"type": "filter", "where": "enabled"},
        {"type": "split", "at": "variants", "keep_parent": True},
        {"type": "map", "to": {"payload": {"a": "parent.sku"}}},
    )
    assert paths_read(text, ".json") == [("enabled",), ("variants",)]


UNMET = [
    ("skuu", "Did you mean 'sku'?"),
    ("price.amout", "Did you mean 'amount'?"),
    ("weight", "Did you mean 'Weight'?"),
    ("tags.name", "'tags' is a list: write tags[].name for all, or tags[0].name for the first."),
    ("zzz", "There is: sku, price, tags, colour, Weight."),
    ("sku.code", ""),
]


@pytest.mark.parametrize(("path", "hint"), UNMET)
def test_a_field_that_no_record_has_is_told_with_what_it_may_have_meant(path: str, hint: str) -> None:
    (only,) = unmet([tuple(path.split("."))], [RECORD, {**RECORD, "sku": "2"}])
    assert (only.field, only.hint) == (path, hint)


@pytest.mark.parametrize("path", ["sku", "colour", "colour.code", "price.amount"])
def test_a_field_that_is_there_is_not_told_of_even_if_it_is_null(path: str) -> None:
    assert unmet([tuple(path.split("."))], [RECORD]) == []


def test_one_record_that_has_it_is_enough() -> None:
    assert unmet([("size",)], [RECORD, {**RECORD, "size": 4}]) == []


def test_without_records_nothing_is_said() -> None:
    assert unmet([("size",)], []) == []
