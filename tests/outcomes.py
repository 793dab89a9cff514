"""Outcomes, compared."""

from __future__ import annotations

from msgspec.structs import replace

from connector.core.outcome import Outcome


def forgetful(outcome: Outcome) -> Outcome:
    """The same without what it remembers for the next time."""
    return replace(outcome, memory=None)
