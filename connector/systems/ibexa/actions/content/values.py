"""The fields of a content.upsert message as REST would take them: converted by the content type, in every language."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector.config.pointer import below
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.actions.base import known_keys, refuse
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import Context, codec_of, is_emptied
from connector.systems.ibexa.fields.codec import Codec, NotThereYet
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType, FieldDefinition


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
        own = language == wanted.main_language
        for identifier, value in fields.items():
            try:
                definition, codec, wire = _converted((identifier, value), content_type, tools, in_main_language=own)
            except RecordError as error:
                part = "fields" if own else below("translations", language)
                error.pointer = error.pointer or below(f"/payload/{part}", identifier)
                raise
            if wire is None and not is_emptied(value):
                continue  # nothing was said after all, e.g. {"html": null}
            where = language if definition.translatable else main_language
            found.append(FieldValue(identifier, where, wire, codec))
    return found


def without_missing(
    wanted: Wanted, content_type: ContentType, tools: tuple[Gateway, Assets]
) -> tuple[Wanted, NotThereYet | None]:
    """The message without the fields that refer to what is not in Ibexa yet, and the first of what is missing.

    Raises:
        RecordError: as ``values_of``.
    """
    lacks: list[NotThereYet] = []

    def there(language: str, identifier: str, value: Json) -> bool:
        alone = {wanted.main_language: {}, language: {identifier: value}}
        fields = alone.pop(wanted.main_language)
        one = replace(wanted, fields=fields, translations=alone)
        try:
            values_of(one, content_type, wanted.main_language, tools)
        except NotThereYet as error:
            lacks.append(error)
            return False
        return True

    kept = {
        language: {name: value for name, value in fields.items() if there(language, name, value)}
        for language, fields in {wanted.main_language: wanted.fields, **wanted.translations}.items()
    }
    fields = kept.pop(wanted.main_language)
    return replace(wanted, fields=fields, translations=kept), lacks[0] if lacks else None


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
        hint = "Fill it in the mapping, with default(…) if need be."
        raise refuse("IBX411", message, hint, "fields", f"/payload/fields/{missing[0]}")


def _converted(
    field: tuple[str, Json], content_type: ContentType, tools: tuple[Gateway, Assets], *, in_main_language: bool
) -> tuple[FieldDefinition, Codec, Json]:
    identifier, value = field
    definition = _definition(content_type, identifier)
    if not definition.translatable and not in_main_language:
        message = f"{content_type.identifier}.{identifier} is not translatable"
        raise RecordError(message, hint="Leave it out of translations.", step=identifier)
    codec = codec_of(definition.type)
    context = Context(content_type.identifier, definition, *tools)
    return definition, codec, codec.empty if is_emptied(value) else codec.encode(value, context)


def _definition(content_type: ContentType, identifier: str) -> FieldDefinition:
    known_keys({identifier: None}, content_type.fields, f"the fields of {content_type.identifier}")
    return content_type.fields[identifier]
