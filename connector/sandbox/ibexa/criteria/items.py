"""Criteria on an item itself: its ids, type, section, language, name, owner, state, and whether it is a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connector.sandbox.ibexa.criteria.base import (
    Reader,
    Test,
    ValidationError,
    by_wildcard,
    like,
    numbers,
    numbers_or_list,
    split,
    texts,
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
    if not isinstance(value, str) or not value:
        raise ValidationError("ContentNameCriterion")
    fits = like(value, stars="*%", single="_")  # SQL's own signs are not escaped here
    return lambda hit: any(map(fits, hit.content.version.names.values()))


def _above(repository: Repository, content_id: int) -> set[int]:
    """An item and all items above it: of a user, the groups at any height."""
    item = repository.contents.get(content_id)
    paths = [repository.locations[each].href_path.split("/") for each in item.locations] if item else []
    return {repository.locations[int(each)].content_id for path in paths for each in path}


def _user_metadata(repository: Repository, value: Json) -> Test:
    given_keys = value if isinstance(value, dict) else {}
    target, given = given_keys.get("Target"), given_keys.get("Value")
    if target is None:
        raise bad_request("Invalid <Target> format")
    if given is None or isinstance(given, (bool, float)):
        raise bad_request("Invalid <Value> format")
    wanted = numbers_or_list(given) if isinstance(given, list) else numbers(given)
    readers: dict[Json, Callable[[Content], int]] = {
        "owner": lambda content: content.owner,
        "modifier": lambda content: content.version.creator,
    }
    if target == "group":
        return lambda hit: bool(wanted & _above(repository, hit.content.owner))
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


def _user_id(repository: Repository, value: Json) -> Test:
    wanted = numbers(value) & repository.users.keys()
    return lambda hit: hit.content.id in wanted


def _login(repository: Repository, value: Json) -> Test:
    fits = by_wildcard(value)
    found = {each.id for each in repository.users.values() if fits(each.login)}
    return lambda hit: hit.content.id in found


def _email(repository: Repository, value: Json) -> Test:
    fits = by_wildcard(value)
    found = {each.id for each in repository.users.values() if fits(each.email)}
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
    "UserIdCriterion": _user_id,
    "UserLoginCriterion": _login,
    "UserEmailCriterion": _email,
    "IsBookmarkedCriterion": _is_bookmarked,
    "ObjectStateIdentifierCriterion": _state_identifier,
    "MoreLikeThisCriterion": _more_like_this,
}
