"""How a project writes the bodies of its own operations: the form of a schema, and what of it can be used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from connector.core.jsonio import Json, shown
from connector.core.nearest import did_you_mean
from connector.systems.body_schema import Fault

_TYPES: Final = ["object", "array", "string", "integer", "number", "boolean", "null"]
_TEXT: Final = {"type": "string"}
_INNER: Final = {"$ref": "#/$defs/body"}
_LOOKED_AT: Final[Mapping[str, Any]] = {
    "type": {
        "description": "One of JSON's types, or a list of them.",
        "if": {"type": "array"},
        "then": {"minItems": 1, "items": {"enum": _TYPES}},
        "else": {"enum": _TYPES},
    },
    "properties": {
        "type": "object",
        "additionalProperties": _INNER,
        "description": "The keys that it may have, each with its own schema.",
        "examples": [{"stars": {"type": "integer"}}],
    },
    "items": {**_INNER, "description": "What each entry of a list is."},
    "required": {"type": "array", "items": _TEXT, "description": "Keys that it cannot do without."},
    "enum": {"type": "array", "minItems": 1, "description": "The only values."},
    "pattern": {**_TEXT, "x-format": "regex", "description": "A regular expression that a text has to match."},
    "minimum": {"type": "number", "description": "The least that a number may be."},
    "open": {"type": "boolean", "description": "true: other keys than those of properties may be there too."},
    "caution": {**_TEXT, "description": "What is told of the key by validate."},
    "$ref": {**_TEXT, "description": "The name of another body, which stands here."},
    "description": _TEXT,
}
BODY_FORM: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": _LOOKED_AT,
    "examples": [{"type": "integer"}],
}
"""Of one body, and of each part of it; ``#/$defs/body`` of the schema that it is used in."""

_SAID = frozenset({"title", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"})
_VOCABULARY: Final = (
    "additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired "
    "dependentSchemas unevaluatedProperties prefixItems additionalItems contains minContains maxContains minItems "
    "maxItems uniqueItems unevaluatedItems minLength maxLength format maximum exclusiveMinimum exclusiveMaximum "
    "multipleOf const anyOf oneOf allOf not if then else nullable $defs definitions $schema $id $anchor"
)
_NOT_LOOKED_AT = frozenset(_VOCABULARY.split())
"""Words of JSON Schema and OpenAPI that mean something there."""
_INSTEAD: Final[Mapping[str, str]] = {
    "additionalProperties": 'Other keys than those of properties are let through by "open": true, and refused without.',
    "const": 'Write "enum" with one value.',
    "nullable": 'null is always taken. To say so, write "type": ["string", "null"].',
}


def part_faults(part: Json, names: Collection[str], place: str = "") -> Iterator[tuple[str, Fault]]:
    """What is wrong in a body of a good form, each with a code: words that mean nothing, and what leads nowhere.

    Args:
        part: a body, or a part of one.
        names: of all bodies that a ``$ref`` may name.
        place: JSON pointer of it.
    """
    if not isinstance(part, dict):
        return
    for word in part:
        yield from _word(str(word), f"{place}/{word}")
    named = part.get("$ref")
    if isinstance(named, str) and named not in names:
        hint = f"{did_you_mean(named.rpartition('/')[2], names)}It is the name alone of a body, of these files or ours."
        yield "CFG171", Fault(f"{place}/$ref", f"there is no body '{shown(named, 40)}'", hint)
    for key in _never_given(part):
        hint = f"{did_you_mean(key, part['properties'])}Describe it below properties, or take it away here."
        yield "CFG171", Fault(f"{place}/required", f"'{shown(key, 40)}' is required and not among properties", hint)
    members = part.get("properties")
    for key, one in members.items() if isinstance(members, dict) else ():
        yield from part_faults(one, names, f"{place}/properties/{_escaped(str(key))}")
    yield from part_faults(part.get("items"), names, f"{place}/items")


def _word(word: str, place: str) -> Iterator[tuple[str, Fault]]:
    if word in _LOOKED_AT or word in _SAID or word.startswith("x-"):
        return
    if word in _NOT_LOOKED_AT:
        hint = f"{_INSTEAD.get(word, 'Leave it out.')} Known here: {', '.join(_LOOKED_AT)}."
        yield "CFG250", Fault(place, f"'{word}' is not looked at here", hint, at_key=True)
        return
    hint = f"{did_you_mean(word, _LOOKED_AT)}Known here: {', '.join(_LOOKED_AT)}."
    yield "CFG171", Fault(place, f"'{shown(word, 40)}' is not known here", hint, at_key=True)


def circle(name: str, bodies: Mapping[str, Json]) -> bool:
    """Whether a body is nothing but a reference that leads back to itself."""
    seen = set[str]()
    while name not in seen:
        seen.add(name)
        body = bodies.get(name)
        if not isinstance(body, dict) or not isinstance(body.get("$ref"), str):
            return False
        name = body["$ref"]
    return True


def usable(bodies: Mapping[str, Json], known: Mapping[str, Json]) -> dict[str, Json]:
    """A project's bodies as they can be walked: what leads nowhere, round, or to what cannot be, says nothing.

    Of each such place ``validate`` tells; here nothing that is asked of a body may end in an error of another kind.
    """
    together = {**known, **bodies}
    names = {name for name in together if not circle(name, together)}
    return {name: _usable(body, names) if name in names else {} for name, body in bodies.items()}


def _usable(part: Json, names: Collection[str]) -> dict[str, Json]:
    if not isinstance(part, dict) or ("$ref" in part and part["$ref"] not in names):
        return {}
    found = dict(part)
    if "properties" in found:
        found["properties"] = {key: _usable(one, names) for key, one in found["properties"].items()}
    if "items" in found:
        found["items"] = _usable(found["items"], names)
    if "required" in found:
        never = _never_given(found)
        found["required"] = [key for key in found["required"] if key not in never]
    if "pattern" in found and not _compiles(found["pattern"]):
        del found["pattern"]
    return found


def _never_given(part: Mapping[str, Json]) -> list[str]:
    """Keys that are required and that nobody may write."""
    members, required = part.get("properties"), part.get("required")
    if not isinstance(members, dict) or not isinstance(required, list) or part.get("open"):
        return []
    return [str(one) for one in required if one not in members]


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
