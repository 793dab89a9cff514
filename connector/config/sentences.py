"""What a schema violation says in our own words: the library's messages quote whole values, secrets included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jsonschema.exceptions import ValidationError

from connector.config.of_operations import better
from connector.config.pointer import below, last
from connector.config.shape_hints import in_place_of_none, of_bound, repeated, together
from connector.config.units_meant import meant
from connector.config.unknown_keys import one_key_above, typed_otherwise, unknown_keys
from connector.config.violation import Violation as _Place
from connector.config.without_quotes import without_quotes
from connector.config.wording import (
    BOUNDS,
    FORMS,
    ONE,
    PATTERNS,
    TYPES,
    UNITS,
    one_character,
    range_of,
)
from connector.core.jsonio import Json, dumps, shown, type_name
from connector.core.problem import Finding
from connector.core.synonyms import choice_meant


def findings(error: ValidationError, named: Mapping[str, str], family: Mapping[str, Any]) -> Iterator[Finding]:
    """One violation as findings.

    Args:
        error: the library's.
        named: by pointer, what to call a value instead of quoting it.
        family: the schema that was violated.
    """
    pointer = ""
    for part in error.absolute_path:
        pointer = below(pointer, part)
    if "propertyNames" in error.absolute_schema_path:  # of the key itself, which the library's path leaves out
        pointer = below(pointer, str(error.instance)) + "#"
    speak = _SENTENCES.get(str(error.validator), _other)
    yield from speak(_Place(pointer, error, named.get(pointer, ""), family))


def _unknown(place: _Place) -> Iterator[Finding]:
    yield from unknown_keys(place.pointer, place.error.instance, place.error.schema, place.family)


def _missing(place: _Place) -> Iterator[Finding]:
    for key in place.error.validator_value:
        if key not in place.error.instance and key != one_key_above(place.error.instance, place.error.schema):
            meant = typed_otherwise(place.pointer, place.error.instance, place.error.schema) if key == "type" else None
            if meant is not None:
                yield meant
                continue
            yield Finding(place.pointer, "CFG111", f"'{key}' is missing", f'Add "{key}". {_help(place, key)}'.strip())


def _help(place: _Place, key: str) -> str:
    schema = place.error.schema.get("properties", {}).get(key, {})
    choices = schema.get("enum", []) if key == "type" else []
    return f"One of: {', '.join(map(str, choices))}." if choices else str(schema.get("description", ""))


def _type(place: _Place) -> Iterator[Finding]:
    wanted, value = place.error.validator_value, place.error.instance
    names = [TYPES.get(one, str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    found = TYPES.get(type_name(value), type_name(value))
    if wanted == "integer" and isinstance(value, float | Decimal):
        found = shown(value, 40)
    hint = _type_hint(place) or in_place_of_none(place)
    yield place.finding("CFG112", f"{place.subject} must be {' or '.join(names)}, not {found}", hint)


def _type_hint(place: _Place) -> str:
    wanted, found = place.error.validator_value, place.error.instance
    if place.name:
        return ""
    if found is None:
        return "There is no null here: leave it out, or give it a value."
    if wanted in ("integer", "number", "boolean") and isinstance(found, str):
        return without_quotes(str(wanted), found)
    if wanted == "string" and not isinstance(found, dict | list):
        return _text_hint(place)
    if wanted == "array" and not isinstance(found, list):
        return "Put it in [ ]."
    return _object_hint(place) if wanted == "object" else ""


def _text_hint(place: _Place) -> str:
    """In quotes, where that would do; a duration or size also with its unit, without which it would be refused next."""
    schema, found = place.error.schema, place.error.instance
    if choices := [one for one in schema.get("enum", ()) if isinstance(one, str)]:
        return f"{choice_meant(str(found).lower(), choices)}One of: {', '.join(choices)}."
    if isinstance(found, bool) and ("pattern" in schema or "x-format" in schema):
        form = FORMS.get(schema.get("x-format", ""), PATTERNS.get(schema.get("pattern", ""), ("", "")))[1]
        return f"{form} Leave it out for what holds without it.".strip()
    unit = UNITS.get(schema.get("x-format", "")) if type_name(found) in ("integer", "number") else None
    if unit is None:
        return "Put it in double quotes."
    with_unit = f"{found}{unit}"
    if re.search(schema.get("pattern", ""), with_unit):
        return f'Write it in double quotes with its unit: "{with_unit}".'
    return FORMS[schema["x-format"]][1]


def _object_hint(place: _Place) -> str:
    """How the object is written; where ``type`` chooses it, with the type that was meant."""
    schema, found = place.error.schema, place.error.instance
    choices = schema.get("properties", {}).get("type", {}).get("enum", [])
    if isinstance(found, str) and found in choices:
        return f'Write {{"type": "{found}", …}}, with its other keys beside the type.'
    examples = schema.get("examples") or []
    if examples:
        return f"Such as {_written(examples[0])}."
    if isinstance(found, list) and not place.pointer:
        return "One file holds one object: take it out of the [ ], and make a file of each."
    if isinstance(found, list):
        return "Take the [ ] away: one object in { } stands here."
    return f'Such as {{"type": "{choices[0]}"}}; one of: {", ".join(choices)}.' if choices else "Write it in { }."


def _choice(place: _Place) -> Iterator[Finding]:
    choices = [_written(one) for one in place.error.validator_value]
    given = place.error.instance
    hint = choice_meant(given, choices) if isinstance(given, str) and not place.name else ""
    yield place.finding("CFG113", f"{place.quoted} is none of the choices", f"{hint}One of: {', '.join(choices)}.")


def _types(place: _Place) -> Iterator[Finding]:
    types, keys = place.error.validator_value["types"], place.error.validator_value["keys"]
    message = f"the type '{shown(place.error.instance, 40)}' has other keys than these"
    yield place.finding(
        "CFG113", message, f"With {', '.join(shown(one, 40) for one in keys)} it is {' or '.join(types)}."
    )


def _const(place: _Place) -> Iterator[Finding]:
    yield place.finding("CFG113", f"{place.subject} must be {_written(place.error.validator_value)}")


def _pattern(place: _Place) -> Iterator[Finding]:
    form = place.error.schema.get("x-format")
    pattern = place.error.validator_value
    what, hint = FORMS.get(form, PATTERNS.get(pattern, ("of the right form", f"It must match {pattern}")))
    nearer = "" if place.name else meant(form, place.error.instance)
    known = "" if place.name else better(pattern, str(place.error.instance))
    if nearer and re.search(pattern, nearer):
        known = f'Write "{nearer}".'
    yield place.finding("CFG114", f"{place.quoted} is not {what}", known or hint)


def _bounds(place: _Place) -> Iterator[Finding]:
    limit = BOUNDS[str(place.error.validator)].format(place.error.validator_value)
    for many, one in ONE.items():
        limit = limit.replace(many, one)
    hint = "" if place.name else one_character(place.error) or range_of(place.error.schema) or of_bound(place)
    yield place.finding("CFG115", f"{place.subject} must be {limit}", hint)


def _secret(place: _Place) -> Iterator[Finding]:
    hint = 'Write only a reference such as "${NAME}", without a default, and set NAME in the environment.'
    yield place.finding("CFG116", "a secret must come from outside, never stand in a file", hint)


def _filled(place: _Place) -> Iterator[Finding]:
    name = place.error.validator_value
    message = f"'${{{name}}}' is a variable of the environment, not what is filled in here"
    yield place.finding("CFG114", message, f"Write {{{name}}}, without $.")


def _literal(place: _Place) -> Iterator[Finding]:
    hint = "Write the value itself: it decides how the project is put together."
    yield place.finding("CFG118", f"'{last(place.pointer)}' cannot come from a variable", hint)


def _format(place: _Place) -> Iterator[Finding]:
    fault = place.error.validator_value
    offset = None if place.name else fault.offset  # a value from a variable has no columns in the file
    message = f"{(fault.called and (place.name or fault.called)) or place.quoted} {fault.message}"
    yield Finding(place.pointer, fault.code, message, fault.hint, fault.severity, offset)


def _one_of(place: _Place) -> Iterator[Finding]:
    keys = [key for branch in place.error.validator_value for key in branch.get("required", [])]
    if not isinstance(place.error.instance, dict):
        return  # the type is wrong, and that is told already
    if not keys:
        yield from _other(place)
        return
    some = any(key in place.error.instance for key in keys)
    hint = "Keep one of them." if some else "Add one of them."
    yield place.finding("CFG117", f"{place.subject} must be exactly one of {' and '.join(keys)}", hint)


def _other(place: _Place) -> Iterator[Finding]:
    yield place.finding("CFG112", f"the value does not fit ({place.error.validator})")


_SENTENCES: dict[str, Callable[[_Place], Iterator[Finding]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _type,
    "enum": _choice,
    "const": _const,
    "pattern": _pattern,
    "x-secret": _secret,
    "x-filled": _filled,
    "x-literal": _literal,
    "x-types": _types,
    "x-format": _format,
    "oneOf": _one_of,
    "dependentRequired": together,
    "uniqueItems": repeated,
    **dict.fromkeys(BOUNDS, _bounds),
}


def _written(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value).decode()
