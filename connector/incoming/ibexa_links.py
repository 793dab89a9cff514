"""Reads what the links in a listing point to: several at a time, each address once a run."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from connector.clients import HttpClient
from connector.clients.request import Request, Response
from connector.core.errors import BadAnswer, RecordError
from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.core.scope import carried
from connector.systems.ibexa.answers import refused
from connector.systems.operation import NO_BODY_ACCEPT

AT_ONCE = 8
"""Links under way for one reading; the client's own limits hold besides."""
REMEMBERED = 1000
"""Answers kept for links that occur again; the least recently used go first, so memory stays flat."""
_EMBEDDED = {"application/vnd.ibexa.api.ContentInfo+json": "application/vnd.ibexa.api.Content+json"}
"""What to accept instead of a link's own media type, to get the fields too."""


class Unread(RecordError):
    """A link that cannot be read: the record is at fault, not the reading."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, hint="It was deleted since it was listed, or the user may not read it.")
        self.code = problem.code


class Links:
    """The links of one reading.

    Args:
        client: reads them, on its own origin only.
        operation: the listing's id, for messages and the request log.
        where: the incoming's name, for messages.
    """

    def __init__(self, client: HttpClient, operation: str, where: str) -> None:
        self._client = client
        self._name = f"{operation} link"
        self._where = where
        self._known: OrderedDict[str, Json | Unread] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None

    @contextmanager
    def open(self) -> Iterator[Links]:
        """With threads for as long as the block lasts."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"links-{self._where}") as pool:
            self._pool = pool
            try:
                yield self
            finally:
                self._pool = None
                pool.shutdown(wait=True, cancel_futures=True)

    def expanded(self, items: Sequence[Json]) -> list[Json | Unread]:
        """What each item points to, in order; an item without a link as it is.

        Raises:
            ClientError: a link cannot be read for a reason that is not the record's.
        """
        assert self._pool is not None
        links = {link: item for item in items if (link := link_of(item))}
        asked = [link for link in links if link not in self._known]
        for link, found in zip(
            asked, self._pool.map(carried(self._read), (links[link] for link in asked)), strict=True
        ):
            self._known[link] = found
        made = [self._known[link] if (link := link_of(item)) else item for item in items]
        for link in links:
            self._known.move_to_end(link)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return made

    def _read(self, item: Mapping[str, Json]) -> Json | Unread:
        media_type = str(item.get("_media-type") or NO_BODY_ACCEPT)
        headers = {"Accept": _EMBEDDED.get(media_type, media_type)}
        response = self._client.send(Request("GET", link=link_of(item), headers=headers, operation=self._name))
        if response.status in (401, 403, 404):
            return Unread(refused(self._name, response))
        if not 200 <= response.status < 300:
            raise refusal(self._name, response, self._where)
        body = response.json()
        return next(iter(body.values())) if isinstance(body, dict) and len(body) == 1 else body


def link_of(item: Json) -> str:
    """The address that an item of a listing gives; bookmarks have two underscores. Empty: none."""
    found = (item.get("_href") or item.get("__href")) if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""


def refusal(operation: str, response: Response, where: str, says: Mapping[str, str] | None = None) -> BadAnswer:
    """The error for an answer that ends the reading; ``says``: by status, what it means for the operation."""
    problem = refused(operation, response, says=says)
    return BadAnswer(f"{where}: {problem.message}", hint=problem.hint)
