"""What is to be written so that so many may go: a value that would do, in the words that the route uses."""

from __future__ import annotations

import pytest

from connector.routes.dropped import allowing, are_too_many
from connector.routes.live import Settings


@pytest.mark.parametrize(
    ("count", "percent", "said", "number", "held", "written"),
    [
        (-1, 20.0, False, 11, 40, '{"count": 11}'),
        (3, 0.0, True, 50, 50, '{"count": 50}'),
        (-1, 5.0, True, 17, 90, '{"percent": 19}'),
        (50, 5.0, True, 17, 90, '{"count": 50, "percent": 19}'),
        (-1, 20.0, False, 1_234_567, 2_000_000, '{"count": 1234567}'),
        (3, 50.0, True, 17, 90, '{"count": 17, "percent": 50}'),
    ],
)
def test_a_value_that_would_do(count: int, percent: float, *, said: bool, number: int, held: int, written: str) -> None:
    settings = Settings(max_deletes_count=count, max_deletes_percent=percent, max_deletes_said=said)
    assert are_too_many(settings, number, held)
    assert allowing(settings, number, held) == f'write "max_deletes": {written} in the route'
