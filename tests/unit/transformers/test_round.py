"""``round`` with numbers of decimals out of a record: a fault of that record, never of the run."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import RecordError
from connector.transformers.expression import Expression


@pytest.mark.parametrize("digits", [-400, 400, 1.5, "x", 10**30])
def test_a_number_of_decimals_that_there_is_not_is_told_of_the_record(digits: Any) -> None:
    with pytest.raises(RecordError, match=r"round\(\) wants"):
        Expression("round(value, digits)").search({"value": 1.5, "digits": digits})


@pytest.mark.parametrize(
    ("value", "digits", "wanted"), [(1234, -2, 1200), (1.005, 2, 1.01), (1.5, 300, 1.5), (1e300, 300, 1e300), (7, 0, 7)]
)
def test_what_there_is_to_round_is_rounded(value: Any, digits: Any, wanted: Any) -> None:
    assert Expression("round(value, digits)").search({"value": value, "digits": digits}) == wanted
