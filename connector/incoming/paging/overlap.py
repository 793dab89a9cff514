"""Pages that begin with what the page before ended with: what comes again is left out, and what moved is read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connector.core.errors import PagingError
from connector.incoming.paging.base import Page, PageRequest, Paginator, Repeats

MOST_BACK = 20
"""Steps of a page for one page: what moves more quickly cannot be read by position."""


@dataclass(frozen=True, slots=True)
class Met:
    """A page that goes on where the one before ended.

    Attributes:
        request: what was asked for it in the end.
        page: as it came.
        fresh: without what is known.
        back: how many pages were asked for in vain before.
        covered: see Repeats.
    """

    request: PageRequest
    page: Page
    fresh: Page
    back: int
    covered: tuple[int, int] | None


def met(paginator: Paginator, request: PageRequest, ask: Callable[[PageRequest], Page]) -> Met:
    """Ask for a page; further back, and again, as long as nothing of the page before comes with it.

    Records that go from the pages already read pull the rest forward, past the reader: then the page that is asked for
    begins behind what was read last, and some were missed. Behind any record that is known, none can be.

    Raises:
        PagingError: it was asked for often enough.
    """
    for back in range(MOST_BACK):
        page = ask(request)
        if not request.joins or not isinstance(paginator, Repeats) or not set(request.known).isdisjoint(page.names):
            covered = paginator.covered(request, page) if isinstance(paginator, Repeats) else None
            return Met(request, page, page.without(request.known), back, covered)
        request = paginator.earlier(request)
    raise PagingError(
        f"the listing moved by more than {MOST_BACK} pages while it was read",
        hint="Read it by `keyset`, or in a quieter hour: the next run reads it again.",
    )
