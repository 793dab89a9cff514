"""A trace yields what a run yields, and knows which names were met; places of names are those of the text."""

from __future__ import annotations

import pytest

from connector.core.jsonio import Json
from connector.transformers.expression import Expression, syntax_tree
from connector.transformers.names import names_of
from connector.transformers.trace import Traced
from connector.transformers.unknown import UNKNOWN

RECORD = {
    "sku": "1",
    "name": {"en": "Chair", "no": None},
    "variants": [{"sku": "2", "size": 4, "tags": ["a", "b"]}, {"sku": "3", "size": 1, "tags": []}],
    "Article number": "A-1",
}
EXPRESSIONS = (
    "sku",
    '"Article number"',
    "name.en",
    "@.name.no",
    "variants[].sku",
    "variants[*].tags[]",
    "variants[?size > `2`].sku | [0]",
    "variants[-1].size",
    "variants[0:1].sku",
    "name.*",
    "{a: sku, b: [name.en, `2`]}",
    "name.no || sku",
    "name.no && sku",
    "!name.no",
    "sku == '1' && name.en",
    "sort_by(variants, &size)[].sku",
    "map(&join('-', tags), variants)",
    "concat('p-', sku, name.no)",
    "lookup({a: 'x'}, sku, 'none')",
    "length(variants)",
    "nothing.below.it",
)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_trace_yields_what_a_run_yields(text: str) -> None:
    assert Traced(text).run(RECORD) == Expression(text).search(RECORD)


def missed(text: str, *records: Json) -> list[str]:
    traced = Traced(text)
    for record in records:
        traced.run(record)
    return [one.name.text for one in traced.sights.values() if one.missed and not one.met]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name.en", []),
        ("name.de", ["de"]),
        ("naem.de", ["naem"]),  # of what is below it nothing is known
        ("name.no.more", []),  # a null has nothing below it, and may have another time
        ("variants.sku", ["sku"]),  # a list has no names
        ("variants[].colour", ["colour"]),
        ("variants[?colour == 'red'].sku", ["colour"]),
        ("sort_by(variants, &colour)", ["colour"]),
        ("sku || nmae", ["nmae"]),  # into every branch
        ("sku == '2' && nmae", ["nmae"]),
        ("name.no != null", []),
        ('sku == "2"', ["2"]),
        ("{colour: sku}", []),  # a key is no name that is read
    ],
)
def test_names_that_are_never_there(text: str, expected: list[str]) -> None:
    assert missed(text, RECORD) == expected


def test_a_name_that_one_record_has_is_met() -> None:
    assert missed("size", {"sku": "1"}, {"size": None}) == []


def test_what_is_not_known_has_every_name() -> None:
    traced = Traced("{a: parts[].name, b: concat('x', code)}")
    assert traced.run({"parts": UNKNOWN, "code": UNKNOWN}) == {"a": UNKNOWN, "b": UNKNOWN}
    assert traced.done


def test_an_expression_that_fails_says_why_once_a_record() -> None:
    traced = Traced("[number(sku), number(sku)]")
    assert traced.run({"sku": "a"}) is not None
    assert (traced.ran, traced.failed) == (1, 1)
    assert "wants a number" in traced.fault


@pytest.mark.parametrize(
    "text",
    [
        "a.b.c[0].d",
        "a[?b == c].d | e",
        "{x: a, y: join(', ', [b, c])}",
        "sort_by(a, &b.c)[*].d",
        '"a b" == c && !d || e',
        "a[].{k: b, l: c}",
        "a.*.b",
    ],
)
def test_each_name_is_placed_where_it_is_written(text: str) -> None:
    tree = syntax_tree(text)
    names = list(names_of(tree, text).values())
    assert names
    for one in names:
        written = f'"{one.text}"' if one.quoted else one.text
        assert text[one.offset :].startswith(written)
    assert [one.offset for one in names] == sorted({one.offset for one in names})


def test_a_name_knows_its_way_from_the_record() -> None:
    text = "a.b.c[0].d"
    names = names_of(syntax_tree(text), text).values()
    assert [one.path for one in names] == ["a", "a.b", "a.b.c", ""]
