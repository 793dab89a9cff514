"""object_state.set: a content item is in these object states."""

from __future__ import annotations

from typing import ClassVar, Self

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, known_keys, outcome_of_raised
from connector.systems.ibexa.actions.content_about import bring_states
from connector.systems.ibexa.actions.content_wanted import states_of
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.content_refs import content_id, content_ref
from connector.systems.ibexa.gateway import Gateway


class ObjectStateSet:
    """Sets the object states of a content item that differ."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, compares=True)
    replaced: ClassVar[tuple[str, ...]] = ("content",)

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:  # noqa: ARG003 - a state has no files
        """For one outgoing."""
        return cls(gateway)

    def prepare(self, message: Message) -> Message:
        """Check the payload.

        Raises:
            RecordError: it can never be sent.
        """
        payload = message.payload
        if not isinstance(payload, dict):
            raise RecordError("object_state.set wants an object as payload", step="payload")
        known_keys(payload, ("content", "states"), "payload")
        content_ref(payload.get("content"), "payload.content")
        if not isinstance(payload.get("states"), dict) or not states_of(payload["states"]):
            hint = 'Such as {"lock": "not_locked"}.'
            raise RecordError("object_state.set needs states", hint=hint, step="payload.states")
        return message

    def key(self, message: Message) -> str | None:
        """The content item."""
        return f"states of {content_ref(message.payload['content'], 'payload.content')}"

    def send(self, delivery: Delivery) -> Outcome:
        """Compare, then set what differs.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        payload = delivery.message.payload
        try:
            number = content_id(self._gateway, payload["content"], "payload.content")
            changed = bring_states(self._gateway, number, states_of(payload["states"]))
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return outcome_of_raised("object_state.set", error)
        return Done("updated", str(number), {"changed": changed}) if changed else Skipped("unchanged", str(number))
