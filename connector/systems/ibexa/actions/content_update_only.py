"""content.update_only and content.translate: change what is there; what is not there is not created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, known_keys, outcome_of_raised, refuse
from connector.systems.ibexa.actions.content_about import bring_about, bring_states
from connector.systems.ibexa.actions.content_drafts import Again
from connector.systems.ibexa.actions.content_fields import bring_fields, said_before
from connector.systems.ibexa.actions.content_held import Held, find
from connector.systems.ibexa.actions.content_memory import Memory
from connector.systems.ibexa.actions.content_progress import Progress
from connector.systems.ibexa.actions.content_wanted import Wanted, wanted_of
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.gateway import Gateway

_ROUNDS = 4
_NOWHERE: Mapping[str, Json] = {"parent": {"id": 1}, "content_type": "-", "main_language": "-"}
"""Stand in for what a new item would need, and what is known once the item was read."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A checked message: what is wanted, and whether an item that is not there is waited for."""

    wanted: Wanted
    language: str
    content_type: str
    waits: bool

    def spoken(self, held: Held) -> Wanted:
        """With its fields in the language that is meant: the item's own unless the message names one."""
        return replace(self.wanted, main_language=self.language or held.main_language)


class ContentUpdateOnly:
    """Changes the content item with a remote id; one that is not there is not created."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, compares=True)
    replaced: ClassVar[tuple[str, ...]] = ()
    name: ClassVar[str] = "content.update_only"
    keys: ClassVar[tuple[str, ...]] = (
        *("remote_id", "content_type", "main_language", "section", "always_available", "fields", "translations"),
        *("owners", "states", "absent"),
    )

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
            raise RecordError(f"{self.name} takes a payload only", hint="Leave path, query and destination out.")
        self._change(message.payload)
        return message

    def key(self, message: Message) -> str | None:
        """The remote id."""
        return str(message.payload["remote_id"])

    def send(self, delivery: Delivery) -> Outcome:
        """Look up, compare, write what differs.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        progress = Progress(Memory.of(delivery.memory))
        try:
            return self._steps(delivery, self._change(delivery.message.payload), progress)
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return progress.kept_in(outcome_of_raised(self.name, error))

    def upsert_payload(self, payload: Mapping[str, Json]) -> Mapping[str, Json]:
        """The same in the words of content.upsert, as far as the message says it."""
        return payload

    def _change(self, payload: Json) -> _Change:
        if not isinstance(payload, dict):
            raise RecordError(f"{self.name} wants an object as payload", step="payload")
        known_keys(payload, self.keys, "payload")
        absent = payload.get("absent") or "wait"
        if absent not in ("wait", "skip"):
            raise RecordError("absent must be wait or skip", step="payload.absent")
        said = {name: one for name, one in self.upsert_payload(payload).items() if name != "absent" and one is not None}
        wanted = wanted_of({**_NOWHERE, **said})
        language, content_type = (str(said.get(name, "")) for name in ("main_language", "content_type"))
        return _Change(wanted, language, content_type, absent == "wait")

    def _steps(self, delivery: Delivery, change: _Change, progress: Progress) -> Outcome:
        remote_id = change.wanted.remote_id
        for _ in range(_ROUNDS):
            held = find(self._gateway, delivery, remote_id)
            if held is None or held.status != "PUBLISHED":
                return self._absent(change, held)
            try:
                return self._bring(held, change, delivery, progress)
            except Again:
                continue
        message = f"'{remote_id}' kept changing while it was written"
        return progress.kept_in(NotSent(Problem("IBX409", message, hint="It is tried again.")))

    def _absent(self, change: _Change, held: Held | None) -> Outcome:
        where = {"DRAFT": "is not published yet", "TRASHED": "lies in the trash"}.get(held.status if held else "", "")
        message = f"'{change.wanted.remote_id}' {where or 'is not in Ibexa yet'}"
        if not change.waits:
            return Skipped("absent", str(held.id) if held else "", {"left": [message]})
        hint = 'It is tried again later; "absent": "skip" passes over it.'
        return NotSent(Problem("IBX410", message, hint=hint, where=self.name))

    def _bring(self, held: Held, change: _Change, delivery: Delivery, progress: Progress) -> Outcome:
        content_type = self._gateway.content_type_at(held.type_href)
        if change.content_type and change.content_type != content_type.identifier:
            message = f"'{change.wanted.remote_id}' is a {content_type.identifier}, no {change.content_type}"
            raise refuse("IBX412", message, "Correct content_type, or leave it out.")
        known_keys(change.wanted.owners, content_type.fields, f"owners (fields of {content_type.identifier})")
        wanted = change.spoken(held)
        tools = (self._gateway, self._assets)
        before = said_before(delivery, lambda payload: self._change(payload).spoken(held))
        bring_fields(tools, held, wanted, delivery, (content_type, progress, before))
        bring_about(self._gateway, held, wanted, progress)
        progress.changed += bring_states(self._gateway, held.id, wanted.states)
        return progress.outcome(held.id)


class ContentTranslate(ContentUpdateOnly):
    """Writes one translation of the content item with a remote id."""

    name: ClassVar[str] = "content.translate"
    keys: ClassVar[tuple[str, ...]] = ("remote_id", "language", "fields", "owners", "absent")

    def upsert_payload(self, payload: Mapping[str, Json]) -> Mapping[str, Json]:
        """The fields are those of a translation."""
        language, fields = payload.get("language"), payload.get("fields")
        if not isinstance(language, str) or not language:
            raise RecordError(f"{self.name} needs language, such as nor-NO", step="payload.language")
        kept = {name: value for name, value in payload.items() if name not in ("language", "fields")}
        return {**kept, "translations": {language: fields}}
