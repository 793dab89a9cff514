"""A tree of HTML, or plain text, as the DocBook that Ibexa keeps; and the comparison of two such documents.

Ibexa takes DocBook as it is, so what was written can be compared with what is read. Tags that it has no form for are
dropped, their text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from connector.systems.ibexa.fields.html import Element

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:ezxhtml="http://ibexa.co/xmlns/dxp/docbook/xhtml" xmlns:ezcustom="http://ibexa.co/xmlns/dxp/docbook/custom" '
    'version="5.0-variant ezpublish-1.0">'
)
TAIL = "</section>"
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ezcontent", "ezlocation"})
_ROLES = {"strong": ' role="strong"', "b": ' role="strong"', "em": "", "i": "", "cite": "", "u": ' role="underlined"'}
_ROLES |= {"s": ' role="strikedthrough"', "del": ' role="strikedthrough"', "strike": ' role="strikedthrough"'}
_SIMPLE = {"sub": "subscript", "sup": "superscript"}
_GROUPS = frozenset(
    {"div", "section", "article", "main", "body", "html", "header", "footer", "center", "font", "span", ""}
)
_BLOCK_TAGS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "blockquote",
        "pre",
        "dl",
        "div",
        "section",
        "article",
        "hr",
    ]
)
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BREAK = "\x1e"


def from_text(text: str) -> str:
    """Paragraphs from blank lines, line breaks from line ends."""
    parts = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    return HEAD + "".join(_para(_escaped(part.strip()).replace("\n", _BREAK)) for part in parts) + TAIL


def from_tree(root: Element) -> str:
    """The document of a tree."""
    return HEAD + "".join(_blocks(root.children)) + TAIL


def _blocks(children: Iterable[Element | str]) -> list[str]:
    found: list[str] = []
    line: list[Element | str] = []
    for child in children:
        if isinstance(child, Element) and _is_block(child):
            found += _flushed(line)
            found += _block(child)
        else:
            line.append(child)
    return found + _flushed(line)


def _is_block(element: Element) -> bool:
    if element.tag in _BLOCK_TAGS:
        return True
    return element.tag in _GROUPS and any(isinstance(one, Element) and _is_block(one) for one in element.children)


def _flushed(line: list[Element | str]) -> list[str]:
    text = _inline(line)
    line.clear()
    return [_para(text)] if text.strip(f" \n\t{_BREAK}") else []


def _block(element: Element) -> list[str]:
    tag = element.tag
    if tag[:1] == "h" and tag[1:].isdigit():
        text = _tidy(_inline(element.children)).replace(_BREAK, " ")
        return [f'<title ezxhtml:level="{tag[1:]}">{text}</title>'] if text else []
    if tag in ("ul", "ol"):
        return _list(element, "itemizedlist" if tag == "ul" else "orderedlist")
    if tag == "table":
        return _table(element)
    if tag == "blockquote":
        inner = "".join(_blocks(element.children))
        return [f"<blockquote>{inner}</blockquote>"] if inner else []
    if tag == "pre":
        return [_para(_escaped(_plain(element)).strip("\n").replace("\n", _BREAK))]
    if tag == "hr":
        return []
    if tag == "p" and not any(isinstance(one, Element) and _is_block(one) for one in element.children):
        return _flushed(list(element.children))
    return _blocks(element.children)


def _list(element: Element, name: str) -> list[str]:
    items = []
    for child in element.children:
        if isinstance(child, Element):
            inner = "".join(_blocks(child.children if child.tag == "li" else [child]))
            items += [f"<listitem>{inner}</listitem>"] if inner else []
    return [f"<{name}>{''.join(items)}</{name}>"] if items else []


def _table(element: Element) -> list[str]:
    rows = []
    for row in _descendants(element, "tr"):
        cells = [
            f"<{cell.tag}>{''.join(_blocks(cell.children)) or '<para/>'}</{cell.tag}>"
            for cell in row.children
            if isinstance(cell, Element) and cell.tag in ("td", "th")
        ]
        rows += [f"<tr>{''.join(cells)}</tr>"] if cells else []
    return [f"<informaltable><tbody>{''.join(rows)}</tbody></informaltable>"] if rows else []


def _descendants(element: Element, tag: str) -> Iterable[Element]:
    for child in element.children:
        if isinstance(child, Element):
            if child.tag == tag:
                yield child
            elif child.tag != "table":
                yield from _descendants(child, tag)


def _inline(children: Iterable[Element | str]) -> str:
    return "".join(
        _escaped(re.sub(r"[ \t\r\n\f]+", " ", one)) if isinstance(one, str) else _marked(one) for one in children
    )


def _marked(element: Element) -> str:
    if element.tag == "br":
        return _BREAK
    inner = _inline(element.children)
    if not inner.strip():
        return inner
    if element.tag in _ROLES:
        return f"<emphasis{_ROLES[element.tag]}>{inner}</emphasis>"
    if element.tag in _SIMPLE:
        return f"<{_SIMPLE[element.tag]}>{inner}</{_SIMPLE[element.tag]}>"
    if element.tag == "a" and (href := _allowed(element.attributes.get("href", ""))):
        return f'<link xlink:href={quoteattr(href)} xlink:show="none">{inner}</link>'
    return inner


def _allowed(href: str) -> str:
    """The address, if it is one that a link may have; ``javascript:`` and its like are none."""
    plain = _INVALID.sub("", href).strip()
    try:
        scheme = urlsplit(plain).scheme.lower()
    except ValueError:
        return ""
    return plain if scheme in _SCHEMES or (not scheme and plain.startswith(("/", "#"))) else ""


def _para(text: str) -> str:
    tidy = _tidy(text)
    if _BREAK not in tidy:
        return f"<para>{tidy}</para>"
    lines = re.sub(rf" ?{_BREAK} ?", "\n", tidy)
    return f'<para><literallayout class="normal">{lines}</literallayout></para>'


def _tidy(text: str) -> str:
    return re.sub(" {2,}", " ", text).strip(f" {_BREAK}")


def _escaped(text: str) -> str:
    return escape(_INVALID.sub("", text))


def _plain(element: Element) -> str:
    return "".join(
        one if isinstance(one, str) else "\n" if one.tag == "br" else _plain(one) for one in element.children
    )


# -- comparing ---------------------------------------------------------------------------------------------------------


def well_formed(xml: str) -> bool:
    """Whether it is XML without a DTD; nothing is fetched or expanded."""
    return _tree(xml) is not None


def same_document(one: str, other: str) -> bool:
    """Equal but for declarations, order of attributes and white space that means nothing."""
    if one == other:
        return True
    first, second = _shape_of(one), _shape_of(other)
    return first is not None and first == second


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
    keep = element.tag.endswith("}literallayout")
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
