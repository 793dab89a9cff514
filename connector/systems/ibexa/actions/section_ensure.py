"""section.ensure: a section with that identifier and name."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.small import SmallAction


class SectionEnsure(SmallAction):
    """Creates the section, or renames it."""

    name = "section.ensure"
    keys = ("identifier", "name")

    def check(self, payload: Mapping[str, Json]) -> None:
        """Both texts."""
        self.need_texts(payload, self.keys)
        self.need_lengths(payload, {"identifier": 255, "name": 255})

    def key(self, message: Message) -> str | None:
        """The identifier."""
        return f"section {message.payload['identifier']}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then create or rename."""
        payload = delivery.message.payload
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
