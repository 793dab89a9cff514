"""A deadline for the whole answer, its head included: a server that sends a byte now and then would never end it.

A socket's time-out counts from byte to byte, so each wait on the socket is given what is left of the whole.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connector.clients.packet import OnePacket
from connector.clients.public import MayBePrivate, Public
from connector.clients.tls import Trusting


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


def pools(seconds: float, may_be_private: MayBePrivate | None = None) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools by scheme, in which every answer has to be there after so many seconds.

    With ``may_be_private``, only the hosts that it names are connected to at an address that is not public.
    """

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
            super().__init__(_Opened(sock, seconds), *given, **named)  # type: ignore[arg-type]

    class Plain(OnePacket):
        response_class = Response

    class Secure(OnePacket, Trusting):
        response_class = Response

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    if may_be_private is not None:
        judge = may_be_private

        class PlainPublic(Public, Plain):
            may_be_private = staticmethod(judge)

        class SecurePublic(Public, Secure):
            may_be_private = staticmethod(judge)

        PlainPool.ConnectionCls, SecurePool.ConnectionCls = PlainPublic, SecurePublic

    return {"http": PlainPool, "https": SecurePool}
