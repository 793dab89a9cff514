"""Account and fields of a user: looked up by login, created, or changed where they differ."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import Refused
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked, refuse
from connector.systems.ibexa.actions.content.held import differing, fields_of
from connector.systems.ibexa.actions.content.values import FieldValue, values_of
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.answered import Answer
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType

_COMPARED = {"email": "email", "enabled": "enabled", "remote_id": "_remoteId"}
"""What differs by its own name: the message's key, and where a user shows it."""
_WIRE = {"remote_id": "remoteId"}


def find(gateway: Gateway, login: str) -> dict[str, Json] | None:
    """The user with that login, with its fields; None when there is none.

    Raises:
        Ended, ClientError: it cannot be said.
    """
    answer = gateway.call("user.find", Message(query={"login": login}))
    rows = [] if answer.status == 404 else checked(answer).body("UserList").get("User", [])
    return rows[0] if rows else None


def fields_for(
    payload: Mapping[str, Json], content_type: ContentType, language: str, tools: tuple[Gateway, Assets]
) -> list[FieldValue]:
    """The message's fields as REST takes them, in the user's main language.

    Raises:
        RecordError: naming content type, field, value and rule.
    """
    fields = {name: value for name, value in (payload.get("fields") or {}).items() if value is not None}
    wanted = Wanted("", content_type.identifier, (), language, "", None, 0, fields, {})
    return values_of(wanted, content_type, language, tools)


def create(
    gateway: Gateway, payload: Mapping[str, Json], group: str, known: tuple[ContentType, list[FieldValue]]
) -> dict[str, Json]:
    """A new user in that group; returns it as Ibexa has it. One that somebody else made meanwhile is as good.

    Raises:
        Ended, ClientError: it could not be done.
    """
    password = str(payload.get("password") or "")
    missing = [name for name, value in (("group", group), ("password", password)) if not value]
    if missing:
        raise refuse("IBX411", f"a new user requires {' and '.join(missing)}", "Write it in the mapping or outgoing.")
    content_type, values = known
    body: dict[str, Json] = {
        "login": payload["login"],
        "email": payload["email"],
        "password": password,
        "mainLanguageCode": payload["main_language"],
        "ContentType": {"_href": content_type.href},
        "fields": {"field": [one.to_send() for one in values]},
    }
    if payload.get("remote_id"):
        body["remoteId"] = payload["remote_id"]
    for _ in range(2):  # what the server was too busy for passes the second time
        answer = gateway.call("user.create", Message(path={"path": group}, payload=body))
        if answer.ok:
            return answer.body("User")
        if held := find(gateway, payload["login"]):
            return held
        if answer.status != 500:
            break
    raise _ended(answer)


def change(
    gateway: Gateway, held: Mapping[str, Json], payload: Mapping[str, Json], what: tuple[list[FieldValue], str]
) -> list[str]:
    """Write what differs, and the password if there is one; returns what was written, by name.

    Raises:
        Ended, ClientError: it could not be done.
    """
    values, password = what
    said = {name: payload[name] for name in _COMPARED if payload.get(name) is not None}
    body = {_WIRE.get(name, name): one for name, one in said.items() if held.get(_COMPARED[name]) != one}
    changed = [name for name in said if _WIRE.get(name, name) in body]
    differ = differing(values, fields_of(held.get("Version") or {}))
    if differ:
        body["fields"] = {"field": [one.to_send() for one in differ]}
    if password:
        body["password"] = password
    if not body:
        return []
    message = Message(path={"userId": held["_id"]}, payload=body)
    answer = gateway.call("user.update", message)
    if answer.status == 500:  # writing it twice is the same as once
        answer = gateway.call("user.update", message)
    if not answer.ok:
        raise _ended(answer)
    return [*changed, *(one.shown for one in differ), *(["password"] if password else [])]


def _ended(answer: Answer) -> Ended:
    """What a refusal means. A weak password and a bad e-mail address are a 500 (seen on 4.6.25)."""
    if answer.status != 500:
        try:
            checked(answer)
        except Ended as ended:
            return ended
    message = f"{answer.operation} answered 500 twice"
    hint = "Mostly a password that is too weak, or an e-mail address or a login that Ibexa does not take."
    return Ended(Refused(Problem("IBX500", message, hint=hint, where=answer.operation)))
