"""Reads a body in XML into what the same body would be in JSON, with all that gets lost on that way.

Blanks around texts go, an empty element is nothing, and a value of a field that looks like a number or a truth becomes
one: 007 is 7, 1.10 is 1.1, true is true (server-behaviour §4). Elsewhere texts stay texts.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from msgspec import Struct, field

from connector.sandbox.ibexa.errors import PhpError, bad_request, broken
from connector.sandbox.ibexa.xml import names
from connector.sandbox.ibexa.xml.faults import faults, place

Json = Any
_LARGEST = 2**63 - 1
_DIGITS = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"[0-9.]+")
_NUMBER_AT_START = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+")


class _Node(Struct):
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()


def document(body: bytes) -> Json:
    """The body with its root element as the one key.

    Raises:
        RestError: 400 for what is no XML, 500 for a field's value with other elements than ``value``.
        PhpError: there is nothing.
    """
    if not body:
        raise PhpError  # which is what PHP has to say to an empty text
    root = _parsed(body)
    return {root.name: _element(root)}


def _element(node: _Node) -> Json:
    tables = names()
    forced = tables["lists_in_bodies"].get(node.name, ())
    found: dict[str, Json] = {f"_{name}": value for name, value in node.attributes.items()}
    has_list = False
    for child in node.children:
        if child.name in tables["hashes"]:
            found[child.name] = _hash(child) if child.children or child.text else None
            continue
        value, before = _element(child), found.get(child.name)
        if before is None:
            found[child.name] = [value] if child.name in forced else value
            has_list = has_list or child.name in forced
        elif isinstance(before, list):
            before.append(value)
        elif not has_list:
            found[child.name], has_list = [before, value], True
        # else: a second repeated element, which the server loses beside a list
    if found and node.text:
        found["#text"] = node.text
    return found or node.text or None


def _hash(node: _Node) -> Json:
    if any(child.name != "value" for child in node.children):
        raise broken("a field's value holds value elements only")
    if node.text:
        return _cast(node.text)
    if any("key" in child.attributes for child in node.children):
        return {child.attributes.get("key", str(number)): _hash(child) for number, child in enumerate(node.children)}
    return [_hash(child) for child in node.children]


def _cast(text: str) -> Json:
    if _DIGITS.fullmatch(text):
        return min(int(text), _LARGEST)
    if _DECIMAL.fullmatch(text):
        found = _NUMBER_AT_START.match(text)
        return float(found.group()) if found else 0.0
    return {"true": True, "false": False}.get(text.lower(), text)


def _parsed(body: bytes) -> _Node:
    top = _Node("")
    stack = [top]
    parser = expat.ParserCreate()

    def opened(name: str, attributes: dict[str, str]) -> None:
        kept = {key: value for key, value in attributes.items() if not key.startswith("xmlns")}
        node = _Node(name, kept)
        stack[-1].children.append(node)
        stack.append(node)

    def closed(_name: str) -> None:
        stack.pop()

    def written(text: str) -> None:
        stack[-1].parts.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, written
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        text = body.decode(errors="replace")
        told = [(*place(text, each.at), each.told) for each in faults(text)]
        told = told or [(error.lineno, error.offset + 1, expat.ErrorString(error.code))]
        shown = "".join(f" - In line {line} character {column}: {why}\n\n" for line, column, why in told)
        raise bad_request(f"Detected errors in input XML:\n{shown}\nIn XML: \n\n{text}") from error
    return top.children[0]
