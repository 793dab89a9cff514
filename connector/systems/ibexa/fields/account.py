"""The field with a user's account: only the operations on users write it, or make what has one."""

from __future__ import annotations

from connector.core.errors import RecordError
from connector.systems.ibexa.types import ContentType

ACCOUNT = "user"
"""Our name of the field type."""


class AccountField(RecordError):
    """An account was to be written as content."""

    code = "IBX480"


def ensure_no_account(content_type: ContentType, identifier: str) -> None:
    """Check that a field that a message names holds no account.

    Raises:
        AccountField: it does.
    """
    if content_type.fields[identifier].type == ACCOUNT:
        message = f"{content_type.identifier}.{identifier} holds a user's account: it is no field to be written"
        hint = "Leave it out of fields; user.upsert takes login, email, enabled and password beside them."
        raise AccountField(message, hint=hint, step=identifier)


def ensure_no_user(content_type: ContentType) -> None:
    """Check that an item of that type may be made as content.

    Raises:
        AccountField: it would be a user without an account; Ibexa answers 500.
    """
    if any(one.type == ACCOUNT for one in content_type.fields.values()):
        message = f"a {content_type.identifier} has an account: content.upsert makes no users"
        hint = "Make users with user.upsert; or leave this content type out, with a filter or find.content_types."
        error = AccountField(message, hint=hint, step="content_type")
        error.pointer = "/payload/content_type"
        raise error
