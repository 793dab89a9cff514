"""Where a value or key stands in a JSON text: line and column for a JSON pointer. Used only when there is an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column, both from 1; the column counts characters."""

    line: int
    column: int


class SourceMap:
    """Positions of all keys and values of one JSON text; also of a text that is broken further on."""

    def __init__(self, text: str) -> None:
        self._lines = text.removeprefix("\ufeff").encode("utf-8", "surrogatepass").split(b"\n")
        self.values: dict[str, Spot] = {}
        self.keys: dict[str, Spot] = {}
        self.twice: list[tuple[str, Spot, Spot]] = []
        self._walk(_root(b"\n".join(self._lines)), "")

    def value(self, pointer: str) -> Spot | None:
        """Where the value begins; of a pointer that does not exist, the nearest one above it."""
        return _nearest(self.values, pointer)

    def key(self, pointer: str) -> Spot | None:
        """Where the key of a member stands; else where its value is."""
        return self.keys.get(pointer) or self.value(pointer)

    def _walk(self, node: Any, pointer: str) -> None:
        if node is None:
            return
        self.values.setdefault(pointer, self._spot(node))
        if node.type == "object":
            for pair in (child for child in node.named_children if child.type == "pair"):
                self._pair(pair, pointer)
        elif node.type == "array":
            entries = [child for child in node.named_children if child.type not in ("comment", "ERROR")]
            for number, child in enumerate(entries):
                self._walk(child, f"{pointer}/{number}")

    def _pair(self, pair: Any, pointer: str) -> None:
        key = pair.child_by_field_name("key")
        if key is None:
            return
        name = _unquoted(key.text)
        place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        spot = self._spot(key)
        if place in self.keys:
            self.twice.append((name, self.keys[place], spot))
        self.keys.setdefault(place, spot)
        self._walk(pair.child_by_field_name("value"), place)

    def _spot(self, node: Any) -> Spot:
        row, byte = node.start_point[0], node.start_point[1]
        return Spot(row + 1, len(self._lines[row][:byte].decode("utf-8", "replace")) + 1)


def _root(data: bytes) -> Any:
    import tree_sitter_json  # noqa: PLC0415 - only when there is an error to place
    from tree_sitter import Language, Parser  # noqa: PLC0415

    document = Parser(Language(tree_sitter_json.language())).parse(data).root_node
    return next((child for child in document.named_children if child.type not in ("comment", "ERROR")), None)


def _unquoted(text: bytes) -> str:
    import json  # noqa: PLC0415 - beside its only use

    try:
        return str(json.loads(text))
    except ValueError:
        return text.decode("utf-8", "replace").strip('"')


def _nearest(spots: dict[str, Spot], pointer: str) -> Spot | None:
    while pointer and pointer not in spots:
        pointer = pointer.rpartition("/")[0]
    return spots.get(pointer)
