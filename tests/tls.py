"""TLS in front of a plain server, over real sockets, with an authority of its own; it can break off or speak nonsense."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import threading
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import trustme

Fault = Literal["none", "garbage", "reset", "cut"]


class Authority:
    """Signs certificates; ``file`` is what those who trust it name."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.file))

    def context(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """A server's side, with a certificate for these names."""
        ends = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if expired else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*(names or ("127.0.0.1",)), not_after=ends).configure_cert(context)
        return context


class Tls:
    """Takes TLS and hands it on to the server at ``url``; after a whole request was handed on, ``fault`` happens."""

    def __init__(self, url: str, context: ssl.SSLContext, fault: Fault = "none") -> None:
        self._target = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self._context, self.fault = context, fault
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = self._listener.accept()
                threading.Thread(target=self._speak, args=(plain,), daemon=True).start()

    def _speak(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain, self._context.wrap_socket(plain.dup(), server_side=True) as secure:
            with socket.create_connection(self._target) as behind:
                threading.Thread(target=self._answer, args=(behind, secure, plain), daemon=True).start()
                while piece := secure.recv(65536):
                    behind.sendall(piece)

    def _answer(self, behind: socket.socket, secure: ssl.SSLSocket, plain: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := behind.recv(65536):
                if self.fault == "garbage":  # what is no TLS record, where an answer should be
                    plain.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                elif self.fault == "none":
                    secure.sendall(piece)
                    continue
                if self.fault == "reset":
                    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                plain.shutdown(socket.SHUT_RDWR)
                return
            secure.shutdown(socket.SHUT_RDWR)
