"""The sandbox's own doors under /_sandbox: the book, the faults, starting over. Never part of what Ibexa offers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from connector.sandbox.http import Request, Response
from connector.sandbox.ibexa.book import Book
from connector.sandbox.ibexa.faults import Faults
from connector.sandbox.ibexa.tokens import Tokens

Json = Any
PREFIX = "/_sandbox"


class Admin(Struct, frozen=True):
    """Answers requests below /_sandbox, without any login."""

    version: str
    book: Book
    faults: Faults
    tokens: Tokens
    reset: Callable[[], None]

    def __call__(self, request: Request) -> Response:
        """One request; unknown ones are told what there is."""
        doors: dict[str, Callable[[Request], Json]] = {
            "GET /health": lambda _: {"status": "ok", "ibexa": self.version},
            "GET /book": lambda _: self.book.snapshot(),
            "POST /book/reset": lambda _: self.book.reset(),
            "POST /reset": lambda _: self.reset(),
            "GET /faults": lambda _: self._faults(),
            "POST /faults": self._add,
            "DELETE /faults": lambda _: self.faults.clear(),
            "POST /tokens/revoke": lambda _: self.tokens.revoke_all(),
            "POST /tokens/expire": lambda _: self.tokens.expire_all(),
        }
        door = doors.get(f"{request.method} {request.path.removeprefix(PREFIX)}")
        if door is None:
            return _json(404, {"error": "no such door", "doors": sorted(doors)})
        try:
            return _json(200, door(request))
        except ValueError as error:
            return _json(400, {"error": str(error)})

    def _faults(self) -> Json:
        return {"latency_ms": self.faults.latency_ms, "rules": self.faults.rules()}

    def _add(self, request: Request) -> Json:
        """A rule, a list of rules, or ``{"latency_ms": n}`` alone for every request."""
        given = json.loads(request.body)
        if isinstance(given, dict) and set(given) == {"latency_ms"}:
            self.faults.latency_ms = float(given["latency_ms"])
            return self._faults()
        for rule in given if isinstance(given, list) else [given]:
            self.faults.add(rule)
        return self._faults()


def _json(status: int, value: Json) -> Response:
    body = json.dumps({"status": "done"} if value is None else value)
    return Response(status, [("Content-Type", "application/json")], body.encode())
