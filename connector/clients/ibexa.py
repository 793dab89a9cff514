"""The client for Ibexa DXP's REST API: plain HTTP plus base path, siteaccess, expected user and method override."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Self

from connector.clients.fields import FIELDS
from connector.clients.http import HttpClient, Manner
from connector.clients.request import Request, Response
from connector.core.errors import AuthRefused, ConfigError
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.services import Services
from connector.core.spec import BOOLEAN, TEXT, Field, Spec

BASE_PATH = "/api/ibexa/v2"
_BASE = r"/api/[A-Za-z]+/v[0-9.]+"
ACCEPT = "application/vnd.ibexa.api.ErrorMessage+json, application/json"
"""Without a JSON type in Accept the server answers XML; with none at all, an empty 500."""

_USER_CHANGED = b"expectation failed. user changed"
"""What X-Expected-User comes to when the request runs as another user, mostly the anonymous one."""
_LOGIN_HINTS = {
    "jwt": "Is JWT switched on for the REST firewall (`ibexa_jwt_rest`)? Is the log-in name written as Ibexa has it, "
    "in small and capital letters too?",
    "basic": 'Is HTTP Basic switched on for REST there? Else use "auth": { "type": "jwt", … }. Are name and '
    "password right, in small and capital letters too?",
    "none": 'This client logs in as nobody: give it "auth": { "type": "jwt", … }.',
    "": "Are the credentials right, and does the server take this kind of log-in?",
}
_OVERRIDDEN = frozenset({"PUBLISH", "COPY", "MOVE", "SWAP", "PATCH"})


class IbexaClient(HttpClient):
    """An HTTP client that speaks as Ibexa wants it."""

    spec: ClassVar[Spec] = Spec(
        "ibexa",
        "Ibexa client",
        "The REST API of Ibexa DXP 4.6 or 5.0.",
        {
            **FIELDS,
            "base_url": Field(
                {**TEXT, "x-format": "url"},
                "Where Ibexa is, with or without /api/ibexa/v2.",
                required=True,
                example="${IBEXA_BASE_URL}",
            ),
            "siteaccess": Field(
                {**TEXT, "x-format": "siteaccess"},
                "Sent as X-Siteaccess; decides languages and content root.",
                example="admin",
            ),
            "expect_user": Field(
                BOOLEAN,
                "Send X-Expected-User: a lost log-in is then refused, not answered as for an anonymous visitor.",
                default=True,
            ),
            "method_override": Field(
                BOOLEAN,
                "Send PUBLISH, COPY, MOVE, SWAP and PATCH as POST with X-HTTP-Method-Override: every proxy passes it.",
                default=True,
            ),
            "format": Field(
                {"type": "string", "enum": ["json", "xml"]},
                "What requests and answers are written in. XML changes some values, see docs/ibexa/xml.md.",
                default="json",
            ),
        },
    )

    @classmethod
    def build(cls, name: str, config: Mapping[str, Json], services: Services) -> Self:
        """From the declaration; nothing is sent yet.

        Raises:
            ConfigError: the base URL is none.
        """
        headers = {"Accept": ACCEPT}
        if config.get("siteaccess"):
            headers["X-Siteaccess"] = str(config["siteaccess"])
        auth = config.get("auth", {})
        expects = config.get("expect_user", True) and auth.get("type") in ("jwt", "basic")
        signed = {"X-Expected-User": str(auth["username"])} if expects else {}
        if expects and not _fits(signed["X-Expected-User"]):
            message = f"client {name}: the log-in name holds a character that no header can"
            raise ConfigError(message, hint='Say "expect_user": false, or log in as another user.')
        override = _OVERRIDDEN if config.get("method_override", True) else frozenset[str]()
        # This server's 500s are mostly deterministic client mistakes: repeating a read would only take longer.
        manner = Manner(headers, signed, override, not_repeated=frozenset({500}))
        return cls(name, normalised(str(config["base_url"])), config, services, manner)

    @classmethod
    def lint(cls, config: Mapping[str, Json], systems: Mapping[str, Sequence[Json]]) -> list[Finding]:
        """What holds for any client, and a client without credentials."""
        found = super().lint(config, systems)
        headers = config.get("headers")
        for name in headers if isinstance(headers, Mapping) else ():
            if str(name).lower() in ("accept", "content-type"):
                hint = "Remove it: each operation sends its own; `connector catalogue show` names them."
                found.append(Finding(f"/headers/{name}#", "CFG159", f"'{name}' has no effect here", hint, "warning"))
        found += _too_long(config.get("base_url"))
        found += _other_base(config.get("base_url"))
        found += _no_user(config)
        if "auth" not in config:
            hint = 'Add "auth": { "type": "jwt", … }.'
            found.append(Finding("", "CFG141", "Ibexa shows an anonymous visitor empty listings", hint, "warning"))
        return found

    def _authorised(self, request: Request) -> Response:
        """Raises AuthRefused too when fixed credentials were not taken: that is no matter of a permission."""
        response = super()._authorised(request)
        if response.status == 401 and self._manner.signed_headers and _USER_CHANGED in response.body.lower():
            message = f"{self.base_url} did not take the log-in of '{self.user}': it answers as to somebody else"
            raise AuthRefused(message, hint=self.login_hint)
        return response

    @property
    def login_hint(self) -> str:
        """What to look at when the server does not know us, by the kind of log-in."""
        return _LOGIN_HINTS.get(str(self._config["auth"]["type"]), _LOGIN_HINTS[""])

    def _repeated(self, request: Request, credentials: Mapping[str, str], *, paced: bool = True) -> Response:
        """As JSON to everybody; below this place, XML travels. The log-in stays JSON.

        Here and not around ``send``, because what a 401 means is read from its body.
        """
        if self._config.get("format") != "xml" or request.confidential:
            return super()._repeated(request, credentials, paced=paced)
        from connector.clients.ibexa_xml import answered_in_json, asked_in_xml  # noqa: PLC0415 - few clients need it

        return answered_in_json(super()._repeated(asked_in_xml(request), credentials, paced=paced))


def normalised(url: str) -> str:
    """The base URL with the API's base path exactly once at its end."""
    plain = url.strip().rstrip("/")
    return plain if re.search(f"{_BASE}$", plain) else plain + BASE_PATH


