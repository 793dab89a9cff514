"""Puts values in the place of references: typed as the field wants them, secret where it says so, and checked again.

Values come from the environment or from files; what was written in a file is never changed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.config.declaration import Declaration
from connector.config.dialect import Dialect
from connector.config.pointer import last
from connector.config.references import Reference, filled, inside, references, whole
from connector.config.run_values import not_a_variable
from connector.config.secrecy import is_secret_parameter, is_secret_variable
from connector.core.errors import ConfigError
from connector.core.jsonio import Json
from connector.core.problem import Finding, Problem
from connector.core.secrets import Secret

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_TRUE, _FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


def resolve(declaration: Declaration, schema: Mapping[str, Any], env: Mapping[str, str]) -> dict[str, Json]:
    """The declaration with all references replaced; secret fields hold a Secret.

    Args:
        declaration: valid by its schema.
        schema: of its family; tells which type and which secrecy a place has.
        env: the environment.

    Raises:
        ConfigError: something is not set, cannot be read, or does not fit its field; all at once, with their places.
    """
    unfit = [one for one in misfits(declaration, schema, env) if one.severity == "error"]
    found = [*unset(declaration, env)] or unfit
    if found:
        problems = tuple(
            Problem(one.code, one.message, one.hint, place=declaration.place(one.pointer.removesuffix("#")))
            for one in found
        )
        words = "; ".join(dict.fromkeys(one.message for one in found))
        raise ConfigError(f"{declaration.shown}: {words}", hint=found[0].hint, problems=problems)
    values: dict[str, Json] = _Filling(env, declaration.root, Secret).filled(declaration.data, schema)
    return values


def unset(declaration: Declaration, env: Mapping[str, str]) -> Iterator[Finding]:
    """References that stand for nothing now."""
    for pointer, reference in references(declaration.data):
        if reference.value(env, declaration.root) is None:
            meant = not_a_variable(declaration.family, declaration.data, pointer, reference.name)
            yield Finding(pointer, "CFG130", *(meant or reference.lack(env, declaration.root)))


def misfits(
    declaration: Declaration, schema: Mapping[str, Any], env: Mapping[str, str], dialect: Dialect | None = None
) -> Iterable[Finding]:
    """Values of variables that their fields do not take; the values themselves are not told."""
    named: dict[str, list[Reference]] = {}
    for pointer, reference in references(declaration.data):
        named.setdefault(pointer, []).append(reference)
    if not named:
        return ()
    values = _Filling(env, declaration.root, None).filled(declaration.data, schema)
    words = {
        pointer: f"the value of {' and '.join(map(str, found))} for '{last(pointer)}'"
        for pointer, found in named.items()
    }
    found = (dialect or Dialect()).findings(values, schema, named=words)
    told = {one.pointer for one in unset(declaration, env)}
    return [one for one in found if one.pointer in named and one.pointer not in told]


class _Filling(Struct, frozen=True):
    """Fills references in.

    Attributes:
        secret: what becomes of a secret's text; None: secrets stay the references that they are.
    """

    env: Mapping[str, str]
    root: Path
    secret: Callable[[str], Secret] | None

    def filled(self, data: Json, schema: Mapping[str, Any]) -> Json:
        """The value with its references replaced."""
        if isinstance(data, str):
            return self._text(data, schema)
        if isinstance(data, list):
            entries = schema.get("items")
            return [self.filled(one, entries if isinstance(entries, dict) else {}) for one in data]
        if isinstance(data, dict):
            chosen = _chosen(schema, data)
            self._remember(data)
            return {key: self.filled(one, _member(chosen, key)) for key, one in data.items()}
        return data

    def _remember(self, members: Mapping[str, Json]) -> None:
        """Values that are secret by their names only, a key in a query say: sent as they are, but known as secrets."""
        if self.secret is None:
            return
        for key, text in members.items():
            for one in inside(text) if key != "key" else ():
                value = one.value(self.env, self.root) or ""
                named = one.file or is_secret_parameter(key) or is_secret_variable(one.name)
                if named and value != str(one):  # where it is only shown, a reference stands for itself
                    self.secret(value)

    def _text(self, text: str, schema: Mapping[str, Any]) -> Json:
        reference = whole(text)
        if reference is None:
            return filled(text, self.env, self.root)
        if schema.get("x-secret") and self.secret is None:
            return text
        value = reference.value(self.env, self.root) or ""
        if schema.get("x-secret") and self.secret is not None:
            return self.secret(value)
        return _typed(value, schema.get("type", "string"))


def _typed(value: str, wanted: str | list[str]) -> Json:
    """The value as the first type that it can be; the text itself if it can be none: the schema will say so."""
    types = [wanted] if isinstance(wanted, str) else wanted
    if "string" in types:
        return value
    for kind in types:
        made = _CONVERSIONS[kind](value) if kind in _CONVERSIONS else None
        if made is not None:
            return made
    return value


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _number(text: str) -> float | int | None:
    if not _NUMBER.fullmatch(text):
        return None
    whole_number, number = _whole_number(text), float(text)
    if whole_number is not None:
        return whole_number
    return number if math.isfinite(number) else None


def _boolean(text: str) -> bool | None:
    return text.lower() in _TRUE if text.lower() in _TRUE + _FALSE else None


_CONVERSIONS: Mapping[str, Callable[[str], Json]] = {"integer": _whole_number, "number": _number, "boolean": _boolean}


def _chosen(schema: Mapping[str, Any], data: Mapping[str, Json]) -> Mapping[str, Any]:
    """The branch of a family's schema that ``type`` chooses; the schema itself when there is nothing to choose."""
    for branch in schema.get("allOf", ()):
        if branch.get("if", {}).get("properties", {}).get("type", {}).get("const") == data.get("type"):
            found: Mapping[str, Any] = branch["then"]
            return found
    return schema


def _member(schema: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The schema of a member; of one that is not named, that of all others."""
    found = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
    return found if isinstance(found, dict) else {}
