"""From XML as Ibexa writes it to the JSON that it would have written."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from msgspec import Struct, field
from msgspec.structs import replace

from connector.clients.ibexa_xml.shapes import FIELD_HASHES, Shapes, shapes, typed
from connector.core.errors import BadAnswer
from connector.core.jsonio import MAX_DEPTH, Json, merge, shown

_HINT = "Is a proxy in between? JSON is the safer format."


class _Node(Struct):
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[_Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text; blanks around elements, or with a line break in them, are layout."""
        found = "".join(self.parts)
        return found if found.strip() or not (self.children or "\n" in found) else ""


def from_xml(body: bytes, lists: Mapping[str, Mapping[str, str]] | None = None) -> Json:
    """The JSON that says the same.

    Args:
        body: UTF-8, whatever its declaration says: Ibexa writes nothing else. (UTF-16 passes by its byte order mark.)
        lists: elements that are always lists, over and above those known: parent -> element -> key in JSON.

    Raises:
        BadAnswer: not well-formed, with a DOCTYPE, or nested too deep.
    """
    tables = shapes()
    if lists:
        tables = replace(tables, lists=merge(dict(tables.lists), dict(lists)))
    root = _parsed(body)
    return {root.name: _Reader(tables).element(root, "")}


class _Reader:
    """Walks the elements with the tables at hand; the depth has been checked."""

    def __init__(self, tables: Shapes) -> None:
        self._tables = tables

    def element(self, node: _Node, parent: str) -> Json:
        if node.name in self._tables.wrapped and not node.attributes:
            return [self.element(child, node.name) for child in node.children]
        lists = self._tables.lists_in(node.name, parent)
        if not node.attributes and not node.children and not lists:
            return typed(node.text, self._tables.scalar(node.name, parent))
        found = {f"_{name}": self._attribute(name, value, node.name) for name, value in node.attributes.items()}
        self._add_children(found, node, lists)
        if self._holds_lists(node, parent, found, lists):
            found |= {key: [] for key in lists.values() if key not in found}
        if node.text or (node.name == "value" and not node.children and parent in ("names", "descriptions")):
            found["#text"] = node.text
        return found

    def _holds_lists(self, node: _Node, parent: str, found: Mapping[str, Json], lists: Mapping[str, str]) -> bool:
        """Whether lists that left nothing behind are empty ones. An empty element with an href is mostly a link."""
        if node.name in ("names", "descriptions") and any(one.name not in lists for one in node.children):
            return False  # of payment methods and the like: <names><eng-GB>…</eng-GB></names>
        if node.name.endswith("List") and any(isinstance(found.get(one.name), dict | list) for one in node.children):
            # Entries of a name that is not known must not pass for no entries; entries of a known one are no harm.
            return all(one.name in lists for one in node.children)
        return bool(node.children) or "_href" not in found or not parent or node.name in self._tables.never_links

    def _attribute(self, name: str, value: str, parent: str) -> Json:
        if name == "media-type":
            return value.replace("+xml", "+json")
        return typed(value, self._tables.scalar(f"_{name}", parent))

    def _add_children(self, found: dict[str, Json], node: _Node, lists: Mapping[str, str]) -> None:
        single: set[str] = set()
        for child in node.children:
            if child.name in FIELD_HASHES:
                found[child.name] = self._hash(child, node)
                continue
            value = self.element(child, node.name)
            key = lists.get(child.name)
            if key:
                found.setdefault(key, []).append(value)
            elif child.name not in found:
                found[child.name] = value
                single.add(child.name)
            else:
                if child.name in single:
                    single.remove(child.name)
                    found[child.name] = [found[child.name]]
                found[child.name].append(value)

    def _hash(self, node: _Node, around: _Node) -> Json:
        if node.name in ("fieldValue", "defaultValue"):
            texts = {child.name: child.text for child in around.children}
            words = self._tables.value(texts.get("fieldTypeIdentifier") or texts.get("fieldType", ""))
        else:
            words = self._tables.value(node.name)
        return _value(node, words, words.get("", ""))


def _value(node: _Node, words: Mapping[str, str], word: str) -> Json:
    """A field's value: ``<value key>`` children make an object, ``<value>`` children a list, text the rest."""
    if not node.children:
        empty: Mapping[str, Json] = {"list": [], "integers": [], "object": {}}
        if word in empty and not node.text:
            return empty[word]
        return typed(node.text, word) if word in ("boolean", "text") or node.text else None
    if all("key" in child.attributes for child in node.children):
        keys = [child.attributes["key"] for child in node.children]
        return {key: _value(one, words, words.get(key, "")) for key, one in zip(keys, node.children, strict=True)}
    return [_value(one, words, "integer" if word == "integers" else "") for one in node.children]


def _parsed(body: bytes) -> _Node:
    top = _Node("")
    stack = [top]
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def opened(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise BadAnswer(f"the XML is nested deeper than {MAX_DEPTH} levels", hint=_HINT)
        kept = {key: value for key, value in attributes.items() if key != "xmlns" and not key.startswith("xmlns:")}
        node = _Node(name, kept)
        stack[-1].children.append(node)
        stack.append(node)

    def closed(_name: str) -> None:
        stack.pop()

    def written(text: str) -> None:
        stack[-1].parts.append(text)

    def doctype(*_: object) -> None:
        raise BadAnswer("the XML has a DOCTYPE, which Ibexa never sends", hint=_HINT)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = written
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by position only
    except expat.ExpatError as error:
        place = f"line {error.lineno}, column {error.offset + 1}"
        why = expat.ErrorString(error.code)
        raise BadAnswer(f"not well-formed XML: {shown(why, 60)} at {place}", hint=_HINT) from None
    return top.children[0]
