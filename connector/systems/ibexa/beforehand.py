"""What a real Ibexa fails over with a 500, or does half without a word, asked for before a plain operation is sent.

One look-up a message where the state of an item decides; content types are remembered. What may not be read is left to
the server.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from connector.core.errors import BadAnswer, RecordError
from connector.core.jsonio import Json, shown
from connector.core.model import Message
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.answered import Answer, path_of_location, told
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.rest_forms import rest_misfit
from connector.systems.ibexa.rest_values import RestField, misformed, rest_fields
from connector.systems.ibexa.types import ContentType
from connector.systems.operation import Operation

log = logging.getLogger("connector.ibexa")
_OF_NEW_USERS = {"user.create": "user", "user_group.create": "user_group", "user_group.create_top_level": "user_group"}
"""Content types of what is made, where the payload names none and the site has not said otherwise."""
_ITEM = {"content_version.update": "contentId", "user.update": "userId"}
"""Where the path has the id of an item that is there."""


class WouldFail(RecordError):
    """Ibexa would answer 500, or do something else than it was asked for; nothing was sent."""

    def __init__(self, code: str, message: str, hint: str, pointer: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.pointer = pointer  # in the payload without its root element, until it is told


def ensure_taken(gateway: Gateway, operation: Operation, message: Message) -> None:
    """Check a message of a plain operation against what is there.

    Raises:
        WouldFail: it can not be sent so.
        ClientError: Ibexa cannot be reached.
    """
    payload = operation.unwrapped(message.payload)
    try:
        _check_fields(gateway, operation, message, payload)
        check = _STATES.get(operation.id)
        if check is not None:
            check(gateway, operation, message, payload if isinstance(payload, dict) else {})
    except BadAnswer as error:
        log.info("%s is sent without having looked: %s", operation.id, error.message)
    except WouldFail as error:
        if error.pointer:
            root = "" if payload is message.payload else f"/{next(iter(message.payload))}"
            error.pointer = f"/payload{root}{error.pointer}"
        raise


# -- values of fields -------------------------------------------------------------------------------------------------


def _check_fields(gateway: Gateway, operation: Operation, message: Message, payload: Json) -> None:
    rows = list(rest_fields(payload))
    if not rows:
        return
    href = _type_href(gateway, operation, message, payload)
    for again in (True, False):
        content_type = _type_at(gateway, href)
        fault = _fault(operation, content_type, rows) if content_type else None
        if fault is None:
            return
        if not again:
            raise fault
        gateway.forget("type", href)  # a field may have been added meanwhile


def _type_href(gateway: Gateway, operation: Operation, message: Message, payload: Mapping[str, Json]) -> str:
    """Of the content type that is meant; empty: not known."""
    if isinstance(named := payload.get("ContentType"), dict):
        return str(named.get("_href") or "")
    if operation.id in _OF_NEW_USERS:
        found = gateway.content_type(_OF_NEW_USERS[operation.id])
        return found.href if found else ""
    if operation.id == "user_group.update":
        answer = told(gateway.call("user_group.get", Message(path=message.path)))
        return _href(answer.body("UserGroup"), "ContentType") if answer else ""
    item = _item(gateway, message.path.get(_ITEM.get(operation.id, "")))
    return _href(item, "ContentType") if item else ""


def _type_at(gateway: Gateway, href: str) -> ContentType | None:
    try:
        return gateway.content_type_at(href) if href else None
    except BadAnswer:
        return None  # the server is to say why


def _fault(operation: Operation, content_type: ContentType, rows: list[RestField]) -> WouldFail | None:
    for row in rows:
        definition = content_type.fields.get(row.name)
        place = f"{content_type.identifier}.{row.name}"
        if definition is None:
            hint = f"{did_you_mean(row.name, content_type.fields)}It has: {', '.join(content_type.fields) or 'none'}."
            message = f"{operation.id}: {content_type.identifier} has no field '{row.name}'"
            return WouldFail("IBX481", message, hint, row.pointer)
        words = rest_misfit(definition, row.value)
        if words:
            message = f"{operation.id}: {place} ({definition.type}) {words}; it got {shown(row.value, 60)}"
            known = misformed(operation.id, row)
            hint = ". ".join(known) if known else "Correct the mapping; content.upsert converts what a source gives."
            return WouldFail("IBX481", message, hint, row.pointer)
    return None


# -- the state of what is there ---------------------------------------------------------------------------------------


def _published(gateway: Gateway, operation: Operation, message: Message, payload: Mapping[str, Json]) -> None:
    """Ibexa answers 500 for a draft or what lies in the trash; a change of metadata is carried out all the same."""
    item = _item(gateway, message.path.get("contentId"))
    status = str(item.get("status", "")) if item else ""
    where = {"DRAFT": "was never published", "TRASHED": "lies in the trash"}.get(status)
    if where:
        hint = "Publish it first." if status == "DRAFT" else "Restore it first."
        raise WouldFail("IBX482", f"{operation.id}: content item {message.path['contentId']} {where}", hint)
    _check_main_location(gateway, operation, message, payload)
    _check_section(gateway, operation, message, payload)


def _not_trashed(gateway: Gateway, operation: Operation, message: Message, _payload: Mapping[str, Json]) -> None:
    """Ibexa would delete the item and keep its place in the trash, which can then be listed and emptied no more."""
    item = _item(gateway, message.path.get("contentId"))
    if item and item.get("status") == "TRASHED":
        hint = 'Delete it there: trash.delete, or content.delete with {"remote_id": …} as payload.'
        raise WouldFail("IBX482", f"{operation.id}: content item {message.path['contentId']} lies in the trash", hint)


def _check_section(gateway: Gateway, operation: Operation, _message: Message, payload: Mapping[str, Json]) -> None:
    """Ibexa makes an item in a section that is none, which nobody can then read."""
    number = _href(payload, "Section").rpartition("/")[2]
    if number.isdigit() and _gone(gateway.call("section.get", Message(path={"sectionId": number}))):
        message = f"{operation.id}: there is no section {number} in Ibexa"
        raise WouldFail("IBX483", message, "section.list names those that there are.", "/Section")


def _check_main_location(gateway: Gateway, operation: Operation, message: Message, payload: Mapping[str, Json]) -> None:
    """With another item's Location Ibexa answers 404, and the item has no main Location from then on."""
    wanted = path_of_location(_href(payload, "MainLocation"))
    if not wanted:
        return
    number = message.path["contentId"]
    answer = told(gateway.call("location.list_for_content", Message(path={"contentId": number})))
    rows = answer.body("LocationList").get("Location", []) if answer else []
    if rows and wanted not in {path_of_location(row.get("_href")) for row in rows}:
        text = f"{operation.id}: Location /{wanted} is none of content item {number}"
        raise WouldFail("IBX483", text, "location.list_for_content names its own.", "/MainLocation")


