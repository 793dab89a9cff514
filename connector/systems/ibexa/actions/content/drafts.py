"""Drafts: making one, finding what an interrupted attempt left behind, publishing, cleaning up."""

from __future__ import annotations

import logging
from functools import partial

from connector.core.errors import ClientError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import NotSent, Refused
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.held import Fields, Held, differing, fields_of
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.answers import outcome_of, refused
from connector.systems.ibexa.gateway import Answer, Gateway

log = logging.getLogger("connector.ibexa")


class Again(Exception):
    """The state has changed under us: look up once more."""


def created_id(answer: Answer) -> int:
    """The id by Location or body.

    Raises:
        Again: neither says it: whether and as what it was created is looked up.
    """
    text = answer.location.rstrip("/").rpartition("/")[2]
    if text.isdigit():
        return int(text)
    try:
        return int(answer.body("Content")["_id"])
    except (KeyError, TypeError, ValueError):
        raise Again from None


def leftovers(gateway: Gateway, held: Held, recognised: Recognised) -> list[tuple[int, Fields]]:
    """Drafts of a published item that only an interrupted attempt of ours can have left: number and fields.

    Ours is a draft that our user made and that holds nobody's work.
    """
    message = Message(path={"contentId": held.id})
    rows = checked(gateway.call("content_version.list", message)).body("VersionList").get("VersionItem", [])
    infos = [row["VersionInfo"] for row in rows]
    ours = f"/user/users/{gateway.user_id()}"
    found = []
    for info in infos:
        if info["status"] == "DRAFT" and str(info["Creator"]["_href"]).endswith(ours):
            number = int(info["versionNo"])
            fields = _fields_at(gateway, held, number)
            if fields and recognised.is_ours(fields, partial(_base, gateway, held, infos, number)):
                found.append((number, fields))
    return found


def _base(gateway: Gateway, held: Held, infos: list[dict[str, Json]], number: int) -> Fields:
    """What that draft was made from: the version that was the current one when it was; empty: the same as now."""
    before = [int(one["versionNo"]) for one in infos if one["status"] != "DRAFT" and int(one["versionNo"]) < number]
    newest = max(before, default=held.version)
    return {} if newest == held.version else _fields_at(gateway, held, newest)


def _fields_at(gateway: Gateway, held: Held, number: int) -> Fields:
    answer = gateway.call("content_version.get", Message(path={"contentId": held.id, "versionNo": number}))
    return fields_of(answer.body("Version")) if answer.ok else {}


def new_draft(gateway: Gateway, held: Held, recognised: Recognised) -> tuple[int, Fields]:
    """A draft of the current version: its number and fields. When the answer is lost, the draft is looked for."""
    try:
        answer = gateway.call("content_version.create_draft_from_current", Message(path={"contentId": held.id}))
    except ClientError:
        return _the_lost_one(gateway, held, recognised)
    if answer.status >= 500:
        return _the_lost_one(gateway, held, recognised, answer)
    version = checked(answer).body("Version")
    return int(version["VersionInfo"]["versionNo"]), fields_of(version) or held.fields


def write(gateway: Gateway, draft: tuple[int, int, Fields], values: list[FieldValue], names: dict[int, str]) -> Fields:
    """Bring a draft (content id, number, fields) to the values; only what differs is sent. Returns its fields then.

    Raises:
        Ended: Refused, after the draft has been removed; or Unknown.
    """
    content_id, number, fields = draft
    changes = differing(values, fields)
    if not changes:
        return fields
    payload = {"fields": {"field": [one.to_send() for one in changes]}}
    message = Message(path={"contentId": content_id, "versionNo": number}, payload=payload)
    answer = gateway.call("content_version.update", message)
    if answer.status == 500:  # setting fields twice is the same as once
        answer = gateway.call("content_version.update", message)
    if answer.ok:
        return fields_of(answer.body("Version")) or fields
    if answer.status == 403 and _status(gateway, content_id, number) != "DRAFT":
        raise Again  # somebody published it under our hands
    outcome = outcome_of(answer.operation, answer.response, names)
    if answer.status == 500:
        outcome = Refused(refused(answer.operation, answer.response, names))
    raise Ended(outcome)


def publish(gateway: Gateway, content_id: int, number: int) -> None:
    """Publish a draft; when the answer is lost, its status tells; when the server failed inside, once more.

    Raises:
        Again: somebody published at the same moment.
        Ended: it cannot be published.
    """
    message = Message(path={"contentId": content_id, "versionNo": number})
    try:
        answer = gateway.call("content_version.publish", message)
        if answer.status == 500 and _status(gateway, content_id, number) == "DRAFT":
            answer = gateway.call("content_version.publish", message)
    except ClientError:
        if _status(gateway, content_id, number) != "PUBLISHED":
            raise
        return
    if answer.ok or (answer.status >= 500 and _status(gateway, content_id, number) == "PUBLISHED"):
        return
    if answer.status == 409 or (answer.status == 403 and _status(gateway, content_id, number) != "DRAFT"):
        raise Again
    if answer.status == 500:
        raise Ended(Refused(refused(answer.operation, answer.response)))
    raise Ended(outcome_of(answer.operation, answer.response))


def remove(gateway: Gateway, content_id: int, number: int) -> None:
    """Remove a draft of ours; a failure is logged, because the message's outcome is another matter."""
    message = Message(path={"contentId": content_id, "versionNo": number})
    try:
        answer = gateway.call("content_version.delete", message)
    except ClientError as error:
        log.warning("the draft %s of content item %s could not be removed: %s", number, content_id, error.message)
        return
    if not answer.ok and answer.status != 404:
        log.warning("the draft %s of content item %s could not be removed: %s", number, content_id, answer.status)


def _the_lost_one(
    gateway: Gateway, held: Held, recognised: Recognised, answer: Answer | None = None
) -> tuple[int, Fields]:
    for number, fields in leftovers(gateway, held, recognised):
        if recognised.adds_nothing(fields, []):
            return number, fields
    if answer is not None:
        raise Ended(outcome_of(answer.operation, answer.response))
    message = f"the draft of content item {held.id} was not made: the connection broke"
    raise Ended(NotSent(Problem("NET002", message, hint="It is tried again.")))


def _status(gateway: Gateway, content_id: int, number: int) -> str:
    answer = gateway.call("content_version.get", Message(path={"contentId": content_id, "versionNo": number}))
    return str(answer.body("Version")["VersionInfo"]["status"]) if answer.ok else ""
