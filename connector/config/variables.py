"""``${NAME}`` in declarations: values from the environment or from files; secrets come in no other way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connector.config.project import Declaration
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.problem import Problem
from connector.core.secrets import Secret

_REFERENCE = re.compile(r"\$\{(?:file:(?P<file>[^}]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?)\}")
_ESCAPED = "$${"
_TRUE, _FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


def is_reference(text: Json) -> bool:
    """Whether a value is exactly one reference."""
    return isinstance(text, str) and _REFERENCE.fullmatch(text) is not None


def references(data: Json, pointer: str = "") -> Iterator[tuple[str, re.Match[str]]]:
    """Every reference with the pointer of the text that holds it."""
    if isinstance(data, str):
        plain = data.replace(_ESCAPED, "  {")
        yield from ((pointer, found) for found in _REFERENCE.finditer(plain))
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from references(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from references(value, f"{pointer}/{number}")


def unset(data: Json, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """References that have no value now: pointer, and what is missing in words."""
    for pointer, found in references(data):
        if _value(found, env) is None:
            shown = f"the file {found['file']}" if found["file"] else f"the variable {found['name']}"
            yield pointer, shown


def resolve(declaration: Declaration, schema: Mapping[str, Any], env: Mapping[str, str]) -> dict[str, Json]:
    """The declaration with all references replaced; secret fields hold a Secret.

    Args:
        declaration: valid by its schema.
        schema: of its family; tells which type and which secrecy a place has.
        env: the environment.

    Raises:
        ConfigError: something is not set or cannot be read; all of them at once, with their places.
    """
    missing = list(unset(declaration.data, env))
    if missing:
        problems = tuple(
            Problem("CFG130", f"{what} is not set", hint=_UNSET_HINT, place=declaration.place(pointer))
            for pointer, what in missing
        )
        names = ", ".join(dict.fromkeys(what for _, what in missing))
        raise ConfigError(f"{declaration.shown} needs {names}", hint=_UNSET_HINT, problems=problems)
    found: dict[str, Json] = _resolved(declaration.data, schema, env, declaration, "")
    return found


_UNSET_HINT = "Set it in the environment, or in a file for --env-file."


def _resolved(data: Json, schema: Mapping[str, Any], env: Mapping[str, str], owner: Declaration, pointer: str) -> Json:
    if isinstance(data, str):
        return _text(data, schema, env, owner, pointer)
    if isinstance(data, list):
        items = schema.get("items", {})
        return [_resolved(one, items, env, owner, f"{pointer}/{number}") for number, one in enumerate(data)]
    if isinstance(data, dict):
        chosen = chosen_schema(schema, data)
        return {
            key: _resolved(one, member_schema(chosen, key), env, owner, f"{pointer}/{key}") for key, one in data.items()
        }
    return data


def _text(text: str, schema: Mapping[str, Any], env: Mapping[str, str], owner: Declaration, pointer: str) -> Json:
    whole = _REFERENCE.fullmatch(text)
    if whole is not None:
        value = _value(whole, env) or ""
        if schema.get("x-secret"):
            return Secret(value)
        return _typed(value, schema, owner, pointer)
    kept = text.replace(_ESCAPED, "\x00")
    return _REFERENCE.sub(lambda found: _value(found, env) or "", kept).replace("\x00", "${")


def _typed(value: str, schema: Mapping[str, Any], owner: Declaration, pointer: str) -> Json:
    kind = schema.get("type")
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            return float(value)
    except ValueError:
        kind = f"a {'whole ' if kind == 'integer' else ''}number"
        raise _wrong(kind, owner, pointer) from None
    if kind == "boolean":
        if value.lower() not in _TRUE + _FALSE:
            raise _wrong("true or false", owner, pointer)
        return value.lower() in _TRUE
    return value


def _wrong(wanted: str, owner: Declaration, pointer: str) -> ConfigError:
    place = owner.place(pointer)
    return ConfigError(f"{place}: the variable at {pointer} must hold {wanted}")


def _value(found: re.Match[str], env: Mapping[str, str]) -> str | None:
    if found["file"]:
        return _from_file(Path(found["file"]))
    name = found["name"]
    if env.get(name):
        return env[name]
    if env.get(f"{name}_FILE"):
        return _from_file(Path(env[f"{name}_FILE"]))
    return found["default"]


def _from_file(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError):
        return None


def chosen_schema(schema: Mapping[str, Any], data: Mapping[str, Json]) -> Mapping[str, Any]:
    """The branch of a family's schema that ``type`` chooses; the schema itself when there is nothing to choose."""
    for branch in schema.get("allOf", ()):
        if branch.get("if", {}).get("properties", {}).get("type", {}).get("const") == data.get("type"):
            found: Mapping[str, Any] = branch["then"]
            return found
    return schema


def member_schema(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The schema of a member; of one that is not named, that of all others."""
    members = schema.get("properties", {})
    others = schema.get("additionalProperties")
    found: Mapping[str, Any] = members.get(key) or (others if isinstance(others, dict) else {})
    return found
