"""Asks permission for a request: may the caller, and if not, 401 in the server's words (server-behaviour §1).

Permissions are written "module/function"; without a module it is "content".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from connector.sandbox.ibexa.errors import no_permission
from connector.sandbox.ibexa.limitations import Subject, of_item
from connector.sandbox.ibexa.model import Content, Location, Version
from connector.sandbox.ibexa.permissions import access, can, decider
from connector.sandbox.ibexa.wire import Call

_TOLD_AS = {"class": "ContentType"}


def may(call: Call, permission: str, subject: Callable[[], Subject] | None = None) -> bool:
    """Whether the caller has a permission, for a subject where there is one."""
    module, _, function = permission.rpartition("/")
    return can(call.repository, call.user.id, module or "content", function, subject)


def may_item(
    call: Call,
    permission: str,
    item: Content,
    *,
    version: Version | None = None,
    places: Sequence[Location] | None = None,
    languages: Sequence[str] | None = None,
) -> bool:
    """Whether the caller may do this to an item, as it lies or at ``places``, writing ``languages``."""
    return may(
        call,
        permission,
        lambda: of_item(call.repository, item, version=version, places=places, languages=languages),
    )


def may_read(call: Call, item: Content, place: Location | None = None) -> bool:
    """Whether the caller may read an item, or see it at one place."""
    return may_item(call, "read", item, places=(place,) if place else None)


def reader(call: Call) -> Callable[[Content], bool] | None:
    """Whether the caller may read an item, for many items; None for a caller who may read all of them."""
    if access(call.repository, call.user.id, "content", "read") is True:
        return None
    decide = decider(call.repository, call.user.id, "content", "read")
    return lambda item: decide(lambda: of_item(call.repository, item))


def refusal(permission: str, what: Mapping[str, object] | None = None) -> Exception:
    """The 401 for a missing permission; it names content types by another word than policies do."""
    module, _, function = permission.rpartition("/")
    return no_permission(function, _TOLD_AS.get(module, module or "content"), what)


def check_write(call: Call, permission: str, subject: Callable[[], Subject] | None = None) -> None:
    """401 for a caller without a permission that is not about an item."""
    if not may(call, permission, subject):
        raise refusal(permission)


def check_item(
    call: Call,
    permission: str,
    item: Content,
    what: Mapping[str, object] | None = None,
    *,
    places: Sequence[Location] | None = None,
    languages: Sequence[str] | None = None,
) -> None:
    """401 when the caller may not do this to an item; told with its id where ``what`` names nothing else."""
    if not may_item(call, permission, item, places=places, languages=languages):
        raise refusal(permission, {"contentId": item.id} if what is None else what)


def check_read(call: Call, item: Content, what: Mapping[str, object] | None = None) -> None:
    """401 for an item that the caller may not see; of an unpublished one the draft must be readable too."""
    check_item(call, "read", item, what)
    if item.status == "DRAFT":
        check_item(call, "versionread", item, what)


def check_version(call: Call, item: Content, version: Version) -> None:
    """401 for a version that the caller may not see."""
    function = "read" if version.status == "PUBLISHED" else "versionread"
    if not may_item(call, function, item, version=version):
        raise refusal(function, {"contentId": item.id})


def check_place(call: Call, place: Location) -> None:
    """401 for a location whose item the caller may not see there."""
    item = call.repository.contents.get(place.content_id)
    if item is not None and not may_read(call, item, place):
        raise refusal("read", {"locationId": place.id})
