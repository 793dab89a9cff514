"""What limits a policy or an assignment: each limitation votes on a subject, yes, no, or not mine to say.

The votes follow the limitation types of ibexa/core 4.6 (src/lib/Limitation).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

from connector.sandbox.ibexa.limitations import Asker, Subject
from connector.sandbox.ibexa.model import Location

_WITHOUT_CONTENT = {"Section", "SiteAccess", "MemberOf", "Role"}
_STATUS = {"DRAFT": "0", "PUBLISHED": "1", "ARCHIVED": "3"}
_SELF = "-1"
"""As a value: whoever asks, or that user's own groups."""
Vote = bool | None
Limitation = Callable[[list[str], Subject, Asker], Vote]


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


def _parent_group(_values: list[str], subject: Subject, asker: Asker) -> Vote:
    near = (each.owner == asker.user_id or bool(each.owner_groups & asker.groups) for each in subject.parents)
    return bool(subject.parents) and all(near)


def _change_owner(values: list[str], subject: Subject, asker: Asker) -> Vote:
    """Only of who owns a new item; none of what is there (as in the source)."""
    if not subject.is_new:
        return None
    allowed = {str(asker.user_id) if each == _SELF else each for each in values if each not in {"", "0"}}
    return not allowed or str(subject.owner) in allowed


def _new_state(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return str(subject.new_state) in values


def _new_section(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return str(subject.new_section) in values


def _role(values: list[str], subject: Subject, _asker: Asker) -> Vote:
    return str(subject.role) in values if subject.role else None


def _member_of(values: list[str], subject: Subject, asker: Asker) -> Vote:
    """A user whose groups are all among the values, or all of them the asker's own; or a group that is one of them."""
    if not subject.role:
        return None
    named = {int(each) for each in values if each != _SELF}
    if subject.holder_groups is None:
        return subject.holder in (asker.group_ids if _SELF in values else named)
    if _SELF in values and subject.holder_groups <= asker.group_ids:
        return True
    return bool(named) and subject.holder_groups <= named


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
    "ParentGroup": _parent_group,
    "ChangeOwner": _change_owner,
    "NewState": _new_state,
    "NewSection": _new_section,
    "Role": _role,
    "MemberOf": _member_of,
    "SiteAccess": _siteaccess,
}
