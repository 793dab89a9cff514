"""Texts that name something for ever, made of fixed text and of what a record holds: when they would name nothing.

``concat('pim-', code)`` is ``pim-`` for every record without a code, and all of them would be one thing. It works on
jmespath's syntax trees, so that keys of incomings and mappings follow one rule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from connector.core.jsonio import Json

Node = Mapping[str, Any]
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NAMES = frozenset({"remote_id", "remoteId", "login"})
"""Keys of a message whose value names something."""
_ONLY_CHANGED = frozenset({"lower", "upper", "trim", "slug", "truncate", "replace", "hash", "to_string"})
"""Functions whose result says as much as their first argument."""
_LISTS = frozenset({"flatten", "projection", "pipe"})


def names_something(name: str, beside: Collection[str], above: str) -> bool:
    """Whether a key's value must name something.

    What may be absent, and what is only tried, may be named by nothing.

    Args:
        name: the key.
        beside: all keys of its object.
        above: the key of that object.
    """
    return name in NAMES and "absent" not in beside and above != "match"


def parts_read(node: Node) -> list[Node]:
    """The parts of a joined text that come from the record; none when nothing is joined, or no fixed text is in it."""
    while node["type"] == "function_expression" and node["value"] in _ONLY_CHANGED:
        node = node["children"][0]
    parts = list(_parts(node))
    read = [_changed(one) for one in parts if one["type"] != "literal"]
    return read if len(read) < len(parts) else []


def if_missing(node: Node, above: str) -> str:
    """What to write for a parent that some records have and others have not; empty for anything else."""
    first = next((one for one in parts_read(node) if one["type"] == "field"), None)
    if above != "parent" or first is None:
        return ""
    name = first["value"] if _PLAIN.fullmatch(first["value"]) else f'"{first["value"]}"'
    return f"If it may be missing, write the parent as one expression: {name} && {{remote_id: …}} || {{path: '/1/2'}}."


def is_nothing(value: Json) -> bool:
    """Whether a part adds nothing to a text."""
    return value is None or (isinstance(value, str) and not value.strip())


def _parts(node: Node) -> Iterator[Node]:
    if node["type"] != "function_expression":
        return
    if node["value"] == "concat":
        yield from node["children"]
    elif node["value"] == "join":
        listed = node["children"][1]
        while listed["type"] in _LISTS:
            listed = listed["children"][0]
        if listed["type"] == "multi_select_list":
            yield from listed["children"]


def _changed(node: Node) -> Node:
    """``to_string(code)`` is the text ``null`` where there is no code: look at the code."""
    while node["type"] == "function_expression" and node["value"] in _ONLY_CHANGED:
        node = node["children"][0]
    return node
