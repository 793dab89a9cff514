"""What permissions are asked for, and who asks: the subjects on which limitations vote."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from connector.sandbox.ibexa.model import Content, Location, Version
from connector.sandbox.ibexa.repository import Repository


class Parent(Struct, frozen=True):
    """A place under which the subject lies or is going to lie, with what is there."""

    type_id: int
    owner: int
    depth: int
    owner_groups: frozenset[int] = frozenset()


class Subject(Struct, frozen=True):
    """What a permission is asked for: an item, one about to be made, or (no ``type_id``) a section or siteaccess.

    ``places`` are the locations in question; of a new item its parents, all of which must fit then. ``new_state`` and
    ``new_section`` are what an item is about to get. ``role`` is about to be given to or taken from ``holder``, a user
    in the groups ``holder_groups``, or, where that is None, a group; all of them by content id.
    """

    section_id: int = 0
    type_id: int | None = None
    siteaccess: str = ""
    content_id: int | None = None
    owner: int = 0
    owner_groups: frozenset[int] = frozenset()
    places: tuple[Location, ...] = ()
    parents: tuple[Parent, ...] = ()
    languages: tuple[str, ...] = ()
    states: tuple[int, ...] = ()
    status: str = "DRAFT"
    is_new: bool = False
    new_state: int = 0
    new_section: int = 0
    role: int = 0
    holder: int = 0
    holder_groups: frozenset[int] | None = None


class Asker(Struct, frozen=True):
    """Who asks: the user's id, the ids of the locations right above the user, and of the groups that lie there."""

    user_id: int
    groups: frozenset[int]
    group_ids: frozenset[int] = frozenset()


def groups_of(repository: Repository, user_id: int) -> frozenset[int]:
    """The ids of the locations of a user's own groups."""
    item = repository.contents.get(user_id)
    return frozenset(repository.locations[each].parent_id for each in item.locations) if item else frozenset()


def group_ids_of(repository: Repository, user_id: int) -> frozenset[int]:
    """The content ids of a user's own groups."""
    return frozenset(repository.locations[each].content_id for each in groups_of(repository, user_id))


def of_role(repository: Repository, role_id: int, holder: int) -> Subject:
    """A role that somebody gives to a user or a group, or takes away."""
    groups = group_ids_of(repository, holder) if holder in repository.users else None
    return Subject(role=role_id, holder=holder, holder_groups=groups)


def of_section(section_id: int) -> Subject:
    """A section, for the operations on sections."""
    return Subject(section_id)


def of_siteaccess(name: str) -> Subject:
    """The siteaccess on which somebody wants to be."""
    return Subject(siteaccess=name)


def of_item(
    repository: Repository,
    item: Content,
    *,
    version: Version | None = None,
    places: Sequence[Location] | None = None,
    languages: Sequence[str] | None = None,
) -> Subject:
    """An item, as it lies in the tree or as it would at ``places``; ``languages`` are those about to be written."""
    shown = version or item.version
    own = [repository.locations[each] for each in item.locations if each in repository.locations]
    if item.status == "TRASHED":
        own = [each for each in repository.trash.values() if each.content_id == item.id]
    pending = [repository.locations[each.parent_id] for each in item.pending if each.parent_id in repository.locations]
    above = [repository.locations[each.parent_id] for each in own if each.parent_id in repository.locations]
    asked = list(places or own or pending)
    return Subject(
        section_id=item.section_id,
        type_id=item.type_id,
        content_id=item.id,
        owner=item.owner,
        owner_groups=groups_of(repository, item.owner),
        places=tuple(asked),
        parents=tuple(_parent(repository, each) for each in places or above or pending),
        languages=tuple(languages or (shown.initial_language,)),
        states=tuple(item.states.values()),
        status=shown.status,
    )


def of_new(
    repository: Repository, type_id: int, section_id: int, owner: int, parent: Location, languages: Sequence[str]
) -> Subject:
    """An item that somebody wants to create below ``parent``."""
    return Subject(
        section_id=section_id,
        type_id=type_id,
        owner=owner,
        owner_groups=groups_of(repository, owner),
        places=(parent,),
        parents=(_parent(repository, parent),),
        languages=tuple(languages),
        states=tuple(min(each.states) for each in repository.state_groups.values() if each.states),
        is_new=True,
    )


def _parent(repository: Repository, place: Location) -> Parent:
    item = repository.contents.get(place.content_id)
    if item is None:
        return Parent(0, 0, place.depth)
    return Parent(item.type_id, item.owner, place.depth, groups_of(repository, item.owner))
