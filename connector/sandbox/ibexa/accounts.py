"""Users and user groups: content items that are published at once, users with an account besides (facts §11)."""

from __future__ import annotations

import re
from typing import Any

from connector.sandbox.ibexa import content, fields, inputs, metadata
from connector.sandbox.ibexa.errors import (
    PhpError,
    RestError,
    bad_request,
    broken,
    broken_in_database,
    forbidden,
    not_found,
)
from connector.sandbox.ibexa.field_types.account import Account
from connector.sandbox.ibexa.model import Content, ContentType, Location, User
from connector.sandbox.ibexa.repository import Repository
from connector.sandbox.ibexa.wire import ref

Json = Any
ANONYMOUS = 10
GROUP_TYPE = 3
USER_TYPE = 4
ROOT_GROUP = 5  # the location
_ACCOUNT_FIELD = "user_account"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST = 150
# the rules of a clean install's user type
_PASSWORD = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*\d).{10,}", re.DOTALL)
_NEEDED = ("mainLanguageCode", "login", "email", "password")


def user_named(repository: Repository, login: str) -> User | None:
    """The user of a login name, in any case."""
    return next((user for user in list(repository.users.values()) if user.login.lower() == login.lower()), None)


def user_of(repository: Repository, user_id: int) -> tuple[User, Content]:
    """A user and the item, or 404."""
    user = repository.users.get(user_id)
    if user is None:
        raise not_found("User", user_id)
    return user, repository.content(user_id)


def logs_in(repository: Repository, login: str, password: str) -> User | None:
    """The user whom a login and a password let in; a disabled one never."""
    user = user_named(repository, login)
    granted = user is not None and user.enabled and user.password is not None and user.password == password
    return user if granted else None


def create_user(repository: Repository, group: Location, body: Json, author: int, permit: content.Permit) -> Content:
    """A new user in a group, published and enabled: ``enabled`` is read and without effect (server-behaviour §10)."""
    content_type = _type_of(repository, body, "UserCreate", USER_TYPE)
    for name in _NEEDED:
        if name not in body:
            raise bad_request(f"Missing '{name}' element for UserCreate.")
    if "enabled" in body:
        inputs.boolean(body["enabled"], "enabled")
    sent = _body(content_type, group, body, "UserCreate")
    account = Account(str(body["login"]), str(body["email"]), enabled=True, password_set_at=repository.now())
    used = body.get("remoteId")
    if isinstance(used, str) and used and repository.content_by_remote_id(used):
        raise forbidden(
            f"Argument '$contentCreateStruct' is invalid: Another Content item with remoteId '{used}' exists"
        )
    _check_login(repository, account.login)
    _check_account(account, str(body["password"]))
    sent["fields"]["field"] = [*sent["fields"]["field"], _field(account)]
    try:
        item = content.create(repository, sent, author, permit)
    except RestError as error:
        if error.status != 406:
            raise
        raise forbidden(error.description) from error  # such as a used remote id: 403 here, 406 for content
    repository.users[item.id] = User(item.id, account.login, account.email, str(body["password"]))
    content.publish(repository, item, item.version)
    return item


def create_group(repository: Repository, parent: Location, body: Json, author: int, permit: content.Permit) -> Content:
    """A new user group below another one, published at once."""
    content_type = _type_of(repository, body, "UserGroupCreate", GROUP_TYPE)
    if "mainLanguageCode" not in body:
        raise bad_request("Missing 'mainLanguageCode' element for UserGroupCreate.")
    item = content.create(repository, _body(content_type, parent, body, "UserGroupCreate"), author, permit)
    content.publish(repository, item, item.version)
    return item


