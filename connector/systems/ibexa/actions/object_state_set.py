"""object_state.set: a content item is in these object states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.content.about import bring_states
from connector.systems.ibexa.actions.content.wanted import states_of
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.content_refs import content_id, content_ref


class ObjectStateSet(SmallAction):
    """Sets the object states of a content item that differ."""

    replaced: ClassVar[tuple[str, ...]] = ("content",)
    name = "object_state.set"
    keys = ("content", "states")

    def check(self, payload: Mapping[str, Json]) -> None:
        """A content item and at least one state."""
        content_ref(payload.get("content"), "payload.content")
        if not isinstance(payload.get("states"), dict) or not states_of(payload["states"]):
            hint = 'Such as {"ez_lock": "not_locked"}.'
            raise RecordError("object_state.set needs states", hint=hint, step="payload.states")

    def key(self, message: Message) -> str | None:
        """The content item."""
        return f"states of {content_ref(message.payload['content'], 'payload.content')}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Compare, then set what differs."""
        payload = delivery.message.payload
        number = content_id(self._gateway, payload["content"], "payload.content")
        changed = bring_states(self._gateway, number, states_of(payload["states"]))
        return Done("updated", str(number), {"changed": changed}) if changed else Skipped("unchanged", str(number))
