"""Expressions in the words of other languages, and what their hint says; days in forms that are none."""

from __future__ import annotations

import pytest

from connector.core.errors import RecordError
from connector.transformers.expression import Expression, ExpressionError

MEANT = [
    ("a ? b : c", "condition && yes || no"),
    ("a ?? b", "default(a, b)"),
    ("not active", "!active."),
    ("a && not b", "!b."),
    ("not (a && b)", "!(…)"),
    ("{R = 'Red'}", "Write : between"),
    ("{a: x[?b = 'Red']}", "Write == to compare."),
    ("a = 'x'", "Write == to compare."),
    ("$.data.items", "without $: data.items."),
    ("${SKU}", "as it is called, SKU."),
    ("{{sku}}", "as it is called, sku."),
    ("p-{sku}", "concat('p-', sku)"),
    ("// the name\nname", "begins with #"),
    ("price * 1.25", "no arithmetic"),
    ("price / 100", "no arithmetic"),
    ("{R: 'Red'}[colour]", "lookup(object, colour)"),
    ("coalesce(a, b)", "default(value, other)"),
    ("if(a, b, c)", "condition && yes || no"),
    ("strlen(a)", "length(value)"),
    ("now()", "no clock"),
    ("required(x)", "Such as required("),
    ("default()", "Such as default("),
    ("join(x)", "Such as join("),
    ("name.upper()", "upper(name)"),
    ("concat('it''s')", "\\'"),
    ("", "Write @"),
    ("`1e400`", "smaller"),
]


@pytest.mark.parametrize(("text", "hint"), MEANT)
def test_another_language_is_told_apart(text: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Expression(text)
    assert hint in error.value.hint


@pytest.mark.parametrize("text", ["sku-nr", "Price-NOK", "50% off", "item number", "name/no", "name_no.a*b"])
def test_a_name_or_a_text_is_no_arithmetic(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Expression(text)
    assert "arithmetic" not in error.value.hint


def test_what_stands_there_is_quoted() -> None:
    with pytest.raises(ExpressionError) as error:
        Expression("replace(price, ',' '.')")
    assert (error.value.offset, error.value.message) == (19, "not JMESPath: \"'.'\" is not expected here")


@pytest.mark.parametrize(
    ("text", "data", "said"),
    [
        ("join('p-', sku)", {"sku": "A"}, "join() wants a list of texts, not a text"),
        ("sum(price)", {"price": "1"}, "sum() wants a list of numbers, not a text"),
        ("a[::0]", {"a": [1]}, "a step of 0"),
        ("`1` < 'a'", {}, "cannot be compared"),
        ("ceil(x)", {"x": float("inf")}, "too large"),
        ("hash(x)", {"x": float("inf")}, "Infinity"),
        ("number('1_000')", {}, "wants a number"),
        ("truncate('abc', `1.5`)", {}, "a whole number"),
        ("truncate('abc', `-1`)", {}, "a whole number"),
        ("parse_date('2026-W01')", {}, "as a day"),
        ("parse_date('31.02.2026', '%d.%m.%Y')", {}, "as a day that exists"),
        ("parse_date('02.03.2026', 'dd.MM.yyyy')", {}, "no form of a day"),
        ("parse_date('02.03.2026', '%')", {}, "no form of a day"),
        ("format_date('2026-03-02', 'dd.MM.yyyy')", {}, "no form of a day"),
    ],
)
def test_a_failure_is_told_in_plain_words(text: str, data: object, said: str) -> None:
    with pytest.raises(RecordError) as error:
        Expression(text).search(data)
    assert said in error.value.message
    assert not any(word in error.value.message for word in ("Error", "array-", "int"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("parse_date('02.03.2026', 'dd.MM.yyyy')", "Write '%d.%m.%Y'."),
        ("parse_date('02.03.2026', 'd.m.Y')", "Write '%d.%m.%Y'."),
        ("parse_date('02.03.2026', '%d.%m.%y')", "It would be read by '%d.%m.%Y'."),
        ("parse_date('02.03.2026')", "Give the form: parse_date(…, '%d.%m.%Y')."),
    ],
)
def test_the_form_of_a_day_is_told(text: str, hint: str) -> None:
    with pytest.raises(RecordError) as error:
        Expression(text).search({})
    assert hint in error.value.hint


def test_forms_that_the_system_knows_may_be_written() -> None:
    assert Expression("format_date('2026-03-02', '%-d.%-m.%Y')").search({}) == "2.3.2026"
