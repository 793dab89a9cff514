"""What a mapping may write into a field, by field type, said without a value: for editors and for offline checks.

The codecs beside this file decide about values; a test keeps both in step.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from connector.config.pointer import below
from connector.core.jsonio import Json


class Shape(Struct, frozen=True):
    """What a value of a field type looks like.

    Attributes:
        words: for people, after the name of the type.
        plain: the JSON types that are taken as they are.
        members: what an object may have, and what each is; empty: no object is taken.
        listed: a list of these is taken too.
        lists: a list may hold lists (rows of cells).
    """

    words: str
    plain: tuple[str, ...] = ()
    members: Mapping[str, str] = field(default_factory=dict)
    listed: bool = False
    lists: bool = False

    def json_schema(self) -> dict[str, Json]:
        """As JSON Schema; ``null`` (not managed) and ``{"clear": true}`` (emptied) are taken by every type."""
        members: dict[str, Json] = {name: {"description": words} for name, words in self.members.items()}
        taken = list(self.plain)
        found: dict[str, Json] = {}
        if self.listed:
            inner = {"properties": members, "additionalProperties": False} if members else {}
            among = [*self.plain, *(["object"] if members else []), *(["array"] if self.lists else [])]
            found["items"] = {"type": among, **inner}
            taken.append("array")
        properties = {**members, "clear": {"const": True, "description": "Empties the field."}}
        return {
            "type": [*taken, "object", "null"],
            "properties": properties,
            "additionalProperties": False,
            **found,
        }


_TEXT = ("string", "number", "boolean")
_REFERENCE = {"remote_id": "Remote id of the content item.", "id": "Its content id."}
_BYTES = {
    "url": "Where it is fetched from, when it is sent; the host must be in assets.allow_hosts.",
    "file": "A file of the project.",
    "base64": "The bytes themselves.",
    "version": "Changes when the bytes do: what is unchanged is not fetched.",
    "file_name": "Its name; taken from the address when left out.",
    "alternative_text": "For those who do not see the picture.",
}
_PLAYED = {
    "controller": "true: with buttons.",
    "autoplay": "true: starts by itself.",
    "loop": "true: begins again.",
    "width": "In pixels.",
    "height": "In pixels.",
}
_NUMBER = "Its number, the first is 0: where its label is empty, or another's too."
_AXIS = "In degrees."
_PLACE = {"latitude": _AXIS, "lat": _AXIS, "longitude": _AXIS, "lng": _AXIS, "lon": _AXIS, "address": "In words."}
_RICH = {
    "html": "As HTML.",
    "markdown": "As Markdown.",
    "text": "As plain text.",
    "xml": "As the DocBook that Ibexa keeps.",
}

SHAPES: Mapping[str, Shape] = {
    "string": Shape("a line of text", _TEXT),
    "text": Shape("plain text of several lines", _TEXT),
    "email": Shape("an e-mail address", ("string",)),
    "isbn": Shape("an ISBN of 10 or 13 digits", ("string", "number")),
    "url": Shape("a link", ("string",), {"link": "The address.", "url": "The address.", "text": "What is shown."}),
    "integer": Shape("a whole number", ("string", "number")),
    "float": Shape("a number", ("string", "number")),
    "boolean": Shape("true or false", ("string", "number", "boolean")),
    "date": Shape("a day such as 2026-03-02", ("string", "number")),
    "datetime": Shape("a time such as 2026-03-02T04:55:00+01:00", ("string", "number")),
    "time": Shape("a time of day such as 14:30", ("string", "number")),
    "selection": Shape("one or several of the options, by label", _TEXT, {"option": _NUMBER}, listed=True),
    "keyword": Shape("a list of words", _TEXT, listed=True),
    "country": Shape("countries by name or code", ("string",), listed=True),
    "author": Shape("names", ("string",), {"name": "Needed.", "email": "E-mail address."}, listed=True),
    "relation": Shape("a content item", ("number",), _REFERENCE, listed=True),
    "relation_list": Shape("content items", ("number",), _REFERENCE, listed=True),
    "image_asset": Shape(
        "a content item that holds a picture", ("number",), {**_REFERENCE, "alternative_text": "Of this place only."}
    ),
    "richtext": Shape("rich text", _TEXT, _RICH),
    "image": Shape("a picture", ("string",), _BYTES),
    "file": Shape("a file", ("string",), _BYTES),
    "media": Shape("a film or a sound", ("string",), {**_BYTES, **_PLAYED}),
    "map_location": Shape("a place on a map", (), _PLACE),
    "matrix": Shape("a table: rows by column", (), {"entries": "The rows."}, listed=True, lists=True),
}
"""By our own name of the field type. A type that is not here is passed on as the mapping gives it."""


def shape_schema(field_type: str) -> dict[str, Json]:
    """JSON Schema of what a mapping may write into a field of that type; empty for a type that we do not know."""
    found = SHAPES.get(field_type)
    if found is None:
        return {}
    schema = found.json_schema()
    if field_type == "matrix":  # its rows have the columns' names
        schema["items"] = {"type": ["object", "array"]}
    return schema


def unknown_members(field_type: str, value: Json) -> list[tuple[str, tuple[str, ...]]]:
    """Keys of an object (or of objects in a list) that the type has no use for, with those that it has.

    Each key as a JSON pointer in the value. Values are not looked at, so that one may hold what only a record gives.
    """
    shape = SHAPES.get(field_type)
    if shape is None or (field_type == "matrix" and isinstance(value, list)):
        return []
    known = (*shape.members, "clear")
    objects = [(f"/{at}", one) for at, one in enumerate(value)] if isinstance(value, list) and shape.listed else []
    return [
        (below(place, key), known)
        for place, one in objects or [("", value)]
        for key in (one if isinstance(one, dict) else ())
        if key not in known
    ]
