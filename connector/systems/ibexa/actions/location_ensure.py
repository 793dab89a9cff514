"""location.ensure: a content item has a Location below that parent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from connector.core.errors import RecordError
from connector.core.jsonio import Json, canonical
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.content.drafts import Again
from connector.systems.ibexa.actions.content.held import parent_id
from connector.systems.ibexa.actions.content.places import ensure, paths_of
from connector.systems.ibexa.actions.content.refers import last_id, path_of
from connector.systems.ibexa.actions.content.wanted import parents_of
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.content_refs import content_id, content_ref


class LocationEnsure(SmallAction):
    """Adds a Location to a content item, or corrects its priority and visibility."""

    replaced: ClassVar[tuple[str, ...]] = ("content", "parent")
    name = "location.ensure"
    keys = ("content", "parent", "priority", "hidden")

    def check(self, payload: Mapping[str, Json]) -> None:
        """A content item, one parent, and values of their types."""
        content_ref(payload.get("content"), "payload.content")
        if len(parents_of(payload.get("parent"))) != 1:
            raise RecordError("location.ensure takes one parent", hint="Map one message each.", step="payload.parent")
        for name, kind in (("priority", int), ("hidden", bool)):
            value = payload.get(name)
            if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
                wanted = "a whole number" if kind is int else "true or false"
                raise RecordError(f"{name} must be {wanted}", step=f"payload.{name}")

    def key(self, message: Message) -> str | None:
        """Content and parent."""
        payload = message.payload
        parent = canonical(parents_of(payload["parent"])[0]).decode()
        return f"location of {content_ref(payload['content'], 'payload.content')} below {parent}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then add or change."""
        payload = delivery.message.payload
        number = content_id(self._gateway, payload["content"], "payload.content")
        parent = path_of(self._gateway, parents_of(payload["parent"])[0])
        said = {name: payload[name] for name in ("priority", "hidden") if payload.get(name) is not None}
        there = next((one for one in paths_of(self._gateway, number) if parent_id(one) == last_id(parent)), None)
        return self._correct(there, said) if there is not None else self._add(number, parent, said)

    def _add(self, number: int, parent: str, said: Mapping[str, Json]) -> Outcome:
        try:
            return Done("created", str(ensure(self._gateway, number, parent, said)))
        except Again:
            message = "somebody else added the same Location at the same moment"
            return NotSent(Problem("IBX409", message, hint="It is tried again."))

    def _correct(self, path: str, said: Mapping[str, Json]) -> Outcome:
        target = str(last_id(path))
        if not said:
            return Skipped("unchanged", target)
        held = checked(self._gateway.call("location.get", Message(path={"path": path}))).body("Location")
        differs = {name: value for name, value in said.items() if held.get(name) != value}
        if not differs:
            return Skipped("unchanged", target)
        checked(self._gateway.call("location.update", Message(path={"path": path}, payload=differs)))
        return Done("updated", target, {"changed": sorted(differs)})
