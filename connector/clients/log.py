"""The request log of a client: off, errors, headers or full; always redacted, never with credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from connector.clients.request import Request, Response
from connector.core.jsonio import Json
from connector.core.secrets import MASK, redactor

LEVELS = ("off", "errors", "headers", "full")
_HIDDEN = frozenset({"authorization", "cookie", "set-cookie", "x-csrf-token", "proxy-authorization", "x-api-key"})
_BODY = 4096


class RequestLogger:
    """Makes an entry of each exchange that the level asks for, and hands it on."""

    def __init__(self, client: str, level: str, sink: Callable[[Mapping[str, Json]], None]) -> None:
        self._client = client
        self._level = level
        self._sink = sink

    def log(self, request: Request, answer: Response | Exception, attempt: int, seconds: float) -> None:
        """One exchange, or what came instead of an answer."""
        failed = isinstance(answer, Exception) or answer.status >= 400
        if self._level == "off" or (self._level == "errors" and not failed):
            return
        entry: dict[str, Json] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": self._client,
            "operation": request.operation,
            "method": request.method,
            "path": redactor.clean((request.link or request.path).partition("?")[0]),
            "attempt": attempt,
            "seconds": round(seconds, 4),
            "bytes_out": len(request.body or b""),
        }
        entry |= self._answered(request, answer)
        if self._level in ("headers", "full"):
            entry["request_headers"] = _headers(request.headers)
        if self._level == "full":
            entry["query"] = [[name, redactor.clean(value)] for name, value in request.query]
            entry["request_body"] = MASK if request.confidential else _text(request.body or b"")
        self._sink(entry)

    def _answered(self, request: Request, answer: Response | Exception) -> dict[str, Json]:
        if isinstance(answer, Exception):
            return {"status": None, "error": redactor.clean(str(answer))}
        found: dict[str, Json] = {"status": answer.status, "bytes_in": len(answer.body)}
        if self._level in ("headers", "full"):
            found["response_headers"] = _headers(answer.headers)
        if self._level == "full" or answer.status >= 400:
            found["response_body"] = MASK if request.confidential else _text(answer.body)
        return found


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: MASK if name.lower() in _HIDDEN else redactor.clean(value) for name, value in headers.items()}


def _text(body: bytes) -> str:
    # Cleaned before it is cut: half a secret at the end would be no secret to the redactor any more.
    return redactor.clean(body[: 4 * _BODY].decode("utf-8", "replace"))[:_BODY]
