"""The permissions that making, copying and moving content ask for: there, two places and two items are in play."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.sandbox.ibexa.access import check_item, may, may_item, may_read, refusal
from connector.sandbox.ibexa.content import NewContent, Permit
from connector.sandbox.ibexa.errors import not_found
from connector.sandbox.ibexa.limitations import of_item, of_new
from connector.sandbox.ibexa.model import Content, Location
from connector.sandbox.ibexa.wire import Call

Json = Any


def may_create(call: Call) -> Permit:
    """The check for a new item: to be allowed to create it there, and to read the owner of its remote id."""

    def permit(item: NewContent, parent: Location, languages: list[str]) -> None:
        repository = call.repository
        if not may(
            call,
            "create",
            lambda: of_new(repository, item.type_id, item.section_id or 0, item.owner, parent, languages),
        ):
            raise refusal("create", {"parentLocationId": parent.id, "sectionId": item.section_id})
        used = repository.content_by_remote_id(item.remote_id) if item.remote_id else None
        if used is not None:
            check_item(call, "read", used, {"remoteId": item.remote_id})

    return permit


def check_section_change(call: Call, item: Content, number: int) -> None:
    """401 when the caller may not put an item into another section; 404 for an unknown one comes first."""
    section = call.repository.sections.get(number)
    if section is None:
        raise not_found("Section", number)
    if not may(call, "section/assign", lambda: replace(of_item(call.repository, item), new_section=number)):
        raise refusal("section/assign", {"name": section.name, "content-name": item.name})


def check_copy(call: Call, source: Content, parent: Location) -> None:
    """401 when the caller may not put a copy of an item below a location."""
    if not may_item(call, "create", source, places=(parent,), languages=list(source.version.fields)):
        raise refusal("create", {"parentLocationId": parent.id, "sectionId": source.section_id})
    check_item(call, "manage_locations", source, places=(parent,))


def check_target(call: Call, place: Location, target: Location) -> None:
    """401 when the caller may not move or copy a subtree below a location, or may not read all of it."""
    item = call.repository.content(place.content_id)
    if not may_item(call, "create", item, places=(target,), languages=list(item.version.fields)):
        raise refusal("create", {"locationId": target.id})
    if not _whole_subtree(call, "read", place):
        raise refusal("read")


def check_removal(call: Call, place: Location) -> None:
    """401 when the caller may not delete a location with all that is below it."""
    item = call.repository.content(place.content_id)
    what = {"locationId": place.id}
    check_item(call, "manage_locations", item, what)
    check_item(call, "remove", item, what, places=(place,), languages=list(item.version.fields))
    if not _whole_subtree(call, "remove", place):
        raise refusal("remove")


def check_trash(call: Call, place: Location) -> None:
    """401 when the caller may not move a location, with all that is below it, to the trash."""
    item = call.repository.content(place.content_id)
    check_item(call, "remove", item, {}, places=(place,), languages=list(item.version.fields))
    if not _whole_subtree(call, "remove", place):
        raise refusal("remove")


def _whole_subtree(call: Call, permission: str, place: Location) -> bool:
    below = [call.repository.content(each.content_id) for each in call.repository.below(place)]
    if permission == "read":
        return all(may_read(call, each) for each in below)
    return all(may_item(call, permission, each) for each in below)
