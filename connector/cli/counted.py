"""What a run's counts say to people: the same words in `connector run` and `connector runs`."""

from __future__ import annotations

from collections.abc import Mapping

_DONE = ("created", "updated", "drafted", "adopted", "restored", "revealed", "hidden", "trashed", "deleted", "sent")
_NOT_SAME = ("gone", "agreed", "reported")
"""Counted as skipped tasks too, and told in other words."""


def done(counts: Mapping[str, int]) -> list[str]:
    """What was written, each kind with its number."""
    return [f"{counts[word]} {word}" for word in _DONE if counts.get(word)]


def in_words(counts: Mapping[str, int]) -> str:
    """``9 read, 1 created, 7 unchanged, 1 failed``; what is zero is left out, but for what was read."""
    same = counts.get("unchanged", 0) + counts.get("skipped", 0) - sum(counts.get(name, 0) for name in _NOT_SAME)
    parts = [f"{counts.get('read', 0)} read", *done(counts), *([f"{same} unchanged"] if same > 0 else [])]
    parts += [f"{counts['gone']} already gone"] if counts.get("gone") else []
    parts += [f"{counts['duplicates']} read twice"] if counts.get("duplicates") else []
    parts += [f"{counts['moved']} with another key than before"] if counts.get("moved") else []
    words = ", ".join([*parts, *([f"{counts['failed']} failed"] if counts.get("failed") else [])])
    earlier = counts.get("earlier", 0)
    told = {0: "", 1: "; 1 of these is of an earlier run"}.get(earlier, f"; {earlier} of these are of earlier runs")
    return words + told


def compared(counts: Mapping[str, int]) -> str:
    """``8 compared with what was last written, 3 differ``; empty when nothing was."""
    if not counts.get("verified"):
        return ""
    found = counts.get("drifted", 0)
    repaired = "" if not found or counts.get("reported") else ": written anew"
    return f"{counts['verified']} compared with what was last written, {found or 'none'} differ{repaired}"
