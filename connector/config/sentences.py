"""What a schema violation says in our own words: the library's messages quote whole values, secrets included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema.exceptions import ValidationError

from connector.config.pointer import below, last
from connector.core.jsonio import Json, dumps, shown, type_name
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding

_TYPES = {"object": "an object", "array": "a list", "integer": "a whole number", "null": "null", "string": "a text"}
_TYPES |= {"number": "a number", "boolean": "true or false"}
_FORMS = {
    "duration": ("a duration", "Write 30s, 5m, 6h or 7d."),
    "interval": ("a duration", "Write 5m, 6h or 7d."),
    "age": ("an age", 'Write 12h or 30d, or "forever".'),
    "size": ("a size", "Write 500kB or 16MiB."),
}
_PATTERNS = {
    "^[a-z0-9][a-z0-9-]*$": ("a name", "Small letters, digits and hyphens."),
    "^/": ("a path", "Begin with /."),
    r"^[^/@\s]*$": ("a host", "Write the host alone, with its port if need be: cdn.example.com."),
    "^/[0-9/]+$": ("a Location path", "Write it like /1/2/61."),
}
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters",
    "minItems": "a list of at least {} entries",
    "maxItems": "a list of at most {} entries",
    "minProperties": "an object of at least {} keys",
    "maxProperties": "an object of at most {} keys",
}
_ONE = {" 1 characters": " 1 character", " 1 entries": " 1 entry", " 1 keys": " 1 key"}


@dataclass(frozen=True, slots=True)
class _Place:
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
    members = place.error.schema.get("properties", {})
    known = sorted(key for key in members if not key.startswith("$"))
    for key in place.error.instance:
        if key not in members:
            other = _instead(place, key) or did_you_mean(key, known)
            hint = f"{other}Known here: {', '.join(known)}."
            yield Finding(below(place.pointer, key) + "#", "CFG110", f"'{shown(key, 40)}' is not known here", hint)


def _instead(place: _Place, key: str) -> str:
    """What this kind has in place of the key, or which other kinds have it; with a blank after it, or nothing."""
    told = place.error.schema.get("x-instead", {}).get(key)
    if told:
        return f"{told} "
    branches = place.family.get("allOf", ()) if not place.pointer else ()
    kinds = [one["then"]["properties"]["type"]["const"] for one in branches if key in one["then"]["properties"]]
    article = "An" if str(place.family.get("title", ""))[:1] in "aeiou" else "A"
    return f"{article} {place.family['title']} of the type {' or '.join(kinds)} has that key. " if kinds else ""


def _missing(place: _Place) -> Iterator[Finding]:
    for key in place.error.validator_value:
        if key not in place.error.instance:
            yield Finding(place.pointer, "CFG111", f"'{key}' is missing", f'Add "{key}". {_help(place, key)}'.strip())


def _help(place: _Place, key: str) -> str:
    schema = place.error.schema.get("properties", {}).get(key, {})
    choices = schema.get("enum", []) if key == "type" else []
    return f"One of: {', '.join(map(str, choices))}." if choices else str(schema.get("description", ""))


def _type(place: _Place) -> Iterator[Finding]:
    wanted, value = place.error.validator_value, place.error.instance
    names = [_TYPES.get(one, str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    found = _TYPES.get(type_name(value), type_name(value))
    if wanted == "integer" and isinstance(value, float):
        found = shown(value, 40)
    yield place.finding("CFG112", f"{place.subject} must be {' or '.join(names)}, not {found}", _type_hint(place))


def _type_hint(place: _Place) -> str:
    wanted, found = place.error.validator_value, place.error.instance
    if place.name:
        return ""
    if wanted in ("integer", "number", "boolean") and isinstance(found, str):
        return "Leave the quotes out."
    if wanted == "string" and not isinstance(found, dict | list):
        return "Put it in double quotes."
    if wanted == "array" and not isinstance(found, dict | list):
        return "Put it in [ ]."
    examples = place.error.schema.get("examples") or []
    return f"Such as {_written(examples[0])}." if wanted == "object" and examples else ""


def _choice(place: _Place) -> Iterator[Finding]:
    choices = [_written(one) for one in place.error.validator_value]
    given = place.error.instance
    hint = did_you_mean(given, choices) if isinstance(given, str) and not place.name else ""
    yield place.finding("CFG113", f"{place.quoted} is none of the choices", f"{hint}One of: {', '.join(choices)}.")


def _const(place: _Place) -> Iterator[Finding]:
    yield place.finding("CFG113", f"{place.subject} must be {_written(place.error.validator_value)}")


def _pattern(place: _Place) -> Iterator[Finding]:
    form = place.error.schema.get("x-format")
    pattern = place.error.validator_value
    what, hint = _FORMS.get(form, _PATTERNS.get(pattern, ("of the right form", f"It must match {pattern}")))
    yield place.finding("CFG114", f"{place.quoted} is not {what}", hint)


def _bounds(place: _Place) -> Iterator[Finding]:
    limit = _BOUNDS[str(place.error.validator)].format(place.error.validator_value)
    for many, one in _ONE.items():
        limit = limit.replace(many, one)
    yield place.finding("CFG115", f"{place.subject} must be {limit}")


def _secret(place: _Place) -> Iterator[Finding]:
    hint = 'Write only a reference such as "${NAME}", without a default, and set NAME in the environment.'
    yield place.finding("CFG116", "a secret must come from outside, never stand in a file", hint)


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
    "x-literal": _literal,
    "x-format": _format,
    "oneOf": _one_of,
    **dict.fromkeys(_BOUNDS, _bounds),
}


def _written(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value).decode()
