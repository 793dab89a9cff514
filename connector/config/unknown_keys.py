"""What is said of a key that is not known: which one was meant, or where it stands, or what there is instead of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.config.pointer import below
from connector.core.jsonio import Json, shown
from connector.core.problem import Finding
from connector.core.synonyms import key_meant, meant_by


def unknown_keys(
    pointer: str, given: Mapping[str, Json], schema: Mapping[str, Any], family: Mapping[str, Any]
) -> Iterator[Finding]:
    """One finding a key that the schema of an object does not have.

    Args:
        pointer: of the object.
        given: it.
        schema: what it may have.
        family: the schema of all kinds that the declaration could be of.
    """
    members = schema.get("properties", {})
    if around := one_key_above(given, schema):
        key = next(iter(given))
        hint = f'Put it below \'{around}\': {{"{around}": {{"{shown(key, 40)}": …}}}}.'
        yield Finding(below(pointer, key) + "#", "CFG110", f"'{shown(key, 40)}' is not known here", hint)
        return
    # What is for people and editors comes last.
    known = sorted(members, key=lambda key: (key.startswith("$"), key))
    for key in given:
        if key not in members:
            other = _instead(pointer, key, given, schema, family)
            hint = f"{other}Known here: {', '.join(known) or 'nothing'}."
            yield Finding(below(pointer, key) + "#", "CFG110", f"'{shown(key, 40)}' is not known here", hint)


def typed_otherwise(pointer: str, given: Mapping[str, Json], schema: Mapping[str, Any]) -> Finding | None:
    """The ``type`` that is missing because it stands there under another name; None: nothing does."""
    branches = [one["then"]["properties"] for one in schema.get("allOf", ()) if "then" in one]
    known = {key for one in branches for key in one}
    for key, value in given.items():
        if key not in known and isinstance(value, str) and meant_by(key, ["type"]):
            choices = schema.get("properties", {}).get("type", {}).get("enum", ())
            hint = f"Did you mean 'type'? One of: {', '.join(map(str, choices))}."
            return Finding(below(pointer, key) + "#", "CFG110", f"'{shown(key, 40)}' is not known here", hint)
    return None


def one_key_above(given: Mapping[str, Json], schema: Mapping[str, Any]) -> str:
    """The one key that an object must have, where all that stands there belongs below it; else empty."""
    members, required = schema.get("properties", {}), schema.get("required", ())
    only = next(iter(members), "")
    if schema.get("additionalProperties") is not False or len(members) != 1 or only not in required:
        return ""
    if not given or "properties" in members[only]:
        return ""
    return "" if any(meant_by(key, members) for key in given) else only


def _instead(
    pointer: str, key: str, given: Mapping[str, Json], schema: Mapping[str, Any], family: Mapping[str, Any]
) -> str:
    """What this kind has in place of the key, or which other kinds have it; with a blank after it, or nothing."""
    if told := schema.get("x-instead", {}).get(key):
        return f"{told} "
    members = schema.get("properties", {})
    inner = [name for name, one in members.items() if key in _members(one)]
    if inner:
        return f"It stands below {' or '.join(map(repr, sorted(inner)))}. "
    free = [one for one in members if one not in given]
    wanted = [one for one in schema.get("required", ()) if one not in given]
    meant = meant_by(key, free, wanted)
    others = "" if pointer else _of_others(key, family)
    near = f"Did you mean '{meant}'? " if meant else _deeper(key, members)
    return f"{near or ('' if others else key_meant(key, members, wanted))}{others}"


def _of_others(key: str, family: Mapping[str, Any]) -> str:
    """Which other kinds of the family have the key."""
    branches = family.get("allOf", ())
    kinds = [one["then"]["properties"]["type"]["const"] for one in branches if key in one["then"]["properties"]]
    article = "An" if str(family.get("title", ""))[:1] in "aeiou" else "A"
    return f"{article} {family['title']} of the type {' or '.join(kinds)} has that key. " if kinds else ""


def _deeper(key: str, members: Mapping[str, Any]) -> str:
    """What is called so by others and stands one level down: page_size is the limit of the pagination."""
    for name, one in members.items():
        meant = meant_by(key, _members(one))
        if meant and meant != "type":
            return f"Did you mean '{meant}' below '{name}'? "
    return ""


def _members(schema: Any) -> set[str]:
    """The keys of an object, of whatever kind it is."""
    if not isinstance(schema, Mapping):
        return set()
    own = set(schema.get("properties", {}))
    inner = [schema.get(one) for one in ("then", "if")] + list(schema.get("allOf", ()))
    return own.union(*(_members(one) for one in inner if one)) - {"type"}
