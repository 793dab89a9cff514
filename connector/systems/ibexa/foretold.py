"""What Ibexa will not take of a message's fields, told of content types that are known, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from connector.config.pointer import below
from connector.core.jsonio import Json
from connector.core.nearest import did_you_mean
from connector.systems.ibexa.asset_sources import NotAllowed
from connector.systems.ibexa.fields.literals import judged
from connector.systems.ibexa.fields.media import MEDIA
from connector.systems.ibexa.known import Known
from connector.systems.ibexa.type_document import FILLED_OTHERWISE, needed
from connector.systems.ibexa.types import ContentType

CREATES: Mapping[str, bool] = {
    "content.upsert": True,
    "content.create_only": True,
    "content.update_only": False,
    "content.translate": False,
    "user.upsert": True,
}
"""Actions whose payload has ``fields``, and whether they may make a new content item."""
_USER = "user.upsert"
_FILL = "Fill it in the mapping, such as name || 'unnamed'; or leave such records out with a filter."


class Foretold(Struct, frozen=True):
    """One thing.

    Attributes:
        kind: ``value``, ``asset``, ``missing`` or ``unknown``: what is wrong with the field.
        pointer: in the payload, of the field.
        name: of the field.
    """

    kind: str
    pointer: str
    name: str
    message: str
    hint: str


def type_named(payload: Mapping[str, Json], action: str) -> Json:
    """Identifier of the content type that a payload is about; null when it says none."""
    return payload.get("content_type", "user" if action == _USER else None)


Refusal = Callable[[Json], NotAllowed | None]
"""Why what the value of a picture or file names may not be sent; None: it may be."""


def foretold(payload: Json, action: str, known: Known, refusal: Refusal | None = None) -> Iterator[Foretold]:
    """Everything that can be said of a payload.

    Args:
        payload: of the message, over what its outgoing declares; what holds a ``${`` is not known yet.
        action: ``content.upsert`` and the like; of others nothing is said.
        known: what the server has.
        refusal: what the outgoing allows; None: not known.
    """
    name = type_named(payload, action) if action in CREATES and isinstance(payload, dict) else None
    content_type = known.types.get(name) if isinstance(name, str) else None
    if content_type is None:
        return
    fields, translations = _object(payload, "fields"), _object(payload, "translations")
    own = _object(translations, str(payload.get("main_language")))
    refusal = refusal or (lambda _value: None)
    yield from _values(content_type, fields, "/fields", refusal)
    for language in translations:
        yield from _values(content_type, _object(translations, language), below("/translations", language), refusal)
    if CREATES[action]:
        yield from _missing(content_type, {**fields, **{key: one for key, one in own.items() if one is not None}})


def _values(content_type: ContentType, fields: Mapping[str, Json], place: str, refusal: Refusal) -> Iterator[Foretold]:
    for name, value in fields.items():
        pointer = below(place, name)
        definition = content_type.fields.get(name)
        if definition is None:
            if value is not None:
                hint = f"{did_you_mean(name, content_type.fields)}It has: {', '.join(content_type.fields) or 'none'}."
                yield Foretold("unknown", pointer, name, f"{content_type.identifier} has no field '{name}'", hint)
            continue
        found, wire = judged(content_type.identifier, definition, value)
        if found is not None:
            kind = "asset" if definition.type in MEDIA else "value"
            yield Foretold(kind, pointer, name, found.message, found.hint)
        elif definition.type in MEDIA and (said := refusal(value)) is not None:
            message = f"{content_type.identifier}.{name}: {said.message}"
            yield Foretold("asset", pointer, name, message, said.hint)
        elif definition.required and definition.type not in FILLED_OTHERWISE and _is_empty(wire):
            message = f"{content_type.identifier}.{name} is required: it cannot be emptied"
            yield Foretold("missing", pointer, name, message, _FILL)


def _missing(content_type: ContentType, fields: Mapping[str, Json]) -> Iterator[Foretold]:
    """Of which nothing is said."""
    for name, definition in content_type.fields.items():
        if needed(definition) and judged(content_type.identifier, definition, fields.get(name)) == (None, None):
            yield Foretold("missing", below("/fields", name), name, f"{content_type.identifier} requires {name}", _FILL)


def _is_empty(wire: Json) -> bool:
    """Ibexa takes nothing but blanks for empty too."""
    return wire == [] or (isinstance(wire, str) and not wire.strip())


def _object(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
