"""Strict JSON in and out, its canonical form and fingerprint; no JSON Schema, no files.

Strict means: no NaN or Infinity, no duplicate keys, no lone surrogates, bounded depth, integers and decimals kept
as they are (see numbers.py). The standard parser does none of that by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

from connector.core.numbers import NotExact, exactly, marked, unmarked

Json: TypeAlias = Any
"""A JSON value: dict, list, str, int, float, Decimal, bool or None. The one place where Any is allowed."""

MAX_DEPTH = 200
"""Nesting that no honest document has; the parser's own stack ends near 1,000."""


class JsonError(ValueError):
    """The text is not strict JSON, or the value cannot be written as such. Never quotes the text itself."""


def parse(data: bytes | str, *, max_depth: int = MAX_DEPTH, surrogates: bool = False) -> Json:
    """Parse UTF-8 JSON strictly. A byte order mark is tolerated.

    Args:
        data: the text.
        max_depth: of nesting.
        surrogates: let lone surrogates pass: a listing must not fail as a whole for one of its records, which is
            refused by ``canonical`` later.

    Raises:
        JsonError: with line and column where the parser knows them.
    """
    text = _decode(data)
    try:
        value = _READER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise JsonError(f"nested deeper than {max_depth} levels") from None
    except (JsonError, NotExact) as error:
        raise JsonError(str(error)) from None
    except ValueError as error:
        raise JsonError(f"a number is too long: {type(error).__name__}") from None
    if not surrogates and _SURROGATE.search(text):
        _refuse_surrogates(value)
    if _depth_may_exceed(text, max_depth):
        _refuse_depth(value, max_depth)
    return value


def dumps(value: Json) -> bytes:
    """Compact UTF-8 JSON for the wire, keys in the order given.

    Raises:
        JsonError: NaN, Infinity, lone surrogates, or something that is not JSON.
    """
    return _write(value, sort_keys=False)


def canonical(value: Json) -> bytes:
    """The one byte form of a value: keys sorted, no blanks, UTF-8. ``1`` and ``1.0`` stay different.

    Raises:
        JsonError: as dumps.
    """
    return _write(value, sort_keys=True)


def fingerprint(*values: Json) -> str:
    """A short digest (32 hex characters of BLAKE2b) over the canonical forms of the values.

    Raises:
        JsonError: as dumps.
    """
    return fingerprint_of(*map(canonical, values))


def fingerprint_of(*parts: bytes) -> str:
    """The same of canonical forms that are there already."""
    text = b"".join([len(part).to_bytes(8, "big") + part for part in parts])
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def merge(base: Json, over: Json) -> Json:
    """``over`` merged over ``base``: objects deep, lists and scalars replaced. Neither argument is changed."""
    if isinstance(base, dict) and isinstance(over, dict):
        merged = dict(base)
        for key, value in over.items():
            merged[key] = merge(base[key], value) if key in base else value
        return merged
    return over


def shown(value: Json, limit: int = 80) -> str:
    """A short text of a value for messages to people; cut at ``limit`` characters."""
    text = value if isinstance(value, str) else written(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def written(value: Json, *, indent: int | None = None, ascii_only: bool = False, compact: bool = False) -> str:
    """JSON for people, with all that strict JSON refuses: a foreign object is the text that it is."""
    separators = (",", ":") if compact else None
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators, default=_any_text)
    return unmarked(text)


def type_name(value: Json) -> str:
    """The JSON word for a value's type: object, array, string, number, boolean or null."""
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", type(None): "null"}
    names |= dict.fromkeys((int, float, Decimal), "number")
    return names.get(type(value), type(value).__name__)


def _decode(data: bytes | str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(f"not UTF-8 at byte {error.start}") from None


def _write(value: Json, *, sort_keys: bool) -> bytes:
    try:
        return unmarked((_SORTED if sort_keys else _AS_GIVEN).encode(value)).encode("utf-8")
    except UnicodeEncodeError:
        raise JsonError("a text holds a lone surrogate, which is no Unicode character") from None
    except RecursionError:
        raise JsonError("nested too deep") from None
    except (TypeError, ValueError):
        raise JsonError("holds something that JSON has no form for (NaN, Infinity or a foreign object)") from None


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise JsonError(f"the key {shown(twice, 40)!r} occurs twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not a JSON value")


def _any_text(value: object) -> str:
    try:
        return marked(value)
    except TypeError:
        return str(value)


def _refuse_surrogates(value: Json) -> None:
    for text in _texts(value):
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise JsonError("a text holds a lone surrogate, which is no Unicode character") from None


def _texts(value: Json) -> Iterable[str]:
    stack: list[Json] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _depth_may_exceed(text: str, max_depth: int) -> bool:
    return text.count("[") + text.count("{") > max_depth


def _refuse_depth(value: Json, max_depth: int) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(max_depth):
        if not level:
            return
        # Level by level, and by exact type as the parser gives no other: four times as fast as a walk.
        inside = [one for item in level for one in (item.values() if type(item) is dict else item)]
        level = [one for one in inside if type(one) is dict or type(one) is list]
    if level:
        raise JsonError(f"nested deeper than {max_depth} levels")


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""What a lone one is written as, among whole pairs; other escapes need no look at each text."""

# Made once: json's own functions make a new one for every call that is not all defaults.
_READER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=exactly)
_AS_GIVEN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=marked)
_SORTED = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True, default=marked)
