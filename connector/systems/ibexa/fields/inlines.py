"""What stands in a line of HTML, as DocBook: texts, emphasis, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from connector.core.jsonio import shown
from connector.systems.ibexa.fields.html import TOLD, Element
from connector.systems.ibexa.fields.references import address, normal

BREAK = "\x1e"
"""The end of a line within a text that is not XML yet."""
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ezcontent", "ezlocation"})
_ROLES = {"strong": ' role="strong"', "b": ' role="strong"', "em": "", "i": "", "cite": "", "u": ' role="underlined"'}
_ROLES |= {"s": ' role="strikedthrough"', "del": ' role="strikedthrough"', "strike": ' role="strikedthrough"'}
_SIMPLE = {"sub": "subscript", "sup": "superscript"}
_ALIGNS = frozenset({"left", "center", "right", "justify"})
_VIEW = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Inlines:
    """Writes the lines of one document; ``lost`` is told what there is no form for."""

    def __init__(self, lost: list[str]) -> None:
        self._lost = lost
        self._in_link = False

    def text(self, children: Iterable[Element | str]) -> str:
        """The XML of what stands in a line, with BREAK for each line's end."""
        return "".join(
            escaped(re.sub(r"[ \t\r\n\f]+", " ", one)) if isinstance(one, str) else self._marked(one)
            for one in children
        )

    def _marked(self, element: Element) -> str:
        tag = element.tag
        if tag == "br":
            return BREAK
        if tag == "img":
            return self.embed(element, "ezembedinline")
        if tag in TOLD:
            self._lost.append(f"<{tag}>{_from(element.attributes.get('src', ''))}")
            return ""
        if tag == "a":
            return self._link(element)
        inner = self.text(element.children)
        if not inner.strip():
            return inner
        if tag in _ROLES:
            return f"<emphasis{_ROLES[tag]}>{inner}</emphasis>"
        return f"<{_SIMPLE[tag]}>{inner}</{_SIMPLE[tag]}>" if tag in _SIMPLE else inner

    def _link(self, element: Element) -> str:
        given = element.attributes.get("href", "")
        href = _by_remote_id(element, given) or _allowed(given)
        within, self._in_link = self._in_link, bool(href) or self._in_link
        inner = self.text(element.children)
        self._in_link = within
        if given.strip() and (not href or within):
            self._lost.append(f"a link to {shown(given.strip(), 80)}")
        if not href or within or not inner.strip():
            return inner
        return f'<link xlink:href={quoteattr(href)} xlink:show="none">{inner}</link>'

    def embed(self, element: Element, name: str) -> str:
        """A picture as ``ezembed`` or ``ezembedinline``; empty if nobody can tell which content it is."""
        source = element.attributes.get("src", "")
        href = _by_remote_id(element, source) or (
            source if source.startswith(("ezcontent://", "ezlocation://")) else ""
        )
        if not href:
            self._lost.append(f"a picture{_from(source)}")
            return ""
        view, align, size = (element.attributes.get(f"data-{one}", "") for one in ("view", "align", "size"))
        usual = "embed" if name == "ezembed" else "embed-inline"
        start = f'<{name} xlink:href={quoteattr(href)} view="{view if _VIEW.fullmatch(view) else usual}"'
        start += f' ezxhtml:align="{align}"' if align in _ALIGNS else ""
        if not size:
            return start + "/>"
        return f'{start}><ezconfig><ezvalue key="size">{escaped(size)}</ezvalue></ezconfig></{name}>'


def lines(text: str) -> str:
    """A text with BREAK for each line's end as DocBook has such."""
    kept = tidy(text)
    if BREAK not in kept:
        return kept
    broken = re.sub(rf" ?{BREAK} ?", "\n", kept)
    return f'<literallayout class="normal">{broken}</literallayout>'


def tidy(text: str) -> str:
    """Without blanks and line ends around it, and no two blanks after another."""
    return re.sub(" {2,}", " ", text).strip(f" {BREAK}")


def escaped(text: str) -> str:
    """As XML; what XML cannot hold is left out."""
    return escape(_INVALID.sub("", text))


def plain(element: Element) -> str:
    """All text of an element, as it was written."""
    return "".join(one if isinstance(one, str) else "\n" if one.tag == "br" else plain(one) for one in element.children)


def _by_remote_id(element: Element, given: str) -> str:
    named = element.attributes.get("data-remote-id", "").strip()
    return address(named) if named else normal(given)


def _allowed(href: str) -> str:
    """The address, if it is one that a link may have; ``javascript:`` and its like are none."""
    plain = _INVALID.sub("", href).strip()
    try:
        scheme = urlsplit(plain).scheme.lower()
    except ValueError:
        return ""
    return plain if scheme in _SCHEMES or (not scheme and plain.startswith(("/", "#"))) else ""


def _from(source: str) -> str:
    """Where something came from; data within the address is not repeated."""
    return f" from {shown(source.strip(), 80)}" if source.strip() and not source.strip().startswith("data:") else ""
