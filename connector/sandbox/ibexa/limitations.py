"""What limits a policy or an assignment: each limitation votes on a subject, yes, no, or not mine to say.

The votes follow the limitation types of ibexa/core 4.6 (src/lib/Limitation).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.sandbox.ibexa.model import Content, Location, Version
from connector.sandbox.ibexa.repository import Repository

_WITHOUT_CONTENT = {"Section", "SiteAccess"}
_STATUS = {"DRAFT": "0", "PUBLISHED": "1", "ARCHIVED": "3"}


@dataclass(frozen=True, slots=True)
class Parent:
    """A place under which the subject lies or is going to lie, with what is there."""

    type_id: int
    owner: int
    depth: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What a permission is asked for: an item, one about to be made, or (no ``type_id``) a section or siteaccess.

    ``places`` are the locations in question; of a new item its parents, all of which must fit then.
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


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the user's id, and the ids of the locations right above the user."""

    user_id: int
    groups: frozenset[int]


Vote = bool | None
Limitation = Callable[[list[str], Subject, Asker], Vote]


def groups_of(repository: Repository, user_id: int) -> frozenset[int]:
    """The ids of the locations of a user's own groups."""
    item = repository.contents.get(user_id)
    return frozenset(repository.locations[each].parent_id for each in item.locations) if item else frozenset()


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
    return Parent(item.type_id if item else 0, item.owner if item else 0, place.depth)


def vote(identifier: str, values: list[str], subject: Subject | None, asker: Asker) -> Vote:
    """The vote of a limitation; None where it has nothing to say of such a subject."""
    if subject is None or (subject.type_id is None and identifier not in _WITHOUT_CONTENT):
        return None
    limitation = LIMITATIONS.get(identifier)
    return None if limitation is None else limitation(values, subject, asker)


def _type(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return str(subject.type_id) in values


def _section(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    if not subject.section_id and subject.type_id is None:
        return None
    return str(subject.section_id) in values


def _subtree(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return _at(subject, lambda place: place.path.startswith(tuple(values)))


def _node(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return _at(subject, lambda place: str(place.id) in values)


def _at(subject: Subject, fits: Callable[[Location], bool]) -> bool:
    found = [fits(place) for place in subject.places]
    return bool(found) and (all(found) if subject.is_new else any(found))


def _owner(_values: list[str], subject: Subject, asker: Asker) -> Vote:
    return asker.user_id in {subject.owner, subject.content_id}


def _group(_values: list[str], subject: Subject, asker: Asker) -> Vote:
    return subject.owner == asker.user_id or bool(subject.owner_groups & asker.groups)


def _language(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return set(subject.languages) <= set(values)


def _state(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return any(str(state) in values for state in subject.states)


def _version_status(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return _STATUS[subject.status] in values


def _parent_type(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return bool(subject.parents) and all(str(each.type_id) in values for each in subject.parents)


def _parent_depth(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return bool(subject.parents) and all(str(each.depth) in values for each in subject.parents)


def _parent_owner(_values: list[str], subject: Subject, asker: Asker) -> Vote:
    return bool(subject.parents) and all(each.owner == asker.user_id for each in subject.parents)


def _siteaccess(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return str(zlib.crc32(subject.siteaccess.encode())) in values if subject.siteaccess else None


LIMITATIONS: dict[str, Limitation] = {
    "Class": _type,
    "Section": _section,
    "Subtree": _subtree,
    "Node": _node,
    "Owner": _owner,
    "Group": _group,
    "Language": _language,
    "State": _state,
    "Status": _version_status,
    "ParentClass": _parent_type,
    "ParentDepth": _parent_depth,
    "ParentOwner": _parent_owner,
    "SiteAccess": _siteaccess,
}
