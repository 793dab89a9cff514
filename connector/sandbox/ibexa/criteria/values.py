"""Criteria on what an item holds: dates, fields and full text, with their comparisons."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from connector.sandbox.ibexa import fields, inputs, sort_keys
from connector.sandbox.ibexa.criteria.base import Hit, Reader, Test, like
from connector.sandbox.ibexa.errors import GENERIC, PhpError, RestError, bad_request, broken, refused
from connector.sandbox.ibexa.model import Content, FieldDefinition
from connector.sandbox.ibexa.repository import Repository, collate

Json = Any
Matches = Callable[[Any], bool]
_TOO_COMMON = 0.66
_WORD = re.compile(r"[^\w|*]+")


def _full_text(repository: Repository, value: Json) -> Test:
    """Any of the words will do, or the whole text as one; a word that two thirds of all items have is none."""
    text = collate(str(value or ""))
    if not text:
        raise broken("empty full text")
    known = _words(repository)
    most = int(len(repository.contents) * _TOO_COMMON)
    found: set[int] = set()
    for wanted in {*_WORD.split(text), text} - {""}:
        if "*" in {wanted[0], wanted[-1]}:
            start, end = ("", wanted[1:]) if wanted[0] == "*" else (wanted[:-1], "")
            words = [each for each in known if each.startswith(start) and each.endswith(end)]
        else:
            words = [wanted]
        for each in words:
            owners = known.get(each, set())
            found |= owners if len(owners) < most else set()
    return lambda hit: hit.content.id in found


def _words(repository: Repository) -> dict[str, set[int]]:
    """The published items by the words in their searchable fields, kept until the next write."""
    kept: dict[str, set[int]] | None = repository.derived.get("words")
    if kept is None:
        kept = repository.derived["words"] = {}
        for item in repository.contents.values():
            if item.status != "PUBLISHED":
                continue
            searchable = [each for each in repository.types[item.type_id].fields if each.searchable]
            for values in item.version.fields.values():
                for definition in searchable:
                    for word in _WORD.split(collate(fields.text_of(definition, values))):
                        kept.setdefault(word, set()).add(item.id)
    return kept


# what is wanted stands first: so a comparison is made without a function of our own for each item
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "GT": operator.lt,
    "GTE": operator.le,
    "LT": operator.gt,
    "LTE": operator.ge,
}
_OF_DATES = ("IN", *_COMPARE, "BETWEEN")
_OF_FIELDS = ("IN", *_COMPARE, "LIKE", "BETWEEN", "CONTAINS")
_OF_LISTS = {"IN", "BETWEEN"}


def _sign(given: Json, known: tuple[str, ...], criterion: str) -> str:
    sign = str(given).upper()
    if sign not in known:
        raise bad_request(f"Unexpected {criterion} operator. Expected one of: {', '.join(known)}")
    return sign


def _check_value(sign: str, value: Json) -> None:
    """500 for a list where one value belongs, and the other way round."""
    if isinstance(value, list) != (sign in _OF_LISTS) or (sign == "BETWEEN" and len(value) != 2) or value == []:
        raise broken("unsupported value")


def _comparison(sign: str, wanted: Json) -> Matches:
    if sign == "IN":
        return lambda actual: actual in wanted
    if sign == "BETWEEN":
        return lambda actual: wanted[0] <= actual <= wanted[1]
    return partial(_COMPARE[sign], wanted)


def _date(_repository: Repository, value: Json) -> Test:
    readers: dict[Json, Callable[[Content], float]] = {
        "modified": lambda content: content.modified,
        "published": lambda content: content.published,
        "created": lambda content: content.published,
    }
    target = str(value.get("Target")).lower() if isinstance(value, dict) else ""
    reader = readers.get(target)
    if reader is None and target != "trashed":
        raise bad_request("Invalid <Target> format")
    given = value.get("Value")
    if not (isinstance(given, list) or re.fullmatch(r"-?\d+", str(given))):
        raise bad_request("Invalid <Value> format")
    if value.get("Operator") is None:
        raise bad_request("Invalid <Operator> format")
    sign = _sign(value["Operator"], _OF_DATES, "DateMetadata")
    _check_value(sign, given)
    if reader is None:
        raise broken("only what is in the trash has such a date")
    matches = _comparison(sign, [inputs.whole(each) for each in given] if isinstance(given, list) else int(given))
    return lambda hit: matches(int(reader(hit.content)))


def _field(repository: Repository, value: Json) -> Test:
    if not isinstance(value, dict) or not (value.get("name") and value.get("operator") and "value" in value):
        raise bad_request("<Field> format expects name, operator and value keys")
    name, wanted = value["name"], value["value"]
    sign = _sign(value["operator"], _OF_FIELDS, "Field")
    wanted = list(wanted.values()) if isinstance(wanted, dict) else wanted  # XML's way to a list of one
    _check_value(sign, wanted)
    known = {number: each.definition(name) for number, each in repository.types.items()}
    searchable = {number: each for number, each in known.items() if each and each.searchable}
    if not searchable:
        raise refused("$criterion->target", f"No searchable Fields found for the provided Criterion target '{name}'.")
    tests = {
        number: (each, _matches(each, sign, wanted))
        for number, each in searchable.items()
        if each.type not in sort_keys.UNSORTED
    }
    if not tests:
        raise RestError(501, GENERIC)

    def test(hit: Hit) -> bool:
        found = tests.get(hit.content.type_id)
        if found is None:
            return False
        definition, matches = found
        values = hit.content.version.fields.get(hit.content.main_language, {})  # others are not looked into
        if definition.type == "ezkeyword":
            return any(matches(collate(each)) for each in fields.parts_of(definition, values))
        return matches(sort_keys.of(definition, values))

    return test


def _matches(definition: FieldDefinition, sign: str, wanted: Json) -> Matches:
    is_number = definition.type in sort_keys.NUMBERS
    if sign == "CONTAINS" and (is_number or definition.type in {"ezemail", "ezkeyword"}):
        sign = "EQ"  # a keyword is found as a whole, and so is what has no parts
    if sign == "LIKE" and is_number:
        sign = "EQ"
    if sign in {"LIKE", "CONTAINS"}:
        return _alike(definition, str(wanted), stars="*" if sign == "LIKE" else "")
    read = inputs.whole if is_number else _text
    return _comparison(sign, [read(each) for each in wanted] if isinstance(wanted, list) else read(wanted))


def _text(value: Json) -> str:
    if isinstance(value, (list, dict)):
        raise PhpError
    return collate(f"{value:.14g}" if isinstance(value, float) else str(value))


def _alike(definition: FieldDefinition, wanted: str, *, stars: str) -> Matches:
    """LIKE takes ``stars``; CONTAINS finds a part, which in a type that is a list is a whole entry."""
    separator = sort_keys.SEPARATORS.get(definition.type)
    if separator is not None:
        fits = like(wanted, stars)
        return lambda key: fits(key) or any(map(fits, key.split(separator)))
    if stars:
        return like(wanted, stars)
    part = collate(wanted)
    return lambda key: part in key


READERS: dict[str, Reader] = {
    "FullTextCriterion": _full_text,
    "DateMetadataCriterion": _date,
    "Field": _field,
}
