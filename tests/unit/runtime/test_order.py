"""The order of several routes, and what does not run because something before it failed."""

from __future__ import annotations

import pytest

from connector.runtime.order import ordered, refusal


@pytest.mark.parametrize(
    ("names", "after", "expected"),
    [
        (["b", "a"], {}, ["b", "a"]),
        (["b", "a"], {"b": ["a"]}, ["a", "b"]),
        (["c", "a"], {"c": ["b"], "b": ["a"]}, ["a", "c"]),
        (["d", "c", "a"], {"c": ["a"]}, ["d", "a", "c"]),
        (["a", "b"], {"a": ["b"], "b": ["a"]}, ["b", "a"]),
    ],
    ids=["as given", "one before the other", "by way of one not named", "the others stay", "a circle ends"],
)
def test_each_comes_behind_those_it_comes_after(
    names: list[str], after: dict[str, list[str]], expected: list[str]
) -> None:
    assert ordered(names, after) == expected


def test_a_refusal_names_what_failed_and_the_way_out() -> None:
    assert refusal("b", ["a"], {"c": "failed (run 1)"}) is None
    refused = refusal("b", ["a", "c"], {"a": "failed (run 1)", "c": "was not run"})
    assert refused is not None
    assert refused.message == "'b' comes after 'a' failed (run 1), 'c' was not run"
    assert '"after_failure": "run"' in refused.hint
