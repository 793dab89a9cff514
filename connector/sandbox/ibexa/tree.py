"""The tree of locations: placing, moving, copying, trashing and removing (server-behaviour §8)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from connector.sandbox.ibexa.errors import conflict, forbidden, refused
from connector.sandbox.ibexa.model import Content, Location, NewLocation
from connector.sandbox.ibexa.repository import Repository, new_remote_id

Json = Any


def section_of(repository: Repository, location: Location) -> int:
    """The section of the item at a location; 1 at the root of the tree."""
    item = repository.contents.get(location.content_id)
    return item.section_id if item else 1


def put(repository: Repository, content: Content, place: NewLocation, parent: Location) -> Location:
    """Give an item a location; its first one is the main one."""
    location_id = repository.take_id("location")
    location = Location(
        id=location_id,
        content_id=content.id,
        parent_id=parent.id,
        path=f"{parent.path}{location_id}/",
        remote_id=place.remote_id or new_remote_id(),
        priority=place.priority,
        hidden=place.hidden,
        sort_field=place.sort_field,
        sort_order=place.sort_order,
    )
    repository.add_location(location)
    content.locations.append(location_id)
    content.main_location = content.main_location or location_id
    return location


def add(repository: Repository, content: Content, place: NewLocation) -> Location:
    """A further location for a published item."""
    if content.main_location is None:
        raise conflict("$contentInfo", "The Content item has no published versions")
    parent = repository.location(place.parent_id)
    argument = "$locationCreateStruct"
    if any(repository.locations[each].parent_id == parent.id for each in content.locations):
        raise forbidden(f"Argument '{argument}' is invalid: Content is already below the specified parent.")
    if any(f"/{each}/" in parent.path for each in content.locations):
        told = "Specified parent is a descendant of one of the existing Locations of this content."
        raise forbidden(f"Argument '{argument}' is invalid: {told}")
    if place.remote_id and repository.location_by_remote_id(place.remote_id):
        told = f"Another Location with remoteId '{place.remote_id}' exists"
        raise forbidden(f"Argument '{argument}' is invalid: {told}")
    return put(repository, content, place, parent)


def move(repository: Repository, location: Location, parent: Location) -> None:
    """Move a subtree; its items take the section of the new parent."""
    if parent.path.startswith(location.path):
        raise refused("$newParentLocation", "new parent Location is a descendant of the given $location")
    if parent.id == location.parent_id:
        raise refused("$newParentLocation", "new parent Location is the same as the current one")
    repository.place(location, parent)
    for each in (location, *repository.below(location)):
        item = repository.contents[each.content_id]
        if item.main_location == each.id:
            item.section_id = section_of(repository, parent)


def swap(first: Location, second: Location, repository: Repository) -> None:
    """Exchange the items of two locations."""
    one, two = repository.contents[first.content_id], repository.contents[second.content_id]
    if one is two:
        return
    first.content_id, second.content_id = two.id, one.id
    for item, old, new in ((one, first.id, second.id), (two, second.id, first.id)):
        item.locations = [new if each == old else each for each in item.locations]
        item.main_location = new if item.main_location == old else item.main_location


def to_trash(repository: Repository, location: Location) -> bool:
    """Trash a location and all below; False when the item lives on at another location."""
    for each in (*reversed(list(repository.below(location))), location):
        item = repository.contents[each.content_id]
        detach(repository, item, each)
        if not item.locations:
            item.status = "TRASHED"
            repository.trash[each.id] = each
    return location.id in repository.trash


def restore(repository: Repository, item: Location, parent: Location) -> Location:
    """Take an item out of the trash: it gets a new location id."""
    content = repository.contents[item.content_id]
    del repository.trash[item.id]
    content.status = "PUBLISHED"
    place = NewLocation(parent.id, item.sort_field, item.sort_order, item.priority, item.hidden, item.remote_id)
    return put(repository, content, place, parent)


def delete_from_trash(repository: Repository, item: Location) -> None:
    """Remove a trashed item for ever."""
    del repository.trash[item.id]
    content = repository.contents.get(item.content_id)
    if content is not None:
        repository.forget_content(content)


def detach(repository: Repository, content: Content, location: Location) -> None:
    """Take a location from its item; another one becomes the main one, and its place gives the item its section."""
    repository.forget_location(location)
    if location.id in content.locations:
        content.locations.remove(location.id)
    if content.main_location == location.id:
        content.main_location = content.locations[0] if content.locations else None
        parent = (
            repository.locations.get(repository.location(content.locations[0]).parent_id) if content.locations else None
        )
        if parent is not None:
            content.section_id = section_of(repository, parent)


def remove_location(repository: Repository, location: Location) -> None:
    """Delete a location and all below, with the items that have no other place."""
    for each in (*reversed(list(repository.below(location))), location):
        content = repository.contents.get(each.content_id)
        repository.forget_location(each)
        if content is not None:
            detach(repository, content, each)
            if not content.locations:
                repository.forget_content(content)


def remove_content(repository: Repository, content: Content) -> None:
    """Delete an item and what is below it; those below can still be read by id, as if from a stale cache (§8)."""
    for location_id in list(content.locations):
        location = repository.locations.get(location_id)
        if location is not None:
            _keep_ghosts(repository, location)
            remove_location(repository, location)
    repository.forget_content(content)


def _keep_ghosts(repository: Repository, location: Location) -> None:
    for each in repository.below(location):
        child = repository.contents[each.content_id]
        if len(child.locations) == 1:
            repository.ghosts[child.id] = replace(child, locations=list(child.locations))
            repository.ghost_places[each.id] = each
