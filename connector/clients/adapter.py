"""requests' adapter, less what it does for every request though it is the same each time.

It looks up the pool by a key of thirty parts, checks the certificate's file, parses the address and makes a cookie jar
for each answer: together a quarter of what a small request costs.
"""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter


class Answer(requests.Response):
    """Status and headers of an answer whose body is still in ``raw``; no cookies are kept."""

    def __init__(self, raw: Any) -> None:  # not as the base does: that makes a cookie jar
        self.raw = raw
        self.status_code = raw.status
        self.headers = raw.headers


class Adapter(HTTPAdapter):
    """Remembers the pool of the origin that was asked last; most clients have one only."""

    _known: tuple[str, Any, Any] = ("", None, None)

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """The pool for a request."""
        origin = _origin(str(request.url))
        last, verified, pool = self._known
        if last == origin and verified == verify:
            return pool
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        super().cert_verify(pool, request.url, verify, cert)  # type: ignore[no-untyped-call]
        self._known = (origin, verify, pool)
        return pool

    def close(self) -> None:
        """Close all connections: a pool closes them when nobody holds it any more."""
        self._known = ("", None, None)
        super().close()

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Done when the pool was looked up."""

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:  # noqa: ARG002 - requests' signature
        """What stands in the request line: path and query."""
        url = str(request.url)
        target = url[len(_origin(url)) :].partition("#")[0]
        return target if target.startswith("/") else f"/{target}"

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ARG002 - as above
        """The answer, without a cookie jar."""
        return Answer(resp)


def _origin(url: str) -> str:
    """``https://host:port`` as it is written."""
    scheme, _, rest = url.partition("://")
    for mark in "/?#":
        rest = rest.partition(mark)[0]
    return f"{scheme}://{rest}"
