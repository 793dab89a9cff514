"""A ContentUpdate: all of it is read before anything is changed; the section is changed first (ibexa/rest 4.6)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from connector.sandbox.ibexa import inputs, tree
from connector.sandbox.ibexa.errors import PhpError, RestError, bad_request, broken, not_found, refused
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository

Json = Any


class Changes(Struct, frozen=True):
    """What a ContentUpdate asks for; None is left as it is."""

    section_id: int | None = None
    owner: int | None = None
    language: Json = None
    location_id: int | None = None
    always_available: bool | None = None
    remote_id: Json = None
    modified: float | None = None
    published: float | None = None

    @property
    def is_of_content(self) -> bool:
        """Whether anything but the section is to be changed."""
        return self != Changes(section_id=self.section_id)


def read(body: Json) -> Changes:
    """The changes that a body asks for, or 400."""
    section, owner = _link(body, "Section", "section"), _link(body, "Owner", "user")
    return Changes(
        section_id=None if section is None else int(section),
        owner=None if owner is None else int(owner),
        language=body.get("mainLanguageCode"),
        location_id=_location(body),
        always_available=_text_boolean(body["alwaysAvailable"]) if "alwaysAvailable" in body else None,
        remote_id=body.get("remoteId"),
        modified=_moment(body, "modificationDate"),
        published=_moment(body, "publishDate"),
    )


def _link(body: Json, name: str, kind: str) -> str | None:
    given = body.get(name)
    if not isinstance(given, dict) or given.get("_href") is None:
        return None  # not looked at
    return _href(given, name, kind)


def _href(given: Json, name: str, kind: str) -> str:
    try:
        return inputs.href(given, kind, "")
    except RestError as error:
        raise bad_request(f"Invalid format for the <{name}> reference in <ContentUpdate>.") from error


def _location(body: Json) -> int | None:
    if "MainLocation" not in body:
        return None
    given = body["MainLocation"]
    if not isinstance(given, dict) or not isinstance(given.get("_href"), str):
        raise PhpError
    return inputs.last_id(_href(given, "MainLocation", "location"))


def _text_boolean(value: Json) -> bool:
    # the one place where the server takes neither real booleans nor capitals (facts §3)
    if value not in {"true", "false"} or not isinstance(value, str):
        raise bad_request("Invalid format for <alwaysAvailable> in <ContentUpdate>.")
    return value == "true"


def _moment(body: Json, name: str) -> float | None:
    if name not in body:
        return None
    try:
        return inputs.moment(body[name])
    except RestError as error:
        raise RestError(400, f"Invalid format for <{name}> in <ContentUpdate>", previous=error) from error


def assign_section(repository: Repository, content: Content, section_id: int) -> None:
    """Put an item into a section, or 404."""
    if section_id not in repository.sections:
        raise not_found("Section", section_id)
    content.section_id = section_id


def apply(repository: Repository, content: Content, changes: Changes) -> None:
    """Change all but the section."""
    if changes.remote_id is not None:
        _check_remote_id(repository, content, changes.remote_id)
    if changes.language is not None:
        _check_language(repository, content, changes.language)
        content.main_language = changes.language
    if changes.remote_id is not None:
        repository.rename_remote_id(content, changes.remote_id)
    if changes.owner is not None:
        content.owner = changes.owner
    if changes.always_available is not None:
        content.always_available = changes.always_available
    if changes.modified is not None:
        content.modified = changes.modified
    if changes.published is not None:
        content.published = changes.published
    if changes.location_id is not None:
        _change_main_location(repository, content, changes.location_id)


def check_shown(content: Content) -> None:
    """An item without a main location cannot be shown after a change: an empty 500, though it was made (§5)."""
    if content.main_location is None:
        raise PhpError


def _check_remote_id(repository: Repository, content: Content, value: Json) -> None:
    if not isinstance(value, str):
        raise broken("remoteId is no text")
    inputs.remote_id(value)
    owner = repository.content_by_remote_id(value)
    if owner is not None and owner.id != content.id:
        raise refused("$contentMetadataUpdateStruct", f"Another Content item with remoteId '{value}' exists")


def _check_language(repository: Repository, content: Content, code: Json) -> None:
    repository.check_language(code)
    if code not in content.version.fields:
        raise refused("$contentMetadataUpdateStruct", f"Content is not translated into '{code}'")


def _change_main_location(repository: Repository, content: Content, location_id: int) -> None:
    if location_id not in content.locations:
        content.main_location = None  # seen: refused, and applied all the same (§10)
        raise not_found("location", "0")
    content.main_location = location_id
    content.section_id = tree.section_of(repository, repository.location(repository.location(location_id).parent_id))
