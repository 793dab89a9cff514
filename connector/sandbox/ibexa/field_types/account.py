"""The account of a user: written by the operations on users alone, shown as a field of the user's item."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from connector.sandbox.ibexa.errors import broken
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind

Json = Any


class Account(Struct, frozen=True):
    """What the operations on users write into the field; no JSON makes one, so nothing else can.

    ``password_set_at``: Unix seconds, None when the password is not being changed (server-behaviour: seen null then).
    """

    login: str
    email: str
    enabled: bool
    password_set_at: float | None


def _parse(value: Json, context: FieldContext) -> Json:
    if not isinstance(value, Account):
        raise broken("accounts are written by the user operations")
    return {
        "hasStoredLogin": True,
        "contentId": context.content_id,
        "login": value.login,
        "email": value.email,
        "passwordUpdatedAt": None if value.password_set_at is None else int(value.password_set_at),
        "enabled": value.enabled,
        "maxLogin": 0,
        "plainPassword": None,
    }


KIND = FieldKind(_parse, text=lambda value: (value or {}).get("login", ""))
