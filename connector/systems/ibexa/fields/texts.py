"""Field types that hold a text: string, text block, e-mail, URL."""

from __future__ import annotations

import re

from connector.core.jsonio import Json, type_name
from connector.core.numbers import Number
from connector.systems.ibexa.fields.codec import Codec, Context

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_WORDS = "|".join(map(r"\s*".join, ("javascript", "vbscript", "data")))
_SCRIPT = re.compile(rf"[\x00-\x20]*({_WORDS})\s*:", re.IGNORECASE)
"""Browsers pass over tabs and line ends within the word."""


def text_of(value: Json, context: Context) -> str:
    """A text from a text, number or boolean.

    Raises:
        RecordError: another type, a NUL, or a lone surrogate.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | Number):
        raise context.refuse(value, f"it wants a text, not {type_name(value)}")
    text = str(value)
    if "\x00" in text:
        raise context.refuse("…", "the text holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise context.refuse("…", "the text holds a lone surrogate, which is no Unicode character") from None
    return text


def _line(value: Json, context: Context) -> Json:
    text = text_of(value, context)
    limits = context.definition.validators.get("StringLengthValidator") or {}
    longest, shortest = limits.get("maxStringLength"), limits.get("minStringLength")
    if isinstance(longest, int) and longest and len(text) > longest:
        raise context.refuse(text, f"it is {len(text)} characters long, at most {longest} are allowed")
    if isinstance(shortest, int) and shortest and len(text) < shortest:
        raise context.refuse(text, f"it has {len(text)} characters, at least {shortest} are needed")
    return text


def _block(value: Json, context: Context) -> Json:
    return text_of(value, context)


def _same_line(desired: Json, current: Json) -> bool:
    """What is nothing but blanks Ibexa takes for empty, and keeps as nothing in a new item."""
    return _or_nothing(desired) == _or_nothing(current)


def _or_nothing(value: Json) -> str:
    text = str(value or "")
    return text if text.strip() else ""


def _blank(value: Json) -> bool:
    """As PHP's trim has it, which leaves blanks beyond ASCII."""
    return value is None or not str(value).strip(" \t\n\r\0\x0b")


def _same_block(desired: Json, current: Json) -> bool:
    """Line ends differ between systems, not between texts."""
    return _normal(_or_nothing(desired)) == _normal(_or_nothing(current))


def _normal(value: Json) -> str:
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n")


def _email(value: Json, context: Context) -> Json:
    text = text_of(value, context).strip()
    if not is_email(text):
        raise context.refuse(text, "it is no e-mail address")
    return text


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address, as far as that is the same for every server."""
    return _EMAIL.fullmatch(text) is not None


def _url(value: Json, context: Context) -> Json:
    if isinstance(value, dict):
        if not {"link", "url"} & value.keys():
            raise context.refuse(value, "a URL needs `link`")
        link = value.get("url") if value.get("link") in (None, "") else value["link"]
        text = value.get("text")
        if link in (None, ""):
            return None  # nothing is said of it, as with a picture
        return {"link": _address(link, context), "text": None if text is None else text_of(text, context)}
    return {"link": _address(value, context), "text": None}


def _address(value: Json, context: Context) -> str:
    if isinstance(value, bool):
        raise context.refuse(value, "it wants a text, not boolean")
    text = text_of(value, context)
    if _SCRIPT.match(text):
        raise context.refuse(text, "an address that a browser would carry out is not written")
    return text


def _same_url(desired: Json, current: Json) -> bool:
    if not isinstance(desired, dict) or not isinstance(current, dict):
        return bool(desired == current)
    ours = (desired.get("link"), desired.get("text") or None)
    return bool(ours == (current.get("link"), current.get("text") or None))


TEXTS = {
    "string": Codec(_line, empty="", equal=_same_line, is_nothing=_blank),
    "text": Codec(_block, empty="", equal=_same_block, is_nothing=_blank),
    "email": Codec(_email, empty=""),
    "url": Codec(_url, equal=_same_url),
}
