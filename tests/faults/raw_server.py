"""A socket that writes what a test tells it to, byte by byte if need be: for answers that no honest server gives."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Self


class RawServer:
    """Reads each connection's request head, then writes the pieces until the client goes away."""

    def __init__(self, *pieces: bytes, forever: bytes = b"", pause: float = 0.0) -> None:
        self.written = 0
        self.connections = 0
        self._pieces, self._forever, self._pause = pieces, forever, pause
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.recv(65536)
            for piece in self._stream():
                connection.sendall(piece)
                self.written += len(piece)
                if self._closed.wait(self._pause) if self._pause else self._closed.is_set():
                    return

    def _stream(self) -> Iterator[bytes]:
        yield from self._pieces
        while self._forever:
            yield self._forever
