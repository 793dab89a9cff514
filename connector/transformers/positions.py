"""Where an expression writes a part of what it builds: only to tell of a fault, and without running it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jmespath.exceptions import JMESPathError
from jmespath.lexer import Lexer
from msgspec import Struct

_OPENING = frozenset({"lbrace", "lbracket", "lparen", "filter"})
_CLOSING = frozenset({"rbrace", "rbracket", "rparen"})
_NAMES = frozenset({"unquoted_identifier", "quoted_identifier"})
Tokens = Sequence[Mapping[str, Any]]


class Spot(Struct, frozen=True):
    """The nearest place of a part.

    Attributes:
        depth: how many names of the way to it the expression writes.
        offset: characters into the text, of the last of these names; 0 when there is none.
        opaque: what is there comes from the record: it may hold the rest of the way, or not.
    """

    depth: int
    offset: int
    opaque: bool


def spot_of(text: str, way: Sequence[str]) -> Spot:
    """Follow names through the ``{name: …}`` that an expression ends with, such as ``payload``, ``fields``."""
    try:
        tokens: Tokens = [one for one in Lexer().tokenize(text) if one["type"] != "eof"]
    except JMESPathError:
        return Spot(0, 0, opaque=True)
    offset = 0
    for depth, name in enumerate(way):
        members = _members(tokens)
        if members is None or name not in members:
            return Spot(depth, offset, members is None)
        offset, tokens = members[name]
    return Spot(len(way), offset, _members(tokens) is None)


def _members(tokens: Tokens) -> dict[str, tuple[int, Tokens]] | None:
    """By name, where it stands and the tokens of its value; None when it is not ``{…}`` that the tokens end with."""
    body = _last_braces(_only_entry(_split(tokens, "pipe")[-1]))
    if body is None:
        return None
    found: dict[str, tuple[int, Tokens]] = {}
    for member in _split(body, "comma"):
        if len(member) > 2 and member[0]["type"] in _NAMES and member[1]["type"] == "colon":
            found[str(member[0]["value"])] = (int(member[0]["start"]), member[2:])
    return found


def _only_entry(tokens: Tokens) -> Tokens:
    """What stands in the brackets of a list of one, such as a list of messages."""
    if len(tokens) > 2 and tokens[0]["type"] == "lbracket" and _opening_of_last(tokens) == 0:
        entries = _split(tokens[1:-1], "comma")
        return entries[0] if len(entries) == 1 else tokens
    return tokens


def _last_braces(tokens: Tokens) -> Tokens | None:
    if not tokens or tokens[-1]["type"] != "rbrace":
        return None
    return tokens[_opening_of_last(tokens) + 1 : -1]


def _opening_of_last(tokens: Tokens) -> int:
    """Where the bracket opens that the last token closes; -1 if it closes none."""
    level = 0
    for at in range(len(tokens) - 1, -1, -1):
        kind = tokens[at]["type"]
        level += (kind in _CLOSING) - (kind in _OPENING)
        if level == 0:
            return at if kind in _OPENING else -1
    return -1


def _split(tokens: Tokens, kind: str) -> list[Tokens]:
    """At each token of that kind that stands in no brackets."""
    parts: list[Tokens] = []
    level = start = 0
    for at, token in enumerate(tokens):
        level += (token["type"] in _OPENING) - (token["type"] in _CLOSING)
        if level == 0 and token["type"] == kind:
            parts.append(tokens[start:at])
            start = at + 1
    return [*parts, tokens[start:]]
