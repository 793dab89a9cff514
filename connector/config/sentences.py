"""What a schema violation says in our own words: the library's messages quote whole values, secrets included."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from jsonschema.exceptions import ValidationError
from msgspec import Struct

from connector.config.pointer import below, last
from connector.config.units_meant import meant
from connector.config.unknown_keys import one_key_above, typed_otherwise, unknown_keys
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


class _Place(Struct, frozen=True):
    """One violation, and how to speak of its value.

    Attributes:
        error: the library's, of which only the keyword, its value and the schema are used.
        name: what to call the value when it came from a variable, and so must not be quoted.
        family: the schema of all kinds that the declaration could be of.
    """

    pointer: str
    error: Any
    name: str
    family: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """For "... must be": the variable, or the place itself."""
        return self.name or "here"

    @property
    def quoted(self) -> str:
        """For "... is not": the value, unless it may be a secret."""
        if self.name or self.error.schema.get("x-secret"):
            return self.name or "this secret"
        return f"'{shown(self.error.instance, 40)}'"

    def finding(self, code: str, message: str, hint: str = "") -> Finding:
        """A finding about the value."""
        return Finding(self.pointer, code, message, hint)


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
    yield place.finding("CFG112", f"{place.subject} must be {' or '.join(names)}, not {found}", _type_hint(place))


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
    better = "" if place.name else meant(form, place.error.instance)
    if better and re.search(pattern, better):
        hint = f'Write "{better}".'
    yield place.finding("CFG114", f"{place.quoted} is not {what}", hint)


def _bounds(place: _Place) -> Iterator[Finding]:
    limit = BOUNDS[str(place.error.validator)].format(place.error.validator_value)
    for many, one in ONE.items():
        limit = limit.replace(many, one)
    hint = "" if place.name else one_character(place.error) or range_of(place.error.schema)
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
    message = f"{place.quoted} {fault.message}"
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
    **dict.fromkeys(BOUNDS, _bounds),
}


def _written(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value).decode()
