"""location.ensure: a content item has a Location below that parent."""

from __future__ import annotations

from typing import ClassVar, Self

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json, canonical
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, NotSent, Outcome, Skipped
from connector.core.problem import Problem
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, checked, known_keys, outcome_of_raised
from connector.systems.ibexa.actions.content_drafts import Again
from connector.systems.ibexa.actions.content_held import parent_id
from connector.systems.ibexa.actions.content_parents import ensure, paths_of
from connector.systems.ibexa.actions.content_refers import last_id, path_of
from connector.systems.ibexa.actions.content_wanted import parents_of
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.content_refs import content_id, content_ref
from connector.systems.ibexa.gateway import Gateway


class LocationEnsure:
    """Adds a Location to a content item, or corrects its priority and visibility."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, compares=True)
    replaced: ClassVar[tuple[str, ...]] = ("content", "parent")

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:  # noqa: ARG003 - a Location has no files
        """For one outgoing."""
        return cls(gateway)

    def prepare(self, message: Message) -> Message:
        """Check the payload.

        Raises:
            RecordError: it can never be sent.
        """
        payload = message.payload
        if not isinstance(payload, dict):
            raise RecordError("location.ensure wants an object as payload", step="payload")
        known_keys(payload, ("content", "parent", "priority", "hidden"), "payload")
        content_ref(payload.get("content"), "payload.content")
        if len(parents_of(payload.get("parent"))) != 1:
            raise RecordError("location.ensure takes one parent", hint="Map one message each.", step="payload.parent")
        for name, kind in (("priority", int), ("hidden", bool)):
            value = payload.get(name)
            if value is not None and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
                wanted = "a whole number" if kind is int else "true or false"
                raise RecordError(f"{name} must be {wanted}", step=f"payload.{name}")
        return message

    def key(self, message: Message) -> str | None:
        """Content and parent."""
        payload = message.payload
        parent = canonical(parents_of(payload["parent"])[0]).decode()
        return f"location of {content_ref(payload['content'], 'payload.content')} below {parent}"

    def send(self, delivery: Delivery) -> Outcome:
        """Look up, then add or change.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        try:
            return self._steps(delivery.message.payload)
        except Again:
            message = "somebody else added the same Location at the same moment"
            return NotSent(Problem("IBX409", message, hint="It is tried again."))
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return outcome_of_raised("location.ensure", error)

    def _steps(self, payload: dict[str, Json]) -> Outcome:
        number = content_id(self._gateway, payload["content"], "payload.content")
        parent = path_of(self._gateway, parents_of(payload["parent"])[0])
        said = {name: payload[name] for name in ("priority", "hidden") if payload.get(name) is not None}
        there = next((one for one in paths_of(self._gateway, number) if parent_id(one) == last_id(parent)), None)
        if there is None:
            return Done("created", str(ensure(self._gateway, number, parent, said)))
        return self._correct(there, said)

    def _correct(self, path: str, said: dict[str, Json]) -> Outcome:
        target = str(last_id(path))
        if not said:
            return Skipped("unchanged", target)
        held = checked(self._gateway.call("location.get", Message(path={"path": path}))).body("Location")
        differs = {name: value for name, value in said.items() if held.get(name) != value}
        if not differs:
            return Skipped("unchanged", target)
        checked(self._gateway.call("location.update", Message(path={"path": path}, payload=differs)))
        return Done("updated", target, {"changed": sorted(differs)})
