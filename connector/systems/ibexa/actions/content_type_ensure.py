"""content_type.ensure: a content type with at least the declared fields; nothing is ever dropped or retyped."""

from __future__ import annotations

from collections.abc import Mapping

from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.model import Delivery, Message
from connector.core.outcome import Done, Outcome, Skipped
from connector.systems.ibexa.actions.base import checked, known_keys, refuse
from connector.systems.ibexa.actions.small import SmallAction
from connector.systems.ibexa.types import ContentType, own_name, server_name

_FIELD_KEYS: tuple[str, ...] = (
    "identifier",
    "type",
    "name",
    "names",
    "required",
    "searchable",
    "translatable",
    "position",
    "group",
)
_FIELD_KEYS += ("options", "settings", "validators", "default")


class ContentTypeEnsure(SmallAction):
    """Creates and publishes the type, or adds the fields that it lacks."""

    name = "content_type.ensure"
    keys = ("identifier", "group", "name", "names", "main_language", "name_schema", "is_container", "fields")

    def check(self, payload: Mapping[str, Json]) -> None:
        """The declaration and each of its fields."""
        self.need_texts(payload, ("identifier", "main_language"))
        fields = payload.get("fields")
        if not isinstance(fields, list) or not fields:
            raise RecordError("content_type.ensure needs fields, a list", step="payload.fields")
        for number, one in enumerate(fields):
            where = f"payload.fields[{number}]"
            if not isinstance(one, dict) or not one.get("identifier") or not one.get("type"):
                raise RecordError("a field needs identifier and type", step=where)
            known_keys(one, _FIELD_KEYS, where)

    def key(self, message: Message) -> str | None:
        """The identifier."""
        return f"content type {message.payload['identifier']}"

    def steps(self, delivery: Delivery) -> Outcome:
        """Look up, then create or extend."""
        payload = delivery.message.payload
        self._gateway.forget("content_type", payload["identifier"])
        try:
            held = self._gateway.content_type(payload["identifier"])
            return self._create(payload) if held is None else self._extend(held, payload)
        finally:
            self._gateway.forget("content_type", payload["identifier"])

    def _create(self, payload: Mapping[str, Json]) -> Outcome:
        group = self._group(str(payload.get("group", "Content")))
        language = payload["main_language"]
        rows = [_field(one, number, language) for number, one in enumerate(payload["fields"], start=1)]
        schema = payload.get("name_schema", f"<{payload['fields'][0]['identifier']}>")
        body = {
            "identifier": payload["identifier"],
            "names": _names(payload, language),
            "descriptions": {"value": []},
            "nameSchema": schema,
            "urlAliasSchema": schema,
            "mainLanguageCode": language,
            "defaultAlwaysAvailable": True,
            "defaultSortField": "PATH",
            "defaultSortOrder": "ASC",
            "isContainer": bool(payload.get("is_container", False)),
            "FieldDefinitions": {"FieldDefinition": rows},
        }
        message = Message(path={"contentTypeGroupId": group}, query={"publish": True}, payload=body)
        answer = self._gateway.call("content_type.create", message)
        if answer.status == 403 and (held := self._gateway.content_type(payload["identifier"])):
            return self._extend(held, payload)  # somebody was faster
        number = checked(answer).location.rstrip("/").rpartition("/")[2]
        return Done("created", number, {"fields": len(rows)})

    def _extend(self, held: ContentType, payload: Mapping[str, Json]) -> Outcome:
        missing = []
        for one in payload["fields"]:
            known = held.fields.get(one["identifier"])
            if known is None:
                missing.append(one)
            elif known.type != own_name(server_name(one["type"])):
                why = f"the field {held.identifier}.{known.identifier} is a {known.type} in Ibexa, not a {one['type']}"
                raise refuse("IBX416", why, "A field's type cannot change: declare another identifier.")
        if not missing:
            return Skipped("unchanged", str(held.id))
        self._open_draft(held)
        position = len(held.fields)
        for number, one in enumerate(missing, start=position + 1):
            body = _field(one, number, payload["main_language"])
            message = Message(path={"contentTypeId": held.id}, payload=body)
            answer = self._gateway.call("field_definition.create", message)
            # 403: the field is in the draft already, left there by an attempt that broke off.
            if answer.status != 403:
                checked(answer)
        checked(self._gateway.call("content_type.publish_draft", Message(path={"contentTypeId": held.id})))
        return Done("updated", str(held.id), {"changed": [one["identifier"] for one in missing]})

    def _open_draft(self, held: ContentType) -> None:
        """A draft of the type; one that is there already can only be completed or thrown away: it is taken over."""
        message = Message(path={"contentTypeId": held.id}, payload={})
        answer = self._gateway.call("content_type.create_draft", message)
        if answer.status != 403:
            checked(answer)

    def _group(self, identifier: str) -> str:
        answer = self._gateway.call("content_type_group.list", Message())
        rows = checked(answer).body("ContentTypeGroupList").get("ContentTypeGroup", [])
        for row in rows:
            if row.get("identifier") == identifier:
                return str(row["_href"]).rstrip("/").rpartition("/")[2]
        created = self._gateway.call("content_type_group.create", Message(payload={"identifier": identifier}))
        return checked(created).location.rstrip("/").rpartition("/")[2]


def _field(one: Mapping[str, Json], number: int, language: str) -> dict[str, Json]:
    settings = dict(one.get("settings") or {})
    if "options" in one:
        settings["options"] = one["options"]
    row: dict[str, Json] = {
        "identifier": one["identifier"],
        "fieldType": server_name(str(one["type"])),
        "fieldGroup": one.get("group", "content"),
        "position": one.get("position", number),
        "isTranslatable": bool(one.get("translatable", True)),
        "isRequired": bool(one.get("required", False)),
        "isInfoCollector": False,
        "isSearchable": bool(one.get("searchable", False)),
        "names": _names(one, language),
        "descriptions": {"value": []},
    }
    if "default" in one:
        row["defaultValue"] = one["default"]
    if settings:
        row["fieldSettings"] = settings
    if one.get("validators"):
        row["validatorConfiguration"] = one["validators"]
    return row


def _names(one: Mapping[str, Json], language: str) -> dict[str, Json]:
    names = one.get("names") or {language: one.get("name") or one["identifier"]}
    return {"value": [{"_languageCode": code, "#text": text} for code, text in names.items()]}
