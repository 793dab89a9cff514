"""How far the way that a locator takes is there in an answer: null at its end is not the same as nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from typing import Any

import jmespath
from msgspec import Struct

from connector.core.jsonio import Json

_OTHERS = frozenset({"self", "first", "last", "prev", "previous", "current"})
"""Links beside which the one to the next page is left out on the last."""
_ALIKE = 0.82
"""A slip of the pen is nearer than this; next and prev, or next and sync, are further apart with Token behind them."""
_WRAPPERS = frozenset({"index_expression", "projection", "filter_projection", "flatten", "value_projection", "pipe"})


class Missed(Struct, frozen=True):
    """Where the way ended.

    Attributes:
        at: the part of it that is there, as names; empty: not even its first name is.
        has: the names that are there instead.
        meant: one of them that is nearly the same, and leads to something; empty: none.
    """

    at: tuple[str, ...]
    has: tuple[str, ...]
    meant: str = ""

    @property
    def ends_a_list_of_links(self) -> bool:
        """Whether other links are there, so that a missing one means the end."""
        return bool(self.at) and not _OTHERS.isdisjoint(self.has)


def missed(path: str, body: Json) -> Missed | None:
    """Where the names that a locator begins with end; None: all are there, be it with null."""
    names, _ = leading(path)
    here = body
    for at, name in enumerate(names):
        if not isinstance(here, dict):
            return None if here is None and at else Missed(names[:at], ())
        if name not in here:
            return Missed(names[:at], tuple(here), _meant(name, here, names[at + 1 :]))
        here = here[name]
    return None


def missed_header(name: str, headers: Mapping[str, str]) -> Missed | None:
    """The same of a header, whose names are in lower case."""
    wanted = name.lower()
    return None if wanted in headers else Missed((), tuple(headers), _meant(wanted, headers, ()))


def _meant(name: str, here: Mapping[str, Json], rest: tuple[str, ...]) -> str:
    alike = {one: _likeness(name, one) for one in here}
    found = [one for one, likeness in alike.items() if likeness >= _ALIKE and _leads_on(here[one], rest)]
    return max(found, key=lambda one: alike[one], default="")


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _letters(one), _letters(other)).ratio()


def _letters(name: str) -> str:
    return "".join(one for one in name if one.isalnum()).lower()


def _leads_on(value: Json, rest: tuple[str, ...]) -> bool:
    """Whether something stands there that a next page can be asked for by: an empty one, or an object, says nothing."""
    for name in rest:
        value = value.get(name) if isinstance(value, dict) else None
    return value is True or (type(value) is int and value > 0) or (isinstance(value, str) and bool(value))


@cache
def leading(path: str) -> tuple[tuple[str, ...], bool]:
    """The names that an expression begins with, and whether there is nothing else in it."""
    return _names(jmespath.compile(path).parsed) if path else ((), True)


def _names(node: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    kind, children = node["type"], node.get("children", [])
    if kind == "field":
        return (node["value"],), True
    if kind == "current":
        return (), True
    if kind == "subexpression":
        found: tuple[str, ...] = ()
        for one in children:
            names, plain = _names(one)
            found += names
            if not plain:
                return found, False
        return found, True
    return (_names(children[0])[0] if kind in _WRAPPERS else ()), False
