"""Sessions with a cookie, and the tokens against cross-site requests that go with them (facts §12)."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Mapping

from msgspec import Struct

COOKIE = "eZSESSID" + hashlib.md5(b"site", usedforsecurity=False).hexdigest()  # by the name of the siteaccess
_LONG_AGO = 31536001


class Session(Struct, frozen=True):
    """A running session; ``user_id`` is None while nobody is logged in, as after a logout with the cookie kept."""

    id: str
    csrf_token: str
    user_id: int | None

    @property
    def cookie(self) -> tuple[str, str]:
        """The header that gives the session to a browser."""
        return "Set-Cookie", f"{COOKIE}={self.id}; path=/; httponly; samesite=lax"


def no_cookie(now: float) -> tuple[str, str]:
    """The header that takes the cookie from a browser, at Unix time ``now``: it ended a year ago."""
    ended = time.strftime("%a, %d-%b-%Y %H:%M:%S GMT", time.gmtime(now - _LONG_AGO))
    return "Set-Cookie", f"{COOKIE}=deleted; expires={ended}; Max-Age=0; path=/; httponly"


class Sessions:
    """The sessions by id, in memory."""

    def __init__(self) -> None:
        self._running: dict[str, Session] = {}
        self._guard = threading.Lock()

    def start(self, user_id: int) -> Session:
        """A new session of a user."""
        return self._keep(Session(secrets.token_hex(13), _csrf_token(), user_id))

    def of(self, headers: Mapping[str, str]) -> Session | None:
        """The session of a request: any cookie of the right name starts one, nobody's where its id is unknown."""
        for pair in headers.get("cookie", "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == COOKIE and value:
                with self._guard:
                    found = self._running.get(value)
                return found or self._keep(Session(value, _csrf_token(), None))
        return None

    def end(self, session: Session | None) -> None:
        """Forget a session."""
        if session is not None:
            with self._guard:
                self._running.pop(session.id, None)

    def _keep(self, session: Session) -> Session:
        with self._guard:
            return self._running.setdefault(session.id, session)


def _csrf_token() -> str:
    return f"{secrets.token_hex(6)}.{secrets.token_urlsafe(32)}.{secrets.token_urlsafe(36)}"
