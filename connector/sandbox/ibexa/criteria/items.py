"""Criteria on an item itself: its ids, type, section, language, name, owner, state, and whether it is a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa.criteria.base import (
    Reader,
    Test,
    numbers,
    numbers_or_list,
    split,
    texts,
    wildcard,
)
from connector.sandbox.ibexa.errors import bad_request, broken, not_found
from connector.sandbox.ibexa.inputs import boolean
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any


def _content_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers(value)
    return lambda hit: hit.content.id in wanted


def _remote_id(_repository: Repository, value: Json) -> Test:
    wanted = texts(value)
    return lambda hit: collate(hit.content.remote_id) in wanted


def _type_identifier(repository: Repository, value: Json) -> Test:
    wanted = set()
    for identifier in value if isinstance(value, list) else [value]:
        found = repository.type_by_identifier(str(identifier))
        if found is None:
            raise not_found("Persistence content type", f"ID: {identifier}, Status: 0")
        wanted.add(found.id)
    return lambda hit: hit.content.type_id in wanted


def _type_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers_or_list(value)
    return lambda hit: hit.content.type_id in wanted


def _type_group_id(repository: Repository, value: Json) -> Test:
    wanted = numbers_or_list(value)
    return lambda hit: bool(wanted & set(repository.types[hit.content.type_id].group_ids))


def _section_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers_or_list(value)
    return lambda hit: hit.content.section_id in wanted


def _section_identifier(repository: Repository, value: Json) -> Test:
    identifiers = texts(value)
    wanted = {each.id for each in repository.sections.values() if collate(each.identifier) in identifiers}
    return lambda hit: hit.content.section_id in wanted


def _language(_repository: Repository, value: Json) -> Test:
    wanted = set(split(value))
    return lambda hit: bool(wanted & hit.content.version.fields.keys())


def _name(_repository: Repository, value: Json) -> Test:
    return lambda hit: any(wildcard(str(value), name) for name in hit.content.version.names.values())


def _groups_of(repository: Repository, user_id: int) -> set[int]:
    """The groups of a user: the items above each of its locations."""
    user = repository.contents.get(user_id)
    parents = [repository.locations[each].parent_id for each in user.locations] if user else []
    return {repository.locations[each].content_id for each in parents}


def _user_metadata(repository: Repository, value: Json) -> Test:
    target, given = value.get("Target"), value.get("Value")
    wanted = numbers_or_list(given) if isinstance(given, list) else numbers(given)
    readers: dict[Json, Callable[[Content], int]] = {
        "owner": lambda content: content.owner,
        "modifier": lambda content: content.version.creator,
    }
    if target == "group":
        return lambda hit: bool(wanted & _groups_of(repository, hit.content.owner))
    if target not in readers:
        raise broken("unknown target")
    return lambda hit: readers[target](hit.content) in wanted


def _state_id(_repository: Repository, value: Json) -> Test:
    wanted = numbers(value)
    return lambda hit: bool(wanted & set(hit.content.states.values()))


def _state_identifier(repository: Repository, value: Json) -> Test:
    if not isinstance(value, dict) or not {"value", "target"} <= value.keys():
        raise bad_request("Invalid <ObjectStateIdentifierCriterion> format")
    identifiers, group = split(value["value"]), value["target"]
    wanted = {
        state.id
        for each in repository.state_groups.values()
        for state in each.states.values()
        if state.identifier in identifiers and (not group or each.identifier == group)
    }
    return lambda hit: bool(wanted & set(hit.content.states.values()))


def _is_container(repository: Repository, value: Json) -> Test:
    wanted = boolean(value, "IsContainerCriterion")
    return lambda hit: repository.types[hit.content.type_id].container == wanted


def _is_user(repository: Repository, value: Json) -> Test:
    wanted = boolean(value, "IsUserBasedCriterion")
    return lambda hit: (hit.content.id in repository.users) == wanted


def _is_enabled(repository: Repository, value: Json) -> Test:
    wanted = boolean(value, "IsUserEnabledCriterion")
    found = {each.id for each in repository.users.values() if each.enabled == wanted}
    return lambda hit: hit.content.id in found


def _login(repository: Repository, value: Json) -> Test:
    patterns = split(value)
    found = {each.id for each in repository.users.values() if any(wildcard(one, each.login) for one in patterns)}
    return lambda hit: hit.content.id in found


def _email(repository: Repository, value: Json) -> Test:
    patterns = split(value)
    found = {each.id for each in repository.users.values() if any(wildcard(one, each.email) for one in patterns)}
    return lambda hit: hit.content.id in found


def _is_bookmarked(_repository: Repository, value: Json) -> Test:
    wanted = boolean(value, "IsBookmarkedCriterion")
    return lambda hit: hit.bookmarked == wanted


def _more_like_this(_repository: Repository, _value: Json) -> Test:
    raise broken("the server has a name for it, and nothing behind")


READERS: dict[str, Reader] = {
    "ContentIdCriterion": _content_id,
    "ContentRemoteIdCriterion": _remote_id,
    "ContentTypeIdentifierCriterion": _type_identifier,
    "ContentTypeIdCriterion": _type_id,
    "ContentTypeGroupIdCriterion": _type_group_id,
    "SectionIdCriterion": _section_id,
    "SectionIdentifierCriterion": _section_identifier,
    "LanguageCodeCriterion": _language,
    "ContentNameCriterion": _name,
    "UserMetadataCriterion": _user_metadata,
    "ObjectStateIdCriterion": _state_id,
    "IsContainerCriterion": _is_container,
    "IsUserBasedCriterion": _is_user,
    "IsUserEnabledCriterion": _is_enabled,
    "UserIdCriterion": _content_id,
    "UserLoginCriterion": _login,
    "UserEmailCriterion": _email,
    "IsBookmarkedCriterion": _is_bookmarked,
    "ObjectStateIdentifierCriterion": _state_identifier,
    "MoreLikeThisCriterion": _more_like_this,
}
