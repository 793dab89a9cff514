"""Numbers are what is written: a double where it says the same, else every digit that was given."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core import jsonio
from connector.core.numbers import exact_sum
from connector.transformers.expression import Expression

BEYOND = [
    "0.1000000000000000055", "12345678901234567890.5", "1298.99999999999999999", "1e400", "-2.5e-400",
    "0.30000000000000004440892098500626", "9007199254740993.0", "4.9e-325",
]  # fmt: skip
"""What a double rounds."""


@pytest.mark.parametrize("text", BEYOND)
def test_a_number_that_a_double_would_round_is_written_as_it_came(text: str) -> None:
    for write in (jsonio.dumps, jsonio.canonical):
        again = write(jsonio.parse(f'{{"n": [{text}]}}')).decode()
        assert Decimal(again.removeprefix('{"n":[').removesuffix("]}")) == Decimal(text)
    assert jsonio.parse(jsonio.canonical(jsonio.parse(text))) == jsonio.parse(text)
    assert jsonio.shown({"n": jsonio.parse(text)}) == f'{{"n": {Decimal(text)}}}'
    assert jsonio.type_name(jsonio.parse(text)) == "number"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_a_double_stays_one_and_its_fingerprint_too(number: float) -> None:
    for text in (repr(number), json.dumps({"n": number})):
        found = jsonio.parse(text)
        assert type(found if isinstance(found, float) else found["n"]) is float
        assert jsonio.canonical(found) == json.dumps(json.loads(text), separators=(",", ":")).encode()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_a_price_is_a_double_as_ever(price: Decimal) -> None:
    assert type(jsonio.parse(str(price))) is float


@given(st.from_regex(r"\A-?(0|[1-9][0-9]{0,25})\.[0-9]{1,25}([eE][-+]?[0-9]{1,3})?\Z"))
def test_no_number_is_ever_rounded(text: str) -> None:
    assert Decimal(jsonio.dumps(jsonio.parse(text)).decode()) == Decimal(text)


def test_a_text_that_looks_like_a_number_stays_a_text() -> None:
    value = {"t": "0.1000000000000000055", "n": jsonio.parse("0.1000000000000000055")}
    assert jsonio.dumps(value) == b'{"t":"0.1000000000000000055","n":0.1000000000000000055}'


@pytest.mark.parametrize("number", [Decimal("nan"), Decimal("inf"), float("inf")])
def test_what_is_no_number_is_not_written(number: Any) -> None:
    with pytest.raises(jsonio.JsonError):
        jsonio.dumps({"n": number})


LONG = Decimal("0.1000000000000000055")
MAPPED = [
    ("n", LONG),
    ("{a: n, b: [n]}", {"a": LONG, "b": [LONG]}),
    ("to_number('0.1000000000000000055')", LONG),
    ("to_number(n)", LONG),
    ("number(t)", LONG),
    ("number(n)", LONG),
    ("to_string(n)", "0.1000000000000000055"),
    ("to_string({n: n})", '{"n":0.1000000000000000055}'),
    ("concat('x', n)", "x0.1000000000000000055"),
    ("type(n)", "number"),
    ("abs(m)", LONG),
    ("max([n, `0.05`])", LONG),
    ("min([n, `0.2`, `5`])", LONG),
    ("sort([`0.2`, n, `0.05`])", [0.05, LONG, 0.2]),
    ("sum([n, `0.25`, `1`])", Decimal("1.3500000000000000055")),
    ("sum([n, m])", 0.0),
    ("avg([n, n])", 0.1),
    ("ceil(n)", 1),
    ("floor(m)", -1),
    ("round(n, `2`)", 0.1),
    ("n > `0.05`", True),
    ("n == `0.1`", False),
    ("!n", False),
    ("max_by(rows, &n).id", "b"),
    ("sort_by(rows, &n)[].id", ["a", "b"]),
    ("rows[?n > `0.05`].id", ["b"]),
    ("sum([`0.1`, `0.2`])", 0.1 + 0.2),
]


@pytest.mark.parametrize(("text", "wanted"), MAPPED, ids=[text for text, _ in MAPPED])
def test_a_mapping_works_with_them(text: str, wanted: Any) -> None:
    rows = [{"id": "a", "n": 0.05}, {"id": "b", "n": LONG}]
    found = Expression(text).search({"n": LONG, "m": -LONG, "t": "0.1000000000000000055", "rows": rows})
    assert (found, type(found)) == (wanted, type(wanted))


def test_a_sum_is_exact_however_far_apart_its_parts_are() -> None:
    assert exact_sum([Decimal("1e400"), 0.1]) == Decimal(f"1{'0' * 400}.1")
