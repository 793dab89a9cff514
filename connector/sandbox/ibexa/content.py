"""What can be done to content items and their versions; answers are the caller's business.

The rules are those of server-behaviour §4 and §5, including the parallel drafts that overwrite one another.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from connector.sandbox.ibexa import fields, inputs, tree
from connector.sandbox.ibexa.errors import (
    PhpError,
    RestError,
    bad_request,
    broken,
    conflict,
    forbidden,
    not_found,
    refused,
)
from connector.sandbox.ibexa.model import Content, Location, NewLocation, Version
from connector.sandbox.ibexa.repository import Repository, new_remote_id

Json = Any
ARCHIVED_KEPT = 5
_NO_DRAFT_OF_THIS = "Content is not published. A draft can be created only from a published or archived version."


class NewContent(Struct, frozen=True):
    """What a ContentCreate says besides its fields and its location."""

    type_id: int
    language: str
    section_id: int | None
    always_available: bool | None
    remote_id: str | None
    moment: float
    owner: int


Permit = Callable[[NewContent, Location, list[str]], None]  # the item to be, its parent, its languages


def create(repository: Repository, body: Json, user_id: int, permit: Permit) -> Content:
    """A new item with one draft, not yet in the tree; ``permit`` raises for what the caller may not create."""
    if not isinstance(body.get("LocationCreate"), dict):
        raise bad_request("Missing or invalid 'LocationCreate' element for ContentCreate.")
    place = inputs.new_location(body["LocationCreate"])
    head = _head(repository, body, user_id)
    content_type = repository.type(head.type_id)
    sent = fields.read(body, content_type, "ContentCreate")
    parent = repository.location(place.parent_id)
    if head.section_id is None:
        head = replace(head, section_id=tree.section_of(repository, parent))
    permit(head, parent, sorted({head.language} | {code for _, code, _ in sent if code}))
    refuse_used(repository, head.remote_id, "$contentCreateStruct")
    repository.check_language(head.language)
    with repository.ids_kept():
        content = _draft_item(repository, head, place)
        if head.always_available is None:
            content.always_available = content_type.always_available
        _write_first(repository, content, sent)
    repository.add_content(content)
    return content


def _head(repository: Repository, body: Json, user_id: int) -> NewContent:
    type_id = inputs.link(body, "ContentType", "type", "ContentCreate", is_needed=True)
    if not isinstance(body.get("mainLanguageCode"), str):
        raise bad_request("Missing 'mainLanguageCode' element for ContentCreate.")
    section = inputs.link(body, "Section", "section", "ContentCreate")
    owner = inputs.link(body, "User", "user", "ContentCreate")
    available = body.get("alwaysAvailable")
    return NewContent(
        type_id=int(type_id or 0),
        language=body["mainLanguageCode"],
        section_id=None if section is None else int(section),
        always_available=None if available is None else inputs.boolean(available, "alwaysAvailable"),
        remote_id=inputs.remote_id(body.get("remoteId")),
        moment=inputs.moment(body["modificationDate"]) if "modificationDate" in body else repository.now(),
        owner=user_id if owner is None else int(owner),
    )


def refuse_used(repository: Repository, remote_id: str | None, argument: str, own: int | None = None) -> None:
    """406 for a remote id that another item than ``own`` has."""
    owner = repository.content_by_remote_id(remote_id) if remote_id else None
    if owner is not None and owner.id != own:
        raise refused(argument, f"Another Content item with remoteId '{remote_id}' exists")


def _draft_item(repository: Repository, head: NewContent, place: NewLocation) -> Content:
    version = Version(repository.take_id("version"), 1, head.owner, head.moment, head.moment, head.language, {})
    return Content(
        id=repository.take_id("content"),
        remote_id=head.remote_id or new_remote_id(),
        type_id=head.type_id,
        section_id=head.section_id or 0,
        main_language=head.language,
        always_available=bool(head.always_available),
        owner=head.owner,
        versions={1: version},
        pending=[place],
    )


def _write_first(repository: Repository, content: Content, sent: fields.Sent) -> None:
    content_type = repository.type(content.type_id)
    version = content.version
    fields.add_language(repository, content, version, content.main_language)
    fields.store(repository, content, version, sent)
    fields.fill(repository, content, version)
    fields.validate(repository, content, version)
    fields.set_names(content_type, version)


def version_of(repository: Repository, content_id: int, number: int) -> tuple[Content, Version]:
    """The item and one of its versions, or 404 with PHP's array dump (§2)."""
    content = repository.content(content_id)
    version = content.versions.get(number)
    if version is None:
        dump = f"array (\n  'id' => {content_id},\n  'languages' => \n  array (\n  ),\n  'versionNo' => {number},\n)"
        raise not_found("Content", dump, f"contentId: {content_id}, versionNo: {number}")
    return content, version


def languages_shown(content: Content, version: Version, asked: str | None, number: int | None) -> list[str]:
    """The languages whose fields are shown; of an item that is always available the main one, if it has none of them.

    Raises:
        RestError: 404 where it has none of them.
    """
    if asked is None:
        return list(version.fields)
    codes = asked.split(",")
    found = [code for code in version.fields if code in codes]
    if not found and content.always_available and content.main_language in version.fields:
        return [content.main_language]
    if not found:
        listed = "".join(f"    {at} => '{code}',\n" for at, code in enumerate(codes))
        dump = f"array (\n  'id' => {content.id},\n  'languages' => \n  array (\n{listed}  ),\n"
        dump += f"  'versionNo' => {'NULL' if number is None else number},\n)"
        raise not_found("Content", dump, f"contentId: {content.id}, versionNo: {'' if number is None else number}")
    return found


