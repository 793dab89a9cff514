"""A server with faults in front of another one: a script says, request by request, what becomes of the answer.

What it passes on has been committed by the server behind it, whose own book is the judge; a fault that did not fire is
no proof, so it counts each kind.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from connector.sandbox.http import Request, Response, Server
from connector.sandbox.ibexa import IbexaSandbox

Script = Callable[[Request, int], str]
"""Request and its number (from 1) -> a kind of fault, or an empty text."""

BAD_GATEWAY = Response(502, [("Content-Type", "text/html")], b"<html>502 Bad Gateway</html>")


class FaultServer:
    """The sandbox behind a script; ``hang`` is how long a "late" answer takes, in seconds."""

    def __init__(self, sandbox: IbexaSandbox, script: Script, *, hang: float = 0.5) -> None:
        self.fired: Counter[str] = Counter()
        self.asked: list[tuple[float, Request]] = []
        self._sandbox, self._script, self._hang = sandbox, script, hang
        self._lock = threading.Lock()
        self._server = Server("127.0.0.1", 0, self._answer)
        self._kinds: dict[str, Callable[[Request], Response]] = {
            "": self._behind,
            "committed, then cut": self._cut,
            "committed, then late": self._late,
            "committed, then 502": self._bad_gateway,
            "late, then committed": self._committed_late,
            "cut before": lambda _: Response(cut="before"),
            "502 before": lambda _: BAD_GATEWAY,
        }

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return self._server.url

    def _answer(self, request: Request) -> Response:
        with self._lock:
            self.asked.append((time.monotonic(), request))
            kind = self._script(request, len(self.asked))
            self.fired[kind] += 1
        return self._kinds[kind](request)

    def _behind(self, request: Request) -> Response:
        return self._sandbox._answer(request)

    def _cut(self, request: Request) -> Response:
        self._behind(request)
        return Response(cut="before")

    def _late(self, request: Request) -> Response:
        answer = self._behind(request)
        time.sleep(self._hang)
        return answer

    def _committed_late(self, request: Request) -> Response:
        time.sleep(self._hang)
        return self._behind(request)

    def _bad_gateway(self, request: Request) -> Response:
        self._behind(request)
        return BAD_GATEWAY


def is_create(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/content/objects")


def is_publish(request: Request) -> bool:
    return request.headers.get("x-http-method-override") == "PUBLISH"


def held(sandbox: IbexaSandbox) -> dict[str, Any]:
    """What the sandbox's book has of our items."""
    found: dict[str, Any] = sandbox.book.snapshot()
    return found
