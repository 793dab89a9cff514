"""Field types that hold a number or a truth: integer, float, boolean. REST takes real JSON types only."""

from __future__ import annotations

import math

from connector.core.jsonio import Json, shown
from connector.core.numbers import Number, exactly
from connector.systems.ibexa.fields.codec import Codec, Context

LEAST, MOST = -(2**31), 2**31 - 1
"""Ibexa's column for integers and times has 32 bits: the database refuses any other (500), or cuts it off."""


def _integer(value: Json, context: Context) -> Json:
    number = _number(value, context)
    if number != int(number):
        raise context.refuse(value, "it wants a whole number")
    if not LEAST <= number <= MOST:
        hint = "A number with more digits, such as an EAN, goes into a text field (string) or a float."
        raise context.refuse(value, f"Ibexa keeps whole numbers from {LEAST} to {MOST}", hint)
    limits = context.definition.validators.get("IntegerValueValidator") or {}
    _within(int(number), limits.get("minIntegerValue"), limits.get("maxIntegerValue"), context)
    return int(number)


def _float(value: Json, context: Context) -> Json:
    found = _number(value, context)
    number: Number = float(found) if float(found) == found else found
    limits = context.definition.validators.get("FloatValueValidator") or {}
    _within(number, limits.get("minFloatValue"), limits.get("maxFloatValue"), context)
    return number


def _boolean(value: Json, context: Context) -> Json:
    known = {"true": True, "false": False, "1": True, "0": False}
    found = value if isinstance(value, bool) else known.get(str(value).lower())
    if found is None:
        raise context.refuse(value, "it wants true or false")
    return found


def _number(value: Json, context: Context) -> Number:
    """Never a guess: the server would turn a price of "abc" into 0 without a word."""
    if isinstance(value, bool) or not isinstance(value, str | Number):
        raise context.refuse(value, "it wants a number")
    number: Number
    if isinstance(value, str):
        text = value.strip()
        try:
            if "_" in text:  # Python's way to write a number, nobody's price
                raise ValueError
            number = int(text) if text.lstrip("+-").isdigit() else exactly(text)
        except ValueError:
            raise context.refuse(value, "it wants a number, with a point and without spaces") from None
    else:
        number = value
    try:
        finite = math.isfinite(number)
    except OverflowError:  # an integer beyond any float
        finite = False
    if not finite:
        raise context.refuse(shown(str(value), 40), "it wants a finite number, and not so large a one")
    return number


def _within(number: Number, least: Json, most: Json, context: Context) -> None:
    if isinstance(least, int | float) and not isinstance(least, bool) and number < least:
        raise context.refuse(number, f"at least {least} is allowed")
    if isinstance(most, int | float) and not isinstance(most, bool) and number > most:
        raise context.refuse(number, f"at most {most} is allowed")


def _close(desired: Json, current: Json) -> bool:
    if not isinstance(desired, Number) or not isinstance(current, Number):
        return desired is None and current is None
    return math.isclose(desired, current, rel_tol=1e-9, abs_tol=1e-9)


def _same_truth(desired: Json, current: Json) -> bool:
    return bool(desired) == bool(current)


NUMBERS = {
    "integer": Codec(_integer),
    "float": Codec(_float, equal=_close),
    "boolean": Codec(_boolean, empty=False, equal=_same_truth, is_nothing=lambda _: False),
}
