"""Whether a field can take a value at all, told offline: by the codecs where the value is known, else by its form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from connector.config.pointer import last
from connector.core.errors import RecordError
from connector.core.jsonio import Json
from connector.core.synonyms import key_meant
from connector.systems.ibexa.assets import Assets
from connector.systems.ibexa.fields import CODECS, Context, is_emptied
from connector.systems.ibexa.fields.media import MEDIA
from connector.systems.ibexa.fields.media import misfit as judge_media
from connector.systems.ibexa.fields.shapes import SHAPES, unknown_members
from connector.systems.ibexa.types import FieldDefinition

_SOMETHING = "…"


class _AllThere:
    """Offline nobody can tell whether something is there, or what a site calls its countries: it is taken to be."""

    def content_id(self, remote_id: str) -> int | None:  # noqa: ARG002 - the protocol
        return 1

    def has_content(self, number: int) -> bool:  # noqa: ARG002 - the protocol
        return True

    def has_location(self, number: int) -> bool:  # noqa: ARG002 - the protocol
        return True

    def countries(self) -> Mapping[str, str]:
        return {}

    def location_path(self, remote_id: str) -> str | None:  # noqa: ARG002 - the protocol
        return "1/2"


class Misfit(Struct, frozen=True):
    """What is wrong with a value, and what to do.

    Attributes:
        key: JSON pointer, in the value, of the key that is wrong; empty: the value is.
    """

    message: str
    hint: str
    key: str = ""


def misfit(content_type: str, definition: FieldDefinition, value: Json) -> Misfit | None:
    """What is wrong with a value, and what to do; None when nothing can be said against it.

    Args:
        content_type: identifier, for the sentence.
        definition: of the field.
        value: of the mapping; what holds a ``${`` is not known yet.
    """
    return judged(content_type, definition, value)[0]


def judged(content_type: str, definition: FieldDefinition, value: Json) -> tuple[Misfit | None, Json]:
    """What is wrong with a value, as ``misfit``; and what REST would take for it, as far as that is known offline.

    That is null when nothing is said of the field, an empty text or list when it is emptied, and else may be any text.
    """
    if value is None or is_emptied(value):
        return None, None if value is None else ""
    for key, known in unknown_members(definition.type, value):
        message = f"{content_type}.{definition.identifier} ({definition.type}) has no use for '{last(key)}'"
        return Misfit(message, _taken(definition, last(key), known), key), _SOMETHING
    if not is_known(value) or definition.type not in CODECS:
        return None, _SOMETHING
    context = Context(content_type, definition, _AllThere(), Assets(Path()))
    try:
        if definition.type in MEDIA:
            judge_media(value, context)
            return None, _SOMETHING
        return None, CODECS[definition.type].encode(value, context)
    except RecordError as error:
        return Misfit(error.message, error.hint), _SOMETHING
    except (AttributeError, KeyError, TypeError, ValueError):
        return None, _SOMETHING  # settings that no server gives: somebody has edited what was discovered


def _taken(definition: FieldDefinition, key: str, known: tuple[str, ...]) -> str:
    """What may stand there: where only ``clear`` is known, no object is meant to."""
    shape = SHAPES[definition.type]
    if shape.members:
        return f"{key_meant(key, known)}It takes: {', '.join(known)}."
    value = f'"{definition.identifier}": "…"'
    return f'It takes {shape.words}: write {value} with the expression itself. {{"clear": true}} empties it.'


def is_known(value: Json) -> bool:
    """Whether no text in it has to be filled in first."""
    if isinstance(value, dict):
        return all(is_known(one) for one in value.values())
    if isinstance(value, list):
        return all(is_known(one) for one in value)
    return not (isinstance(value, str) and "${" in value)
