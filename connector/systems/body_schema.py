"""What request bodies may hold: a restricted JSON Schema, walked once per message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from connector.core.jsonio import Json, shown, type_name
from connector.core.numbers import Number
from connector.core.synonyms import choice_meant, key_meant
from connector.systems.body_json_schema import plain

_TYPES = {"object": "an object", "array": "a list", "integer": "a whole number", "null": "null", "string": "a text"}
_TYPES |= {"number": "a number", "boolean": "true or false"}
_EXACTLY = {"object": dict, "array": list, "integer": int, "string": str, "boolean": bool}
"""The Python type that a JSON parser gives for each: other types may be right too."""


class Fault(Struct, frozen=True):
    """What is wrong at a place of a payload.

    Attributes:
        pointer: JSON pointer below the root element; of the unknown key itself when ``at_key``.
        missing: nothing is wrong there, but something is not there.
    """

    pointer: str
    message: str
    hint: str = ""
    at_key: bool = False
    missing: bool = False


class BodySchema:
    """One body.

    Args:
        name: e.g. ``ContentCreate``.
        schemas: all bodies and shared parts, by name: what a ``$ref`` may name.
    """

    def __init__(self, name: str, schemas: Mapping[str, Json]) -> None:
        self.name = name
        self._schemas = schemas

    @property
    def is_list(self) -> bool:
        """Whether the body is a list, not an object."""
        return bool(self._schemas[self.name].get("type") == "array")

    @property
    def required(self) -> tuple[str, ...]:
        """Keys of the first level that a server refuses to do without."""
        return tuple(self._schemas[self.name].get("required", ()))

    def is_foreign(self, key: str) -> bool:
        """Whether the first level has no such key, nor one that might be meant by it."""
        schema = self._schemas[self.name]
        if "properties" not in schema or schema.get("open"):
            return False
        return key not in schema["properties"] and not key_meant(key, schema["properties"])

    def part(self, way: Sequence[str]) -> Mapping[str, Json] | None:
        """The schema of a place below the root element, by its keys and numbers; None: nothing is known of it."""
        schema: Mapping[str, Json] | None = self._schemas[self.name]
        for key in way:
            if schema is None:
                return None
            known = schema.get("properties", {})
            schema = known[key] if key in known else schema.get("items") if key.isdigit() else None
            while schema is not None and "$ref" in schema:
                schema = self._schemas[schema["$ref"]]
        return schema

    def faults(self, payload: Json, *, complete: bool = False) -> Iterator[Fault]:
        """Unknown keys, values of a wrong type or that are none of the choices; with ``complete`` also what is missing.

        Args:
            payload: below the root element; null, and texts with a ``${`` (not known yet), are never at fault.
            complete: whether nothing will be added to it.
        """
        if not self._fits(payload, self._schemas[self.name], complete):
            yield from self._walk(payload, self._schemas[self.name], "", complete)

    def cautions(self, payload: Json) -> Iterator[Fault]:
        """Keys that are right, but do not work on every server."""
        yield from self._cautions(payload, self._schemas[self.name], "")

    def _cautions(self, value: Json, schema: Mapping[str, Json], place: str) -> Iterator[Fault]:
        if "caution" in schema:
            yield Fault(place, f"'{_last(place)}': {schema['caution']}", at_key=True)
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"]]
        known = schema.get("properties", {})
        for key, one in value.items() if isinstance(value, dict) else ():
            if key in known:
                yield from self._cautions(one, known[key], f"{place}/{key}")

    def json_schema(self, *, complete: bool = False) -> dict[str, Json]:
        """The body in plain JSON Schema, references resolved into ``$defs``; with ``required`` when ``complete``."""
        return plain(self._schemas, self.name, complete=complete)

    def _fits(self, value: Json, schema: Mapping[str, Json], complete: bool) -> bool:  # noqa: FBT001
        """Whether nothing is wrong: nearly always so, and seen at a fraction of what saying where costs."""
        while "$ref" in schema:
            schema = self._named(schema)
        if value is None:
            return True
        wanted = schema.get("type")
        if wanted is not None and type(value) is not _EXACTLY.get(str(wanted)) and not _is(value, wanted):
            return False
        if "enum" in schema and value not in schema["enum"]:
            return False
        if ("pattern" in schema or "minimum" in schema) and _is_out_of_form(value, schema):
            return False
        if "minProperties" in schema and _misnumbered(value, schema):
            return False
        if isinstance(value, list):
            return "items" not in schema or all(self._fits(one, schema["items"], complete) for one in value)
        return not isinstance(value, dict) or self._members_fit(value, schema, complete)

    def _members_fit(self, value: Mapping[str, Json], schema: Mapping[str, Json], complete: bool) -> bool:  # noqa: FBT001
        if complete and any(value.get(key) is None for key in schema.get("required", ())):
            return False  # perhaps: some may be null
        known, is_open = schema.get("properties"), schema.get("open")
        return known is None or all(
            self._fits(one, known[key], complete) if key in known else is_open for key, one in value.items()
        )

    def _named(self, schema: Mapping[str, Json]) -> Mapping[str, Json]:
        """What a ``$ref`` names; what stands beside it is narrower."""
        found: Mapping[str, Json] = self._schemas[schema["$ref"]]
        narrower = {key: one for key, one in schema.items() if key not in ("$ref", "caution")}
        return {**found, **narrower} if narrower.keys() - {"description"} else found

    def _walk(self, value: Json, schema: Mapping[str, Json], place: str, complete: bool) -> Iterator[Fault]:  # noqa: FBT001
        while "$ref" in schema:
            schema = self._named(schema)
        if value is None or (isinstance(value, str) and "${" in value):
            return
        wanted = schema.get("type")
        if wanted is not None and not _is(value, wanted):
            names = [_TYPES[one] for one in ([wanted] if isinstance(wanted, str) else wanted)]
            what = f"{' or '.join(names)}, not {_TYPES.get(type_name(value), type_name(value))}"
            yield Fault(place, f"'{_last(place)}' must be {what}", _form(value, schema))
            return
        if "enum" in schema and value not in schema["enum"]:
            listed = choices(schema["enum"])
            near = _bare(value, schema["enum"]) or choice_meant(str(value), listed)
            yield Fault(place, f"'{shown(value, 40)}' is none of the choices", f"{near}One of: {', '.join(listed)}.")
        if ("pattern" in schema or "minimum" in schema) and _is_out_of_form(value, schema):
            yield Fault(place, f"'{shown(value, 40)}' is not of the form that is wanted", _form(value, schema))
        if "minProperties" in schema and (wrong := _misnumbered(value, schema)):
            yield Fault(place, f"'{_last(place)}' {wrong}", str(schema.get("description", "")))
        if isinstance(value, dict):
            yield from self._members(value, schema, place, complete)
        elif isinstance(value, list) and "items" in schema:
            for index, one in enumerate(value):
                yield from self._walk(one, schema["items"], f"{place}/{index}", complete)

    def _members(
        self,
        value: Mapping[str, Json],
        schema: Mapping[str, Json],
        place: str,
        complete: bool,  # noqa: FBT001
    ) -> Iterator[Fault]:
        known = schema.get("properties", {})
        for key, one in value.items():
            inner = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in known:
                yield from self._walk(one, known[key], inner, complete)
            elif "properties" in schema and not schema.get("open"):
                meant = key_meant(key, known, schema.get("required", ()))
                hint = f"{meant}Known here: {', '.join(known) or 'nothing'}."
                yield Fault(inner, f"'{shown(key, 40)}' is not known here", hint, at_key=True)
        for key in schema.get("required", ()) if complete else ():
            if value.get(key) is None and not (key in value and self._may_be_null(known.get(key, {}))):
                what, hint = ("is null", f'Give "{key}" a value.') if key in value else ("is missing", f'Add "{key}".')
                yield Fault(place, f"'{key}' {what}", hint, missing=True)

    def _may_be_null(self, schema: Mapping[str, Json]) -> bool:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"]]
        return "type" not in schema or "null" in schema["type"]


def _is(value: Json, wanted: str | list[str]) -> bool:
    types = [wanted] if isinstance(wanted, str) else wanted
    whole = isinstance(value, int) and not isinstance(value, bool)
    return type_name(value) in types or (whole and "integer" in types)


def _form(value: Json, schema: Mapping[str, Json]) -> str:
    """What would fit, for people."""
    known = schema.get("properties")
    if known:
        members = ", ".join(f'"{key}": …' for key in list(known)[:3])
        return f"Such as {{{members}}}."
    if schema.get("type") == "string" and isinstance(value, Number) and not isinstance(value, bool):
        return "In a mapping, to_string() makes a text of it."
    return str(schema.get("description", "")) or _other_form(value, schema.get("type"))


def _other_form(value: Json, wanted: Json) -> str:
    """Of a part that nothing is said of, what its type tells."""
    if wanted in ("integer", "number") and isinstance(value, str):
        return "Without quotes; in a mapping, number() makes a number of a text."
    if wanted == "boolean":
        return "In a file true or false, in a mapping `true` or `false`."
    if wanted == "array":
        return "Put it in [ ]."
    return "One text stands here; in a mapping, join(', ', …) makes one of a list." if isinstance(value, list) else ""


def _is_out_of_form(value: Json, schema: Mapping[str, Json]) -> bool:
    if isinstance(value, str):
        return "pattern" in schema and not re.search(schema["pattern"], value)
    return isinstance(value, int) and value < schema.get("minimum", value)


def _misnumbered(value: Json, schema: Mapping[str, Json]) -> str:
    """What is wrong with the number of an object's keys; empty when nothing is."""
    if not isinstance(value, dict | list):
        return ""
    if not value and schema["minProperties"]:
        return "is empty"
    most = schema.get("maxProperties", len(value))
    return f"takes {most} of these, not {len(value)}" if isinstance(value, dict) and len(value) > most else ""


def _last(place: str) -> str:
    return place.rpartition("/")[2] or "the payload"


def _bare(value: Json, known: Sequence[Json]) -> str:
    """That a text is meant without its quotes: ``"true"``."""
    bare = next((one for one in known if not isinstance(one, str) and value == choices([one])[0]), None)
    return "" if bare is None else f"Write {value}, without quotes. "


def choices(enum: list[Json]) -> list[str]:
    """The values of an ``enum`` as people write them; what differs in case only, or is a number and its text, once."""
    words: dict[str, str] = {}
    for one in enum:
        word = str(one).lower() if isinstance(one, bool) else str(one)
        words.setdefault(word.lower(), word)
    return list(words.values())
