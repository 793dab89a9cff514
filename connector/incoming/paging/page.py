"""``page``: pages are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.spec import BOOLEAN, COUNT, TEXT, Field, Spec
from connector.incoming.paging.base import KEPT, Page, PageRequest


class PageNumber:
    """Counts pages; ends at the total if there is one, else at the first page that is not full."""

    spec: ClassVar[Spec] = Spec(
        "page",
        "Page number",
        "Asks for page after page.",
        {
            "page_param": Field(
                TEXT, "Name of the parameter for the page; `/a/b` is a place in the body.", default="page"
            ),
            "size_param": Field(TEXT, "Name of the parameter for the size, or its place.", default="per_page"),
            "size": Field(COUNT, "Records a page.", default=100),
            "first_page": Field({"type": "integer", "minimum": 0}, "Number of the first page.", default=1),
            "recheck": Field(
                BOOLEAN,
                "Each page is asked for once more after the next one: when others have gone meanwhile, it holds what "
                "would have been missed, and the reader goes on from there. It takes twice the requests.",
                default=False,
            ),
        },
        instead={"overlap": "Pages by number cannot overlap: say recheck, or use offset or keyset."},
    )

    def __init__(self, names: tuple[str, str], size: int, first_page: int, *, recheck: bool = False) -> None:
        self._page, self._size_param = names
        self._size = size
        self._first = first_page
        self._recheck = recheck

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From names, size and first number."""
        filled = cls.spec.filled(config)
        names = (str(filled["page_param"]), str(filled["size_param"]))
        return cls(names, int(filled["size"]), int(filled["first_page"]), recheck=bool(filled["recheck"]))

    @property
    def repeats(self) -> bool:
        """Where pages are asked for twice."""
        return self._recheck

    def first(self) -> PageRequest:
        """The first page."""
        return self._at(self._first)

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """The page with the next number."""
        read = self._behind(request, page)
        ended = read >= page.total if page.total is not None else len(page.records) < self._size
        if not page.records or ended:
            return None
        kept = max(KEPT, 2 * len(page.names))  # all of that page, and what may be pushed into it
        known = (*request.known, *page.names)[-kept:] if self._recheck else ()
        return self._at(int(request.query[self._page]) + 1, known)

    def earlier(self, request: PageRequest) -> PageRequest:
        """The page before."""
        number = max(int(request.query[self._page]) - 1, self._first)
        return self._at(number, request.known, joins=number > self._first)

    def recheck(self, request: PageRequest) -> PageRequest | None:
        """The page before, unless there is none, or it was gone back to."""
        return self.earlier(request) if request.known and not request.joins else None

    def covered(self, request: PageRequest, page: Page) -> tuple[int, int] | None:
        """By number, which is right where pages join: none can have slipped past the reader."""
        return (self._behind(request, page), page.total or 0) if self._recheck else None

    def _behind(self, request: PageRequest, page: Page) -> int:
        return (int(request.query[self._page]) - self._first) * self._size + len(page.records)

    def _at(self, number: int, known: tuple[str, ...] = (), *, joins: bool = False) -> PageRequest:
        return PageRequest({self._page: number, self._size_param: self._size}, known=known, joins=joins)
