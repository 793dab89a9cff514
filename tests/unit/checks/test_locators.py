"""Locators know JMESPath alone, and say so."""

from __future__ import annotations

import pytest

from connector.checks.locators import locator_fault


@pytest.mark.parametrize("text", ["id", "join('-', [id, to_string(no)])", "a || b"])
def test_what_jmespath_knows_is_fine(text: str) -> None:
    assert locator_fault(text) is None


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("a[", 2, "does not compile"),
        ("concat('a-', id)", 0, "calls concat(), which only mappings know"),
        ("join('-', [slug(name)])", 11, "calls slug()"),
    ],
)
def test_what_would_find_nothing_is_told_with_its_place(text: str, offset: int, words: str) -> None:
    fault = locator_fault(text)
    assert fault is not None
    assert (fault.code, fault.offset) == ("CFG160", offset)
    assert words in fault.message
