"""url_alias.ensure: a path made by hand leads to a Location."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.base import checked
from connector.systems.ibexa.actions.content.refers import check_languages, path_of
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.content_refs import place_ref

_BASE = "/api/ibexa/v2/content/locations"
_PART = r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*"
_PATH = re.compile(f"{_PART}(?:/{_PART})*")
"""What no transformation of a site rewrites: else the path would never be found again."""
_FLAGS = {"forward": "forward", "always_available": "alwaysAvailable"}


class UrlAliasEnsure(SmallAction):
    """Makes the address, or makes it anew when it shall be another sort of one."""

    replaced: ClassVar[tuple[str, ...]] = ("location",)
    name = "url_alias.ensure"
    keys = ("location", "path", "language", "forward", "always_available")

    def check(self, payload: Mapping[str, Json]) -> None:
        """A place, and a path that Ibexa takes as it is."""
        place_ref(payload.get("location"), "payload.location")
        self.need_texts(payload, ("path", "language"))
        self.need_kinds(payload, dict.fromkeys(_FLAGS, bool))
        if not _PATH.fullmatch(payload["path"].strip("/")):
            message = f"Ibexa would write the path {shown(payload['path'], 60)!r} otherwise"
            hint = "Use slug() for its parts: letters a to z, digits, and single - . or _ between them."
            raise RecordError(message, hint=hint, step="payload.path")

    def key(self, message: Message) -> str | None:
        """Path and language: an address leads to one place."""
        return f"address {_folded(message.payload['path'])} in {message.payload['language']}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then create."""
        payload = delivery.message.payload
        place = path_of(self._gateway, payload["location"], "content item", "payload.location")
        held = self._held(place, payload)
        if held is None:
            return self._create(place, payload)
        said = {name: payload[name] for name in _FLAGS if payload.get(name) is not None}
        differs = [name for name, value in said.items() if bool(held.get(_FLAGS[name])) != value]
        if not differs:
            return Skipped("unchanged", held["_id"])
        others = [one for one in _languages(held) if one != payload["language"]]
        if others:
            left = [f"{name}: the address also holds in {', '.join(others)}" for name in differs]
            return Skipped("unchanged", held["_id"], {"left": left})
        checked(self._gateway.call("url_alias.delete", Message(path={"urlAliasId": held["_id"]})))
        kept = {name: bool(held.get(wire)) for name, wire in _FLAGS.items()}
        return Done("updated", self._made(place, {**payload, **kept, **said}), {"changed": differs})

    def _create(self, place: str, payload: Mapping[str, Json]) -> Outcome:
        check_languages(self._gateway, {payload["language"]: "/payload/language"})
        answer = self._gateway.call("url_alias.create", _message(place, payload))
        if answer.status == 403 and (held := self._held(place, payload)):  # somebody was faster
            return Skipped("unchanged", held["_id"])
        return Done("created", checked(answer).location.rpartition("/")[2])

    def _made(self, place: str, payload: Mapping[str, Json]) -> str:
        answer = checked(self._gateway.call("url_alias.create", _message(place, payload)))
        return answer.location.rpartition("/")[2]

    def _held(self, place: str, payload: Mapping[str, Json]) -> dict[str, Json] | None:
        """The address as Ibexa has it, if it leads there in that language."""
        listed = checked(self._gateway.call("url_alias.list_for_location", Message(path={"path": place})))
        for row in listed.body("UrlAliasRefList").get("UrlAlias", []):
            number = str(row["_href"]).rpartition("/")[2]
            answer = self._gateway.call("url_alias.get", Message(path={"urlAliasId": number}))
            if answer.status == 404:
                continue  # removed a moment ago
            one = checked(answer).body("UrlAlias")
            if _folded(one.get("path")) == _folded(payload["path"]) and payload["language"] in _languages(one):
                return {**one, "_id": number}
        return None


def _message(place: str, payload: Mapping[str, Json]) -> Message:
    flags = {wire: payload[name] for name, wire in _FLAGS.items() if payload.get(name) is not None}
    target = {"_type": "LOCATION", "location": {"_href": f"{_BASE}/{place}"}}
    return Message(payload={**target, "path": payload["path"], "languageCode": payload["language"], **flags})


def _languages(held: Mapping[str, Json]) -> list[str]:
    return str(held.get("languageCodes", "")).split(",")


def _folded(path: Json) -> str:
    """Addresses are the same in any case."""
    return str(path).strip("/").lower()
