"""Rich text: DocBook or the editor's XHTML in, both out; the sandbox checks element names, not the whole schema.

The server writes back its own serialisation, so what is read is seldom what was sent, byte for byte (field types,
"Rich text").
"""

from __future__ import annotations

import functools
import re
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ErrorString, ExpatError
from xml.sax.saxutils import escape, quoteattr

from connector.sandbox.ibexa.errors import RestError, broken, refused
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem
from connector.sandbox.ibexa.xml.faults import parser_errors

Json = Any
DOCBOOK = "http://docbook.org/ns/docbook"
XHTML = "http://ibexa.co/namespaces/ezpublish5/xhtml5/edit"
_XLINK = "http://www.w3.org/1999/xlink"
_EZXHTML = "http://ibexa.co/xmlns/dxp/docbook/xhtml"
_EZCUSTOM = "http://ibexa.co/xmlns/dxp/docbook/custom"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROOT = (
    f'<section xmlns="{DOCBOOK}" xmlns:xlink="{_XLINK}" xmlns:ezxhtml="{_EZXHTML}" xmlns:ezcustom="{_EZCUSTOM}" '
    'version="5.0-variant ezpublish-1.0"'
)
EMPTY = {
    "xml": f'{_HEAD}<section xmlns="{DOCBOOK}" xmlns:xlink="{_XLINK}" version="5.0-variant ezpublish-1.0"/>\n',
    "xhtml5edit": f'{_HEAD}<section xmlns="{XHTML}"/>\n',
}

