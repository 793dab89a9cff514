"""Numbers exactly as they are written: a double where it says the same, a Decimal where a double would round.

``12.10`` is the double 12.1, as ever. ``0.1000000000000000055`` is no double: the nearest one is 0.1, and what was
read would be written as something else. Such a number is a Decimal from the parser to the wire.
"""

from __future__ import annotations

import math
import secrets
from decimal import Decimal, InvalidOperation, localcontext
from typing import Final, TypeAlias

Number: TypeAlias = int | float | Decimal
"""For isinstance, too. A boolean is an int to Python: ask for it first."""

LARGEST_EXPONENT = 6144
"""That of decimal128. What a few letters such as 1e999999999 would unfold to fits into no memory."""
LONGEST = 4300
"""Digits; as many as Python takes for an integer."""

_SURE = 16
"""Characters: without an exponent at most 15 digits beside the point, and a double keeps each of those."""


class NotExact(ValueError):
    """A number that is kept in no form: too large, too small, or too long."""


def exactly(text: str) -> float | Decimal:
    """The number of a text with a fraction or an exponent; Python's own writing of it says the same as the text.

    Raises:
        NotExact: too large, too small or too long.
        ValueError: the text is no number.
    """
    if len(text) <= _SURE and "e" not in text and "E" not in text:
        return float(text)
    found = float(text)
    return found if repr(found) == text else _or_double(_decimal(text), found)


def fitted(value: Decimal) -> float | Decimal:
    """The same number as a double, if it is one.

    Raises:
        NotExact: too large, too small or too long.
    """
    _check(value)
    return _or_double(value, float(value))


def exact_sum(values: list[Number]) -> Number:
    """Of numbers of which one at least is a Decimal: as one adds on paper, to the last digit.

    Raises:
        NotExact: too large.
    """
    with localcontext() as context:
        context.prec = 3 * (LARGEST_EXPONENT + LONGEST)
        return fitted(sum((_as_written(one) for one in values), Decimal(0)))


def marked(value: object) -> str:
    """What stands for a Decimal while JSON is written; for the ``default`` of an encoder. See ``unmarked``.

    Raises:
        TypeError: it is no Decimal, or none that JSON has a form for.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        raise TypeError(type(value).__name__)
    return f"{_MARK}{value}{_MARK}"


def unmarked(text: str) -> str:
    """Written JSON with the numbers in the places of what stands for them."""
    return text.replace(f'"{_MARK}', "").replace(f'{_MARK}"', "") if _MARK in text else text


def _or_double(value: Decimal, double: float) -> float | Decimal:
    return double if math.isfinite(double) and Decimal(repr(double)) == value else value


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:  # an exponent that not even a Decimal has
        raise NotExact("a number is too large or too small") from None
    _check(value)
    return value


def _check(value: Decimal) -> None:
    if value and abs(value.adjusted()) > LARGEST_EXPONENT:
        raise NotExact("a number is too large" if value.adjusted() > 0 else "a number is too small")
    if len(value.as_tuple().digits) > LONGEST:
        raise NotExact("a number is too long")


def _as_written(value: Number) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


_MARK: Final = f"number-{secrets.token_hex(16)}-"
"""The encoder that is quick writes texts and doubles only; nobody outside of this process can write this text."""
