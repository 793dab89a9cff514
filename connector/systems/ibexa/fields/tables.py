"""The rows and cells of a table in HTML."""

from __future__ import annotations

from collections.abc import Iterator

from connector.systems.ibexa.fields.html import Element

_PARTS = frozenset({"thead", "tfoot"})
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
_WIDEST = 1000  # as browsers have it


def rows_of(table: Element, part: str = "tbody") -> Iterator[tuple[str, list[Element]]]:
    """Each row that has cells: thead, tbody or tfoot, and its cells; those of tables within are left out."""
    for child in table.children:
        if not isinstance(child, Element) or child.tag == "table":
            continue
        if child.tag != "tr":
            yield from rows_of(child, child.tag if child.tag in _PARTS else part)
            continue
        cells = [one for one in child.children if isinstance(one, Element) and one.tag in ("td", "th")]
        if cells:
            yield part, cells


def span_of(cell: Element) -> str:
    """How far a cell goes, and what it is the heading of, as attributes."""
    found = ""
    for name in ("colspan", "rowspan"):
        text = cell.attributes.get(name, "").strip()
        if text.isascii() and text.isdigit() and 1 < int(text[:6]) <= _WIDEST:
            found += f' {name}="{int(text)}"'
    scope = cell.attributes.get("scope", "").strip().lower()
    return found + (f' scope="{scope}"' if cell.tag == "th" and scope in _SCOPES else "")
