"""What one kind looks like in JSON: its fields with JSON Schema fragments, help, defaults, examples.

From it come the project's schemas, the reference pages and the check before a build. It validates nothing itself:
that is the business of the jsonschema library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct, field

from connector.core.jsonio import Json


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


class Field(Struct, frozen=True):
    """One key of a kind.

    Attributes:
        schema: a JSON Schema fragment, or a function that makes one (for nested families).
        help: one or two sentences for the reference and the editor.
        required: must be written.
        default: what holds when it is absent.
        example: shown in the reference.
        secret: must be exactly one ``${...}`` reference, never a literal; built as a Secret.
    """

    schema: Mapping[str, Json] | Callable[[], Mapping[str, Json]]
    help: str
    required: bool = False
    default: Json = MISSING
    example: Json = MISSING
    secret: bool = False

    def json_schema(self) -> dict[str, Json]:
        """The fragment with description, default, examples and, for secrets, the mark ``x-secret``."""
        found = dict(self.schema() if callable(self.schema) else self.schema)
        found.setdefault("description", self.help)
        if self.default is not MISSING:
            found["default"] = self.default
        if self.example is not MISSING:
            found["examples"] = [self.example]
        if self.secret:
            found["x-secret"] = True
        return found


class Spec(Struct, frozen=True):
    """One kind of a family.

    Attributes:
        type: the value of ``type`` that chooses it; empty for families with one kind only (routes).
        title: a few words.
        help: what it is for.
        fields: by key, in the order of the reference.
        rules: more of the schema.
        instead: keys that it does not have though somebody may look for them, and what to do about it.
    """

    type: str
    title: str
    help: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    rules: Mapping[str, Json] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)

    def json_schema(self, extra: Mapping[str, Field] | None = None) -> dict[str, Json]:
        """An object schema that refuses unknown keys. ``extra`` adds keys that every kind of the family has."""
        fields = {**(extra or {}), **self.fields}
        properties = {name: one.json_schema() for name, one in fields.items()}
        required = [name for name, one in fields.items() if one.required]
        if self.type:
            properties = {"type": {"const": self.type, "description": self.title}, **properties}
            required.insert(0, "type")
        schema = {"type": "object", "title": self.title, "description": self.help, "properties": properties}
        told = {"x-instead": dict(self.instead)} if self.instead else {}
        return {**schema, "required": required, "additionalProperties": False, **self.rules, **told}

    def defaults(self) -> dict[str, Json]:
        """The fields' defaults."""
        return {name: one.default for name, one in self.fields.items() if one.default is not MISSING}

    def filled(self, config: Mapping[str, Json]) -> dict[str, Json]:
        """The declaration with defaults filled in (top level only)."""
        return {**self.defaults(), **config}


TEXT: Final[Mapping[str, Json]] = {"type": "string", "minLength": 1}
BOOLEAN: Final[Mapping[str, Json]] = {"type": "boolean"}
COUNT: Final[Mapping[str, Json]] = {"type": "integer", "minimum": 1}
OBJECT: Final[Mapping[str, Json]] = {"type": "object"}
NAME: Final[Mapping[str, Json]] = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"}
DURATION: Final[Mapping[str, Json]] = {
    "type": "string",
    "x-format": "duration",
    "pattern": "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$",
}
SPAN: Final[Mapping[str, Json]] = {**DURATION, "x-format": "span"}
"""A duration that cannot be zero."""
HEADER: Final[Mapping[str, Json]] = {"type": "string", "minLength": 1, "x-format": "header"}
FILE: Final[Mapping[str, Json]] = {"type": "string", "minLength": 1, "pattern": "^[^\u0000]*$"}
"""No system has a file with a NUL in its name."""
HEADERS: Final[Mapping[str, Json]] = {
    "type": "object",
    "propertyNames": {"x-format": "header"},
    "additionalProperties": {"type": "string", "x-format": "header-value"},
}
SIZE: Final[Mapping[str, Json]] = {"type": "string", "x-format": "size", "pattern": "^[0-9]+(B|kB|KiB|MB|MiB|GB|GiB)?$"}
JMESPATH: Final[Mapping[str, Json]] = {"type": "string", "minLength": 1, "x-format": "jmespath"}
