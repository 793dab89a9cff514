"""Lengths of time as users write them."""

from __future__ import annotations

import pytest

from connector.core.units import duration, spoken


@pytest.mark.parametrize("text", ["250ms", "1s", "90s", "2h", "1d", "36h", "90m", "0.25s", "1.5h"])
def test_a_length_is_said_as_it_could_be_written(text: str) -> None:
    assert duration(spoken(duration(text).total_seconds())) == duration(text)
    assert len(spoken(duration(text).total_seconds())) <= len(text) + 1
