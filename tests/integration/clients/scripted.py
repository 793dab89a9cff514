"""A server that answers what a test tells it to, over real sockets, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, Self

from connector.sandbox.http import Request, Response, Server

Answer = Response | Callable[[Request], Response]


class Scripted:
    """Answers in order; the last answer is repeated."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._server = Server("127.0.0.1", 0, self._answer, on_connect=self._connected)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return self._server.url

    def _connected(self) -> None:
        with self._lock:
            self.connections += 1

    def _answer(self, request: Request) -> Response:
        with self._lock:
            self.asked.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Response) else answer(request)


def js(body: Any, status: int = 200, **headers: str) -> Response:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Response(status, [("Content-Type", "application/json"), *named], json.dumps(body).encode())
