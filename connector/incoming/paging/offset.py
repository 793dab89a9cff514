"""``offset``: how many to leave out, and how many at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.spec import COUNT, TEXT, Field, Spec
from connector.incoming.paging.base import KEPT, Page, PageRequest


class Offset:
    """Counts on by what really came; ends at the total if there is one, else at the first page that is not full."""

    spec: ClassVar[Spec] = Spec(
        "offset",
        "Offset and limit",
        "Asks for so many records from a position on.",
        {
            "offset_param": Field(
                TEXT, "Name of the parameter for the position; `/a/b` is a place in the body.", default="offset"
            ),
            "limit_param": Field(TEXT, "Name of the parameter for the size, or its place.", default="limit"),
            "limit": Field(COUNT, "Records a page.", default=100),
            "overlap": Field(
                {"type": "integer", "minimum": 0},
                "So many records of each page are asked for again with the next one: when none of them comes, others "
                "have gone from the listing meanwhile, and it is read again from further back.",
                default=0,
            ),
        },
    )

    def __init__(self, names: tuple[str, str], limit: int, overlap: int = 0) -> None:
        self._offset, self._limit = names
        self._size = limit
        self._overlap = overlap

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From names and sizes."""
        filled = cls.spec.filled(config)
        names = (str(filled["offset_param"]), str(filled["limit_param"]))
        return cls(names, int(filled["limit"]), int(filled["overlap"]))

    @property
    def repeats(self) -> bool:
        """With an overlap."""
        return self._overlap > 0

    def first(self) -> PageRequest:
        """From position 0."""
        return self._at(0)

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """From where this page ended, or a little before."""
        after = int(request.query[self._offset]) + len(page.records)
        ended = after >= page.total if page.total is not None else len(page.records) < self._size
        if not page.records or ended:
            return None
        again = min(self._overlap, len(page.records) - 1)
        known = (*request.known, *page.names)[-KEPT:] if again else ()
        return self._at(after - again, known, joins=again > 0)

    def earlier(self, request: PageRequest) -> PageRequest:
        """A page further back."""
        at = max(int(request.query[self._offset]) - self._size, 0)
        return self._at(at, request.known, joins=at > 0)

    def recheck(self, request: PageRequest) -> PageRequest | None:  # noqa: ARG002 - the protocol's words
        """No need: the pages themselves overlap."""
        return None

    def covered(self, request: PageRequest, page: Page) -> tuple[int, int] | None:
        """By position, which is right where pages join: none can have slipped past the reader."""
        return (int(request.query[self._offset]) + len(page.records), page.total or 0) if self.repeats else None

    def _at(self, offset: int, known: tuple[str, ...] = (), *, joins: bool = False) -> PageRequest:
        return PageRequest({self._offset: offset, self._limit: self._size}, known=known, joins=joins)
