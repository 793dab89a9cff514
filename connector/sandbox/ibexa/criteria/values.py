"""Criteria on what an item holds: dates, fields and full text, with their comparisons."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from connector.sandbox.ibexa import fields, inputs
from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test, wildcard
from connector.sandbox.ibexa.errors import bad_request, broken, refused
from connector.sandbox.ibexa.model import Content
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any


def _full_text(repository: Repository, value: Json) -> Test:
    words = collate(str(value or "")).split()
    if not words:
        raise broken("empty full text")

    def test(hit: Hit) -> bool:
        content_type = repository.types[hit.content.type_id]
        searchable = [each for each in content_type.fields if each.searchable]
        versions = hit.content.version.fields.values()
        text = " ".join(fields.text_of(each, values) for values in versions for each in searchable)
        known = collate(text).split()
        return all(any(wildcard(word, each.strip(".,;:!?()\"'")) for each in known) for word in words)

    return test


_SIGNS = ("IN", "EQ", "GT", "GTE", "LT", "LTE", "LIKE", "BETWEEN", "CONTAINS")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "GT": operator.gt,
    "GTE": operator.ge,
    "LT": operator.lt,
    "LTE": operator.le,
}


def _comparison(name: Json, value: Json) -> Callable[[Any], bool]:
    wanted = value if isinstance(value, list) else [value]
    sign = str(name).upper()
    if sign == "IN":
        return lambda actual: actual in wanted
    if sign == "BETWEEN":
        return lambda actual: wanted[0] <= actual <= wanted[-1]
    compare = _COMPARE.get(sign, _COMPARE["EQ"])
    return lambda actual: compare(actual, wanted[0])


def _check_sign(sign: Json, criterion: str) -> None:
    if str(sign).upper() not in _SIGNS:
        raise bad_request(f"Unexpected {criterion} operator. Expected one of: {', '.join(_SIGNS)}")


def _date(_repository: Repository, value: Json) -> Test:
    targets: dict[Json, Callable[[Content], float]] = {
        "modified": lambda content: content.modified,
        "published": lambda content: content.published,
        "created": lambda content: content.published,
    }
    target = str(value.get("Target")).lower() if isinstance(value, dict) else ""
    reader = targets.get(target)
    if reader is None and target != "trashed":
        raise bad_request("Invalid <Target> format")
    given = value.get("Value")
    if not (isinstance(given, list) or re.fullmatch(r"-?\d+", str(given))):
        raise bad_request("Invalid <Value> format")
    if value.get("Operator") is None:
        raise bad_request("Invalid <Operator> format")
    _check_sign(value["Operator"], "DateMetadata")
    if reader is None:
        raise broken("only what is in the trash has such a date")
    stamps = [inputs.whole(each) for each in (given if isinstance(given, list) else [given])]
    matches = _comparison(value["Operator"], stamps)
    return lambda hit: matches(int(reader(hit.content)))


def _field(repository: Repository, value: Json) -> Test:
    if not isinstance(value, dict) or not (value.get("name") and value.get("operator") and "value" in value):
        raise bad_request("<Field> format expects name, operator and value keys")
    name = value["name"]
    _check_sign(value["operator"], "Field")
    definitions = [each.definition(name) for each in repository.types.values()]
    if not any(each and each.searchable for each in definitions):
        raise refused("$criterion->target", f"No searchable Fields found for the provided Criterion target '{name}'.")
    wanted = value["value"]
    wanted = list(wanted.values()) if isinstance(wanted, dict) else wanted  # XML's way to a list of one
    sign = str(value["operator"]).upper()
    matches = _field_comparison(sign, wanted)
    whole = _field_comparison("EQ" if sign == "CONTAINS" else sign, wanted)

    def test(hit: Hit) -> bool:
        definition = repository.types[hit.content.type_id].definition(name)
        if definition is None or not definition.searchable:
            return False
        compare = whole if definition.type == "ezkeyword" else matches  # a keyword is found as a whole
        versions = hit.content.version.fields.values()
        return any(compare(_key(each)) for values in versions for each in fields.parts_of(definition, values))

    return test


def _key(value: Json) -> Any:  # a number or a text
    text = collate(str(value))
    try:
        return (0, float(text), "")
    except ValueError:
        return (1, 0.0, text)


def _field_comparison(sign: str, value: Json) -> Callable[[Any], bool]:
    if sign == "LIKE":
        return lambda actual: fnmatchcase(actual[2] or f"{actual[1]:g}", collate(str(value)).replace("%", "*"))
    if sign == "CONTAINS":
        return lambda actual: collate(str(value)) in (actual[2] or f"{actual[1]:g}")
    keys = [_key(each) for each in value] if isinstance(value, list) else _key(value)
    return _comparison(sign, keys)


READERS: dict[str, Reader] = {
    "FullTextCriterion": _full_text,
    "DateMetadataCriterion": _date,
    "Field": _field,
}
