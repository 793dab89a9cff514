"""The password of a user.upsert message: given, or made up on the spot so that nobody knows it and nothing keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from connector.core.errors import RecordError
from connector.core.jsonio import Json

_GENERATE: Mapping[str, Json] = {"generate": True}
_FITS = "Aa1!"
"""A capital, a small letter, a digit and a sign: what password rules ask for."""


def check_password(payload: Mapping[str, Json]) -> None:
    """Check its form; the text itself is never told.

    Raises:
        RecordError: it is neither a text nor ``{"generate": true}``, or it is to be updated and not there.
    """
    given = payload.get("password")
    if given is not None and given != _GENERATE and (not isinstance(given, str) or not given):
        raise RecordError("password must be a text", hint='Or {"generate": true}.', step="payload.password")
    if payload.get("update_password") and not isinstance(given, str):
        hint = "Map one, or leave update_password out."
        raise RecordError("update_password needs a password, a text", hint=hint, step="payload.password")


def password_of(payload: Mapping[str, Json]) -> str:
    """The password to write; empty when there is none."""
    given = payload.get("password")
    return secrets.token_urlsafe(24) + _FITS if given == _GENERATE else str(given or "")
