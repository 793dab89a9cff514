"""A request and its response as values; nothing here touches the network."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from connector.core.errors import BadAnswer
from connector.core.jsonio import Json, JsonError, parse, shown
from connector.core.secrets import redactor

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class TooLate(Exception):
    """A request that had to wait for its turn longer than its ``within``: it was not sent."""


class Request(Struct, frozen=True):
    """What to ask.

    Attributes:
        method: any HTTP method, also PUBLISH, COPY, MOVE, SWAP.
        path: percent-encoded, begins with ``/``, below the client's base URL.
        query: names and values, in order.
        headers: Accept, Content-Type, Destination and the like; credentials are the client's business.
        body: bytes, or None.
        safe: may be repeated without harm; None: by the method. A search by POST says True.
        link: instead of a path: an href that the server gave (absolute, or a path from the root of the host). It is
            followed on the client's own origin only.
        operation: e.g. ``content.create``: for the request log.
        confidential: neither body is ever logged: a log-in, or a message with a password.
        within: seconds after which it is not to be sent any more; None: it may wait for its turn as the client does.
    """

    method: str
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    safe: bool | None = None
    link: str = ""
    operation: str = ""
    confidential: bool = False
    within: float | None = None

    @property
    def is_safe(self) -> bool:
        """Whether it may be repeated without harm."""
        return self.method in _SAFE if self.safe is None else self.safe


class Response(Struct, frozen=True):
    """What came back.

    Attributes:
        headers: names in lower case; of repeated ones the last.
        body: decoded, whole.
        url: scheme, host and path, without the query: for messages.
        seconds: from sending to the last byte.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    seconds: float

    @property
    def content_type(self) -> str:
        """The media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self, *, surrogates: bool = False) -> Json:
        """The body as strict JSON; see core.jsonio.parse.

        Raises:
            BadAnswer: it is none; the text says what came instead, in a few words.
        """
        try:
            return parse(self.body, surrogates=surrogates)
        except JsonError as error:
            raise BadAnswer(f"{self.url} answered {self.status} with {self._what()}: {error}", hint=_HINT) from None

    def _what(self) -> str:
        if not self.body.strip():
            return "an empty body"
        start = redactor.clean(self.body[:4096].decode("utf-8", "replace")).strip()
        if start.lower().startswith(("<!doctype html", "<html")):
            return "an HTML page (a log-in or error page?)"
        return f"{self.content_type or 'no content type'} that begins {shown(start, 40)!r}"


_HINT = "Check the address and the endpoint, and that the credentials are allowed to use it."
