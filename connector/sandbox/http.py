"""A small, quick HTTP/1.1 server and a router for the sandbox systems.

It is for tests and demos on one machine: keep-alive, any method, bodies up to a cap, and answers that can break off on
purpose. It is not for the open internet: no TLS, no compression, no slow-client defence.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import parse_qsl

from msgspec import Struct, field

MAX_BODY_BYTES = 64 * 1024 * 1024
_MAX_LINE = 65536
_MAX_HEADERS = 200
_TRICKLE_TICK = 0.05
_log = logging.getLogger(__name__)


class Headers(Mapping[str, str]):
    """The headers of a request: names in any case; of a repeated header the last one counts."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = {name.lower(): value for name, value in (values or {}).items()}

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({sorted(self._values)})"


class Request(Struct, frozen=True):
    """One request: ``path`` is raw (still percent-encoded, without the query), ``query`` a list of decoded pairs."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def param(self, name: str) -> str | None:
        """The last value of a query parameter, or None."""
        return next((value for key, value in reversed(self.query) if key == name), None)


class Response(Struct, frozen=True):
    """One answer. ``cut``: "before" closes without a byte, "partial" after half of the body."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    cut: Literal["none", "before", "partial"] = "none"
    trickle_bytes_per_second: float | None = None


App = Callable[[Request], Response]


class Server:
    """An app behind a socket, served from daemon threads; ``port=0`` takes a free port."""

    def __init__(self, host: str, port: int, app: App, *, on_connect: Callable[[], None] | None = None) -> None:
        self._address = (host, port)
        self._app = app
        self._on_connect = on_connect
        self._listener: _Listener | None = None

    def start(self) -> Self:
        """Bind and serve in the background; does nothing while it is serving.

        Raises:
            OSError: the address is taken.
        """
        if self._listener is not None:
            return self
        self._listener = _Listener(self._address, self._app, self._on_connect)
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True, name="sandbox").start()
        return self

    def stop(self) -> None:
        """Close the listener and every open connection; a second call does nothing."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown()
            listener.server_close()
            listener.close_connections()

    @property
    def port(self) -> int:
        """The port bound to (0 before start)."""
        return int(self._listener.server_address[1]) if self._listener else self._address[1]

    @property
    def url(self) -> str:
        """``http://host:port``, without a trailing slash; of a server for every address, the one of this machine."""
        host = "127.0.0.1" if self._address[0] == "0.0.0.0" else self._address[0]
        return f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], app: App, on_connect: Callable[[], None] | None) -> None:
        self.app = app
        self._on_connect = on_connect
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # the parent's asks DNS for the host's name, which can take seconds

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.add(request)
        if self._on_connect:
            self._on_connect()
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            with self._guard:
                self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _BadRequestError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Connection(socketserver.StreamRequestHandler):
    """One connection: requests one after another, parsed by hand since the stock parser costs more than our answers."""

    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, OSError, ValueError):
            while self._serve_one():
                pass

    def _serve_one(self) -> bool:
        line = self.rfile.readline(_MAX_LINE)
        if not line or line == b"\r\n":
            return bool(line)
        try:
            request, keep = self._read(line)
        except _BadRequestError as error:
            self._send(Response(error.status), Request("GET", "/"), keep=False)
            return False
        return self._send(self._answer(request), request, keep=keep)

    def _answer(self, request: Request) -> Response:
        try:
            return self.server.app(request)
        except Exception:  # noqa: BLE001  # the border of a request: one failure may not end the server
            _log.exception("The sandbox failed at %s %s", request.method, request.path)
            return Response(500, [("Content-Type", "text/plain")], b"sandbox error, see its log")

    def _read(self, line: bytes) -> tuple[Request, bool]:
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise _BadRequestError(400)
        method, target, version = parts
        headers = self._headers()
        path, _, query = target.partition("?")
        if not path.startswith("/"):
            path = "/" + path.partition("://")[2].partition("/")[2]
        pairs = parse_qsl(query, keep_blank_values=True) if query else []
        wish = headers.get("connection", "").lower()
        keep = wish != "close" if version == "HTTP/1.1" else wish == "keep-alive"
        return Request(method, path, pairs, headers, self._body(headers)), keep

    def _headers(self) -> Headers:
        values: dict[str, str] = {}
        for _ in range(_MAX_HEADERS):
            line = self.rfile.readline(_MAX_LINE)
            if line in {b"\r\n", b"\n", b""}:
                return Headers(values)
            name, _, value = line.decode("latin-1").partition(":")
            values[name] = value.strip()
        raise _BadRequestError(431)

    def _body(self, headers: Headers) -> bytes:
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunked()
        length = headers.get("content-length", "0")
        if not length.isdigit():
            raise _BadRequestError(400)
        return self._exactly(int(length))

    def _exactly(self, length: int) -> bytes:
        if length > MAX_BODY_BYTES:
            raise _BadRequestError(413)
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise ConnectionError("the client went away in the middle of its request")
        return body

    def _chunked(self) -> bytes:
        chunks: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline(_MAX_LINE).split(b";")[0], 16):
            total += size
            if total > MAX_BODY_BYTES:
                raise _BadRequestError(413)
            chunks.append(self._exactly(size))
            self.rfile.readline(_MAX_LINE)
        self.rfile.readline(_MAX_LINE)
        return b"".join(chunks)

    def _send(self, response: Response, request: Request, *, keep: bool) -> bool:
        if response.cut == "before":
            return False
        whole = len(response.body)
        body = b"" if request.method == "HEAD" or response.status in {204, 304} else response.body
        if response.cut == "partial":
            body, keep = body[: whole // 2], False
        head = _head(response, whole, keep=keep)
        if response.trickle_bytes_per_second:
            self._trickle(head + body, response.trickle_bytes_per_second)
        else:
            self.connection.sendall(head + body)
        return keep

    def _trickle(self, data: bytes, per_second: float) -> None:
        step = max(1, int(per_second * _TRICKLE_TICK))
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            self.connection.sendall(piece)
            time.sleep(len(piece) / per_second)


_REASONS = {status.value: status.phrase for status in HTTPStatus}


def _head(response: Response, length: int, *, keep: bool) -> bytes:
    status = response.status
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if status not in {204, 304}:
        lines.append(f"Content-Length: {length}")
    if not keep:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
