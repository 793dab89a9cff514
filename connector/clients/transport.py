"""The wire: one pool of kept-alive connections, no cookies, no redirects, no proxies from the environment.

Speaks to requests' adapter directly: a session would keep cookies (a stray one brings Ibexa's CSRF check back) and
look up the environment for every request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from msgspec import Struct
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError
from urllib3.util.retry import Retry

from connector.clients.adapter import Adapter
from connector.clients.body import CHUNK, decoded
from connector.clients.deadline import pools
from connector.clients.public import MayBePrivate, NotPublic
from connector.clients.request import Response
from connector.clients.tls import NotTrusted
from connector.core.errors import AddressRefused, AnswerLost, AnswerTooLarge, ClientError, Unreachable


class Limits(Struct, frozen=True):
    """Seconds for connecting, for each read, for the whole answer; bytes of a body; connections at once."""

    connect: float = 5.0
    read: float = 60.0
    total: float = 120.0
    max_body: int = 16 * 1024 * 1024
    connections: int = 4


class Transport:
    """Sends a prepared request once and reads the whole answer.

    Args:
        limits: of each exchange.
        verify: certificates: by the system's issuers, those of a file, or not at all.
        may_be_private: which hosts may be connected to at an address that is not public; None: every host.
    """

    def __init__(
        self, limits: Limits, *, verify: str | bool = True, may_be_private: MayBePrivate | None = None
    ) -> None:
        self._limits = limits
        self._verify = verify
        # Repeating is decided where it is known what may be repeated; urllib3 would also log whole URLs.
        retry = Retry(total=0, connect=0, read=0, redirect=0, status=0, other=0)
        self._adapter = Adapter(pool_connections=1, pool_maxsize=limits.connections, max_retries=retry, pool_block=True)
        self._adapter.poolmanager.pool_classes_by_scheme = pools(limits.total, may_be_private)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """One exchange.

        Raises:
            Unreachable, AddressRefused: nothing was sent.
            AnswerLost: sent, but no whole answer came in time.
            AnswerTooLarge, BadAnswer: the body is over the limit or damaged.
        """
        shown = _without_query(url)
        started = time.monotonic()
        deadline = started + self._limits.total
        prepared = _prepared(method, url, headers, body)
        timeout = (self._limits.connect, min(self._limits.read, self._limits.total))
        try:
            answer = self._adapter.send(prepared, stream=True, timeout=timeout, verify=self._verify)
        except requests.RequestException as error:
            raise _translated(error, method, shown) from None
        try:
            content = self._read(answer.raw, deadline, shown)
        finally:
            if not answer.raw.isclosed():
                answer.raw.close()
            answer.raw.release_conn()
        found = {name.lower(): answer.headers[name] for name in answer.headers}
        return Response(answer.status_code, found, content, shown, time.monotonic() - started)

    def close(self) -> None:
        """Close all connections."""
        self._adapter.close()

    def _read(self, raw: Any, deadline: float, shown: str) -> bytes:
        coding = raw.headers.get("Content-Encoding", "")
        try:
            return decoded(_chunks(raw, deadline, shown), coding, self._limits.max_body)
        except (HTTPError, OSError) as error:
            raise AnswerLost(f"the answer of {shown} broke off ({type(error).__name__})") from None
        except AnswerTooLarge as error:
            said = raw.headers.get("Content-Length", "") if not coding else ""
            error.size = int(said) if said.isascii() and said.isdecimal() else None
            raise


def _chunks(raw: Any, deadline: float, shown: str) -> Iterator[bytes]:
    read: Callable[..., bytes] = raw.read1
    while True:
        chunk = read(CHUNK, decode_content=False)
        if chunk:
            yield chunk
        if not chunk or raw.length_remaining == 0:
            # Reading to the end is what gives the connection back to the pool, and notices a body cut short.
            rest = raw.read(decode_content=False)
            if rest:
                yield rest
            return
        if time.monotonic() > deadline:
            raise AnswerLost(f"the answer of {shown} took longer than the total time-out", hint="Raise timeout.total.")


def _prepared(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.PreparedRequest:
    # Built by hand: requests' own preparation costs a third of a small request and decodes %2e in paths.
    prepared = requests.PreparedRequest()
    prepared.method = method
    prepared.url = url
    prepared.headers = _once_each(headers)
    prepared.body = body
    if body is not None or method in ("POST", "PATCH", "PUT"):
        prepared.headers["Content-Length"] = str(len(body or b""))
    return prepared


def _once_each(headers: Mapping[str, str]) -> Any:
    """The last of those whose names differ in case only; a plain dictionary where none do, as it is quicker."""
    names = {name.lower() for name in headers}
    if len(names) == len(headers) and "content-length" not in names:
        return dict(headers)
    return CaseInsensitiveDict(headers)


_NOT_SENT = (NewConnectionError, ConnectTimeoutError)


def _translated(error: requests.RequestException, method: str, shown: str) -> ClientError:
    cause = error.args[0] if error.args else error
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    host = urlsplit(shown).netloc
    if isinstance(reason, NotPublic):
        return AddressRefused(f"{host} lies on this machine, in a private network or at a reserved address")
    if isinstance(reason, NotTrusted):
        return Unreachable(f"no trusted TLS connection to {host}: {reason.why}", hint=reason.hint)
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, _NOT_SENT):
        return Unreachable(f"no connection to {host} ({_why(reason)})", hint="Is the system up, and base_url right?")
    if isinstance(error, requests.ReadTimeout):
        return AnswerLost(f"{method} {shown} got no answer in time", hint="Is the system overloaded? See timeout.read.")
    return AnswerLost(f"{method} {shown}: the connection broke before an answer came ({type(reason).__name__})")


def _why(reason: object) -> str:
    text = str(reason)
    for words, shown in (
        ("refused", "refused"),
        ("resolve", "unknown host"),
        ("Name or service", "unknown host"),
        ("timed out", "timed out"),
    ):
        if words in text:
            return shown
    return type(reason).__name__


def _without_query(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]