def publish(repository: Repository, content: Content, version: Version) -> None:
    """Make a draft the current version; the first one also puts the item into the tree."""
    if version.status != "DRAFT":
        raise forbidden("Only versions with DRAFT status can be published")
    if content.status == "TRASHED":
        raise conflict("$contentInfo", "Content item is in the trash")
    now = repository.now()
    parents = [repository.location(place.parent_id) for place in content.pending]
    _valid_or_500(repository, content, version)
    if content.status == "PUBLISHED" and content.version is not version:
        content.version.status = "ARCHIVED"
    version.status, version.modified = "PUBLISHED", now
    content.current, content.modified, content.status = version.number, now, "PUBLISHED"
    content.published = content.published or now
    for place, parent in zip(content.pending, parents, strict=True):
        tree.put(repository, content, place, parent)
    content.pending = []
    _prune(content)


def _valid_or_500(repository: Repository, content: Content, version: Version) -> None:
    """Invalid fields, which only a changed type can bring about here, are not told when publishing (facts §4)."""
    try:
        fields.validate(repository, content, version)
    except RestError as error:
        raise broken("invalid fields") from error


def _prune(content: Content) -> None:
    archived = sorted(number for number, each in content.versions.items() if each.status == "ARCHIVED")
    for number in archived[:-ARCHIVED_KEPT]:
        del content.versions[number]


def create_draft(repository: Repository, content: Content, source: Version, user_id: int) -> Version:
    """A draft with the values of a published or archived version; any number may exist side by side."""
    if content.status == "TRASHED":
        raise conflict("$contentInfo", _NO_DRAFT_OF_THIS)
    if source.status == "DRAFT":
        raise conflict("$versionInfo", "Cannot create a draft from a draft version")
    now = repository.now()
    draft = Version(
        id=repository.take_id("version"),
        number=max(content.versions) + 1,
        creator=user_id,
        created=now,
        modified=now,
        initial_language=content.main_language,
        fields={code: dict(values) for code, values in source.fields.items()},
        names=dict(source.names),
        related=list(source.related),
    )
    content.versions[draft.number] = draft
    return draft


def update_draft(repository: Repository, content: Content, version: Version, body: Json) -> None:
    """Write some fields of a draft; those left out keep their value."""
    content_type = repository.type(content.type_id)
    sent = fields.read(body, content_type, "VersionUpdate") if "fields" in body else []
    if version.status != "DRAFT":  # what was sent is read before anybody looks at the version
        raise forbidden("Only versions with DRAFT status can be updated")
    trial = copy.copy(version)
    trial.fields = {code: dict(values) for code, values in version.fields.items()}
    trial.names = dict(version.names)
    if isinstance(body.get("initialLanguageCode"), str):
        repository.check_language(body["initialLanguageCode"])
        trial.initial_language = body["initialLanguageCode"]
    fields.store(repository, content, trial, sent)
    fields.validate(repository, content, trial)
    fields.set_names(content_type, trial)
    trial.modified = repository.now()
    content.versions[version.number] = trial


def delete_version(repository: Repository, content: Content, version: Version) -> None:
    """Remove a draft or an archived version; the only version takes its item along."""
    if version.status == "PUBLISHED":
        raise forbidden("Versions with PUBLISHED status cannot be deleted")
    if len(content.versions) == 1:
        tree.remove_content(repository, content)
        return
    del content.versions[version.number]
    if content.current == version.number:
        content.current = max(content.versions)


def copy_item(repository: Repository, source: Content, parent_id: int, user_id: int) -> Content:
    """A published copy with the versions of its source and a remote id of its own."""
    parent = repository.location(parent_id)
    now = repository.now()
    versions = {number: copy.deepcopy(each) for number, each in source.versions.items()}
    for each in versions.values():
        each.id, each.creator = repository.take_id("version"), user_id
    copied = Content(
        id=repository.take_id("content"), remote_id=new_remote_id(), type_id=source.type_id,
        section_id=tree.section_of(repository, parent), main_language=source.main_language,
        always_available=source.always_available, owner=user_id, versions=versions, current=source.current,
        status="PUBLISHED", published=now, modified=now,
    )  # fmt: skip
    copied.version.status = "PUBLISHED"
    repository.add_content(copied)
    tree.put(repository, copied, NewLocation(parent_id, "PATH", "ASC"), parent)
    return copied


def set_hidden(content: Content, *, hidden: bool) -> None:
    """Hide or reveal an item; a draft cannot be hidden (500, §10)."""
    if content.main_location is None:
        raise PhpError
    content.hidden = hidden


def delete_translation(content: Content, code: str) -> None:
    """Remove a language from all versions, and those that have no other; the main one stays."""
    if code == content.main_language:
        raise conflict("$languageCode", "The provided translation is the main translation of the Content item")
    if not any(code in version.fields for version in content.versions.values()):
        raise refused("$languageCode", f"{code} does not exist in the Content item(id={content.id})")
    for version in list(content.versions.values()):
        if list(version.fields) == [code]:
            del content.versions[version.number]  # a version in no other language goes with it
        version.fields.pop(code, None)
        version.names.pop(code, None)
