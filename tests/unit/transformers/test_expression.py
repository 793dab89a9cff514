"""Our compiled expressions mean what jmespath means; faults are found when loaded, with their place."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.errors import RecordError
from connector.transformers.expression import Expression, ExpressionError
from connector.transformers.functions import FUNCTIONS

DATA: dict[str, Any] = {
    "a": {"b": {"c": [1, 2, 3]}, "zero": 0, "empty": "", "no": False, "yes": True, "none": None},
    "people": [
        {"name": "Åse", "age": 40, "tags": ["x", "y"]},
        {"name": "Bo", "age": None, "tags": []},
        {"name": "Cai", "age": 7},
        "odd one",
    ],
    "nested": [[1, [2]], [3], 4, None],
    "map": {"k1": {"v": 1}, "k2": {"v": 2}, "k3": None},
    "text": "hello",
    "number": 12.5,
}
SAME = [
    "@", "a", "a.b.c", "a.b.c[0]", "a.b.c[-1]", "a.b.c[9]", "a.b.c[1:]", "a.b.c[::-1]", "people[*].name", "people[].tags[]",
    "people[?age > `10`].name", "people[?age].name", "people[?!age].name", "people[?name == 'Bo']", "people[0].[name, age]",
    "people[*].{n: name, a: age}", "nested[]", "nested[][]", "map.*", "map.*.v", "a.zero || 'x'", "a.empty || 'x'",
    "a.no || a.yes", "a.yes && text", "a.none && text", "!a.zero", "!a.empty", "!a.none", "text | length(@)", "length(people)",
    "sort_by(people[?age], &age)[*].name", "max_by(people[?age], &age).name", "keys(map)", "values(map)", "join(',', keys(map))",
    "people[*].tags | [0]", "people[?contains(tags || `[]`, 'x')].name", "{a: text, b: {c: number}}", "[text, number]",
    "`{\"x\": [1, 2]}`", "a.\"b\".c", "missing.deep.path", "missing[0]", "text.name", "number[0]", "people[*].age[]",
    "not_null(missing, text)", "to_string(number)", "type(@)", "starts_with(text, 'he')", "reverse(a.b.c)", "sum(a.b.c)",
    "map(&name, people[:3])", "a.zero == `0`", "a.no == `0`", "a.yes == `1`", "text < 'z'", "number >= `12`", "a.b == `{\"c\":[1,2,3]}`",
    "people[?age == `null`] | [0].name", "merge(a.b, {d: text})", "abs(`-1`)", "people[*].[name][]", "a.[b, zero]", "a.*.c",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_a_compiled_expression_finds_what_jmespath_finds(text: str) -> None:
    try:
        wanted = jmespath.search(text, DATA)
    except jmespath.exceptions.JMESPathError:
        with pytest.raises((RecordError, ExpressionError)):
            Expression(text).search(DATA)
        return
    assert Expression(text).search(DATA) == wanted


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "name"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "name", "age"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(data=_JSON, text=st.sampled_from([one for one in SAME if "(" not in one]))
def test_whatever_the_record_it_finds_what_jmespath_finds(data: Any, text: str) -> None:
    try:
        wanted = jmespath.search(text, data)
    except TypeError:
        return
    assert Expression(text).search(data) == wanted


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_does_what_its_example_says(name: str) -> None:
    text, wanted = FUNCTIONS[name].example
    assert Expression(text).search({}) == wanted


@pytest.mark.parametrize(
    ("text", "words", "offset"),
    [
        ("a.b[", "ends too early", 4),
        ("a..b", "not expected", 2),
        ("a.b c", "not expected", 4),
        ("x.cancat('a')", "no function cancat()", 2),
        ("round()", "takes 1 to 2 arguments", 0),
        ("split(a)", "takes 2 arguments", 0),
        ("length(a, b)", "takes 1 argument,", 0),
        ("foo ~ bar", "not JMESPath", 4),
    ],
)
def test_faults_are_found_when_loaded(text: str, words: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    assert words in caught.value.message
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "offset", "hint"),
    [
        ("concat('t-', Article number)", 21, 'If that is one name, it stands in double quotes: "Article number";'),
        ("join('-', [Artikel nummer])", 19, 'double quotes: "Artikel nummer";'),
        ("concat('t-', Artikel-nr, b)", 20, 'double quotes: "Artikel-nr";'),
        ("upper(Antall stk.)", 17, 'double quotes: "Antall stk.";'),
        ("concat('x', Nr.)", 15, 'double quotes: "Nr.";'),
        ("concat(Price (NOK), 'x')", 7, 'double quotes: "Price (NOK)";'),
        ("Vekt i gram", 5, "single quotes: 'Vekt i gram'. If that is one name"),
        ("{a: Article number, b: c}", 18, 'double quotes: "Article number";'),
        ('{a: "x" c: d}', 8, "Write a comma before it."),
        ("concat('a' b)", 11, "Write a comma before it."),
        ("concat(x[*] `1`)", 12, "Write a comma before it."),
        ("not_null(a or b)", 11, "Write || for or."),
        ("round(price, 2)", 13, "A number stands in backticks: `2`."),
        ("first(a, 0)", 9, "A number stands in backticks: `0`."),
        ("concat('t-', sku", 16, ") is missing at the end."),
        ("concat('t-', join('-', [a, b", 28, "])) is missing at the end."),
        ("concat('t-', join('-', [a, b))", 28, "] is missing before it."),
        ("'t-' + sku", 5, "Texts are joined by concat(a, b)"),
        ("concat('it', 'a name' sku)", 22, "Write a comma before it."),
    ],
)
def test_a_name_of_several_words_is_told_wherever_it_stands(text: str, offset: int, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(text)
    assert (caught.value.offset, hint in caught.value.hint) == (offset, True), caught.value.hint


@pytest.mark.parametrize(
    ("text", "record", "words"),
    [
        ("number(price)", {"price": "call us"}, "wants a number, not 'call us'"),
        ("number(price)", {"price": "nan"}, "finite"),
        ("number(price)", {"price": "-inf"}, "finite"),
        ("number(price)", {"price": "1e9999"}, "wants a number"),
        ("required(name, 'a product needs a name')", {"name": ""}, "a product needs a name"),
        ("parse_date(day)", {"day": "2024-13-45"}, "a day that exists"),
        ("first(a)", {"a": "x"}, "wants a list"),
        ("concat(a)", {"a": {}}, "wants a text, not object"),
        ("length(a)", {"a": None}, "length() wants"),
        ("to_number('nan')", {}, "finite"),
        ("sort(a)", {"a": [1, "x"]}, "sort() wants"),
    ],
)
def test_a_record_at_fault_is_told_without_quoting_it_whole(text: str, record: Any, words: str) -> None:
    with pytest.raises(RecordError) as caught:
        Expression(text).search({**record, "secret": "do not quote me"}, "step 1")
    assert words in caught.value.message or words in caught.value.message + caught.value.hint
    assert "do not quote me" not in caught.value.message + caught.value.hint


def test_an_expression_nested_beyond_reason_is_refused_when_loaded() -> None:
    with pytest.raises(ExpressionError, match="deep|long"):
        Expression("[" * 3000 + "a" + "]" * 3000)
