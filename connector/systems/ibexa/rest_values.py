"""Values of fields in the payloads of plain operations, which take them as REST has them.

The composed actions take what mappings yield, such as ``{"html": …}``. REST answers most of that with an error 500 and
not a word, so it is told before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from connector.config.pointer import below
from connector.core.jsonio import Json
from connector.systems.operation import Operation

_RICH = 'rich text is {"xml": "…"} with DocBook; content.upsert takes HTML, Markdown and plain text'
_WORDS: Mapping[frozenset[str], str] = {
    frozenset({"html"}): _RICH,
    frozenset({"markdown"}): _RICH,
    frozenset({"text"}): _RICH,
    frozenset({"remote_id"}): 'a relation is {"destinationContentId": 61}; content.upsert takes remote ids',
    frozenset({"clear"}): "null empties a field; content.upsert takes clear",
}
"""By the keys of a value, which no field of the product has in REST: what it should be."""


class RestField(Struct, frozen=True):
    """One field of a payload; ``pointer`` leads to its value, in the payload without its root element."""

    name: str
    value: Json
    pointer: str


def rest_fields(payload: Json) -> Iterator[RestField]:
    """The fields in ``fields.field`` of a payload without its root element."""
    fields = payload.get("fields") if isinstance(payload, dict) else None
    listed = fields.get("field") if isinstance(fields, dict) else None
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            pointer = below(below("/fields/field", number), "fieldValue")
            yield RestField(str(one.get("fieldDefinitionIdentifier")), one.get("fieldValue"), pointer)


def misformed(operation: str, field: RestField) -> tuple[str, str] | None:
    """Message and hint for a value that no field has in REST; None: nothing can be said against it."""
    keys = frozenset(field.value) if isinstance(field.value, dict) else frozenset()
    words = _WORDS.get(keys)
    if words is None:
        return None
    (key,) = keys
    message = f"{operation} takes the value of '{field.name}' as REST has it, and no type of field has {{\"{key}\": …}}"
    return message, f"In REST {words}."


def misformed_in(operation: Operation, payload: Json) -> str:
    """What is most likely wrong with a payload that the server refused; empty: nothing can be said of its fields."""
    found = (misformed(operation.id, one) for one in rest_fields(operation.unwrapped(payload)))
    return next((". ".join(one) for one in found if one is not None), "")
