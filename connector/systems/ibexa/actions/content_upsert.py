"""content.upsert: create and publish, or draft what differs and publish; never twice, never over a foreign draft."""

from __future__ import annotations

import logging
from typing import ClassVar, Self

from connector.core.errors import AnswerLost, AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Refused, Skipped, Unknown
from connector.core.problem import Problem
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions import content_drafts as drafts
from connector.systems.ibexa.actions.base import Ended, outcome_of_raised, refuse
from connector.systems.ibexa.actions.content_drafts import Again
from connector.systems.ibexa.actions.content_drop import drop
from connector.systems.ibexa.actions.content_held import Fields, Held, find
from connector.systems.ibexa.actions.content_wanted import FieldValue, Wanted, check_required, values_of, wanted_of
from connector.systems.ibexa.answers import outcome_of, refused, says_remote_id_exists
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields.codec import NotThereYet
from connector.systems.ibexa.gateway import Answer, Gateway
from connector.systems.ibexa.types import ContentType

log = logging.getLogger("connector.ibexa")

NAME = "content.upsert"
ROUNDS = 4
"""How often the state may change under us before the task waits for its next attempt."""


class ContentUpsert:
    """Brings the content item with a remote id to what a message says."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, drops=("hide", "trash", "delete"))
    replaced: ClassVar[tuple[str, ...]] = ("parent",)

    def __init__(self, gateway: Gateway, assets: Assets) -> None:
        self._gateway = gateway
        self._assets = assets

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:
        """For one outgoing."""
        return cls(gateway, assets)

    def prepare(self, message: Message) -> Message:
        """Check keys and types of the payload.

        Raises:
            RecordError: it can never be sent.
        """
        if message.path or message.query or message.destination is not None:
            raise RecordError("content.upsert takes a payload only", hint="Leave path, query and destination out.")
        wanted_of(message.payload)
        return message

    def key(self, message: Message) -> str | None:
        """The remote id."""
        return str(message.payload["remote_id"])

    def send(self, delivery: Delivery) -> Outcome:
        """Look up, compare, write what differs.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        try:
            if delivery.action in self.can.drops:
                return drop(self._gateway, delivery)
            return self._steps(delivery, wanted_of(delivery.message.payload))
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return outcome_of_raised(NAME, error)

    def _steps(self, delivery: Delivery, wanted: Wanted) -> Outcome:
        refusals = 0
        for _ in range(ROUNDS):
            held = find(self._gateway, delivery, wanted.remote_id)
            try:
                if held is None:
                    return self._create(wanted)
                return self._bring(held, wanted, delivery)
            except Again:
                continue
            except _FailedInside as failed:
                # The same 500 again, and still nothing there: it is the message's fault, not the moment's.
                refusals += 1
                if refusals > 1:
                    return Refused(failed.problem)
        problem = Problem(
            "IBX409", f"'{wanted.remote_id}' kept changing while it was written", hint="It is tried again."
        )
        return NotSent(problem)

    # -- a new item -------------------------------------------------------------------------------------------------

    def _create(self, wanted: Wanted) -> Outcome:
        content_type = self._type(wanted)
        values = values_of(wanted, content_type, wanted.main_language, (self._gateway, self._assets))
        check_required(values, content_type, wanted.main_language)
        message = Message(payload=self._creation(wanted, content_type, values))
        try:
            answer = self._gateway.call("content.create", message)
        except AnswerLost as error:
            return self._after_lost_create(wanted, error)
        if says_remote_id_exists(answer.response):
            raise Again
        if answer.status == 500:
            raise _FailedInside(refused(answer.operation, answer.response, content_type.field_names_by_id))
        if not answer.ok:
            raise Ended(outcome_of(answer.operation, answer.response, content_type.field_names_by_id))
        number = _created_id(answer)
        # Should this fail, the draft stays: the next attempt finds it by its remote id and goes on from there.
        drafts.publish(self._gateway, number, 1)
        self._gateway.learn_content(wanted.remote_id, number, None)
        self._gateway.forget("content", wanted.remote_id)
        return Done("created", str(number), {"version": 1, "fields": len(values)})

    def _after_lost_create(self, wanted: Wanted, error: AnswerLost) -> Outcome:
        answer = self._gateway.call("content.find", Message(query={"remoteId": wanted.remote_id}))
        if answer.status == 404:
            return Unknown(error.problem("content.create"), client_down=True)
        raise Again

    def _creation(self, wanted: Wanted, content_type: ContentType, values: list[FieldValue]) -> Json:
        base = "/api/ibexa/v2/content"
        location = {"ParentLocation": {"_href": f"{base}/locations/{self._parent(wanted.parent)}"}}
        location |= {"priority": wanted.priority, "hidden": False, "sortField": "PATH", "sortOrder": "ASC"}  # type: ignore[dict-item]
        body: dict[str, Json] = {
            "ContentType": {"_href": content_type.href},
            "mainLanguageCode": wanted.main_language,
            "LocationCreate": location,
            "remoteId": wanted.remote_id,
            "fields": {"field": [one.to_send() for one in values]},
        }
        if wanted.section:
            body["Section"] = {"_href": self._section(wanted.section)}
        if wanted.always_available is not None:
            body["alwaysAvailable"] = wanted.always_available
        return body

    # -- an item that is there --------------------------------------------------------------------------------------

    def _bring(self, held: Held, wanted: Wanted, delivery: Delivery) -> Outcome:
        content_type = self._type(wanted)
        if held.type_href.rstrip("/").rpartition("/")[2] != str(content_type.id):
            message = f"'{wanted.remote_id}' exists already, but is no {content_type.identifier}"
            raise refuse("IBX412", message, "Choose another remote id, or remove the other content item.")
        if held.status == "TRASHED":
            message = f"'{wanted.remote_id}' lies in the trash"
            raise refuse("IBX413", message, "Restore it or delete it from the trash in Ibexa, then retry.")
        language = held.main_language or wanted.main_language
        values = values_of(wanted, content_type, language, (self._gateway, self._assets))
        names = content_type.field_names_by_id
        if held.status == "DRAFT":
            return self._finish_draft(held, values, names)
        self._gateway.learn_content(wanted.remote_id, held.id, held.location_path)
        left = self._left_behind(held, values, delivery, content_type) if delivery.suspect else []
        outcome = self._update(held, values, names, left)
        if delivery.hidden_by_us and held.hidden:
            return self._reveal(held, outcome)
        return outcome

    def _finish_draft(self, held: Held, values: list[FieldValue], names: dict[int, str]) -> Outcome:
        """Never published: an earlier attempt, here or elsewhere, stopped between create and publish."""
        drafts.write(self._gateway, (held.id, held.version, held.fields), values, names)
        drafts.publish(self._gateway, held.id, held.version)
        return Done("created", str(held.id), {"version": held.version, "adopted": True})

    def _left_behind(
        self, held: Held, values: list[FieldValue], delivery: Delivery, content_type: ContentType
    ) -> list[tuple[int, Fields]]:
        """Drafts of an interrupted attempt, be it of this message or of one that it replaced."""
        said = list(values)
        for message in delivery.earlier:
            try:
                wanted = wanted_of(message.payload)
                said += values_of(wanted, content_type, held.main_language, (self._gateway, self._assets))
            except RecordError as error:  # it could not have been written either
                log.info("an earlier message of '%s' cannot be read again: %s", delivery.key, error.message)
        return drafts.leftovers(self._gateway, held, said)

    def _update(
        self, held: Held, values: list[FieldValue], names: dict[int, str], left: list[tuple[int, Fields]]
    ) -> Outcome:
        changes = held.differing(values)
        if not changes:
            for number, _ in left:
                drafts.remove(self._gateway, held.id, number)
            return Skipped("unchanged", str(held.id))
        number, fields = left[0] if left else drafts.new_draft(self._gateway, held, values)
        for other, _ in left[1:]:
            drafts.remove(self._gateway, held.id, other)
        try:
            drafts.write(self._gateway, (held.id, number, fields), changes, names)
            drafts.publish(self._gateway, held.id, number)
        except Again:
            drafts.remove(self._gateway, held.id, number)
            raise
        except (Ended, RecordError) as error:
            if not isinstance(error, Ended) or isinstance(error.outcome, Refused):
                drafts.remove(self._gateway, held.id, number)
            raise
        return Done("updated", str(held.id), {"version": number, "changed": [one.shown for one in changes]})

    def _reveal(self, held: Held, outcome: Outcome) -> Outcome:
        """The mapping yields it again: what we hid is shown again."""
        answer = self._gateway.call("content.reveal", Message(path={"contentId": held.id}))
        if not answer.ok:
            raise Ended(outcome_of(answer.operation, answer.response))
        return Done("revealed", str(held.id), dict(outcome.detail) if isinstance(outcome, Done) else {})

    # -- what the message refers to ---------------------------------------------------------------------------------

    def _type(self, wanted: Wanted) -> ContentType:
        found = self._gateway.content_type(wanted.content_type)
        if found is None:
            message = f"there is no content type '{wanted.content_type}' in Ibexa"
            raise refuse("IBX414", message, "Run the route that ensures it, or correct the outgoing's payload.")
        return found

    def _section(self, identifier: str) -> str:
        found = self._gateway.section_href(identifier)
        if found is None:
            message = f"there is no section '{identifier}' in Ibexa"
            raise refuse("IBX415", message, "Run a route with section.ensure, or correct the outgoing's payload.")
        return found

    def _parent(self, parent: dict[str, Json]) -> str:
        if "path" in parent:
            return str(parent["path"]).strip("/")
        if "id" in parent:
            found = self._gateway.location_path_by_id(int(parent["id"]))
            shown = f"Location {parent['id']}"
        else:
            found = self._gateway.location_path(str(parent["remote_id"]))
            shown = f"parent '{parent['remote_id']}'"
        if found is None:
            hint = "It is tried again later; does another route create it, and is it published?"
            raise NotThereYet(f"the {shown} is not in Ibexa yet", hint=hint, step="payload.parent")
        return found


class _FailedInside(Exception):
    """The server failed inside on a create: look up before anything else."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def _created_id(answer: Answer) -> int:
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
