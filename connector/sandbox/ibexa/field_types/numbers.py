"""Whole numbers, decimals, yes or no, and points on a map."""

from __future__ import annotations

import re
from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken_in_database
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem, stored, wrong_type

Json = Any
_LEADING_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


_PHP_INT_MAX = 2**63 - 1
_LONGEST_ADDRESS = 150


def _integer(value: Json, _context: FieldContext) -> Json:
    if type(value) is int and not -_PHP_INT_MAX - 1 <= value <= _PHP_INT_MAX:
        value = float(value)  # as json_decode has it
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise wrong_type("value", "integer", value)
    return value if value is None else stored(value)


def _cast_integer(value: Json, _context: FieldContext) -> Json:
    """5.0: PHP's own cast, which makes a number of anything: the leading one of a text, 1 of what is not empty."""
    if value is None:
        return value
    if isinstance(value, (bool, list, dict)):
        return int(bool(value))
    return stored(int(_leading(value) if isinstance(value, str) else value))


def _leading(text: str) -> float:
    """PHP's cast: the leading number of a text, and 0 for a text without one."""
    found = _LEADING_NUMBER.match(text)
    return float(found.group()) if found else 0.0


def _float(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise wrong_type("value", "float", value)
    if isinstance(value, str):
        value = _leading(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _range(validator: str, least_key: str, most_key: str) -> Any:  # a check, see FieldKind
    def check(value: Json, context: FieldContext) -> list[Problem]:
        rule = context.definition.validators.get(validator) or {}
        most, least = rule.get(most_key), rule.get(least_key)
        if most is not None and value > most:
            return [("value", f"The value can not be higher than {most}.")]
        if least is not None and value < least:
            return [("value", f"The value can not be lower than {least}.")]
        return []

    return check


def _boolean(value: Json, _context: FieldContext) -> Json:
    if not isinstance(value, bool):
        raise wrong_type("bool", "boolean", value)
    return value


def _point(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    if not isinstance(value, dict) or not {"latitude", "longitude"} <= value.keys():
        raise PhpError
    for axis in ("latitude", "longitude"):
        if isinstance(value[axis], bool) or not isinstance(value[axis], (int, float)):
            raise wrong_type(axis, "float", value[axis])
    if len(str(value.get("address") or "")) > _LONGEST_ADDRESS:
        raise broken_in_database("too long for address")
    return {"latitude": value["latitude"], "longitude": value["longitude"], "address": value.get("address") or ""}


_INTEGER_RANGE = _range("IntegerValueValidator", "minIntegerValue", "maxIntegerValue")
INTEGER = FieldKind(_integer, check=_INTEGER_RANGE)
CAST_INTEGER = FieldKind(_cast_integer, check=_INTEGER_RANGE)
FLOAT = FieldKind(_float, check=_range("FloatValueValidator", "minFloatValue", "maxFloatValue"))
BOOLEAN = FieldKind(_boolean, empty=False, text=lambda value: "1" if value else "0", is_empty=lambda _: False)
MAP_LOCATION = FieldKind(_point, text=lambda value: (value or {}).get("address", ""))
