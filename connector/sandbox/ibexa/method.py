"""Methods that travel as a POST: by a header or parameter (server-behaviour §1), or by what its Content-Type says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from connector.sandbox.http import Headers, Request
from connector.sandbox.ibexa import bodies
from connector.sandbox.ibexa.errors import RestError, bad_request
from connector.sandbox.ibexa.hrefs import PREFIX
from connector.sandbox.ibexa.releases import Twin

_MEDIA = re.compile(r"application/vnd\.ibexa\.api\.([A-Za-z]+)(?:[+;\s].*)?", re.DOTALL)
_DESTINATION = re.compile(r"(/[0-9]+)+")


def overridden(request: Request, twins: Mapping[str, Twin]) -> Request:
    """The request with the method that X-HTTP-Method-Override or ?_method= asks for; only a POST is listened to.

    Args:
        request: as it came.
        twins: what a POST means by the name in its media type.

    Raises:
        RestError: what is asked for is no method, or the body of a twin does not do.
    """
    if request.method != "POST":
        return request
    wished = (request.headers.get("x-http-method-override") or request.param("_method") or "").upper()
    if not wished:
        return _meant(request, twins)
    if not re.fullmatch("[A-Z]+", wished):
        raise RestError(400, f'Invalid method override "{wished}".')
    return Request(wished, request.path, request.query, request.headers, request.body)


def _meant(request: Request, twins: Mapping[str, Twin]) -> Request:
    """The request that a POST stands for, whose Content-Type says so; any other as it is."""
    found = _MEDIA.fullmatch(request.headers.get("content-type", ""))
    twin = twins.get(found.group(1)) if found else None
    if found is None or twin is None or not _is_at(request.path, twin.path):
        return request
    headers = dict(request.headers)
    if place := _place(request, found.group(1), twin):
        headers["destination"] = PREFIX + place
    return replace(request, method=twin.method, headers=Headers(headers), body=b"")


def _is_at(path: str, template: str) -> bool:
    return re.fullmatch(re.escape(PREFIX + template).replace(r"\#", r"[0-9]+(/[0-9]+)*"), path) is not None


def _place(request: Request, name: str, twin: Twin) -> str:
    """Where it leads to, below the API's root; empty: nowhere."""
    if not twin.below:
        return twin.place
    below, _ = bodies.read_body(request, name, {name})
    if name == "RestoreTrashItemInput" and not below:
        return ""  # back to where it was
    given = below.get("destination")
    if not isinstance(given, str) or not _DESTINATION.fullmatch(given):
        raise bad_request(f"Input data validation failed for {name}")
    return twin.below + given
