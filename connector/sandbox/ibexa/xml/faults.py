"""What is wrong with a text that is no XML: the faults that the parser of the real server (libxml) finds, in its words.

It goes on after a fault, so that there can be several. Those of tags that do not fit each other, of ``&``, of ``<`` and
of what stands before or after the root are told here; any other is told by its nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_NAME = r"[A-Za-z_:][\w.:-]*"
_TOKEN = re.compile(
    rf"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![A-Z].*?>
    |<(?P<closing>/?)(?P<name>{_NAME})(?:[^<>"']|"[^"<]*"|'[^'<]*')*?(?P<alone>/?)>
    |(?P<less><)|&(?:\#\d+|\#x[0-9A-Fa-f]+|(?P<entity>{_NAME}));|(?P<and>&(?:{_NAME})?)|(?P<text>[^\s<&])""",
    re.DOTALL | re.VERBOSE,
)
_KNOWN_ENTITIES = {"lt", "gt", "amp", "quot", "apos"}
_NO_ROOT = "Start tag expected, '<' not found"
_EXTRA = "Extra content at the end of the document"


class Fault(Struct, frozen=True):
    """A fault: how many characters stand before the place where the parser noticed it, and its text."""

    at: int
    told: str


def faults(xml: str) -> list[Fault]:
    """The faults in their order; none where another one than those that are known here is the first."""
    return list(_faults(xml))


def place(xml: str, at: int) -> tuple[int, int]:
    """Line and column of a place, both from 1."""
    return xml.count("\n", 0, at) + 1, at - xml.rfind("\n", 0, at)


def parser_errors(xml: str) -> str:
    """The texts of the faults, one a line; empty where there is none that is known here."""
    return "\n".join(each.told for each in faults(xml))


def _faults(xml: str) -> Iterator[Fault]:
    open_tags: list[tuple[str, int]] = []
    has_root = False
    for found in _TOKEN.finditer(xml):
        is_tag = bool(found["name"] or found["less"])
        if not open_tags and (has_root or not is_tag) and (is_tag or _is_text(found)):
            yield Fault(found.start(), _EXTRA if has_root else _NO_ROOT)
            return
        if found["less"] or (found["closing"] and not open_tags):
            yield from _broken_tag(xml, found.start(), is_root=not open_tags)
            return
        yield from _of_entity(found)
        has_root = has_root or is_tag
        if found["closing"]:
            within, began = open_tags.pop()
            if within != found["name"]:
                yield Fault(found.end(), f"Opening and ending tag mismatch: {within} line {began} and {found['name']}")
        elif is_tag and not found["alone"]:
            open_tags.append((found["name"], place(xml, found.start())[0]))
    if open_tags:
        name, began = open_tags[-1]
        yield Fault(len(xml), f"Premature end of data in tag {name} line {began}")
    elif not has_root:
        yield Fault(len(xml), _NO_ROOT)


def _of_entity(found: re.Match[str]) -> Iterator[Fault]:
    if found["and"]:
        yield Fault(found.end(), "EntityRef: expecting ';'" if len(found["and"]) > 1 else "xmlParseEntityRef: no name")
    if found["entity"] and found["entity"] not in _KNOWN_ENTITIES:
        yield Fault(found.end(), f"Entity '{found['entity']}' not defined")


def _is_text(found: re.Match[str]) -> bool:
    return any(found[each] for each in ("less", "entity", "and", "text"))


def _broken_tag(xml: str, start: int, *, is_root: bool) -> Iterator[Fault]:
    """A ``<`` with which no tag begins, or one that does not end."""
    named = re.compile(_NAME).match(xml, start + 1)
    if named is None:
        yield Fault(start + 1, "StartTag: invalid element name")
        if is_root:
            yield Fault(start + 1, _EXTRA)
    elif not xml[named.end() :].strip():
        yield Fault(len(xml), f"Couldn't find end of Start Tag {named.group()} line {place(xml, start)[0]}")
