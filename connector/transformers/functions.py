"""Our functions for JMESPath, beside its own; each with a sentence and an example that a test runs.

All are pure: no clock, no network, no environment. ``null`` is "missing" everywhere.
"""

from __future__ import annotations

import hashlib
import html
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from connector.core.jsonio import Json, canonical, shown, type_name
from connector.core.numbers import Number, exactly
from connector.transformers.day_forms import WrongForm, checked, unread


class FunctionError(ValueError):
    """A function cannot do its work with these values; the text is for the person who wrote the mapping.

    Attributes:
        hint: what to do, where that is known.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Function(Struct, frozen=True):
    """One function: how many arguments it takes, what it does, and an example.

    Attributes:
        least, most: number of arguments; most None: any number.
        example: an expression without input, and what it yields.
    """

    name: str
    call: Callable[..., Json]
    least: int
    most: int | None
    help: str
    example: tuple[str, Json]


FUNCTIONS: dict[str, Function] = {}


def _function(least: int, most: int | None, help_: str, example: tuple[str, Json]) -> Callable[[Any], Any]:
    def register(call: Callable[..., Json]) -> Callable[..., Json]:
        name = call.__name__.rstrip("_")
        FUNCTIONS[name] = Function(name, call, least, most, help_, example)
        return call

    return register


def _text(value: Json, name: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Number):
        return str(value)
    raise FunctionError(f"{name}() wants a text, not {type_name(value)}")


# -- missing values ---------------------------------------------------------------------------------------------------


@_function(1, None, "The first of its arguments that is not null.", ("default(`null`, 'none')", "none"))
def default(*values: Json) -> Json:
    return next((value for value in values if value is not None), None)


@_function(2, 2, "The value; a failed task with your words when it is empty.", ("required('A', 'why')", "A"))
def required(value: Json, why: Json) -> Json:
    if value is None or value in ("", [], {}):
        raise FunctionError(_text(why, "required").strip() or "a value is required")
    return value


@_function(1, 1, "The first element of a list; null for an empty one.", ("first(['a', 'b'])", "a"))
def first(values: Json) -> Json:
    if values is None:
        return None
    if not isinstance(values, list):
        raise FunctionError(f"first() wants a list, not {type_name(values)}")
    return values[0] if values else None


# -- texts ------------------------------------------------------------------------------------------------------------


@_function(
    1,
    None,
    "All arguments as one text; null counts as empty.",
    ("concat('pim-', `4711`)", "pim-4711"),
)
def concat(*values: Json) -> Json:
    return "".join("" if value is None else _text(value, "concat") for value in values)


@_function(1, 1, "In lower case.", ("lower('Åse')", "åse"))
def lower(value: Json) -> Json:
    return None if value is None else _text(value, "lower").lower()


@_function(1, 1, "In upper case.", ("upper('Åse')", "ÅSE"))
def upper(value: Json) -> Json:
    return None if value is None else _text(value, "upper").upper()


@_function(1, 1, "Without white space at both ends.", ("trim('  a b ')", "a b"))
def trim(value: Json) -> Json:
    return None if value is None else _text(value, "trim").strip()


@_function(2, 2, "The parts of a text between separators.", ("split('a,b', ',')", ["a", "b"]))
def split(value: Json, separator: Json) -> Json:
    if value is None:
        return []
    by = _text(separator, "split")
    if not by:
        raise FunctionError("split() wants a separator")
    return _text(value, "split").split(by)


@_function(3, 3, "Every occurrence of one text replaced by another.", ("replace('1,5', ',', '.')", "1.5"))
def replace(value: Json, old: Json, new: Json) -> Json:
    return None if value is None else _text(value, "replace").replace(_text(old, "replace"), _text(new, "replace"))


@_function(2, 2, "At most so many characters (1 or more), ending in … if cut.", ("truncate('abcdef', `4`)", "abc…"))
def truncate(value: Json, length: Json) -> Json:
    if value is None:
        return None
    text, most = _text(value, "truncate"), _number(length, "truncate")
    if most < 1 or most != int(most):
        raise FunctionError(f"truncate() wants a whole number of characters, 1 or more, not {shown(str(most), 40)}")
    return text if len(text) <= most else text[: int(most) - 1] + "…"


_LETTERS = {"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe", "ı": "i"}


@_function(
    1,
    1,
    "A text for identifiers: ASCII, lower case, hyphens.",
    ("slug('Bord & Stol: Ærlig Økø')", "bord-stol-aerlig-oko"),
)
def slug(value: Json) -> Json:
    if value is None:
        return None
    text = "".join(_LETTERS.get(char, char) for char in _text(value, "slug").lower())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@_function(1, 1, "The text of a piece of HTML, entities resolved.", ("strip_html('<p>a &amp; <b>b</b></p>')", "a & b"))
def strip_html(value: Json) -> Json:
    if value is None:
        return None
    plain = re.sub(
        r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", _text(value, "strip_html"), flags=re.DOTALL | re.IGNORECASE
    )
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", plain))).strip()


@_function(
    1, 1, "16 hexadecimal characters that stay the same as long as the value does.", ("hash('a')", "ac8d8342bbb2362d")
)
def hash_(value: Json) -> Json:
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


# -- numbers ----------------------------------------------------------------------------------------------------------


@_function(
    1, 1, "A number from a text with a point; null from an empty one, else a failed task.", ("number('12.50')", 12.5)
)
def number(value: Json) -> Json:
    return None if value is None or value == "" else _number(value, "number")


_MOST_DECIMALS = 300
"""More than any number has that a double can hold."""


@_function(1, 2, "Rounded to so many decimals (0 if left out).", ("round(`2.345`, `2`)", 2.35))
def round_(value: Json, digits: Json = 0) -> Json:
    if value is None:
        return None
    decimals = float(_number(digits, "round"))
    if decimals != int(decimals) or abs(decimals) > _MOST_DECIMALS:
        raise FunctionError(f"round() wants a whole number of decimals, at most {_MOST_DECIMALS}")
    factor = 10 ** int(decimals)
    scaled = float(f"{float(_number(value, 'round')) * factor:.6f}")
    if not math.isfinite(scaled):  # so large that it has no such decimals
        return value
    found = math.floor(scaled + 0.5) / factor
    return int(found) if factor == 1 else found


def _number(value: Json, name: str) -> Number:
    if isinstance(value, bool) or not isinstance(value, str | Number):
        raise FunctionError(f"{name}() wants a number, not {type_name(value)}")
    try:
        text = str(value).strip()
        if "_" in text:  # which Python takes for a number
            raise ValueError(text)
        found = int(text) if re.fullmatch(r"[+-]?[0-9]{1,300}", text) else exactly(text)
    except ValueError:
        raise FunctionError(f"{name}() wants a number, not {shown(value, 40)!r}") from None
    if isinstance(found, float) and not math.isfinite(found):
        raise FunctionError(f"{name}() wants a finite number")
    return found


# -- dates ------------------------------------------------------------------------------------------------------------


@_function(
    1,
    2,
    "A day as YYYY-MM-DD, from ISO 8601 or by a format; null from an empty text.",
    ("parse_date('02.03.2026', '%d.%m.%Y')", "2026-03-02"),
)
def parse_date(value: Json, form: Json = None) -> Json:
    if value is None or value == "":
        return None
    text = _text(value, "parse_date").strip()
    try:
        if form is not None:
            return datetime.strptime(text, checked(_text(form, "parse_date"), reads=True)).date().isoformat()  # noqa: DTZ007 - a day has none
        if _WEEK.fullmatch(text):
            raise ValueError(text)  # which Python takes for its Monday
        return (date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text).date()).isoformat()
    except WrongForm as error:
        raise FunctionError(f"parse_date(): {error}", error.hint) from None
    except (ValueError, OverflowError, re.error):
        message, hint = unread(text, None if form is None else str(form))
        raise FunctionError(f"parse_date() cannot read {message}", hint) from None


@_function(
    2, 2, "A date or time in another form, by strftime.", ("format_date('2026-03-02', '%d.%m.%Y')", "02.03.2026")
)
def format_date(value: Json, form: Json) -> Json:
    if value is None:
        return None
    text = _text(value, "format_date").strip()
    try:
        return datetime.fromisoformat(text).strftime(checked(_text(form, "format_date"), reads=False))
    except WrongForm as error:
        raise FunctionError(f"format_date(): {error}", error.hint) from None
    except ValueError:
        raise FunctionError(f"format_date() cannot read {shown(text, 40)!r}; it wants ISO 8601") from None


_WEEK = re.compile(r"\d{4}-?W\d{2}")


# -- objects ----------------------------------------------------------------------------------------------------------


@_function(1, 1, "An object as a list of key and value.", ("items({a: 'x'})", [{"key": "a", "value": "x"}]))
def items(value: Json) -> Json:
    return [{"key": key, "value": one} for key, one in _object(value, "items").items()]


@_function(1, 1, "An object from a list of key and value.", ("from_items([{key: 'a', value: 'x'}])", {"a": "x"}))
def from_items(value: Json) -> Json:
    if not isinstance(value, list) or not all(isinstance(one, dict) and "key" in one for one in value):
        raise FunctionError("from_items() wants a list of objects with key and value")
    return {_text(one["key"], "from_items"): one.get("value") for one in value}


@_function(
    2,
    3,
    "What an object has under a computed key; else the third.",
    ("lookup({a: 'x'}, 'b', 'none')", "none"),
)
def lookup(value: Json, key: Json, otherwise: Json = None) -> Json:
    if value is None or key is None:
        return otherwise
    found = _object(value, "lookup").get(_text(key, "lookup"))
    return otherwise if found is None else found


def _object(value: Json, name: str) -> dict[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FunctionError(f"{name}() wants an object, not {type_name(value)}")
    return value
