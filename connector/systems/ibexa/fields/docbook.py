"""A tree of HTML, or plain text, as the DocBook that Ibexa keeps.

Ibexa takes DocBook as it is, so what was written can be compared with what is read. Tags that it has no form for are
dropped, their text is kept; what is lost all the same is told. Which forms there are: schemas and stylesheets of
fieldtype-richtext (``ezpublish.rng`` knows neither ``code`` nor ``literal`` nor a line; of a list item only paragraphs
are shown, with all they hold).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from connector.systems.ibexa.fields.html import Element
from connector.systems.ibexa.fields.inlines import BREAK, Inlines, escaped, lines, plain, tidy
from connector.systems.ibexa.fields.tables import rows_of, span_of

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<section xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:ezxhtml="http://ibexa.co/xmlns/dxp/docbook/xhtml" xmlns:ezcustom="http://ibexa.co/xmlns/dxp/docbook/custom" '
    'version="5.0-variant ezpublish-1.0">'
)
TAIL = "</section>"
_GROUPS = frozenset(
    {"div", "section", "article", "main", "body", "html", "header", "footer", "center", "font", "span", ""}
)
_BLOCK_TAGS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl", "dt", "dd", "div",
    "section", "article", "hr", "figure", "figcaption", "address", "aside", "nav", "details", "summary",
})  # fmt: skip


class _Block(NamedTuple):
    """Of a paragraph or a title the text, with BREAK for each line's end; of anything else the XML."""

    kind: str
    text: str
    level: str = ""


def from_text(text: str) -> str:
    """Paragraphs from blank lines, line breaks from line ends."""
    parts = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    return HEAD + "".join(_para(escaped(part.strip()).replace("\n", BREAK)) for part in parts) + TAIL


def from_tree(root: Element, lost: list[str] | None = None) -> str:
    """The document of a tree; ``lost`` is told in words what there is no form for, each time it comes."""
    return HEAD + _Writer([] if lost is None else lost).blocks(root.children) + TAIL


class _Writer:
    """Writes one document."""

    def __init__(self, lost: list[str]) -> None:
        self._lost = lost
        self._in_item = False
        self._inlines = Inlines(lost)
        self._written: dict[str, Callable[[Element], list[_Block]]] = {
            "ul": self._list,
            "ol": self._list,
            "table": self._table,
            "blockquote": self._quote,
            "pre": self._listing,
            "hr": self._line,
            **{f"h{level}": self._title for level in range(1, 7)},
        }

    def blocks(self, children: Iterable[Element | str]) -> str:
        """The XML of everything."""
        return "".join(map(_rendered, self._blocks(children)))

    def _blocks(self, children: Iterable[Element | str]) -> list[_Block]:
        found: list[_Block] = []
        line: list[Element | str] = []
        for child in children:
            if isinstance(child, Element) and _is_block(child):
                found += self._flushed(line)
                found += self._block(child)
            else:
                line.append(child)
        return found + self._flushed(line)

    def _flushed(self, line: list[Element | str]) -> list[_Block]:
        """A paragraph; pictures that stand alone in one are blocks of their own."""
        held = [one for one in line if not isinstance(one, str) or one.strip()]
        alone = not self._in_item and all(isinstance(one, Element) and one.tag in ("img", "br") for one in held)
        if alone:
            text = "".join(
                self._inlines.embed(one, "ezembed") for one in held if isinstance(one, Element) and one.tag == "img"
            )
        else:
            text = self._inlines.text(line)
        line.clear()
        kind = "embed" if alone else "para"
        return [_Block(kind, text)] if text.strip(f" \n\t{BREAK}") else []

    def _block(self, element: Element) -> list[_Block]:
        write = self._written.get(element.tag)
        if write is not None:
            return write(element)
        if element.tag == "p" and not any(isinstance(one, Element) and _is_block(one) for one in element.children):
            return self._flushed(list(element.children))
        return self._blocks(element.children)

    def _title(self, element: Element) -> list[_Block]:
        text = tidy(self._inlines.text(element.children)).replace(BREAK, " ")
        return [_Block("title", text, element.tag[1:])] if text else []

    def _list(self, element: Element) -> list[_Block]:
        name = "itemizedlist" if element.tag == "ul" else "orderedlist"
        items = [
            self._item(child.children if child.tag == "li" else [child])
            for child in element.children
            if isinstance(child, Element)
        ]
        inner = "".join(items)
        return [_Block(name, f"<{name}>{inner}</{name}>")] if inner else []

    def _item(self, children: Iterable[Element | str]) -> str:
        """One paragraph with all that the item holds: a list beside the paragraph would not be shown."""
        before, self._in_item = self._in_item, True
        parts, text = "", ""
        for block in self._blocks(children):
            if block.kind in ("para", "title"):
                text += (BREAK if text else "") + block.text
            else:
                parts, text = parts + lines(text) + block.text, ""
        self._in_item = before
        inner = parts + lines(text)
        return f"<listitem><para>{inner}</para></listitem>" if inner else ""

    def _table(self, element: Element) -> list[_Block]:
        parts: dict[str, list[str]] = {"thead": [], "tbody": [], "tfoot": []}
        before, self._in_item = self._in_item, False
        for part, cells in rows_of(element):
            row = "".join(f"<{c.tag}{span_of(c)}>{self.blocks(c.children) or '<para/>'}</{c.tag}>" for c in cells)
            parts[part].append(f"<tr>{row}</tr>")
        self._in_item = before
        if not parts["tbody"]:  # there has to be one
            parts = {"tbody": parts["thead"] + parts["tfoot"]}
        written = {part: "".join(rows) for part, rows in parts.items()}
        inner = "".join(f"<{part}>{rows}</{part}>" for part, rows in written.items() if rows)
        title = next((one for one in element.children if isinstance(one, Element) and one.tag == "caption"), None)
        caption = tidy(self._inlines.text(title.children)).replace(BREAK, " ") if title else ""
        name, head = ("table", f"<caption>{caption}</caption>") if caption else ("informaltable", "")
        return [_Block(name, f"<{name}>{head}{inner}</{name}>")] if inner else []

    def _quote(self, element: Element) -> list[_Block]:
        inner = self.blocks(element.children)
        return [_Block("blockquote", f"<blockquote>{inner}</blockquote>")] if inner else []

    def _listing(self, element: Element) -> list[_Block]:
        text = escaped(plain(element)).strip("\n")
        classes = " ".join(one.attributes.get("class", "") for one in element.children if isinstance(one, Element))
        found = re.search(r"(?:^|\s)language-([\w+#.-]+)", classes)
        language = f" language={quoteattr(found.group(1))}" if found else ""
        listing = f"<programlisting{language}>{text}</programlisting>"
        return [_Block("programlisting", listing)] if text.strip() else []

    def _line(self, element: Element) -> list[_Block]:  # noqa: ARG002 - one function for each tag
        self._lost.append("a horizontal line")
        return []


def _is_block(element: Element) -> bool:
    if element.tag in _BLOCK_TAGS:
        return True
    return element.tag in _GROUPS and any(isinstance(one, Element) and _is_block(one) for one in element.children)


def _rendered(block: _Block) -> str:
    if block.kind == "para":
        return _para(block.text)
    return f'<title ezxhtml:level="{block.level}">{block.text}</title>' if block.kind == "title" else block.text


def _para(text: str) -> str:
    return f"<para>{lines(text)}</para>"
