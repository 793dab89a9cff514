"""Links and embeds of rich text by remote id: ``ezremote://pim-4711``, which is the server's own word for it.

Ibexa keeps content ids (``ezcontent://52``) and Location ids (``ezlocation://61``), which mean other things in another
Ibexa. ``ezremotelocation://pim-4711`` is ours: the main Location of that content item. A remote id is percent-encoded
where it has ``%``, ``#``, quotes, blanks, or letters beyond ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import unescape

_ADDRESS = re.compile(r"\s*(ezremote|ezremotelocation)://([^#]*)(#.*)?$", re.IGNORECASE | re.DOTALL)
_IN_XML = re.compile(r"""(=\s*["'])(ezremote|ezremotelocation)://([^"'#<>]*)""")
_NUMBERS = re.compile(r"""(=\s*["'])(ezcontent|ezlocation)://(\d+)""")
_IN_TEXT = re.compile(r"""ezremote(?:location)?://([^\s"'#<>()]+)|data-remote-id\s*=\s*["']([^"'<>]+)""", re.IGNORECASE)
_SAFE = ":/?@!$*+,;=|~"
_QUOTES = {"&quot;": '"', "&apos;": "'"}
BY_REMOTE_ID = {"ezcontent": "ezremote", "ezlocation": "ezremotelocation"}
"""The server's scheme of numbers -> the one of remote ids."""
BY_NUMBER = {other: one for one, other in BY_REMOTE_ID.items()}


def address(remote_id: str, scheme: str = "ezremote") -> str:
    """``ezremote://pim-4711``."""
    return f"{scheme}://{quote(remote_id, safe=_SAFE)}"


def normal(href: str) -> str:
    """An address by remote id, encoded in the one way; empty if it is another address, or names nothing."""
    found = _ADDRESS.fullmatch(href)
    remote_id = unquote(found.group(2)).strip() if found else ""
    return address(remote_id, found.group(1).lower()) + (found.group(3) or "").rstrip() if found and remote_id else ""


def named_in(text: str) -> Iterator[str]:
    """The remote ids that a text of any form (HTML, Markdown, XML) links to or embeds, as far as one can tell."""
    if "ezremote" in text or "data-remote-id" in text:  # most texts have neither
        for encoded, plain in _IN_TEXT.findall(text):
            yield unquote(encoded) or plain


def with_numbers(xml: str, find: Callable[[str, str], int]) -> str:
    """A document with numbers in place of remote ids.

    Args:
        xml: DocBook.
        find: ``ezcontent`` or ``ezlocation``, remote id -> the id of the content item or its main Location.
    """

    def one(found: re.Match[str]) -> str:
        scheme = BY_NUMBER[found.group(2)]
        return f"{found.group(1)}{scheme}://{find(scheme, unquote(unescape(found.group(3), _QUOTES)))}"

    return _IN_XML.sub(one, xml) if "ezremote" in xml else xml


def numbers_in(xml: str) -> Iterator[tuple[str, int]]:
    """What a document points to: ``ezcontent`` or ``ezlocation``, and the id."""
    for _, scheme, number in _NUMBERS.findall(xml):
        yield scheme, int(number)


def with_remote_ids(xml: str, find: Callable[[str, int], str]) -> str:
    """A document with remote ids in place of numbers; what leads to nothing is taken out, the text of a link stays.

    Args:
        xml: DocBook as Ibexa keeps it.
        find: ``ezcontent`` or ``ezlocation``, id -> the remote id of the content item; empty: there is none.
    """
    known = {one: find(*one) for one in set(numbers_in(xml))}

    def one(found: re.Match[str]) -> str:
        scheme = found.group(2)
        return found.group(1) + address(known[scheme, int(found.group(3))], BY_REMOTE_ID[scheme])

    return _NUMBERS.sub(one, xml if all(known.values()) else _without(xml, {one for one in known if not known[one]}))


def _without(xml: str, gone: set[tuple[str, int]]) -> str:
    from xml.dom import minidom  # noqa: PLC0415 - heavy, and most texts refer to nothing

    document = minidom.parseString(xml.encode())  # noqa: S318 - Ibexa's own document, which has no DTD
    for element in list(document.getElementsByTagName("*")):
        parent: Any = element.parentNode  # its type says less than it can do
        found = _NUMBERS.match('="' + element.getAttribute("xlink:href"))
        if found is None or (found.group(2), int(found.group(3))) not in gone:
            continue
        if element.localName == "link":
            for child in list(element.childNodes):
                parent.insertBefore(child, element)
        parent.removeChild(element)
    return str(document.documentElement.toxml()) if document.documentElement else xml
