"""The fields of a content.upsert message as REST would take them: converted by the content type, in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from connector.config.pointer import below
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.systems.ibexa.actions.base import known_keys
from connector.systems.ibexa.actions.content.wanted import Wanted
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import Context, codec_of, is_emptied
from connector.systems.ibexa.fields.account import ensure_no_account
from connector.systems.ibexa.fields.codec import Codec, NotThereYet
from connector.systems.ibexa.fields.richtext import lost_in
from connector.systems.ibexa.gateway import Gateway
from connector.systems.ibexa.types import ContentType, FieldDefinition

_NAMED = 5
"""So many different things that were lost are named; the others are counted."""


class FieldValue(Struct, frozen=True):
    """One field in one language, as REST would take it; ``lost``: what of it Ibexa has no form for, in words."""

    identifier: str
    language: str
    value: Json
    codec: Codec
    lost: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """For people: ``name (eng-GB)``."""
        return f"{self.identifier} ({self.language})"

    def ready(self, held: Json = None) -> FieldValue:
        """With all that is needed to send it, and sure to be taken; called before anything is written.

        Raises:
            RecordError: naming content type, field, value and rule.
        """
        return replace(self, value=self.codec.ready(self.value, held))

    def to_send(self, held: Json = None) -> dict[str, Json]:
        """The REST form, over what the field holds now; media are fetched, if they were not made ready.

        Raises:
            RecordError: what was fetched is nothing that the field takes.
        """
        value = self.codec.finish(self.codec.ready(self.value, held), held)
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
    for language, fields in wanted.by_language.items():
        own = language == wanted.main_language
        for identifier, value in fields.items():
            try:
                found.append(_converted((identifier, value), content_type, tools, (language, main_language), own=own))
            except RecordError as error:
                part = "fields" if own else below("translations", language)
                error.pointer = error.pointer or below(f"/payload/{part}", identifier)
                raise
    return [one for one in found if one is not None]


def told(values: list[FieldValue]) -> list[str]:
    """What of these Ibexa has no form for, in words: one a field, with how often each thing comes."""
    return [f"{one.shown}: {counted(one.lost)}" for one in values if one.lost]


def lost_of(wanted: Wanted) -> list[str]:
    """As ``told``, of what a message says alone: of its HTML and Markdown."""
    languages = wanted.by_language
    found = [(f"{name} ({code})", lost_in(one)) for code, fields in languages.items() for name, one in fields.items()]
    return [f"{place}: {counted(lost)}" for place, lost in found if lost]


def counted(lost: Iterable[str]) -> str:
    """``no form for: 2 x a horizontal line, a picture from a.png``."""
    counts = Counter(lost)
    named = [what if many == 1 else f"{many} x {what}" for what, many in counts.most_common(_NAMED)]
    more = len(counts) - len(named)
    return f"no form for: {', '.join(named)}" + (f" and {more} more" if more else "")


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
        for language, fields in wanted.by_language.items()
    }
    fields = kept.pop(wanted.main_language)
    return replace(wanted, fields=fields, translations=kept), lacks[0] if lacks else None


def _converted(
    field: tuple[str, Json],
    content_type: ContentType,
    tools: tuple[Gateway, Assets],
    languages: tuple[str, str],
    *,
    own: bool,
) -> FieldValue | None:
    """None: nothing was said after all, e.g. ``{"html": null}``."""
    identifier, value = field
    definition = _definition(content_type, identifier)
    if not definition.translatable and not own:
        message = f"{content_type.identifier}.{identifier} is not translatable"
        raise RecordError(message, hint="Leave it out of translations.", step=identifier)
    ensure_no_account(content_type, identifier)
    codec = codec_of(definition.type)
    context = Context(content_type.identifier, definition, *tools)
    wire = codec.empty if is_emptied(value) else codec.encode(value, context)
    if wire is None and not is_emptied(value):
        return None
    where = languages[0] if definition.translatable else languages[1]
    return FieldValue(identifier, where, wire, codec, tuple(context.lost))


def _definition(content_type: ContentType, identifier: str) -> FieldDefinition:
    known_keys({identifier: None}, content_type.fields, f"the fields of {content_type.identifier}")
    return content_type.fields[identifier]
