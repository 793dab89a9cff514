"""The password of a user.upsert message: given, or made up on the spot; in memory only, never in a stored message."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.secrets import MASK
from connector.systems.ibexa.actions.base import refuse

_GENERATE: Mapping[str, Json] = {"generate": True}
_WITHHELD = "withheld"
_FITS = "Aa1!"
"""A capital, a small letter, a digit and a sign: what password rules ask for."""
_COST = {"n": 2**14, "r": 8, "p": 1}
"""Of the digest by which a new password is told from an old one: about 50 ms, so that guessing is slow."""


def check_password(payload: Mapping[str, Json]) -> None:
    """Check its form; the text itself is never told.

    Raises:
        RecordError: it is neither a text nor ``{"generate": true}``, or it is to be updated and not there.
    """
    given = payload.get("password")
    if given is not None and given != _GENERATE and (not isinstance(given, str) or not given):
        raise RecordError("password must be a text", hint='Or {"generate": true}.', step="payload.password")
    if isinstance(given, str) and MASK in given:
        hint = "Run the route so that the source gives the record again; it is mapped then."
        raise RecordError("the password was not kept with the record", hint=hint, step="payload.password")
    if payload.get("update_password") and not isinstance(given, str):
        hint = "Map one, or leave update_password out."
        raise RecordError("update_password needs a password, a text", hint=hint, step="payload.password")


class Passwords:
    """Those of one outgoing's messages, from ``prepare`` until they were sent; they end with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], str] = {}

    def taken_out(self, payload: Mapping[str, Json]) -> dict[str, Json]:
        """The payload with what stands for its password.

        Where the password is written to a user that is there as well, that is a digest: another password is another
        message. Else it is only said that there is one.
        """
        given = payload.get("password")
        if not isinstance(given, str):
            return dict(payload)
        sign = _digest(_login(payload), given) if payload.get("update_password") is True else ""
        with self._lock:
            self._kept[_login(payload), sign] = given
        return {**payload, "password": {_WITHHELD: sign or True}}

    def given_in(self, payload: Mapping[str, Json]) -> str:
        """The text that was taken out of it; empty when there is none, or not any more."""
        with self._lock:
            return self._kept.get(_place(payload), "")

    def is_lost(self, payload: Mapping[str, Json]) -> bool:
        """Whether one was taken out of it that is not here."""
        given = payload.get("password")
        return isinstance(given, dict) and _WITHHELD in given and not self.given_in(payload)

    def to_send(self, payload: Mapping[str, Json]) -> str:
        """The password to write; empty when the message has none.

        Raises:
            Ended: Refused: the process that knew it has ended.
        """
        given = payload.get("password")
        if given == _GENERATE:
            return secrets.token_urlsafe(24) + _FITS
        if not isinstance(given, dict):
            return str(given or "")
        if found := self.given_in(payload):
            return found
        message = f"the password of '{payload['login']}' is kept nowhere, and was not sent before the process ended"
        hint = "Retry it and run the route: that reads the source from its start, for the record with the password."
        raise refuse("IBX423", message, hint, "password")

    def sent(self, payload: Mapping[str, Json]) -> None:
        """It is needed no more."""
        with self._lock:
            self._kept.pop(_place(payload), None)


def _place(payload: Mapping[str, Json]) -> tuple[str, str]:
    given = payload.get("password")
    sign = given.get(_WITHHELD) if isinstance(given, dict) else ""
    return _login(payload), sign if isinstance(sign, str) else ""


def _login(payload: Mapping[str, Json]) -> str:
    return str(payload["login"]).lower()


def _digest(login: str, password: str) -> str:
    salt = hashlib.sha256(f"connector user.upsert {login}".encode("utf-8", "surrogatepass")).digest()
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, dklen=32, **_COST).hex()
