"""The guard around any paginator: a listing that repeats itself, or never ends, is an error and not a long night."""

from __future__ import annotations

import hashlib
import json

from connector.core.errors import PagingError
from connector.core.jsonio import Json, fingerprint
from connector.incoming.paging.base import Page, PageRequest

MAX_PAGES = 1_000_000
_HINT = "The source ignores or mixes up its paging parameters; what was read so far is kept."


class Guard:
    """Watches one reading. Remembers a short digest a request (16 bytes), and the last page.

    Args:
        position: what ``as_json`` gave, when a reading goes on in the middle.
    """

    def __init__(self, position: dict[str, Json] | None = None, max_pages: int = MAX_PAGES) -> None:
        self._max_pages = max_pages
        self._pages = int((position or {}).get("pages", 0))
        self._last_page = str((position or {}).get("last", ""))
        self._asked: set[str] = set()

    @property
    def pages(self) -> int:
        """How many pages have been read."""
        return self._pages

    def as_json(self) -> dict[str, Json]:
        """For the checkpoint."""
        return {"pages": self._pages, "last": self._last_page}

    def fault(self, request: PageRequest) -> PagingError | None:
        """Why this must not be asked next: it was asked before in this reading, or there are too many pages."""
        if fingerprint(request.as_json()) in self._asked:
            message = f"the listing goes round in a circle: page {self._pages + 1} was read before"
            return PagingError(message, hint=_HINT)
        if self._pages >= self._max_pages:
            hint = "Raise max_pages if that is right."
            return PagingError(f"the listing has more than {self._max_pages} pages", hint=hint)
        return None

    def about_to_ask(self, request: PageRequest) -> None:
        """Before each request.

        Raises:
            PagingError: see fault.
        """
        found = self.fault(request)
        if found is not None:
            raise found
        self._asked.add(fingerprint(request.as_json()))

    def has_read(self, page: Page) -> None:
        """After each page.

        Raises:
            PagingError: it is the same page as the one before.
        """
        digest = _digest(page.records) if page.records else ""
        if digest and digest == self._last_page:
            raise PagingError(f"page {self._pages + 1} is the same as page {self._pages}", hint=_HINT)
        self._last_page = digest
        self._pages += 1


def _digest(records: list[Json]) -> str:
    """Of any page, also of one with a record that is no strict JSON."""
    return hashlib.blake2b(json.dumps(records, sort_keys=True).encode(), digest_size=16).hexdigest()
