"""``page``: pages are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.spec import COUNT, TEXT, Field, Spec
from connector.incoming.paging.base import Page, PageRequest


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
        },
        instead={"overlap": "Pages by number cannot overlap: use offset or keyset, or declare total in the incoming."},
    )

    def __init__(self, names: tuple[str, str], size: int, first_page: int) -> None:
        self._page, self._size_param = names
        self._size = size
        self._first = first_page

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From names, size and first number."""
        filled = cls.spec.filled(config)
        names = (str(filled["page_param"]), str(filled["size_param"]))
        return cls(names, int(filled["size"]), int(filled["first_page"]))

    def first(self) -> PageRequest:
        """The first page."""
        return PageRequest({self._page: self._first, self._size_param: self._size})

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """The page with the next number."""
        number = int(request.query[self._page])
        read = (number - self._first) * self._size + len(page.records)
        ended = read >= page.total if page.total is not None else len(page.records) < self._size
        if not page.records or ended:
            return None
        return PageRequest({self._page: number + 1, self._size_param: self._size})
