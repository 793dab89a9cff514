"""Pages that begin with what the page before ended with: what comes again is left out, and what moved is read again."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from connector.incoming.paging.base import Moved, Page, PageRequest, Paginator, Repeats

MOST_BACK = 20
"""Steps of a page for one page: what moves more quickly cannot be read by position."""


class Met(Struct, frozen=True):
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
    back: int = 0
    covered: tuple[int, int] | None = None

    @property
    def compared(self) -> Page:
        """What must differ from all pages before: by value, a page may well hold nothing but what is known."""
        return self.page if self.request.after is None else self.fresh


def met(paginator: Paginator, request: PageRequest, ask: Callable[[PageRequest], Page]) -> Met:
    """Ask for a page; further back, and again, as long as nothing of the page before comes with it.

    Records that go from the pages already read pull the rest forward, past the reader: then the page that is asked for
    begins behind what was read last, and some were missed. Behind any record that is known, none can be.

    Raises:
        Moved: it was asked for often enough.
    """
    page = ask(request)
    if not isinstance(paginator, Repeats):
        return Met(request, page, page)
    steps = 0
    before = paginator.recheck(request)
    if before is not None and set(request.known).isdisjoint(page.names):
        again = ask(before)
        if not again.names or tuple(again.names) != request.known[-len(again.names) :]:
            request, page, steps = before, again, 1
    while request.joins and set(request.known).isdisjoint(page.names):
        if steps >= MOST_BACK:
            raise Moved(
                f"the listing moved by more than {MOST_BACK} pages while it was read",
                hint="Read it by `keyset`, or in a quieter hour: the next run reads it again.",
            )
        request = paginator.earlier(request)
        page = ask(request)
        steps += 1
    return Met(request, page, page.without(request.known), steps, paginator.covered(request, page))
