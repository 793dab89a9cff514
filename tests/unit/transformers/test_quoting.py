"""Names that look like texts are told; names that may well be names are not."""

from __future__ import annotations

import pytest

from connector.transformers.quoting import suspects


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ('join(", ", names)', 5),
        ('join("", [a, b])', 5),
        ('split(a, "|")', 9),
        ("replace(a, \"x\", 'y')", 11),
        ('status == "active"', 10),
        ('"active" == status', 0),
        ('items[?kind != "spare"].name', 15),
        ('concat("pim-", id)', 7),
        ('concat(first, " ")', 14),
        ('required(name, "a name is needed")', 15),
        ("enabled == true", 11),
        ("true", 0),
        ("concat('Hello {{ name }}', a)", 7),
        ("'status' == 'active' && name", 0),
    ],
)
def test_what_is_hardly_a_name(text: str, offset: int) -> None:
    assert [one.offset for one in suspects(text)] == [offset]


@pytest.mark.parametrize(
    "text",
    [
        '"Article number"',
        'concat("First name", \' \', "Last name")',
        'sku == "Article number"',
        "\"Article number\" == 'A-1'",
        '"Price (NOK)"',
        '"#"',
        '"%"',
        '"@id"',
        'values."en-GB"',
        '"x-a"."b-"',
        'lookup(names, "Article number")',
        "values.true",
        "{true: a}",
        "name != null",
        "starts_with(a, b)",
        "a == `true`",
        "join(', ', names)",
        "'a {note} in braces'",
    ],
)
def test_no_false_alarm(text: str) -> None:
    assert suspects(text) == []
