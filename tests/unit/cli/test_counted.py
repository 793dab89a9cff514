"""Counts of a run in words: nothing is said twice, and nothing that was found goes untold."""

from __future__ import annotations

import pytest

from connector.cli.counted import compared, in_words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "0 read"),
        ({"read": 9, "created": 1, "updated": 2, "unchanged": 3, "skipped": 2, "failed": 1}, "9 read, 1 created, 2 updated, 5 unchanged, 1 failed"),
        ({"read": 1, "unchanged": 1, "skipped": 8, "verified": 8, "agreed": 5, "drifted": 3, "reported": 3}, "1 read, 1 unchanged"),
        ({"read": 1, "sent": 1, "unchanged": 1, "earlier": 1}, "1 read, 1 sent, 1 unchanged; 1 of these is of an earlier run"),
        ({"read": 1, "failed": 2, "earlier": 2}, "1 read, 2 failed; 2 of these are of earlier runs"),
        ({"read": 2, "skipped": 2, "gone": 2, "duplicates": 1}, "2 read, 2 already gone, 1 read twice"),
    ],
)  # fmt: skip
def test_what_was_done_and_what_was_not(counts: dict[str, int], words: str) -> None:
    assert in_words(counts) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"verified": 0}, ""),
        ({"verified": 8, "agreed": 8}, "8 compared with what was last written, none differ"),
        ({"verified": 8, "agreed": 5, "drifted": 3, "reported": 3}, "8 compared with what was last written, 3 differ"),
        ({"verified": 8, "drifted": 3}, "8 compared with what was last written, 3 differ: written anew"),
    ],
)
def test_what_was_compared_with_the_target(counts: dict[str, int], words: str) -> None:
    assert compared(counts) == words
