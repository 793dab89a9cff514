"""Who may do what: the administrator everything, anonymous visitors read what is public (server-behaviour §1).

Roles and policies are not played: a missing permission can only be met by leaving the token out.
"""

from __future__ import annotations

from connector.sandbox.ibexa.errors import no_permission
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.wire import Call

_PUBLIC_SECTIONS = {1, 3}


def may_read(call: Call, item: Content) -> bool:
    """Whether the caller may see an item: for anonymous, published ones of the public sections."""
    return call.is_admin or (item.status == "PUBLISHED" and item.section_id in _PUBLIC_SECTIONS and not item.hidden)


def check_read(call: Call, item: Content) -> None:
    """401 for an item that the caller may not see."""
    if not may_read(call, item):
        function = "versionread" if item.status == "DRAFT" else "read"
        raise no_permission(function, what={"contentId": item.id})


def check_write(call: Call, function: str) -> None:
    """401 for an anonymous writer; ``function`` is "create", or "section/edit" outside of the content module."""
    if not call.is_admin:
        module, _, name = function.rpartition("/")
        raise no_permission(name, module or "content")