def update_user(repository: Repository, user: User, item: Content, body: Json, author: int) -> None:
    """Change a user, which always publishes a new version; the login stays what it is."""
    enabled = inputs.boolean(body["enabled"], "enabled") if "enabled" in body else user.enabled
    password = str(body["password"]) if body.get("password") else None
    email = str(body["email"]) if body.get("email") else user.email
    account = Account(user.login, email, enabled, None if password is None else repository.now())
    _check_account(account, password)
    _check_remote_id(repository, item, body)
    _publish(repository, item, [*_sent(body, "UserUpdate"), _field(account)], author)
    user.email, user.enabled, user.password = email, enabled, password or user.password
    _update_metadata(repository, item, body)


def update_group(repository: Repository, item: Content, body: Json, author: int) -> None:
    """Change a group; only fields need a new version."""
    _check_remote_id(repository, item, body)
    if "fields" in body:
        _publish(repository, item, _sent(body, "UserGroupUpdate"), author)
    _update_metadata(repository, item, body)


def forget(repository: Repository, content_id: int) -> None:
    """Take the roles from a user or group that is being deleted."""
    for each in [each for each in repository.assignments.values() if each.holder == content_id]:
        del repository.assignments[each.id]


def _type_of(repository: Repository, body: Json, element: str, default: int) -> ContentType:
    if not isinstance(body.get("ContentType"), dict):
        return repository.type(default)
    missing = f"Missing '_href' attribute for the ContentType element in {element}."
    return repository.type(int(inputs.href(body["ContentType"], "type", missing)))


def _body(content_type: ContentType, parent: Location, body: Json, element: str) -> Json:
    """The ContentCreate that makes the item of a user or group."""
    fields.read(body, content_type, element)  # for refusals that name the right element
    if "Section" in body:
        inputs.href(body["Section"], "section", f"Missing '_href' attribute for the Section element in {element}.")
    place = {"ParentLocation": ref("Location", f"/content/locations/{parent.href_path}")}
    made = {
        "ContentType": ref("ContentType", f"/content/types/{content_type.id}"),
        "mainLanguageCode": body["mainLanguageCode"],
        "LocationCreate": {**place, "sortField": "PATH", "sortOrder": "ASC"},
        "fields": dict(body["fields"]),
    }
    return made | {name: body[name] for name in ("remoteId", "Section") if name in body}


def _field(account: Account) -> Json:
    return {"fieldDefinitionIdentifier": _ACCOUNT_FIELD, "fieldValue": account}


def _sent(body: Json, element: str) -> list[Json]:
    if "fields" not in body:
        return []
    entries = body["fields"].get("field") if isinstance(body["fields"], dict) else None
    if not isinstance(entries, list):
        raise bad_request(f"Invalid 'fields' element for {element}.")
    return entries


def _check_login(repository: Repository, login: str) -> None:
    if not login or "@" in login or user_named(repository, login) is not None:
        raise broken("the login does not do, or is in use")


def _check_account(account: Account, password: str | None) -> None:
    if not _EMAIL.fullmatch(account.email):
        raise broken("no e-mail address")
    if max(len(account.email), len(account.login)) > _LONGEST:
        raise broken_in_database("data too long for column login or email")
    if password is not None and not _PASSWORD.fullmatch(password):
        raise broken("the password is too weak")


def _check_remote_id(repository: Repository, item: Content, body: Json) -> None:
    """Before anything is written: the server rolls a half done change back."""
    if isinstance(body.get("remoteId"), str):
        content.refuse_used(repository, body["remoteId"], "$contentMetadataUpdateStruct", item.id)


def _publish(repository: Repository, item: Content, entries: list[Json], author: int) -> None:
    draft = content.create_draft(repository, item, item.version, author)
    try:
        content.update_draft(repository, item, draft, {"fields": {"field": entries}})
    except (RestError, PhpError):
        del item.versions[draft.number]  # the server rolls all of it back
        raise
    content.publish(repository, item, item.versions[draft.number])


def _update_metadata(repository: Repository, item: Content, body: Json) -> None:
    changes = metadata.Changes(language=body.get("mainLanguageCode"), remote_id=body.get("remoteId"))
    if changes.is_of_content:
        metadata.apply(repository, item, changes)
