"""What lies behind the total: a listing that ends by its total alone, amid full pages, may go on all the same."""

from __future__ import annotations

from collections.abc import Callable

from connector.core.errors import ClientError, SourceError
from connector.core.jsonio import Json
from connector.incoming.paging.base import Page
from connector.incoming.paging.ending import Doubt


def beyond(page: Page, ask: Callable[[], Page], news: Callable[[list[Json]], list[Json]], locator: str) -> Doubt | None:
    """What speaks against the total, once the page that it says is not there has been asked for.

    A count of the records of one page, of the pages, or of no more than a server wants to count is easily taken for the
    total: then the first page would be all that is ever read, and the rest would count as missing.

    Args:
        page: the last one; it is full, and only its total says that nothing follows.
        ask: for the page behind it.
        news: what of its records did not come yet.
        locator: where the total was found.
    """
    try:
        further = ask()
    except (ClientError, SourceError):
        return None  # sources answer as they like to what is not there
    fresh = len(news(further.records))
    said = page.total or 0
    grown = further.total is not None and said + fresh <= further.total
    if not fresh or grown:  # what was made since the last page is for the next read
        return None
    message = f"by `{locator}` there are {said} records, and more follow behind them"
    hint = f"`{locator}` may count a page, or the pages: correct it, or leave it out."
    return Doubt("/total", message, hint, certain=True)
