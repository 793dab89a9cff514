"""What a content.upsert message says, checked: the readable form as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name
from connector.systems.ibexa.actions.base import known_keys, refuse
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import Context, codec_of, is_emptied
from connector.systems.ibexa.fields.codec import Codec
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType, FieldDefinition

KEYS: tuple[str, ...] = (
    "remote_id",
    "content_type",
    "parent",
    "main_language",
    "section",
    "always_available",
    "priority",
    "fields",
    "translations",
)
LONGEST_REMOTE_ID = 100
"""The column's length: one character more is a 500 (seen on 4.6.25)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The message as a value; null fields are left out: they are not managed by it."""

    remote_id: str
    content_type: str
    parent: Json
    main_language: str
    section: str
    always_available: bool | None
    priority: int
    fields: Mapping[str, Json]
    translations: Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field in one language, as REST would take it."""

    identifier: str
    language: str
    value: Json
    codec: Codec

    @property
    def shown(self) -> str:
        """For people: ``name (eng-GB)``."""
        return f"{self.identifier} ({self.language})"

    def to_send(self) -> dict[str, Json]:
        """The REST form; media are fetched now."""
        value = self.codec.finish(self.value)
        return {"fieldDefinitionIdentifier": self.identifier, "languageCode": self.language, "fieldValue": value}


def wanted_of(payload: Json) -> Wanted:
    """The message's payload as a value.

    Raises:
        RecordError: a key is unknown, missing, or of a wrong type.
    """
    if not isinstance(payload, dict):
        raise RecordError(f"content.upsert wants an object as payload, not {type_name(payload)}", step="payload")
    known_keys(payload, KEYS, "payload")
    translations = _object(payload, "translations")
    return Wanted(
        remote_id=_remote_id(payload.get("remote_id")),
        content_type=_text(payload, "content_type", required=True),
        parent=_parent(payload.get("parent")),
        main_language=_text(payload, "main_language", required=True),
        section=_text(payload, "section"),
        always_available=payload.get("always_available"),
        priority=int(payload.get("priority") or 0),
        fields=_managed(_object(payload, "fields")),
        translations={str(name): _managed(_object(translations, str(name))) for name in translations},
    )


def values_of(
    wanted: Wanted, content_type: ContentType, main_language: str, tools: tuple[Gateway, Assets]
) -> list[FieldValue]:
    """Every managed field in every language, converted by the content type.

    Args:
        wanted: the message.
        content_type: its type as Ibexa has it.
        main_language: of the content item (a new one: the message's).
        tools: for look-ups and downloads.

    Raises:
        RecordError: naming content type, field, value and rule.
    """
    found = []
    languages = {wanted.main_language: wanted.fields, **wanted.translations}
    for language, fields in languages.items():
        for identifier, value in fields.items():
            definition = _definition(content_type, identifier)
            if not definition.translatable and language != wanted.main_language:
                hint = "Leave it out of translations."
                raise RecordError(
                    f"{content_type.identifier}.{identifier} is not translatable", hint=hint, step=identifier
                )
            codec = codec_of(definition.type)
            context = Context(content_type.identifier, definition, *tools)
            wire = codec.empty if is_emptied(value) else codec.encode(value, context)
            if wire is None and not is_emptied(value):
                continue  # nothing was said after all, e.g. {"html": null}
            where = language if definition.translatable else main_language
            found.append(FieldValue(identifier, where, wire, codec))
    return found


def check_required(values: list[FieldValue], content_type: ContentType, language: str) -> None:
    """For a new content item: every required field without a default must be there.

    Raises:
        Ended: Refused, naming content type and fields.
    """
    given = {one.identifier for one in values if one.language == language and one.value not in ("", None, [])}
    missing = [
        one.identifier
        for one in content_type.fields.values()
        if one.required and not one.has_default and one.identifier not in given
    ]
    if missing:
        message = f"{content_type.identifier} requires {', '.join(missing)} ({language})"
        raise refuse("IBX411", message, "Fill it in the mapping, with default(…) if need be.", "fields")


def _definition(content_type: ContentType, identifier: str) -> FieldDefinition:
    known_keys({identifier: None}, content_type.fields, f"the fields of {content_type.identifier}")
    return content_type.fields[identifier]


def _managed(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {str(name): value for name, value in fields.items() if value is not None}


def _remote_id(value: Json) -> str:
    if not isinstance(value, str) or not value.strip():
        hint = "Make it from the record's key, e.g. concat('pim-', identifier)."
        raise RecordError("content.upsert needs a remote_id, a text", hint=hint, step="payload.remote_id")
    if len(value) > LONGEST_REMOTE_ID:
        message = f"the remote_id {shown(value, 40)!r} has {len(value)} characters; Ibexa keeps {LONGEST_REMOTE_ID}"
        raise RecordError(message, hint="Shorten it, e.g. with hash().", step="payload.remote_id")
    if any(ord(char) < 32 for char in value) or value != value.strip():
        message = f"the remote_id {shown(value, 40)!r} has blanks around it or control characters"
        raise RecordError(message, hint="Use trim() in the mapping.", step="payload.remote_id")
    return value


def _parent(value: Json) -> Json:
    if isinstance(value, list):
        if len(value) != 1:
            hint = "Give one parent; further Locations are made with location.create."
            raise RecordError(f"content.upsert takes one parent, not {len(value)}", hint=hint, step="payload.parent")
        value = value[0]
    keys = set(value) if isinstance(value, dict) else set()
    if len(keys) == 1 and keys <= {"remote_id", "id", "path"} and value[next(iter(keys))] not in (None, ""):
        return value
    hint = 'Write {"remote_id": "…"}, {"id": 61} or {"path": "/1/2/61"}.'
    raise RecordError("content.upsert needs a parent", hint=hint, step="payload.parent")


def _text(payload: Mapping[str, Json], name: str, *, required: bool = False) -> str:
    value = payload.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value:
        raise RecordError(
            f"content.upsert needs {name}, a text", hint="Put it into the outgoing.", step=f"payload.{name}"
        )
    return value


def _object(payload: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise RecordError(f"{name} must be an object, not {type_name(value)}", step=f"payload.{name}")
    return value
