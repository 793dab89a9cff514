"""What a client gets to see of a fault."""

from __future__ import annotations

import json

from connector.sandbox.http import Response
from connector.sandbox.ibexa import wire
from connector.sandbox.ibexa.faults import Fault

LOGIN_PAGE = Response(
    200,
    [("Content-Type", "text/html; charset=UTF-8")],
    b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form></form></body></html>",
)


def instead(fault: Fault) -> Response:
    """The answer that a status fault gives instead of the real one."""
    do = fault.do
    headers = [(str(name), str(value)) for name, value in (do.get("headers") or {}).items()]
    body = do.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body)
    kind = do.get("content_type", wire.HTML if isinstance(body, str) else "application/json")
    return Response(int(do["status"]), [("Content-Type", kind), *headers], text.encode())


def spoilt(fault: Fault, response: Response) -> Response:
    """The real answer as a fault lets it through: cut off, or slow."""
    if fault.kind == "cut":
        cut = "before" if fault.do["cut"] == "after" else "partial"
        return Response(response.status, response.headers, response.body, cut=cut)  # type: ignore[arg-type]
    if fault.kind == "trickle":
        speed = float(fault.do["trickle"])
        return Response(response.status, response.headers, response.body, trickle_bytes_per_second=speed)
    return response
