"""content_type.ensure: a content type with what is declared of it; nothing is ever dropped or retyped."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from msgspec.structs import replace

from connector.core.errors import ClientError
from connector.core.jsonio import Json, fingerprint
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Refused, Skipped, Unknown
from connector.systems.ibexa.actions.base import Ended, checked
from connector.systems.ibexa.actions.content.refers import check_languages
from connector.systems.ibexa.actions.content_type_changes import Changes, changes, definitions
from connector.systems.ibexa.actions.content_type_declared import (
    KEYS,
    check_fields,
    check_kinds,
    check_schema,
    languages,
    new_field,
    new_type,
    unfamiliar,
    words_of,
)
from connector.systems.ibexa.actions.content_type_draft import open_draft
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.answers import refused
from connector.systems.ibexa.types import version_of

log = logging.getLogger("connector.ibexa")
_OTHER_EACH_TIME = ("modificationDate", "Modifier", "Draft")


class ContentTypeEnsure(SmallAction):
    """Creates and publishes the type, adds the fields that it lacks, and changes what is declared otherwise."""

    name = "content_type.ensure"
    keys = KEYS

    def check(self, payload: Mapping[str, Json]) -> None:
        """The declaration and each of its fields."""
        self.need_texts(payload, ("identifier", "main_language"))
        check_kinds(payload, "payload")
        check_fields(payload.get("fields"))
        self.need_lengths(payload, {"identifier": 50, "name": 255, "name_schema": 255})
        for number, one in enumerate(payload["fields"]):
            self.need_lengths(one, {"identifier": 50, "group": 25, "name": 255}, f"payload.fields[{number}]")

    def key(self, message: Message) -> str | None:
        """The identifier."""
        return f"content type {message.payload['identifier']}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then create or extend."""
        payload = delivery.message.payload
        row = self._row(payload["identifier"])
        check_schema(payload, [str(one["identifier"]) for one in definitions(row or {})])
        try:
            return self._create(delivery) if row is None else self._bring(row, delivery)
        finally:
            self._gateway.forget("content_type", payload["identifier"])
            self._gateway.forget("type", str(row["_href"]) if row else "")

    def _row(self, identifier: str) -> Mapping[str, Json] | None:
        answer = self._gateway.call("content_type.list", Message(query={"identifier": identifier}))
        rows = [] if answer.status == 404 else checked(answer).body("ContentTypeList").get("ContentType", [])
        return rows[0] if rows else None

    def _create(self, delivery: Delivery) -> Outcome:
        payload = delivery.message.payload
        check_languages(self._gateway, languages(payload))
        made = new_type(payload, self._gateway.version())
        group = self._group(str(payload.get("group") or "Content"))
        message = Message(path={"contentTypeGroupId": group}, query={"publish": True}, payload=made)
        answer = self._gateway.call("content_type.create", message)
        if answer.status == 403 and (row := self._row(payload["identifier"])):
            return self._bring(row, delivery)  # somebody was faster
        if answer.status == 500 and (unknown := unfamiliar(payload)):
            hint = f"Does this Ibexa have the field type {' or '.join(unknown)}? For one that it has not it answers so."
            raise Ended(Refused(replace(refused(answer.operation, answer.response, says=answer.says), hint=hint)))
        number = checked(answer).location.rstrip("/").rpartition("/")[2]
        return Done("created", number, {"fields": len(payload["fields"])})

    def _bring(self, row: Mapping[str, Json], delivery: Delivery) -> Outcome:
        payload, number = delivery.message.payload, str(row["id"])
        countries = self._countries(payload)
        wanted = changes(row, payload, countries)
        settled = delivery.memory.get("settled") if isinstance(delivery.memory, dict) else None
        if not wanted or settled == _state(row, payload):
            left = [*wanted.left, *_answered_otherwise(wanted)]
            return Skipped("unchanged", number, {"left": left} if left else {})
        check_languages(self._gateway, languages(payload), words_of(row.get("names")))
        said = [(one.payload, changes(row, one.payload, countries)) for one in (delivery.message, *delivery.earlier)]
        draft = open_draft(self._gateway, row, said, countries)
        try:
            published = self._write(number, draft, changes(draft, payload, countries), payload)
        except Ended as ended:
            self._throw_away(number, ended)
            raise
        still = changes(published, payload, countries)
        left = [*still.left, *_answered_otherwise(still)]
        detail: dict[str, Json] = {"changed": wanted.shown, **({"left": left} if left else {})}
        # What Ibexa gives in another form than it takes would differ for ever: once is enough.
        return Done("updated", number, detail, {"settled": _state(published, payload) if still else ""})

    def _write(
        self, number: str, draft: Mapping[str, Json], lacking: Changes, payload: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Bring the draft to what is declared and publish it; returns the content type as it then is."""
        place = {"contentTypeId": number}
        if lacking.about:
            checked(self._gateway.call("content_type.update_draft", Message(path=place, payload=lacking.about)))
        for definition, update in lacking.fields.items():
            message = Message(path={**place, "fieldDefinitionId": definition}, payload=update)
            checked(self._gateway.call("field_definition.update", message))
        last = max((int(one.get("position") or 0) for one in definitions(draft)), default=0)
        for position, one in enumerate(lacking.added, start=last + 1):
            field = new_field(one, position, payload["main_language"], self._version(draft))
            message = Message(path=place, payload=field)
            checked(self._gateway.call("field_definition.create", message))
        return checked(self._gateway.call("content_type.publish_draft", Message(path=place))).body("ContentType")

    def _version(self, row: Mapping[str, Json]) -> str:
        return version_of([row]) or self._gateway.version()

    def _throw_away(self, number: str, ended: Ended) -> None:
        """The draft is ours: a refused one is of no use to anybody, and would be in everybody's way."""
        if isinstance(ended.outcome, Unknown) and ended.outcome.client_down:
            return  # the next attempt knows it again
        try:
            answer = self._gateway.call("content_type.delete_draft", Message(path={"contentTypeId": number}))
        except ClientError as error:
            log.warning("the draft of content type %s could not be removed: %s", number, error.message)
            return
        if not answer.ok and answer.status != 404:
            log.warning("the draft of content type %s could not be removed: %s", number, answer.status)

    def _countries(self, payload: Mapping[str, Json]) -> Mapping[str, str]:
        given = any(one.get("default") is not None and "country" in str(one["type"]) for one in payload["fields"])
        return self._gateway.countries() if given else {}

    def _group(self, identifier: str) -> str:
        answer = self._gateway.call("content_type_group.list", Message())
        rows = checked(answer).body("ContentTypeGroupList").get("ContentTypeGroup", [])
        for row in rows:
            if row.get("identifier") == identifier:
                return str(row["_href"]).rstrip("/").rpartition("/")[2]
        created = self._gateway.call("content_type_group.create", Message(payload={"identifier": identifier}))
        return checked(created).location.rstrip("/").rpartition("/")[2]


def _answered_otherwise(wanted: Changes) -> list[str]:
    return [f"{one}: Ibexa answers it otherwise than it was written" for one in wanted.shown]


def _state(row: Mapping[str, Json], payload: Mapping[str, Json]) -> str:
    """Of a content type and what is declared of it: the same until one of the two changes."""
    return fingerprint([payload, {name: one for name, one in row.items() if name not in _OTHER_EACH_TIME}])
