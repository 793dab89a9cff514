"""The next page that an answer names by itself, in one of the usual ways, whatever paging is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from connector.core.jsonio import Json
from connector.incoming.paging.base import Page
from connector.incoming.paging.pointer import leading


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ADDRESSES = _words(
    "next nextlink nexturl nexturi nexthref nextpage nextpageurl nextpagelink nextpageuri odatanextlink "
    "nextrecordsurl moreresultsurl"
)
_TOKENS = _words(
    "nextpagetoken nexttoken nextcursor nextpagecursor continuationtoken nextcontinuationtoken nextoffset "
    "scrolltoken nextmarker"
)
_MORE = _words("hasmore hasnext hasnextpage hasmorepages hasmoreitems hasmoreresults morerecords")
_LAST = _words("last islast islastpage lastpage")
"""Told by yes or no: there is more where one of the former is true, or one of the latter false."""
_AROUND = _words(
    "links paging pagination pager page pages pageinfo meta metadata responsemetadata pagemetadata info cursor "
    "cursors response result d data"
)
"""Objects that say something of the page; and so do those that lead to the records."""
_INSIDE = ("href", "url", "uri", "link")
_DEPTH = 5
_HEADER = re.compile(r"<([^>]*)>\s*((?:;\s*[^;,]+)*)")
_REL_NEXT = re.compile(r"""rel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|next\b)""", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Named(Struct, frozen=True):
    """A next page.

    Attributes:
        where: what names it, as JMESPath; in a header: its name.
        address: where it is, if the answer says that.
        kind: ``address``, ``token``, ``flag`` (only that there is one), or ``header``.
    """

    where: str
    address: str
    kind: str


def named_next(page: Page, records: str) -> Named | None:
    """The next page that an answer names; its address rather than anything else; None: it names none.

    Args:
        page: as it came.
        records: where its records are, as JMESPath: nothing below them is looked at.
    """
    found = [*_in_header(page.headers), *_in_body(page, records)]
    order = ("address", "header", "token", "flag")
    return min(found, key=lambda one: order.index(one.kind), default=None)


def _in_header(headers: Mapping[str, str]) -> Iterator[Named]:
    for address, parameters in _HEADER.findall(headers.get("link", "")):
        if address and _REL_NEXT.search(parameters):
            yield Named("Link", address, "header")


def _in_body(page: Page, records: str) -> Iterator[Named]:
    if isinstance(page.body, dict):
        yield from _in_object(page.body, (), {id(one) for one in page.records}, leading(records)[0])


def _in_object(here: dict[str, Json], at: tuple[str, ...], left_out: set[int], way: tuple[str, ...]) -> Iterator[Named]:
    for name, value in here.items():
        known, place = _letters(name), (*at, name)
        if known in _ADDRESSES:
            yield from _address(value, place)
        elif known in _TOKENS and _says(value):
            yield Named(_written(place), "", "token")
        elif (known in _MORE and value is True) or (known in _LAST and value is False):
            yield Named(_written(place), "", "flag")
        elif known == "links" and isinstance(value, list):
            yield from _in_list(value, place)
        around = known in _AROUND or place == way[: len(place)]
        if around and isinstance(value, dict) and id(value) not in left_out and len(place) < _DEPTH:
            yield from _in_object(value, place, left_out, way)


def _address(value: Json, place: tuple[str, ...]) -> Iterator[Named]:
    if isinstance(value, dict):
        inner = next((name for name in _INSIDE if isinstance(value.get(name), str) and value[name]), "")
        if inner:
            yield Named(_written((*place, inner)), value[inner], "address")
    elif isinstance(value, str) and _is_address(value):
        yield Named(_written(place), value, "address")
    elif _says(value) and not (isinstance(value, str) and _DATE.match(value)):
        yield Named(_written(place), "", "token")


def _in_list(links: list[Json], place: tuple[str, ...]) -> Iterator[Named]:
    for one in links:
        address = one.get("href") if isinstance(one, dict) and one.get("rel") == "next" else None
        if isinstance(address, str) and address:
            yield Named(f"{_written(place)}[?rel=='next'].href | [0]", address, "address")


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://", "/", "?")) or "?" in text


def _says(value: Json) -> bool:
    return (isinstance(value, str) and value != "") or (type(value) is int and value > 0)


def _letters(name: str) -> str:
    return "".join(one for one in name if one.isalnum()).lower()


def _written(place: tuple[str, ...]) -> str:
    return ".".join(one if _PLAIN.fullmatch(one) else '"' + one.replace('"', '\\"') + '"' for one in place)
