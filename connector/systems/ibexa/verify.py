"""Logs in at an Ibexa and says who we are there, where it is, and which version it looks like."""

from __future__ import annotations

import time

from connector.clients import HttpClient
from connector.clients.ibexa import IbexaClient
from connector.clients.request import Response
from connector.core.errors import AuthRefused, BadAnswer
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.systems.catalogue import ibexa
from connector.systems.ibexa.answers import description
from connector.systems.ibexa.types import version_of


def verify(client: HttpClient) -> dict[str, Json]:
    """User, address, version and how long it took.

    The API names no version; field type names tell: 4.6 writes ``ezstring``, 5.0 ``ibexa_string``.

    Raises:
        AuthRefused, ClientError: why not.
    """
    started = time.monotonic()
    client.login()
    logged_in = time.monotonic() - started
    root = _asked(client, "root.get")
    if not isinstance(root, dict) or "Root" not in root:
        raise BadAnswer(
            f"{client.base_url} is no Ibexa REST API", hint="base_url must lead to the site's /api/ibexa/v2."
        )
    user = _asked(client, "user.get_current")["User"]
    languages = [one["languageCode"] for one in _asked(client, "language.list")["LanguageList"]["Language"]]
    return {
        "user": user.get("login") or client.user,
        "user_id": user.get("_id"),
        "base_url": client.base_url,
        "version": _version(client),
        "languages": ", ".join(languages),
        "login_seconds": round(logged_in, 3),
        "seconds": round(time.monotonic() - started, 3),
    }


def _asked(client: HttpClient, operation: str) -> Json:
    response = client.send(ibexa().get(operation).request(Message()))
    if response.status == 401:
        hint = f"{client.login_hint} May the user read?" if isinstance(client, IbexaClient) else "May the user read?"
        raise AuthRefused(f"{operation} was refused: {description(response)}", hint=hint)
    return _json(operation, response)


def _json(operation: str, response: Response) -> Json:
    if not 200 <= response.status < 300:
        raise BadAnswer(f"{operation} answered {response.status}: {description(response)}", hint="Check base_url.")
    return response.json()


def _version(client: HttpClient) -> str:
    response = client.send(ibexa().get("content_type.list").request(Message(query={"limit": 10})))
    listed = response.json() if response.status == 200 else {}
    rows = (listed.get("ContentTypeList") or {}).get("ContentType") if isinstance(listed, dict) else None
    return version_of(rows or []) or "unknown"
