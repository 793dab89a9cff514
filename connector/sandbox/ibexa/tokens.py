"""JSON Web Tokens: made at login, checked at every request, revocable for tests.

The real server signs with RS256; here it is HS256 with a secret made at start, which no client can tell or needs to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from typing import Any

Json = Any


class BadTokenError(Exception):
    """The firewall's message: "Invalid JWT Token", "Expired JWT Token" ... (server-behaviour §1)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Tokens:
    """Issues and checks tokens; ``ttl`` in seconds."""

    def __init__(self, *, ttl: float, clock: Callable[[], float]) -> None:
        self.ttl = ttl
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._issued: dict[str, tuple[str | None, float]] = {}
        self._expired: set[str] = set()
        self._guard = threading.Lock()

    def issue(self, username: str | None) -> str:
        """A new token for a login name as it was typed; None makes one that names nobody."""
        now = self._clock()
        # a random id keeps two logins of one second apart, so that one of them can be expired
        claims: Json = {"iat": int(now), "exp": int(now + self.ttl), "roles": ["ROLE_USER"]}
        if username is not None:
            claims["username"] = username
        head = _part({"typ": "JWT", "alg": "HS256"}) + "." + _part({**claims, "jti": secrets.token_hex(4)})
        token = head + "." + _encode(hmac.digest(self._secret, head.encode(), hashlib.sha256))
        with self._guard:
            self._issued[token] = (username, now + self.ttl)
        return token

    def username(self, token: str) -> str:
        """The login name of a token.

        Raises:
            BadTokenError: malformed, foreign, revoked or expired.
        """
        with self._guard:
            known, is_expired = self._issued.get(token), token in self._expired
        if known is None:
            raise BadTokenError(_foreign(token, self._clock()))
        if is_expired or self._clock() >= known[1]:
            raise BadTokenError("Expired JWT Token")
        if known[0] is None:
            raise BadTokenError('Unable to find key "username" in the token payload.')
        return known[0]

    def expire_all(self) -> None:
        """Every token issued so far is expired from now on; a new login helps."""
        with self._guard:
            self._expired.update(self._issued)

    def revoke_all(self) -> None:
        """Every token issued so far is invalid from now on, as after a change of the server's key."""
        with self._guard:
            self._issued.clear()
            self._expired.clear()
            self._secret = secrets.token_bytes(32)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _part(claims: Json) -> str:
    return _encode(json.dumps(claims, separators=(",", ":")).encode())


def _foreign(token: str, now: float) -> str:
    """Bad signature and expired is told as expired (server-behaviour §10)."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        expired = claims["exp"] <= now
    except (IndexError, KeyError, TypeError, ValueError):
        return "Invalid JWT Token"
    return "Expired JWT Token" if expired else "Invalid JWT Token"
