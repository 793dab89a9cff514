"""``offset``: how many to leave out, and how many at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from connector.core.jsonio import Json
from connector.core.spec import COUNT, TEXT, Field, Spec
from connector.incoming.paging.base import Page, PageRequest


class Offset:
    """Counts on by what really came; ends at the total if there is one, else at the first page that is not full."""

    spec: ClassVar[Spec] = Spec(
        "offset",
        "Offset and limit",
        "Asks for so many records from a position on.",
        {
            "offset_param": Field(TEXT, "Name of the parameter for the position.", default="offset"),
            "limit_param": Field(TEXT, "Name of the parameter for the size.", default="limit"),
            "limit": Field(COUNT, "Records a page.", default=100),
        },
    )

    def __init__(self, names: tuple[str, str], limit: int) -> None:
        self._offset, self._limit = names
        self._size = limit

    @classmethod
    def build(cls, config: Mapping[str, Json]) -> Self:
        """From names and size."""
        filled = cls.spec.filled(config)
        return cls((str(filled["offset_param"]), str(filled["limit_param"])), int(filled["limit"]))

    def first(self) -> PageRequest:
        """From position 0."""
        return PageRequest({self._offset: 0, self._limit: self._size})

    def next(self, request: PageRequest, page: Page) -> PageRequest | None:
        """From where this page ended."""
        after = int(request.query[self._offset]) + len(page.records)
        ended = after >= page.total if page.total is not None else len(page.records) < self._size
        if not page.records or ended:
            return None
        return PageRequest({self._offset: after, self._limit: self._size})