# XHTML element -> DocBook start and end
_TO_DOCBOOK = {
    "p": ("<para>", "</para>"),
    "strong": ('<emphasis role="strong">', "</emphasis>"),
    "b": ('<emphasis role="strong">', "</emphasis>"),
    "em": ("<emphasis>", "</emphasis>"),
    "i": ("<emphasis>", "</emphasis>"),
    "u": ('<emphasis role="underlined">', "</emphasis>"),
    "s": ('<emphasis role="strikedthrough">', "</emphasis>"),
    "sub": ("<subscript>", "</subscript>"),
    "sup": ("<superscript>", "</superscript>"),
    "ul": ("<itemizedlist>", "</itemizedlist>"),
    "ol": ("<orderedlist>", "</orderedlist>"),
    "li": ("<listitem><para>", "</para></listitem>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "pre": ("<programlisting>", "</programlisting>"),
    "table": ("<informaltable>", "</informaltable>"),
    "thead": ("<thead>", "</thead>"),
    "tbody": ("<tbody>", "</tbody>"),
    "tr": ("<tr>", "</tr>"),
    "td": ("<td>", "</td>"),
    "th": ("<th>", "</th>"),
    "br": ("", "\n"),
    "a": ("", ""),
    "span": ("", ""),
    **{f"h{level}": (f'<title ezxhtml:level="{level}">', "</title>") for level in range(1, 7)},
}
_FROM_DOCBOOK = {
    "para": "p", "itemizedlist": "ul", "orderedlist": "ol", "listitem": "li", "blockquote": "blockquote",
    "programlisting": "pre", "informaltable": "table", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr",
    "td": "td", "th": "th", "subscript": "sub", "superscript": "sup",
}  # fmt: skip
_POINTERS = {"LINK": {"link", "ezlink"}, "EMBED": {"ezembed", "ezembedinline"}}
_ADDRESS = re.compile(r"(ezcontent|ezlocation)://(\d+)")
_EMPHASIS = {"": "em", "strong": "strong", "underlined": "u", "strikedthrough": "s"}
_OTHER_DOCBOOK = {
    "section", "title", "emphasis", "link", "ezlink", "literallayout", "caption", "anchor", "ezembed", "ezembedinline",
    "ezconfig", "ezvalue", "ezattribute", "eztemplate", "eztemplateinline", "ezcontent", "mediaobject", "imageobject",
    "colgroup", "col", "tfoot", "info",
}  # fmt: skip


def _parse(value: Json, _context: FieldContext) -> Json:
    xml = value.get("xml") if isinstance(value, dict) else None
    if not isinstance(xml, str):
        raise broken("rich text is an object with xml")
    return dict(_stored(xml)) if xml.strip() else dict(EMPTY)


@functools.lru_cache(maxsize=256)
def _stored(xml: str) -> tuple[tuple[str, str], ...]:
    root = _root(xml)
    if root.namespaceURI == XHTML:
        root = _root(f"{_ROOT}>{''.join(map(_docbook, root.childNodes))}</section>")
    if root.namespaceURI != DOCBOOK:
        raise RestError(404, "Could not find 'Validator' with identifier 'NULL'")
    inner = "".join(map(_xhtml, root.childNodes))
    edit = f'<section xmlns="{XHTML}">{inner}</section>' if inner else f'<section xmlns="{XHTML}"/>'
    return ("xml", f"{_HEAD}{root.toxml()}\n"), ("xhtml5edit", f"{_HEAD}{edit}\n")


def _root(xml: str) -> Any:  # minidom's elements are untyped in half of their properties
    try:
        return minidom.parseString(xml.encode()).documentElement  # noqa: S318  # a test server on the own machine
    except ExpatError as error:
        raise refused(
            "$xmlString", parser_errors(xml) or f"{ErrorString(error.code)} in line {error.lineno}"
        ) from error


def _text(node: Any) -> str | None:
    if node.nodeType in {node.TEXT_NODE, node.CDATA_SECTION_NODE}:
        return escape(node.data)
    return None if node.nodeType == node.ELEMENT_NODE else ""


def _docbook(node: Any) -> str:
    if (text := _text(node)) is not None:
        return text
    inner = "".join(map(_docbook, node.childNodes))
    if node.localName == "a" and node.getAttribute("href"):
        return f"<link xlink:href={quoteattr(node.getAttribute('href'))}>{inner}</link>"
    start, end = _TO_DOCBOOK.get(node.localName, (f"<{node.localName}>", f"</{node.localName}>"))
    return f"{start}{inner}{end}"


def _xhtml(node: Any) -> str:
    if (text := _text(node)) is not None:
        return text
    inner = "".join(map(_xhtml, node.childNodes))
    name = node.localName
    if name == "link":
        return f"<a href={quoteattr(node.getAttribute('xlink:href'))}>{inner}</a>"
    if name == "title":
        tag = "h" + (node.getAttribute("ezxhtml:level") or "1")
    elif name == "emphasis":
        tag = _EMPHASIS.get(node.getAttribute("role"), "em")
    else:
        tag = _FROM_DOCBOOK.get(name, "")
    return f"<{tag}>{inner}</{tag}>" if tag else inner


@functools.lru_cache(maxsize=4096)
def links(xml: str) -> tuple[tuple[str, str, int], ...]:
    """What a text links to or embeds: LINK or EMBED, ``ezcontent`` or ``ezlocation``, and the id; links first."""
    if not _ADDRESS.search(xml):
        return ()
    root = _root(xml)
    found: list[tuple[str, str, int]] = []
    for kind, names in _POINTERS.items():
        for node in root.getElementsByTagName("*"):
            address = _ADDRESS.match(node.getAttribute("xlink:href"))
            if node.localName in names and address:
                found.append((kind, address.group(1), int(address.group(2))))
    return tuple(found)


def _check(value: Json, context: FieldContext) -> list[Problem]:
    faults = [*_faults(value["xml"]), *_leading_to_nothing(value["xml"], context)]
    return [("xml", f"Validation of XML content failed:\n{text}") for text in faults]


def _leading_to_nothing(xml: str, context: FieldContext) -> list[str]:
    """Links alone: an embed of nothing is taken."""
    asked = {"ezcontent": (context.content_exists, "content"), "ezlocation": (context.location_exists, "Location")}
    return [
        f'Invalid link "{scheme}://{number}": cannot find target {asked[scheme][1]}'
        for kind, scheme, number in links(xml)
        if kind == "LINK" and not asked[scheme][0](number)
    ]


@functools.lru_cache(maxsize=256)
def _faults(xml: str) -> tuple[str, ...]:
    root = _root(xml)
    faults = [
        "Error in 1:0: text not allowed here; expected the element end-tag or an element"
        for node in root.childNodes
        if (_text(node) or "").strip()
    ]
    known = _FROM_DOCBOOK.keys() | _OTHER_DOCBOOK
    elements = {node.localName for node in root.getElementsByTagName("*")}
    faults += [f'Error in 1:0: element "{name}" not allowed anywhere' for name in sorted(elements - known)]
    return tuple(faults)


def _plain(value: Json) -> str:
    return _plain_text((value or EMPTY)["xml"])


@functools.lru_cache(maxsize=1024)
def _plain_text(xml: str) -> str:
    def words(node: Any) -> str:
        if node.nodeType == node.TEXT_NODE:
            return str(node.data)
        return " ".join(words(child) for child in node.childNodes)

    return " ".join(words(_root(xml)).split())


def _is_empty(value: Json) -> bool:
    return value is None or not _root(value["xml"]).childNodes


RICH_TEXT = FieldKind(_parse, empty=EMPTY, check=_check, text=_plain, is_empty=_is_empty)
