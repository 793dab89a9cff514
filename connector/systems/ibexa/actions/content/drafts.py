"""Drafts: making one, finding what an interrupted attempt left behind, publishing, cleaning up."""

from __future__ import annotations

import logging
from functools import partial

from msgspec import Struct

from connector.clients.request import TooLate
from connector.core.errors import ClientError
from connector.core.jsonio import Json
from connector.core.model import Message
from connector.core.outcome import NotSent, Refused
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.held import Fields, Held, differing, fields_of, held_of
from connector.systems.ibexa.actions.content.recognised import Recognised
from connector.systems.ibexa.actions.content.values import FieldValue
from connector.systems.ibexa.answered import Answer
from connector.systems.ibexa.answers import outcome_of, refused
from connector.systems.ibexa.gateway import Gateway

log = logging.getLogger("connector.ibexa")


FRESH = 3.0
"""Seconds for which nobody is asked whether the version is still the current one that a draft was made from."""


class Again(Exception):
    """The state has changed under us: look up once more."""


class Draft(Struct, frozen=True):
    """A draft of a published item, made from the version that we know.

    Attributes:
        number: of its version.
        fields: what it holds.
        since: monotonic seconds at which that version was the current one for certain; None: look before publishing.
    """

    number: int
    fields: Fields
    since: float | None = None


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


def leftovers(gateway: Gateway, held: Held, recognised: Recognised) -> list[Draft]:
    """Drafts of a published item that only an interrupted attempt of ours can have left.

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
                found.append(Draft(number, fields))
    return found


def _base(gateway: Gateway, held: Held, infos: list[dict[str, Json]], number: int) -> Fields:
    """What that draft was made from: the version that was the current one when it was; empty: the same as now."""
    before = [int(one["versionNo"]) for one in infos if one["status"] != "DRAFT" and int(one["versionNo"]) < number]
    newest = max(before, default=held.version)
    return {} if newest == held.version else _fields_at(gateway, held, newest)


def _fields_at(gateway: Gateway, held: Held, number: int) -> Fields:
    answer = gateway.call("content_version.get", Message(path={"contentId": held.id, "versionNo": number}))
    return fields_of(answer.body("Version")) if answer.ok else {}


def new_draft(gateway: Gateway, held: Held, recognised: Recognised) -> Draft:
    """A draft of the current version. When the answer is lost, the draft is looked for."""
    before = gateway.clock.monotonic()
    try:
        answer = gateway.call("content_version.create_draft_from_current", Message(path={"contentId": held.id}))
    except ClientError:
        return _the_lost_one(gateway, held, recognised)
    if answer.status >= 500:
        return _the_lost_one(gateway, held, recognised, answer)
    version = checked(answer).body("Version")
    fields = fields_of(version) or held.fields
    # Other fields than we have read: it may have been made from what somebody published just now.
    since = before if recognised.adds_nothing(fields, []) else None
    return Draft(int(version["VersionInfo"]["versionNo"]), fields, since)


def write(gateway: Gateway, draft: tuple[int, int, Fields], values: list[FieldValue], names: dict[int, str]) -> Fields:
    """Bring a draft (content id, number, fields) to the values; only what differs is sent. Returns its fields then.

    Raises:
        Ended: Refused, after the draft has been removed; or Unknown.
    """
    content_id, number, fields = draft
    changes = differing(values, fields)
    if not changes:
        return fields
    payload = {"fields": {"field": [one.to_send(fields.get((one.language, one.identifier))) for one in changes]}}
    message = Message(path={"contentId": content_id, "versionNo": number}, payload=payload)
    answer = gateway.call("content_version.update", message)
    if answer.status == 500:  # setting fields twice is the same as once
        answer = gateway.call("content_version.update", message)
    if answer.ok:
        return fields_of(answer.body("Version")) or fields
    if answer.status == 403 and _status(gateway, content_id, number) != "DRAFT":
        raise Again  # somebody published it under our hands
    outcome = outcome_of(answer.operation, answer.response, names, says=answer.says)
    if answer.status == 500:
        outcome = Refused(refused(answer.operation, answer.response, names, says=answer.says))
    raise Ended(outcome)


def publish_over(gateway: Gateway, held: Held, draft: Draft) -> None:
    """Publish a draft over the version that it was made from, not over another: a server would replace that silently.

    Within ``FRESH`` seconds of making it nobody is asked: that would cost each change one request more. A draft that
    was left behind, or that had to wait for its turn longer than that, is published only after a look.

    Raises:
        Again: somebody published another version.
        Ended: it cannot be published.
    """
    now = gateway.clock.monotonic()
    if draft.since is not None and now - draft.since < FRESH:
        try:
            publish(gateway, held.id, draft.number, within=FRESH - (now - draft.since))
        except TooLate:
            log.info("publishing a draft of content item %s had to wait: looked at once more", held.id)
        else:
            return
    answer = checked(gateway.call("content.get", Message(path={"contentId": held.id})))
    current = held_of(answer.body("Content"))
    if (current.status, current.version) != (held.status, held.version):
        raise Again
    publish(gateway, held.id, draft.number)


def publish(gateway: Gateway, content_id: int, number: int, within: float | None = None) -> None:
    """Publish a draft; when the answer is lost, its status tells; when the server failed inside, once more.

    Raises:
        Again: somebody published at the same moment.
        Ended: it cannot be published.
        TooLate: it had to wait longer than ``within`` seconds; nothing was sent.
    """
    message = Message(path={"contentId": content_id, "versionNo": number})
    try:
        answer = gateway.call("content_version.publish", message, within)
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
        raise Ended(Refused(refused(answer.operation, answer.response, says=answer.says)))
    raise Ended(outcome_of(answer.operation, answer.response, says=answer.says))


def remove(gateway: Gateway, content_id: int, number: int) -> bool:
    """Remove a draft of ours. False, and logged: it is still there; the message's outcome is another matter."""
    message = Message(path={"contentId": content_id, "versionNo": number})
    try:
        answer = gateway.call("content_version.delete", message)
    except ClientError as error:
        log.warning("the draft %s of content item %s could not be removed: %s", number, content_id, error.message)
        return False
    if not answer.ok and answer.status != 404:
        log.warning("the draft %s of content item %s could not be removed: %s", number, content_id, answer.status)
        return False
    return True


def _the_lost_one(gateway: Gateway, held: Held, recognised: Recognised, answer: Answer | None = None) -> Draft:
    for draft in leftovers(gateway, held, recognised):
        if recognised.adds_nothing(draft.fields, []):
            return draft
    if answer is not None:
        raise Ended(outcome_of(answer.operation, answer.response, says=answer.says))
    message = f"the draft of content item {held.id} was not made: the connection broke"
    raise Ended(NotSent(Problem("NET002", message, hint="It is tried again.")))


def _status(gateway: Gateway, content_id: int, number: int) -> str:
    answer = gateway.call("content_version.get", Message(path={"contentId": content_id, "versionNo": number}))
    return str(answer.body("Version")["VersionInfo"]["status"]) if answer.ok else ""
