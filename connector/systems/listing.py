"""How an operation's listing is read page by page: pure answers to "what to ask" and "where to go on".

Nothing is sent here. Which parameters page is in the operation's data, where it says what servers really do, and that
is not always what a reference promises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self, TypeAlias
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from connector.core.errors import PagingError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.operation import Operation

_PAGED = frozenset({"offset_limit", "view_offset_limit", "cursor"})
_NEXT_PAGE = ("_nextPage", "nextPage", "_next", "next")
"""Where an answer may name its next page. The reference shows ``_currentPage`` only: the others are its brothers."""


Offset: TypeAlias = int | str
"""Where a page begins: how many records lie before it, or the cursor that names it."""


class Answered(Protocol):
    """A page as it came."""

    @property
    def body(self) -> Json:
        """The whole answer."""
        ...

    @property
    def records(self) -> Sequence[Json]:
        """The items in it."""
        ...

    @property
    def total(self) -> int | None:
        """How many there are in all, if it says so."""
        ...


class Listing(Struct, frozen=True):
    """One operation as it is to be paged.

    Attributes:
        operation: what to ask.
        size: records a page; 0: the operation cannot page, or shall not.
        start: the offset of the first page.
        whole: whether everything is wanted, so that a rest that nobody can ask for is an error.
    """

    operation: Operation
    size: int = 0
    start: int = 0
    whole: bool = True

    @classmethod
    def of(cls, operation: Operation, message: Message, size: int, *, paged: bool = True) -> Self:
        """A limit and an offset in the message win over ``size`` and 0."""
        style = operation.paging["style"]
        if not paged or style not in _PAGED:
            return cls(operation, whole=paged)
        names: Mapping[str, Any] = operation.paging
        given = _query(operation, message.payload) if style == "view_offset_limit" else message.query
        limit = given.get("limit" if style == "view_offset_limit" else names["limit_param"])
        if style == "cursor":
            return cls(operation, _number(limit) or size)
        offset = given.get("offset" if style == "view_offset_limit" else names["offset_param"])
        return cls(operation, _number(limit) or size, _number(offset))

    def ask(self, message: Message, offset: Offset) -> Message:
        """The message for the page at that offset: a number, or the cursor that the page before gave."""
        if not self.size:
            return message
        names: Mapping[str, Any] = self.operation.paging
        style = self.operation.paging["style"]
        if style == "cursor":
            at = {names["cursor_param"]: offset} if isinstance(offset, str) else {}
            return Message(message.path, {**message.query, names["limit_param"]: self.size, **at}, message.payload)
        if style == "offset_limit":
            query = {**message.query, names["offset_param"]: offset, names["limit_param"]: self.size}
            return Message(message.path, query, message.payload)
        root = self.operation.unwrapped(message.payload or {})
        node = query_node(self.operation, root)
        placed = {**root, node: {**(root.get(node) or {}), "offset": offset, "limit": self.size}}
        return Message(message.path, message.query, placed)

    def follow(self, offset: Offset, page: Answered, before: int | None = None) -> Offset | None:
        """Where to go on, None at the end. An offset may lie before this page's: then some was missed.

        Args:
            offset: of this page.
            page: its records, how many there are in all as it says, and its body.
            before: how many there were, as the page before said.

        Raises:
            PagingError: there is more than can be asked for.
        """
        items, total = page.records, page.total
        if isinstance(offset, str) or self.operation.paging["style"] == "cursor":
            return self._next_cursor(page, first=not isinstance(offset, str))
        if not self.size:
            self._refuse_rest(offset + len(items), total)
            return None
        if total is None:
            return self._by_length(offset, len(items))
        end = offset + len(items)
        if not items and offset < total and (before is None or total >= before):
            raise PagingError(
                f"{self.operation.id} says {total} and gives none from {offset} on",
                hint="A search engine's window may end there: read in parts, e.g. by find.changed_since.",
            )
        gone = max((before or 0) - total, 0)
        if gone:
            # What went from the pages already read has pulled the rest forward, past this page's start: go back there.
            return max(offset - gone, self.start)
        return None if end >= total else end

    def _next_cursor(self, page: Answered, *, first: bool) -> str | None:
        """The cursor in the address of the next page, if the answer gives one."""
        root = page.body.get(self.operation.response_root) if isinstance(page.body, dict) else None
        links = (root.get(name) for name in _NEXT_PAGE) if isinstance(root, dict) else ()
        link = next((one for one in links if isinstance(one, str) and one), "")
        found = parse_qs(urlsplit(link).query).get(str(self.operation.paging["cursor_param"])) if self.size else None
        if found:
            return found[0]
        if first:
            self._refuse_rest(len(page.records), page.total)
        return None

    def _refuse_rest(self, end: int, total: int | None) -> None:
        if self.whole and total is not None and total > end:
            message = f"{self.operation.id} gives {end} of {total}, and there is no known way to ask for the rest"
            raise PagingError(message, hint="Narrow the query, so that one answer holds all of it.")

    def _by_length(self, offset: int, length: int) -> int | None:
        if self.operation.paging.get("ragged"):
            return offset + self.size if length else None
        return offset + length if length == self.size else None


def query_node(operation: Operation, root: Mapping[str, Json]) -> str:
    """The key of a search's body that holds its query: the operation's own, or one that may stand in its place."""
    own = str(operation.paging["offset_at"]).split(".")[-2]
    names = (own, *operation.paging.get("other_nodes", ()))
    return next((name for name in names if name in root), own)


def _query(operation: Operation, payload: Json) -> Mapping[str, Json]:
    root = operation.unwrapped(payload) if isinstance(payload, dict) else {}
    found = root.get(query_node(operation, root))
    return found if isinstance(found, dict) else {}


def _number(value: Json) -> int:
    """0 for what is none: no limit, no offset."""
    return int(value) if not isinstance(value, bool) and isinstance(value, str | int) and str(value).isdigit() else 0
