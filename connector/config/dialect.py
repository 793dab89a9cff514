"""JSON Schema as declarations use it: references stand for values, and ``x-secret``, ``x-literal``, ``x-format`` exist.

Built on the jsonschema library, which does the walking; nothing is ever fetched for a ``$ref``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from connector.config.formats import FORMATS, Format
from connector.config.references import inside, whole
from connector.config.sentences import findings
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.spec import NAME

_Keyword = Callable[[Any, Any, Any, Mapping[str, Any]], Iterable[ValidationError]]
_STANDARD: Mapping[str, _Keyword] = Draft202012Validator.VALIDATORS
_SCALARS = {"string", "number", "integer", "boolean", "null"}


class Dialect:
    """A validator, made once for many files. ``formats`` adds to the formats that config knows itself."""

    def __init__(self, formats: Mapping[str, Format] | None = None) -> None:
        keywords = {**_KEYWORDS, "x-format": _format_keyword({**FORMATS, **(formats or {})})}
        self._validator: Any = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]

    def findings(
        self, data: Json, schema: Mapping[str, Json], *, named: Mapping[str, str] | None = None
    ) -> Iterator[Finding]:
        """Everything in which a value violates a schema.

        Args:
            data: the value.
            schema: of its family.
            named: by pointer, what to call values that must not be quoted because they came from a variable.
        """
        for error in self._validator(schema, registry=Registry()).iter_errors(data):
            yield from findings(error, named or {}, schema)


def _unless_reference(keyword: _Keyword) -> _Keyword:
    """A text with a reference in it has its final form only when the reference is resolved."""

    def check(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
        return () if inside(instance) else keyword(validator, value, instance, schema) or ()

    return check


def _type(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    """A text that is one reference may become any scalar, but never a list or an object."""
    wanted = {value} if isinstance(value, str) else set(value)
    if whole(instance) is not None and wanted & _SCALARS:
        return ()
    return _STANDARD["type"](validator, value, instance, schema) or ()


def _pattern(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    """The name of a declaration decides how the project hangs together: it is written out."""
    if inside(instance):
        return _literal(validator, value == NAME["pattern"], instance, schema)
    return _STANDARD["pattern"](validator, value, instance, schema) or ()


def _literal(_validator: Any, value: Any, instance: Any, _schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    if value and inside(instance):
        yield ValidationError("", validator="x-literal")


def _branches(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    """``type`` chooses the branch, so it is written out; otherwise every branch would complain.

    As they would of what is no object at all, which the schema around them says once.
    """
    if not isinstance(instance, dict) and schema.get("type") == "object":
        return ()
    if isinstance(instance, dict) and inside(instance.get("type")) and any("if" in branch for branch in value):
        return [ValidationError("", validator="x-literal", path=("type",), instance=instance["type"])]
    if isinstance(instance, dict) and (others := _other_types(value, instance)):
        told = {"types": others, "keys": [key for key in instance if key != "type"]}
        return [
            ValidationError("", validator="x-types", validator_value=told, path=("type",), instance=instance["type"])
        ]
    return _STANDARD["allOf"](validator, value, instance, schema) or ()


def _other_types(branches: Any, instance: Mapping[str, Any]) -> list[str]:
    """The types that have all keys of an object whose own type lacks some and wants others: the type is the slip."""
    kinds = {one["then"]["properties"]["type"]["const"]: one["then"] for one in branches if "if" in one}
    own, keys = kinds.get(str(instance.get("type"))), set(instance)
    if own is None or keys <= own["properties"].keys() or keys >= set(own.get("required", ())):
        return []
    return [
        name
        for name, one in kinds.items()
        if keys <= one["properties"].keys() and keys >= set(one.get("required", ())) and len(keys) > 1
    ]


def _filled(_validator: Any, value: Any, instance: Any, _schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    """What a run fills in by ``{name}``, written as a variable of that name."""
    written = {str(one) for one in inside(instance)}
    yield from (
        ValidationError("", validator="x-filled", validator_value=name) for name in value if f"${{{name}}}" in written
    )


def _secret(_validator: Any, value: Any, instance: Any, _schema: Mapping[str, Any]) -> Iterable[ValidationError]:
    reference = whole(instance)
    if value and (reference is None or reference.default):
        yield ValidationError("", validator="x-secret")


def _format_keyword(formats: Mapping[str, Format]) -> _Keyword:
    def check(_validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterable[ValidationError]:
        if value not in formats or not isinstance(instance, str) or inside(instance):
            return
        if not instance and "minLength" in schema:  # that one says it already
            return
        fault = formats[value](instance)
        if fault is not None:
            yield ValidationError("", validator="x-format", validator_value=fault)

    return check


_DEFERRED = ("enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")
_KEYWORDS: Mapping[str, _Keyword] = {
    **{name: _unless_reference(_STANDARD[name]) for name in _DEFERRED},
    "type": _type,
    "pattern": _pattern,
    "allOf": _branches,
    "x-filled": _filled,
    "x-literal": _literal,
    "x-secret": _secret,
}
