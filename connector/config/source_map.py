"""Where a value or key stands in a JSON text: line and column for a JSON pointer. Used only when there is an error.

It judges nothing: whether a text is JSON is for core.jsonio to say; this one also reads what is broken further on.
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct

from connector.config.pointer import below
from connector.core.jsonio import MAX_DEPTH

_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
"""One character of a text as JSON writes it."""


class Spot(Struct, frozen=True):
    """Line and column, both from 1; the column counts characters."""

    line: int
    column: int


class SourceMap:
    """Positions of all keys and values of one JSON text; also of a text that is broken further on.

    Attributes:
        twice: keys that occur again in one object: the key, its first place, the other place.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix("\ufeff").encode("utf-8", "surrogatepass").split(b"\n")
        self._values: dict[str, Spot] = {}
        self._keys: dict[str, Spot] = {}
        self._texts: dict[str, str] = {}
        self.twice: list[tuple[str, Spot, Spot]] = []
        self._walk(_root(b"\n".join(self._lines)), "", 0)

    def value(self, pointer: str) -> Spot | None:
        """Where the value begins; of a pointer that does not exist, the nearest one above it."""
        while pointer and pointer not in self._values:
            pointer = pointer.rpartition("/")[0]
        return self._values.get(pointer)

    def key(self, pointer: str) -> Spot | None:
        """Where the key of a member stands; else where its value is."""
        return self._keys.get(pointer) or self.value(pointer)

    def inside(self, pointer: str, offset: int) -> Spot | None:
        """Where the character number ``offset`` (from 0) of a text value stands; escapes are longer than they read."""
        start, written = self.value(pointer), self._texts.get(pointer)
        if start is None or written is None:
            return start
        before = _CHARACTER.findall(written)[:offset]
        return Spot(start.line, start.column + 1 + len("".join(before)))

    def _walk(self, node: Any, pointer: str, depth: int) -> None:
        if node is None or depth > MAX_DEPTH:
            return
        self._values.setdefault(pointer, self._spot(node))
        if node.type == "object":
            self._object(node, pointer, depth)
        elif node.type == "array":
            entries = [child for child in node.named_children if child.type not in ("comment", "ERROR")]
            for number, child in enumerate(entries):
                self._walk(child, below(pointer, number), depth + 1)
        elif node.type == "string":
            self._texts.setdefault(pointer, node.text.decode("utf-8", "replace")[1:-1])

    def _object(self, node: Any, pointer: str, depth: int) -> None:
        seen: dict[str, Spot] = {}
        for pair in (child for child in node.named_children if child.type == "pair"):
            key = pair.child_by_field_name("key")
            if key is None:
                continue
            name, spot = _unquoted(key.text), self._spot(key)
            if name in seen:
                self.twice.append((name, seen[name], spot))
            place = below(pointer, name)
            seen.setdefault(name, spot)
            self._keys.setdefault(place, spot)
            self._walk(pair.child_by_field_name("value"), place, depth + 1)

    def _spot(self, node: Any) -> Spot:
        row, byte = node.start_point[0], node.start_point[1]
        return Spot(row + 1, len(self._lines[row][:byte].decode("utf-8", "replace")) + 1)


def _root(data: bytes) -> Any:
    import tree_sitter_json  # noqa: PLC0415 - only when there is an error to place
    from tree_sitter import Language, Parser  # noqa: PLC0415

    document = Parser(Language(tree_sitter_json.language())).parse(data).root_node
    return next((child for child in document.named_children if child.type not in ("comment", "ERROR")), None)


def _unquoted(text: bytes) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text.decode("utf-8", "replace").strip('"')
