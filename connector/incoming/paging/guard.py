"""The guard around any paginator: a listing that repeats itself, or never ends, is an error and not a long night."""

from __future__ import annotations

import hashlib
import json

from connector.core.errors import PagingError
from connector.core.jsonio import Json, fingerprint
from connector.incoming.paging.base import Moved, Page, PageRequest

MAX_PAGES = 1_000_000
MOST_MOVES = 20
_HINT = "The source ignores or mixes up its paging parameters; what was read so far is kept."


class Guard:
    """Watches one reading. Remembers a short digest of each request and of each page, and counts the records.

    Args:
        position: what ``as_json`` gave, when a reading goes on in the middle.
    """

    def __init__(self, position: dict[str, Json] | None = None, max_pages: int = MAX_PAGES) -> None:
        self._max_pages = max_pages
        known = {"records": 0} if position is None else position
        self._pages = int(known.get("pages", 0))
        self._last_page = str(known.get("last", ""))
        self._records: int | None = known.get("records")
        self._total = int(known.get("total", 0))
        self._moves = 0
        self._asked: set[str] = set()
        self._seen: set[str] = set()

    @property
    def pages(self) -> int:
        """How many pages have been read."""
        return self._pages

    def as_json(self) -> dict[str, Json]:
        """For the checkpoint."""
        found: dict[str, Json] = {"pages": self._pages, "last": self._last_page}
        return found if self._records is None else {**found, "records": self._records, "total": self._total}

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

    def moved(self) -> None:
        """The reader went back: pages that it reads again are no circle, unless it does nothing else.

        Raises:
            Moved: it went back for each of so many pages.
        """
        self._moves += 1
        if self._moves > MOST_MOVES:
            message = f"the listing was never the same for {MOST_MOVES} pages"
            raise Moved(message, hint="Sort it at the source by something that no two records share.")
        self._seen.clear()
        self._last_page = ""

    def stood_still(self) -> None:
        """It did not go back for that page."""
        self._moves = 0

    def has_read(self, page: Page, new: int | None = None, covered: tuple[int, int] | None = None) -> None:
        """After each page.

        Args:
            page: as it is compared with the others.
            new: how many records of it were not read before, if not all.
            covered: so many records of so many have been read, if the paginator itself knows that.

        Raises:
            PagingError: it is the same page as the one before, or as any earlier one. Of pages with a single record
                only neighbours are compared: one record may honestly be listed twice.
        """
        digest = _digest(page.records) if page.records else ""
        if digest and digest == self._last_page:
            raise PagingError(f"page {self._pages + 1} is the same as page {self._pages}", hint=_HINT)
        if len(page.records) > 1 and digest in self._seen:
            raise PagingError(f"page {self._pages + 1} is the same as an earlier one", hint=_HINT)
        self._seen.add(digest)
        self._last_page = digest
        self._pages += 1
        if covered is not None:
            self._records, self._total = covered
            return
        self._records = None if self._records is None else self._records + (len(page.records) if new is None else new)
        self._total = max(self._total, page.total or 0)

    def short(self) -> PagingError | None:
        """At the end: why this was not the whole listing, though nothing more follows.

        Records that are deleted at the source while it is read by position shift others past the reader: the largest
        total that was named is what must have come.
        """
        if self._records is None or self._records >= self._total:
            return None
        message = f"the listing ended after {self._records} of the {self._total} records that it named"
        return PagingError(
            message, hint="It changed while it was read, or `total` is wrong: the next run reads it again."
        )


def _digest(records: list[Json]) -> str:
    """Of any page, also of one with a record that is no strict JSON."""
    return hashlib.blake2b(json.dumps(records, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()
