"""From an answer to records: where they are, what their key is, and which of them cannot be taken."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, cast

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter
from msgspec import Struct

from connector.core.errors import SourceError
from connector.core.identity import is_nothing, parts_read
from connector.core.jsonio import Json, shown, type_name
from connector.core.model import TOO_LARGE, Record
from connector.core.numbers import Number
from connector.core.problem import Problem

LONGEST_KEY = 500
_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_WHOLE = 10**15
"""Below it a double holds every whole number, and no writer uses an exponent."""
_AS_WRITTEN = 8
"""A record takes at most so many bytes as JSON for each of the text that it was read from: 1e15 is the worst."""


class Selection(Struct, frozen=True):
    """Where records are in an answer (None: the answer is the list) and what their key is, as JMESPath."""

    records: str
    key: str
    max_record: int

    def records_in(self, body: Json, where: str) -> list[Json]:
        """The list of records.

        Raises:
            SourceError: there is no list at that place: that is not the same as an empty one.
        """
        found = _finder(self.records)(body)
        if isinstance(found, list):
            return found
        there = ", ".join(list(body)[:12]) if isinstance(body, dict) else type_name(body)
        what = "nothing" if found is None else type_name(found)
        raise SourceError(
            f"{where}: `{self.records}` finds {what} instead of a list of records",
            hint=f"The answer has: {shown(there, 200) or 'nothing'}. Correct `records` in the incoming.",
        )

    def name(self, data: Json) -> str:
        """12 hexadecimal characters that tell a record from others: of its key, or of all of it where it has none."""
        key = _finder(self.key)(data) if isinstance(data, dict) else None
        known = key if isinstance(key, str | Number) and not isinstance(key, bool) else data
        text = json.dumps(known, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    def listed(self, page: Iterable[Json], origin: str, *, of: int | None) -> list[Record]:
        """The records of a page; their place in it counts from 0."""
        return [self.record(data, f"{origin} [{at}]", of=of) for at, data in enumerate(page)]

    def record(self, data: Json, origin: str, *, of: int | None = None) -> Record:
        """One record; with a problem when it cannot be taken.

        Args:
            data: the record.
            origin: where it was read, for people.
            of: bytes of the page that it was read from: what is small altogether need not be measured one by one.
        """
        if not isinstance(data, dict):
            hint = "Records must be objects: correct `records` in the incoming."
            return _refused(data, "", origin, "REC110", f"the record is {type_name(data)}, not an object", hint)
        key = _finder(self.key)(data)
        if isinstance(key, str) and key and _reads_nothing(self.key)(data):
            message = f"all that the key (`{self.key}`) reads is empty, and {shown(key, 40)!r} alone names nothing"
            return _refused(data, "", origin, "REC111", message, "Correct the source, or `key` in the incoming.")
        if isinstance(key, Number) and not isinstance(key, bool):
            key = _written(key)
        if not isinstance(key, str) or not key.strip():
            what = "is empty" if key == "" or isinstance(key, str) else f"is {type_name(key)}"
            hint = "Correct the source, or `key` in the incoming."
            return _refused(data, "", origin, "REC111", f"the key (`{self.key}`) {what}", hint)
        if len(key) > LONGEST_KEY:
            message = f"the key has {len(key)} characters, at most {LONGEST_KEY} are taken"
            return _refused(data, "", origin, "REC112", message, "Choose a shorter key in the incoming.")
        if not key.isascii():
            key = key.encode("utf-8", "replace").decode("utf-8")
        small = of is not None and of * _AS_WRITTEN < self.max_record
        size = 0 if small else _size(data, self.max_record)
        if size > self.max_record:
            message = f"the record is larger than {self.max_record} bytes"
            hint = (
                "Raise max_record in the incoming (and rewind its cursor, if it has one), or leave the large field out."
            )
            return _refused(dict(TOO_LARGE), key, origin, "REC113", message, hint)
        return Record(data, key, origin)


def _written(key: Number) -> str:
    """A number as a key: JSON does not tell 1.0 from 1, nor do sources that write now the one, now the other."""
    whole = not isinstance(key, int) and -_WHOLE < key < _WHOLE and key == int(key)
    return str(int(key) if whole else key)


@cache
def _finder(path: str) -> Callable[[Json], Json]:
    """What an expression finds in a value, null if it fails; plain names are looked up without the interpreter."""
    if path == "@":
        return lambda data: data
    if _NAMES.fullmatch(path):
        names = tuple(path.split("."))
        return lambda data: _below(data, names)
    return lambda data: _search(path, data)


@cache
def _reads_nothing(path: str) -> Callable[[Json], bool]:
    """Whether all that a key of joined texts takes from a record is empty; never for any other key."""
    parts = [] if _NAMES.fullmatch(path) or path == "@" else parts_read(jmespath.compile(path).parsed)
    if not parts:
        return lambda _data: False
    tree = TreeInterpreter()
    return lambda data: all(is_nothing(tree.visit(cast("Any", one), data)) for one in parts)


def _below(data: Json, names: tuple[str, ...]) -> Json:
    for name in names:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def _search(path: str, data: Json) -> Json:
    try:
        return jmespath.search(path, data)
    except (JMESPathError, TypeError, RecursionError):
        return None


def _refused(data: Json, key: str, origin: str, code: str, *words: str) -> Record:
    message, hint = words
    return Record(data, key, origin, Problem(code, message, hint=hint, where=origin))


def _size(data: Json, limit: int) -> int:
    """Bytes as JSON; only counted when a rough look says that it may be over the limit."""
    if _rough(data) * 4 < limit:
        return 0
    return len(json.dumps(data, ensure_ascii=False, default=str).encode("utf-8", "replace"))


def _rough(data: Json) -> int:
    total = 0
    stack: list[Any] = [data]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, dict):
            total += 8 * len(one)
            stack.extend(one.values())
        elif isinstance(one, list):
            total += 8 * len(one)
            stack.extend(one)
        else:
            total += 8
    return total
