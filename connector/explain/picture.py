"""A route, or a part of one, as a Mermaid flowchart.

Names come from files: whatever they hold, they stay names in the picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

_SPECIAL = re.compile(r"[^\w \-.,:/+=?$()\[\]{}…]")


class Node(Struct, frozen=True):
    """A box: lines of text; ``outside``: a system that is not ours, drawn rounded."""

    lines: Sequence[str]
    outside: bool = False


def flowchart(nodes: Sequence[Node], ways: Sequence[tuple[int, int]] | None = None) -> str:
    """The boxes from left to right; ``ways`` are pairs of their places from 0, left out: each leads to the next."""
    drawn = [f"  n{number}{_box(node)}" for number, node in enumerate(nodes, start=1)]
    pairs = [(at, at + 1) for at in range(len(nodes) - 1)] if ways is None else ways
    return "\n".join(["flowchart LR", *drawn, *(f"  n{one + 1} --> n{other + 1}" for one, other in pairs)])


def _box(node: Node) -> str:
    text = "<br/>".join(escaped(line) for line in node.lines if line)
    return f'(["{text}"])' if node.outside else f'["{text}"]'


def escaped(text: str) -> str:
    """Text that Mermaid shows as it is: quotes, markup, comments and entities are written as codes."""
    plain = " ".join(text.split())
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", plain)
