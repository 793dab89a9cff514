"""Text, e-mail, links and keywords."""

from __future__ import annotations

import re
from typing import Any

from connector.sandbox.ibexa.errors import PhpError, broken, refused
from connector.sandbox.ibexa.field_types.base import FieldContext, FieldKind, Problem, wrong_type

Json = Any
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _string(value: Json, _context: FieldContext) -> Json:
    if isinstance(value, (list, dict)):
        raise broken("a line of text cannot be a list or an object")
    if isinstance(value, bool):
        return "1" if value else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value in {None, ""} else str(value)


def _blank(value: Json) -> bool:
    return value is None or not str(value).strip()


def _length(value: Json, context: FieldContext) -> list[Problem]:
    rule = context.definition.validators.get("StringLengthValidator") or {}
    most, least = rule.get("maxStringLength"), rule.get("minStringLength")
    if most and len(value) > most:
        return [("text", f"The string can not exceed {most} characters.")]
    if least and len(value) < least:
        return [("text", f"The string cannot be shorter than {least} characters.")]
    return []


def _text(value: Json, _context: FieldContext) -> Json:
    if value is not None and not isinstance(value, str):
        raise wrong_type("text", "string", value)
    return value or None


def _email(value: Json, _context: FieldContext) -> Json:
    if value is not None and not isinstance(value, str):
        raise wrong_type("email", "string", value)
    return value or None


def _email_check(value: Json, _context: FieldContext) -> list[Problem]:
    return [] if _EMAIL.fullmatch(value) else [("email", "The value must be a valid email address.")]


def _url(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise PhpError
    link, text = value.get("link"), value.get("text")
    if link is not None and not isinstance(link, str):
        raise wrong_type("link", "string", link)
    return {"link": link, "text": text} if link else None


def _keywords(value: Json, _context: FieldContext) -> Json:
    if value is None:
        return []
    if not isinstance(value, (str, list)):
        raise refused("$value", "value must be of type 'string|string[]'")
    words = value.split(",") if isinstance(value, str) else [str(word) for word in value]
    return list(dict.fromkeys(word.strip() for word in words if word.strip()))


def _keyword_check(value: Json, _context: FieldContext) -> list[Problem]:
    told = "Keyword value must be less than or equal to 255 characters"
    return [("values", told) for word in value if len(word) > 255]


def _isbn(value: Json, _context: FieldContext) -> Json:
    if value is not None and not isinstance(value, str):
        raise wrong_type("isbn", "string", value)
    return value or None


def _isbn_check(value: Json, context: FieldContext) -> list[Problem]:
    digits = value.replace("-", "").replace(" ", "").upper()
    if context.definition.settings.get("isISBN13", True):
        fits = len(digits) == 13 and digits.isdigit() and digits[:3] in {"978", "979"}
        fits = fits and sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(digits)) % 10 == 0
        return [] if fits else [("isbn", "ISBN must be a valid ISBN-13 number")]
    numbers = [10 if each == "X" else int(each) for each in digits if each.isdigit() or each == "X"]
    fits = len(digits) == 10 == len(numbers) and sum(one * (10 - at) for at, one in enumerate(numbers)) % 11 == 0
    return [] if fits else [("isbn", "ISBN must be a valid ISBN-10 number")]


ISBN = FieldKind(_isbn, check=_isbn_check)
STRING = FieldKind(_string, check=_length, is_empty=_blank)
TEXT = FieldKind(_text, is_empty=_blank)
EMAIL = FieldKind(_email, check=_email_check)
URL = FieldKind(_url, text=lambda value: (value or {}).get("text") or (value or {}).get("link") or "")
KEYWORD = FieldKind(_keywords, empty=[], check=_keyword_check, text=", ".join)
