"""Ibexa's JWT log-in: one log-in per expiry however many threads wait; the token lives in memory only.

Facts seen on 4.6.25: a log-in takes a second or more, good or bad; the answer holds the token twice and no expiry; a
log-in that carries an old token is refused; a missing permission is a 401 too, but then the body is an ErrorMessage.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from typing import ClassVar, Self

from connector.clients.auth.base import SendPlain
from connector.clients.request import Request, Response
from connector.core.errors import AuthRefused, BadAnswer
from connector.core.jsonio import Json, dumps, parse
from connector.core.protocols import Clock
from connector.core.secrets import Secret
from connector.core.spec import DURATION, TEXT, Field, Spec
from connector.core.units import seconds

_PATH: Mapping[str, Json] = {"type": "string", "pattern": "^/"}
REFUSAL_KEPT = 30.0
"""Seconds for which a refused log-in is not tried again: sixteen workers must not lock the account."""
DEFAULT_LIFE = 3600.0


class Jwt:
    """Logs in with user name and password, and renews shortly before the token's own expiry."""

    spec: ClassVar[Spec] = Spec(
        "jwt",
        "Ibexa JWT",
        "Logs in at the JWT endpoint of Ibexa and sends the token with every request.",
        {
            "username": Field(TEXT, "The login of the Ibexa user.", required=True, example="${IBEXA_USERNAME}"),
            "password": Field(TEXT, "Its password.", required=True, secret=True, example="${IBEXA_PASSWORD}"),
            "login_path": Field(_PATH, "Where to log in, below the base URL.", default="/user/token/jwt"),
            "renew_before": Field(DURATION, "How long before its expiry a token is renewed.", default="60s"),
        },
    )

    def __init__(self, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> None:
        filled = self.spec.filled(config)
        password = filled["password"]
        self.user = str(filled["username"])
        self._password = password.reveal() if isinstance(password, Secret) else str(password)
        self._path = str(filled["login_path"])
        self._renew_before = seconds(str(filled["renew_before"]))
        self._send = send
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0
        self._refused: tuple[float, str] | None = None

    @classmethod
    def build(cls, config: Mapping[str, Json], send: SendPlain, clock: Clock) -> Self:
        """From the declaration; logs in when the first request is sent."""
        return cls(config, send, clock)

    def headers(self) -> Mapping[str, str]:
        """The Authorization header with a token that is good for a while.

        Raises:
            AuthRefused: user name or password are wrong.
            ClientError: the log-in did not get through.
        """
        if not self._token or self._clock.monotonic() >= self._good_until:
            with self._lock:
                if not self._token or self._clock.monotonic() >= self._good_until:
                    self._log_in()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self, response: Response, used: Mapping[str, str]) -> bool:
        """True when the token was bad and another one is there now; False for a missing permission."""
        if not _is_token_bad(response):
            return False
        with self._lock:
            if used.get("Authorization") == f"Bearer {self._token}":
                self._token = ""
        self.headers()
        return True

    def _log_in(self) -> None:
        self._raise_if_just_refused()
        body = dumps({"JWTInput": {"username": self.user, "password": self._password}})
        media = "application/vnd.ibexa.api."
        headers = {"Content-Type": f"{media}JWTInput+json", "Accept": f"{media}JWT+json"}
        request = Request(
            "POST", self._path, headers=headers, body=body, safe=True, operation="token.create", confidential=True
        )
        started = self._clock.monotonic()
        response = self._send(request)
        if response.status in (401, 403):
            self._refuse(f"the log-in as '{self.user}' was refused at {response.url}")
        if response.status == 404:
            raise AuthRefused(f"there is no JWT log-in at {response.url}", hint=_NO_LOGIN)
        if response.status >= 300:
            what = f"the log-in at {response.url} answered {response.status}"
            # What does not pass by itself is no matter of the tasks: none of them would be sent.
            raise (BadAnswer if response.status in _PASSING else AuthRefused)(what, hint=_NO_IBEXA)
        self._token = _token_in(response)
        life = _life(self._token)
        self._good_until = started + life - min(self._renew_before, 0.2 * life)
        Secret(self._token)  # known to the redactor from now on

    def _raise_if_just_refused(self) -> None:
        if self._refused and self._clock.monotonic() < self._refused[0]:
            raise AuthRefused(self._refused[1], hint=_REFUSED_HINT)

    def _refuse(self, message: str) -> None:
        self._refused = (self._clock.monotonic() + REFUSAL_KEPT, message)
        raise AuthRefused(message, hint=_REFUSED_HINT)


_NO_LOGIN = (
    "Is base_url right? It is the server's address alone, or ends in /api/ibexa/v2. Is JWT switched on there, and is "
    "login_path, if there is one, where it logs in?"
)
_PASSING = (429, 502, 503, 504)
_NO_IBEXA = (
    "Is base_url that of an Ibexa 4.6 or 5? If the client has a `siteaccess`: is there one of that name? "
    "The server answers so to one that it does not know."
)
_REFUSED_HINT = "Check user name and password, that the user is enabled, and that it may log in (user/login)."


def _is_token_bad(response: Response) -> bool:
    """The firewall's own 401 (code and message, WWW-Authenticate), not the repository's ErrorMessage."""
    if response.status != 401:
        return False
    return "www-authenticate" in response.headers or b'"ErrorMessage"' not in response.body


def _token_in(response: Response) -> str:
    body = response.json()
    found = body.get("JWT") if isinstance(body, dict) else None
    token = (found.get("token") or found.get("_token")) if isinstance(found, dict) else None
    if not isinstance(token, str) or not token:
        raise BadAnswer(f"the log-in at {response.url} gave no token", hint=_NO_IBEXA)
    return token


def _claims(token: str) -> Mapping[str, Json]:
    """What a token says, unverified: the second of three parts, base64url without padding (RFC 7515); or nothing."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = parse(base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True))
    except ValueError:  # no base64, no UTF-8, no JSON
        return {}
    return claims if isinstance(claims, dict) else {}


def _life(token: str) -> float:
    """Seconds from issue to expiry by the token's own claims: the server's clock need not be ours."""
    claims = _claims(token)
    issued, expires = claims.get("iat"), claims.get("exp")
    if isinstance(issued, int | float) and isinstance(expires, int | float) and expires > issued:
        return float(expires - issued)
    return DEFAULT_LIFE
