"""Where an expression writes a part: by names, through pipes, projections and lists of one."""

from __future__ import annotations

import pytest

from connector.transformers.positions import spot_of


@pytest.mark.parametrize(
    ("text", "way", "depth", "at", "opaque"),
    [
        ("{payload: {names: a.b}}", "payload names", 2, "names", True),
        ("{payload: {names: {nb: a}}}", "payload names nb", 3, "nb", True),
        ("{payload: {names: {nb: a}}}", "payload names", 2, "names", False),
        ("{payload: {other: a}}", "payload names", 1, "payload", False),
        ("{payload: @}", "payload names", 1, "payload", True),
        ("x.{a: b} | {payload: {names: a}}", "payload names", 2, "names", True),
        ("items[].{payload: {names: a}}", "payload names", 2, "names", True),
        ("[{payload: {names: a}}]", "payload names", 2, "names", True),
        ("[{payload: a}, {payload: b}]", "payload", 0, "[", True),
        ("a[?payload].{payload: concat('{', b[0], '}')}", "payload", 1, "payload: concat", True),
        ('{payload: {"odd name": a}}', "payload odd name", 1, "payload", False),
        ("{a: {payload: x}, payload: {names: {names: y}}}", "payload names names", 3, "names: y", True),
        ("merge({payload: a}, b)", "payload", 0, "merge", True),
        ("{payload: `{\"names\": 1}`}", "payload names", 1, "payload", True),
        ("not ( closed", "payload", 0, "not", True),
        ("$$$", "payload", 0, "$", True),
    ],
)  # fmt: skip
def test_the_nearest_name_is_found(text: str, way: str, depth: int, at: str, opaque: bool) -> None:
    spot = spot_of(text, way.split())
    assert (spot.depth, spot.offset, spot.opaque) == (depth, text.index(at), opaque)


def test_a_name_in_quotes_is_one_name() -> None:
    text = '{payload: {"odd name": a}}'
    assert spot_of(text, ["payload", "odd name"]).offset == text.index('"odd')
