"""section.ensure: a section with that identifier and name."""

from __future__ import annotations

from typing import ClassVar, Self

from connector.core.errors import AuthRefused, ClientError, RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.core.protocols import Capabilities
from connector.systems.ibexa.actions.base import Ended, checked, known_keys, outcome_of_raised
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.gateway import Gateway


class SectionEnsure:
    """Creates the section, or renames it."""

    can: ClassVar[Capabilities] = Capabilities(look_up=True, compares=True)
    replaced: ClassVar[tuple[str, ...]] = ()

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    @classmethod
    def build(cls, gateway: Gateway, assets: Assets) -> Self:  # noqa: ARG003 - a section has no files
        """For one outgoing."""
        return cls(gateway)

    def prepare(self, message: Message) -> Message:
        """Check the payload.

        Raises:
            RecordError: it can never be sent.
        """
        payload = message.payload
        if not isinstance(payload, dict):
            raise RecordError("section.ensure wants an object as payload", step="payload")
        known_keys(payload, ("identifier", "name"), "payload")
        for name in ("identifier", "name"):
            if not isinstance(payload.get(name), str) or not payload[name]:
                raise RecordError(f"section.ensure needs {name}, a text", step=f"payload.{name}")
        return message

    def key(self, message: Message) -> str | None:
        """The identifier."""
        return f"section {message.payload['identifier']}"

    def send(self, delivery: Delivery) -> Outcome:
        """Look up, then create or rename.

        Raises:
            AuthRefused, Stopped: they concern the run.
        """
        try:
            return self._steps(delivery.message.payload)
        except AuthRefused:
            raise
        except (Ended, RecordError, ClientError) as error:
            return outcome_of_raised("section.ensure", error)

    def _steps(self, payload: dict[str, Json]) -> Outcome:
        href = self._gateway.section_href(payload["identifier"])
        if href is None:
            answer = self._gateway.call("section.create", Message(payload=payload))
            if answer.status != 403:  # 403: somebody was faster
                return Done("created", checked(answer).location.rpartition("/")[2])
            href = self._gateway.section_href(payload["identifier"])
        number = str(href).rpartition("/")[2]
        held = checked(self._gateway.call("section.get", Message(path={"sectionId": number}))).body("Section")
        if held.get("name") == payload["name"]:
            return Skipped("unchanged", number)
        checked(self._gateway.call("section.update", Message(path={"sectionId": number}, payload=payload)))
        return Done("updated", number, {"changed": ["name"]})
