"""What to write where a value is empty, of another type or too little; what belongs together: more of sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.config.pointer import below, last
from connector.config.violation import Violation
from connector.core.jsonio import Json, dumps, shown
from connector.core.problem import Finding

_LARGE = 1e15


def in_place_of_none(place: Violation) -> str:
    """What to write in place of a value of another type, where nothing better is known than the type itself."""
    wanted, found = place.error.validator_value, place.error.instance
    if place.name:
        return ""
    if wanted in ("integer", "number"):
        return _number(place, whole=wanted == "integer")
    if wanted == "boolean":
        settings = " It has no settings of its own." if isinstance(found, dict) else ""
        return f"Write true or false.{settings}"
    if wanted == "string":
        return _text(place)
    return _such_as(place.error.schema)


def of_bound(place: Violation) -> str:
    """What to write in place of what is empty or too little."""
    schema, kind = place.error.schema, place.error.validator
    if kind == "minLength":
        return _such_as(schema) or ("Write it, or leave the key out." if place.pointer else "")
    if kind == "minItems":
        return _such_as(schema) or f"Write one entry, or leave {_key(place)} out."
    if kind == "minProperties":
        keys = list(schema.get("properties", {}))
        return f"It has: {', '.join(keys)}." if keys else f"Write one, or leave {_key(place)} out."
    if kind in ("minimum", "exclusiveMinimum") and "default" in schema:
        return f"Left out, it is {_json(schema['default'])}."
    return ""


def together(place: Violation) -> Iterator[Finding]:
    """Keys that are nothing without another."""
    for key, needs in place.error.validator_value.items():
        for one in needs if key in place.error.instance else ():
            if one not in place.error.instance:
                described = place.error.schema.get("properties", {}).get(one, {}).get("description", "")
                hint = f'Add "{one}", or leave {key} out. {described}'.strip()
                yield Finding(f"{below(place.pointer, key)}#", "CFG111", f"'{key}' needs '{one}' beside it", hint)


def repeated(place: Violation) -> Iterator[Finding]:
    """Entries of a list that is a set."""
    seen: list[Json] = []
    for number, one in enumerate(place.error.instance):
        if one in seen:
            message = f"'{shown(one, 40)}' is in the list twice"
            yield Finding(below(place.pointer, number), "CFG113", message, "Remove one of them.")
        seen.append(one)


def _number(place: Violation, *, whole: bool) -> str:
    such = _such_as(place.error.schema)
    if such:
        return such
    found = place.error.instance
    if whole and isinstance(found, float) and 0 < found < _LARGE:
        return f"Write {int(found)} or {int(found) + 1}."
    least = place.error.schema.get("minimum")
    return f"Write a number, such as {max(int(least), 1) if isinstance(least, int) else 1}, without quotes."


def _text(place: Violation) -> str:
    found = place.error.instance
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], str):
        return "Take the [ ] away: one text stands here."
    return _such_as(place.error.schema) or ("One text stands here, no list." if isinstance(found, list) else "")


def _such_as(schema: Any) -> str:
    examples = schema.get("examples") or [] if isinstance(schema, dict) else []
    return f"Such as {_json(examples[0])}." if examples else ""


def _key(place: Violation) -> str:
    name = last(place.pointer)
    return "it" if not name or name.isdigit() else name


def _json(value: Json) -> str:
    return dumps(value).decode()
