"""Documents of rich text, compared by what they mean."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree as ET

_AS_WRITTEN = frozenset({"literallayout", "programlisting"})
"""Elements in which blanks and line ends count."""


def root_of(xml: str) -> str:
    """The outermost element as ``{namespace}name``; empty when it is no XML without a DTD. Nothing is fetched."""
    tree = _tree(xml)
    return "" if tree is None else tree.tag


def same_document(one: str, other: str) -> bool:
    """Equal but for declarations, order of attributes and white space that means nothing."""
    if one == other:
        return True
    first, second = _shape_of(one), _shape_of(other)
    return first is not None and first == second


def is_bare(xml: str) -> bool:
    """Whether its outermost element has nothing in it, not even blanks."""
    tree = None if surely_says_something(xml) else _tree(xml)
    return tree is not None and len(tree) == 0 and not tree.text


def surely_says_something(xml: str) -> bool:
    """Without parsing: if it is well-formed, there is an element inside of the section. False: perhaps, too.

    An attribute holds no ``<``; in a comment, a CDATA section or a processing instruction one could be.
    """
    return xml.count("</") > 1 and "<!" not in xml and xml.rfind("<?") <= 0


@lru_cache(maxsize=16)  # one of the two is the empty document, most of the time
def _shape_of(xml: str) -> tuple[object, ...] | None:
    tree = _tree(xml)
    return None if tree is None else _shape(tree)


def _tree(xml: str) -> ET.Element | None:
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        return None
    try:
        return ET.fromstring(xml)  # noqa: S314 - documents with a DTD were sorted out
    except (ET.ParseError, ValueError):
        return None


def _shape(element: ET.Element) -> tuple[object, ...]:
    keep = element.tag.rpartition("}")[2] in _AS_WRITTEN
    parts: list[object] = []
    _add(parts, element.text, keep=keep)
    for child in element:
        parts.append(_shape(child))
        _add(parts, child.tail, keep=keep)
    _trim(parts)
    attributes = {name: value for name, value in element.attrib.items() if name != "version"}
    return (element.tag, tuple(sorted(attributes.items())), tuple(parts))


def _add(parts: list[object], text: str | None, *, keep: bool) -> None:
    if text:
        parts.append(text if keep else re.sub(r"\s+", " ", text))


def _trim(parts: list[object]) -> None:
    """Blanks at the ends, and blank texts between blocks, are layout."""
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    layout = {"", " "} if _only_blanks(parts) else {""}
    parts[:] = [part for part in parts if not (isinstance(part, str) and part in layout)]


def _only_blanks(parts: list[object]) -> bool:
    return all(not isinstance(part, str) or not part.strip() for part in parts)
