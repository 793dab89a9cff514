"""Each code says what it means, how to mend it, and shows it."""

from __future__ import annotations

import json

import pytest

from connector.config.codes import CODES, written


@pytest.mark.parametrize("code", CODES)
def test_a_code_says_what_it_means_and_what_to_do(code: str) -> None:
    one = CODES[code]
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    assert len(one.text) > 40
    assert one.severity in ("error", "warning", "info")
    assert one.wrong != one.right


@pytest.mark.parametrize("code", CODES)
def test_what_is_right_is_json(code: str) -> None:
    for name, content in CODES[code].right.items():
        if content is not None and name.endswith(".json"):
            json.loads(written(content))