def _other_base(url: Json) -> Iterator[Finding]:
    """An end that is nearly that of the API: the whole base path would be put behind it, or another one is asked."""
    ends = rf"{_BASE}$|/api/(?:ibexa|ezp)$"
    path = re.search(ends, url.strip().rstrip("/")) if isinstance(url, str) else None
    if path is None or path[0] == BASE_PATH:
        return
    hint = f"End it with {BASE_PATH}, or leave the path of the API out."
    if re.search(f"{_BASE}$", path[0]):
        message = f"base_url ends in {path[0]}, and Ibexa 4.6 and 5.0 answer at {BASE_PATH}"
        yield Finding("/base_url", "CFG114", message, hint, "warning")
    else:
        message = f"base_url ends in {path[0]}, and {BASE_PATH} would be put behind that"
        yield Finding("/base_url", "CFG114", message, hint)


def _no_user(config: Mapping[str, Json]) -> Iterator[Finding]:
    """A log-in name that no header can hold, while it is sent as X-Expected-User."""
    auth = config.get("auth")
    name = auth.get("username") if isinstance(auth, dict) else None
    if isinstance(name, str) and "${" not in name and config.get("expect_user", True) is True and not _fits(name):
        hint = 'Say "expect_user": false, or log in as another user.'
        message = "the log-in name holds a character that no header can, and it is sent as X-Expected-User"
        yield Finding("/auth/username", "CFG114", message, hint)


def _fits(name: str) -> bool:
    return name == name.strip() and all(31 < ord(one) < 256 and ord(one) != 127 for one in name)


def _too_long(url: Json) -> Iterator[Finding]:
    """Behind its end the base path would be put once more. The address may hold a password: it is not told."""
    found = re.search(f"{_BASE}/[^/?#]", url.strip()) if isinstance(url, str) else None
    if found:
        base = found[0][:-2]
        hint = f"End it with {base}, or before it: the operations know the rest of their paths."
        yield Finding("/base_url", "CFG114", f"base_url goes on after {base}", hint)
