"""A deadline for the whole answer, its head included: a server that sends a byte now and then would never end it.

A socket's time-out counts from byte to byte, so each wait on the socket is given what is left of the whole.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import time
from functools import lru_cache
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connector.clients.tls import Trusting

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAKS = re.compile(r"[\r\n\0]")
SMALL = 65536
"""Bytes of a body that is copied behind its head."""


class _Waiting(io.RawIOBase):
    """A socket's bytes, until the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float) -> None:
        self._raw, self._sock = raw, sock
        self._patience = sock.gettimeout()
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took longer than the total time-out")
        patience = left if self._patience is None else min(left, self._patience)
        if patience != self._sock.gettimeout():  # setting it is a system call
            self._sock.settimeout(patience)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Opened:
    """What http.client asks a socket for: a file to read the answer from."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._sock, self._seconds = sock, seconds

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Waiting(self._sock.makefile("rb", buffering=0), self._sock, self._seconds))


class _OnePacket(HTTPConnection):
    """Sends a small body together with the head: one packet and one system call instead of two."""

    _body = b""

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        self._body = body or b""
        super().request(method, url, None, headers, **options)

    def putheader(self, header: Any, *values: Any) -> None:
        """The same few lines again and again: checked and encoded once each."""
        self._output(_line(header, *values))  # type: ignore[attr-defined]

    def send(self, data: Any) -> None:
        body, self._body = self._body, b""
        if len(body) <= SMALL:
            super().send(data + body)
        else:
            super().send(data)
            super().send(body)


@lru_cache(maxsize=256)
def _line(name: str, value: str) -> bytes:
    """A line of the head.

    Raises:
        ValueError: it would be more than one line, or no header's name; the value is not shown, it may be a secret.
    """
    if not _NAME.fullmatch(name) or _BREAKS.search(value):
        raise ValueError(f"the header {name!r} cannot be sent")
    return f"{name}: {value}".encode("latin-1")


def pools(seconds: float) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools by scheme, in which every answer has to be there after so many seconds."""

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
            super().__init__(_Opened(sock, seconds), *given, **named)  # type: ignore[arg-type]

    class Plain(_OnePacket):
        response_class = Response

    class Secure(_OnePacket, Trusting):
        response_class = Response

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
