"""Methods that travel as a POST (server-behaviour §1)."""

from __future__ import annotations

import re

from connector.sandbox.http import Request
from connector.sandbox.ibexa.errors import RestError


def overridden(request: Request) -> Request:
    """The request with the method that X-HTTP-Method-Override or ?_method= asks for; only a POST is listened to.

    Raises:
        RestError: what is asked for is no method.
    """
    if request.method != "POST":
        return request
    wished = (request.headers.get("x-http-method-override") or request.param("_method") or "").upper()
    if not wished:
        return request
    if not re.fullmatch("[A-Z]+", wished):
        raise RestError(400, f'Invalid method override "{wished}".')
    return Request(wished, request.path, request.query, request.headers, request.body)
