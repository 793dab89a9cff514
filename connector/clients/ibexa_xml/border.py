"""The border: a request in JSON becomes one in XML, its answer in XML one in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from connector.clients.ibexa_xml.read import from_xml
from connector.clients.ibexa_xml.write import to_xml
from connector.clients.request import Request, Response
from connector.core.errors import BadAnswer, RecordError
from connector.core.jsonio import JsonError, dumps, parse

ACCEPT = "application/vnd.ibexa.api.ErrorMessage+xml, application/xml"
"""For requests that do not say what they want."""


def asked_in_xml(request: Request) -> Request:
    """The same request in XML; a body of another type than ``…+json`` stays as it is.

    Raises:
        RecordError: the body has no form in XML, see ``to_xml``.
    """
    headers = {"Accept": ACCEPT}
    body = request.body
    for name, value in request.headers.items():
        headers["Accept" if name.lower() == "accept" else name] = value
        if name.lower() in ("accept", "content-type"):
            headers["Accept" if name.lower() == "accept" else name] = value.replace("+json", "+xml")
        if name.lower() == "content-type" and "+json" in value and body:
            body = _written(body)
    return replace(request, headers=headers, body=body)


def _written(body: bytes) -> bytes:
    try:
        return to_xml(parse(body))
    except JsonError as error:
        hint = "Correct the payload in the mapping."
        raise RecordError(f"the payload cannot be sent as XML: {error}", hint=hint, step="payload") from None


def answered_in_json(response: Response) -> Response:
    """The same answer in JSON; one that is not XML, or is empty, stays as it is.

    Raises:
        BadAnswer: a good answer with XML that cannot be read. An error stays as it is: its status says enough.
    """
    if not _is_xml(response) or not response.body.strip():
        return response
    try:
        body = dumps(from_xml(response.body))
    except BadAnswer as error:
        if response.status >= 300:
            return response
        message = f"{response.url} answered {response.status}: {error.message}"
        raise BadAnswer(message, hint=error.hint) from None
    return replace(response, headers=_in_json(response.headers), body=body)


def _is_xml(response: Response) -> bool:
    kind = response.content_type
    return kind in ("application/xml", "text/xml") or (kind.startswith("application/vnd.") and kind.endswith("+xml"))


def _in_json(headers: Mapping[str, str]) -> dict[str, str]:
    media = headers["content-type"].replace("+xml", "+json").replace("text/xml", "application/json")
    return {**headers, "content-type": media.replace("application/xml", "application/json")}
