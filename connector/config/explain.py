"""Every key that is in effect in a declaration, with what may be shown of its value and where that comes from.

Secrets stay the references that they are. Nothing is resolved for use here: see variables.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from connector.config.declaration import Declaration
from connector.config.pointer import below
from connector.config.project import Project
from connector.config.references import Reference, filled, inside, texts, whole
from connector.config.secrecy import is_password, is_secret_parameter, is_secret_variable
from connector.core.jsonio import Json
from connector.core.secrets import MASK, Redactor

_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")


class Effective(Struct, frozen=True):
    """One key that holds.

    Attributes:
        key: dotted, e.g. ``retry.max_attempts``; quoted where a part itself has a dot.
        pointer: in the declaration; of a default, that of the nearest thing that is written.
        value: as written, references included; or the default.
        written: False for a default.
        secret: the schema, or its name, says that it is one.
    """

    key: str
    pointer: str
    value: Json
    written: bool
    secret: bool = False

    @property
    def shown(self) -> Json:
        """The value as written, as far as anybody may see it."""
        if not self.secret:
            return _without_user(self.value)
        reference = whole(self.value)
        return str(reference) if reference is not None else MASK


class Shown(Struct, frozen=True):
    """A key for people and scripts; ``origin`` is where its value comes from, ``at`` where it is written."""

    key: str
    value: Json
    origin: str
    at: str = ""

    def as_json(self) -> dict[str, Json]:
        """Without what is not there."""
        found = {"key": self.key, "value": self.value, "from": self.origin}
        return {**found, "at": self.at} if self.at else found


class Surroundings:
    """What variables stand for here: those that may be shown, and those that may not.

    Args:
        project: its secret fields tell which variables hold secrets.
        schemas: of the families.
        env: the environment.
        told: by variable, where its value was set; the others come from the environment.
    """

    def __init__(
        self,
        project: Project,
        schemas: Mapping[str, Mapping[str, Any]],
        env: Mapping[str, str],
        told: Mapping[str, str] | None = None,
    ) -> None:
        self.root = project.root
        self.schemas = schemas
        self.env = env
        self._told = told or {}
        self._hidden: set[str] = set()
        self._secrets = Redactor()  # a secret may also stand in another variable
        for declaration in project.declarations():
            self._find_secrets(declaration)

    def keys(self, declaration: Declaration) -> list[Shown]:
        """Every key in effect of a declaration."""
        return [self._shown(declaration, one) for one in effective(declaration.data, self.schemas[declaration.family])]

    def text(self, text: str) -> str:
        """A text with its references filled in, but those that are not set, secret, or read from a file."""
        if any(one.file for one in inside(text)):
            return text
        found = str(_without_user(filled(text, self.standing_in(text), self.root)))
        return self._secrets.clean(found) if found != text else found

    def standing_in(self, data: Json) -> dict[str, str]:
        """An environment in which variables that must not be shown, or are not set, stand for their own reference."""
        return {**self.env, **{one.name: str(one) for one in self._left(_references(data))}}

    def lacking(self, data: Json) -> list[str]:
        """The references in a value that stand for nothing now, each once."""
        return [str(one) for one in _references(data) if one.value(self.env, self.root) is None]

    def _left(self, found: list[Reference]) -> Iterator[Reference]:
        for one in found:
            if one.file:
                continue
            if self._is_hidden(one.name) or self.env.get(f"{one.name}_FILE") or one.value(self.env, self.root) is None:
                yield one

    def _is_hidden(self, name: str) -> bool:
        return name in self._hidden or is_secret_variable(name)

    def _shown(self, declaration: Declaration, one: Effective) -> Shown:
        if not one.written:
            return Shown(one.key, one.shown, "default")
        place = declaration.place(one.pointer)
        at = f"{place.file}:{place.line}"
        found = _references(one.value)
        if not found:
            return Shown(one.key, one.shown, at)
        value = one.shown if one.secret else self._filled(one.value)
        return Shown(one.key, value, ", ".join(f"{reference} ({self._state(reference)})" for reference in found), at)

    def _filled(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        return {key: self._filled(one) for key, one in value.items()} if isinstance(value, dict) else value

    def _state(self, reference: Reference) -> str:
        if reference.file:
            return "not set" if reference.value(self.env, self.root) is None else "read from the file"
        if self.env.get(reference.name):
            return f"set in {self._told.get(reference.name, 'the environment')}"
        if self.env.get(f"{reference.name}_FILE"):
            there = reference.value(self.env, self.root) is not None
            return f"{'read from' if there else 'not set:'} the file that {reference.name}_FILE names"
        return "not set" if reference.default is None else "default"

    def _find_secrets(self, declaration: Declaration) -> None:
        for one in effective(declaration.data, self.schemas[declaration.family]):
            if one.secret:
                for reference in _references(one.value):
                    self._hidden.add(reference.name)
                    self._secrets.add(reference.value(self.env, self.root) or "")


def effective(data: Json, schema: Mapping[str, Any]) -> list[Effective]:
    """All keys that are written, in their order, and then those that hold by default.

    Args:
        data: the declaration as written.
        schema: of its family; ``properties.*.default`` tells the defaults, at every depth.
    """
    return list(_members(data, schema, _Place("", ""), written=True)) if isinstance(data, dict) else []


def branch(schema: Mapping[str, Any], data: Mapping[str, Json]) -> Mapping[str, Any]:
    """The schema that ``type`` chooses; the schema itself when there is nothing to choose."""
    for one in schema.get("allOf", ()):
        if one.get("if", {}).get("properties", {}).get("type", {}).get("const") == data.get("type"):
            found: Mapping[str, Any] = one["then"]
            return found
    return schema


class _Place(Struct, frozen=True):
    """Where the walk is; ``sent``: inside of headers or query parameters; ``way``: keys, from a payload on."""

    path: str
    pointer: str
    sent: bool = False
    way: tuple[str, ...] = ()

    def member(self, name: str, *, written: bool) -> _Place:
        """One step down."""
        pointer = below(self.pointer, name) if written else self.pointer
        way = (*self.way, name) if self.way or name == "payload" else ()
        return _Place(_dotted(self.path, name), pointer, self.sent or name in ("headers", "query"), way)


def _members(data: Mapping[str, Json], schema: Mapping[str, Any], at: _Place, *, written: bool) -> Iterator[Effective]:
    chosen = branch(schema, data)
    known = chosen.get("properties", {})
    for name, value in data.items():
        member = known.get(name, chosen.get("additionalProperties"))
        inner = member if isinstance(member, dict) else {}
        secret = bool(inner.get("x-secret")) or (at.sent and is_secret_parameter(name))
        secret = secret or (at.path.endswith("auth") and name not in known)  # of a kind that is not known here
        member_at = at.member(name, written=written)
        secret = secret or (is_password(member_at.way) and not isinstance(value, dict))
        yield from _one(value, inner, member_at, written=written, secret=secret)
    for name, member in known.items():
        if name not in data and isinstance(member, dict) and "default" in member:
            yield from _one(member["default"], member, at.member(name, written=False), written=False)


def _one(
    value: Json, schema: Mapping[str, Any], at: _Place, *, written: bool, secret: bool = False
) -> Iterator[Effective]:
    inner = list(_members(value, schema, at, written=written)) if isinstance(value, dict) and not secret else []
    if inner:
        yield from inner
    else:
        yield Effective(at.path, at.pointer, value, written, secret)


def _dotted(path: str, name: str) -> str:
    plain = f'"{name}"' if "." in name or not name else name
    return f"{path}.{plain}" if path else plain


def _references(value: Json) -> list[Reference]:
    """All references in a value, each once."""
    return list(dict.fromkeys(one for _, text in texts(value) for one in inside(text)))


def _without_user(value: Json) -> Json:
    """An address without the user and password in it."""
    return _USER_IN_URL.sub(f"{MASK}@", value) if isinstance(value, str) else value
