"""What a schema violation says in our own words: the library's messages quote whole values, secrets included."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema.exceptions import ValidationError

from connector.core.jsonio import shown, type_name
from connector.core.problem import Finding

_ARTICLES = {"object": "an object", "array": "a list", "integer": "a whole number", "null": "null", "string": "a text"}
_ARTICLES |= {"number": "a number", "boolean": "true or false"}
_FOUND = {
    "array": "a list",
    "object": "an object",
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
}
_FORMS = {
    "duration": ("a duration", "Write 30s, 5m, 6h or 7d."),
    "size": ("a size", "Write 500kB or 16MiB."),
}
_PATTERNS = {
    "^[a-z0-9][a-z0-9-]*$": ("a name", "Small letters, digits and hyphens."),
    "^/": ("a path", "Begin with /."),
    "^/[0-9/]+$": ("a Location path", "Write it like /1/2/61."),
}


@dataclass(frozen=True, slots=True)
class _Place:
    pointer: str
    error: Any

    def finding(self, code: str, message: str, hint: str = "", *, below: str = "", at_key: bool = False) -> Finding:
        """A finding here, or at a member below; at the key itself if that is what is wrong."""
        pointer = f"{self.pointer}/{_escaped(below)}" if below else self.pointer
        return Finding(pointer + ("#" if at_key else ""), code, message, hint)


def findings(error: ValidationError) -> Iterator[Finding]:
    """One violation as findings."""
    place = _Place("".join(f"/{_escaped(str(part))}" for part in error.absolute_path), error)
    speak = _SENTENCES.get(str(error.validator), _other)
    yield from speak(place)


def _unknown(place: _Place) -> Iterator[Finding]:
    known = sorted(key for key in place.error.schema.get("properties", {}) if not key.startswith("$"))
    for key in place.error.instance:
        if key not in place.error.schema.get("properties", {}):
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(known)}."
            yield place.finding("CFG110", f"'{shown(key, 40)}' is not known here", hint, below=str(key), at_key=True)


def _missing(place: _Place) -> Iterator[Finding]:
    for key in place.error.validator_value:
        if key not in place.error.instance:
            help_ = place.error.schema.get("properties", {}).get(key, {}).get("description", "")
            if key == "type":
                choices = place.error.schema.get("properties", {}).get("type", {}).get("enum", [])
                help_ = f"One of: {', '.join(map(str, choices))}." if choices else help_
            yield place.finding("CFG111", f"'{key}' is missing", f'Add "{key}". {help_}'.strip())


def _type(place: _Place) -> Iterator[Finding]:
    wanted = place.error.validator_value
    names = [str(_ARTICLES.get(one, one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    found = _FOUND.get(type_name(place.error.instance), type_name(place.error.instance))
    yield place.finding("CFG112", f"here must be {' or '.join(names)}, not {found}", _quoted_hint(place))


def _quoted_hint(place: _Place) -> str:
    wanted, found = place.error.validator_value, place.error.instance
    if wanted in ("integer", "number", "boolean") and isinstance(found, str):
        return "Leave the quotes out."
    if wanted == "string" and not isinstance(found, dict | list):
        return "Put it in double quotes."
    if wanted == "array" and not isinstance(found, dict | list):
        return "Put it in [ ]."
    return ""


def _choice(place: _Place) -> Iterator[Finding]:
    choices = [str(one) for one in place.error.validator_value]
    given = place.error.instance
    near = difflib.get_close_matches(str(given), choices, 1) if isinstance(given, str) else []
    hint = f"Did you mean '{near[0]}'? " if near else ""
    what = f"'{shown(given, 40)}'" if isinstance(given, str) else type_name(given)
    yield place.finding("CFG113", f"{what} is none of the choices", f"{hint}One of: {', '.join(choices)}.")


def _pattern(place: _Place) -> Iterator[Finding]:
    form = place.error.schema.get("x-format")
    what, hint = _FORMS.get(form, _PATTERNS.get(place.error.validator_value, ("of that form", "")))
    yield place.finding("CFG114", f"'{shown(place.error.instance, 40)}' is not {what}", hint)


def _bounds(place: _Place) -> Iterator[Finding]:
    words = {
        "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "more than", "minLength": "a text of at least",
        "maxLength": "a text of at most", "minItems": "a list of at least", "minProperties": "an object with at least",
    }  # fmt: skip
    limit = words.get(str(place.error.validator), "other than")
    yield place.finding("CFG115", f"here must be {limit} {place.error.validator_value}")


def _secret(place: _Place) -> Iterator[Finding]:
    hint = 'Write a reference such as "${NAME}" and set NAME in the environment.'
    yield place.finding("CFG116", "a secret must come from outside, never stand in a file", hint)


def _format(place: _Place) -> Iterator[Finding]:
    code, message, hint, offset = place.error.message.split("\x1f")
    yield Finding(place.pointer, code, message, hint, offset=int(offset) if offset else None)


def _one_of(place: _Place) -> Iterator[Finding]:
    keys = [key for branch in place.error.validator_value for key in branch.get("required", [])]
    yield place.finding("CFG117", f"here must be exactly one of {' and '.join(keys)}", "Keep one of them.")


def _other(place: _Place) -> Iterator[Finding]:
    yield place.finding("CFG112", f"the value does not fit ({place.error.validator})")


_SENTENCES: dict[str, Callable[[_Place], Iterator[Finding]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "x-secret": _secret,
    "x-format": _format,
    "oneOf": _one_of,
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems", "minProperties"), _bounds
    ),
}


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