def _login_is_free(gateway: Gateway, operation: Operation, _message: Message, payload: Mapping[str, Json]) -> None:
    """Ibexa answers a login that is taken with 500."""
    login = payload.get("login")
    answer = gateway.call("user.find", Message(query={"login": login})) if isinstance(login, str) and login else None
    if answer is not None and answer.ok and answer.body("UserList").get("User"):
        hint = "Choose another; or user.upsert, which brings the one that is there to what the message says."
        raise WouldFail("IBX484", f"{operation.id}: the login '{shown(login, 60)}' is taken", hint, "/login")


_STATES: Mapping[str, Callable[[Gateway, Operation, Message, Mapping[str, Json]], None]] = {
    "content.hide": _published,
    "content.reveal": _published,
    "content.update_metadata": _published,
    "content.delete": _not_trashed,
    "content.create": _check_section,
    "user.create": _login_is_free,
}


def _item(gateway: Gateway, number: Json) -> Mapping[str, Json] | None:
    """As REST has it; None: it is not there, or may not be read."""
    answer = told(gateway.call("content.get", Message(path={"contentId": number}))) if number is not None else None
    return answer.body("Content") if answer else None


def _gone(answer: Answer) -> bool:
    return answer.status == 404


def _href(of: Mapping[str, Json], name: str) -> str:
    inner = of.get(name)
    return str(inner.get("_href") or "") if isinstance(inner, dict) else ""
