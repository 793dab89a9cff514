"""What was most likely meant by an expression that does not compile: a name with odd letters, a text, other quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from connector.core.jsonio import shown

QUOTES = "Texts stand in single quotes, numbers and null in backticks, odd names in double quotes."
_PROSE = re.compile(r"\w[\w ,;:!?%/+-]*(\. ?)?[\w!?]?")
"""Words and codes, without anything that only an expression has."""
_WORD = re.compile(r"\w+")
_SEVERAL = re.compile(r"(?<!['\"`\w])\w+(?:[ \t/-]+\w+)*[?%#!.]?(?!['\"`\w])")
"""A column's heading of several words."""
_CALLED = re.compile(r"\w+(?:[ \t-]+\w+)*[ \t]+\([^()'\"`,]*\)")
"""A heading with something in brackets: ``Price (NOK)``."""
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLOSED_BY = {"lparen": ")", "lbracket": "]", "filter": "]", "lbrace": "}"}
_CLOSING = {"rparen": ")", "rbracket": "]", "rbrace": "}"}
_TYPOGRAPHIC = {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00b4": "`"}


def quotes(text: str) -> str:
    """How to write a text, and an odd name."""
    return _as_text(text) if _PROSE.fullmatch(text) else QUOTES


def of_character(text: str, offset: int) -> str:
    """A hint about a character that JMESPath does not know; empty when it tells nothing."""
    found = text[offset : offset + 1]
    straight = _TYPOGRAPHIC.get(found)
    if straight is not None:
        return f"{found} is a typographic mark: write {straight} instead."
    if found == "+":
        return "Texts are joined by concat(a, b); there is no sign for it."
    word = text if _PROSE.fullmatch(text) else _around(text, offset)
    if not found.isalpha() or not word:
        return ""
    told = f"A name with {found} stands in double quotes: {as_name(word)}"
    return f"{told} {_as_text(word)}" if word == text else told


def of_names(text: str, offset: int, names: Collection[str]) -> str:
    """A hint when a name that needs quotes stands without them where an expression is at fault; else empty.

    Args:
        text: of the expression.
        offset: where it is at fault.
        names: those that the records have.
    """
    for name in sorted(names, key=len, reverse=True):
        if _NEEDS_NO_QUOTES.fullmatch(name):
            continue
        for found in re.finditer(rf"(?<!['\"\w]){re.escape(name)}(?!['\"\w])", text):
            if found.start() <= offset <= found.end():
                return f"The name of that field stands in double quotes: {as_name(name)}"
    return ""


def of_brackets(tokens: Iterable[Mapping[str, Any]], offset: int) -> str:
    """A hint when a bracket that is open is closed by another one, or not at all; else empty.

    Args:
        tokens: as the lexer gives them.
        offset: where the expression is at fault.
    """
    open_: list[str] = []
    for token in tokens:
        kind, at = token["type"], int(token["start"])
        if at == offset and open_ and kind in {*_CLOSING, "eof"} and _CLOSING.get(kind) != open_[-1]:
            wanted = open_[-1] if kind != "eof" else "".join(reversed(open_))
            return f"{wanted} is missing {'before it' if kind != 'eof' else 'at the end'}."
        if kind in _CLOSED_BY:
            open_.append(_CLOSED_BY[kind])
        elif open_ and kind in _CLOSING:
            open_.pop()
    return ""


def of_words(text: str, offset: int) -> str:
    """A hint when what stands around a fault is one name of several words, or with a sign in it; else empty."""
    for found in _SEVERAL.finditer(text):
        name = found[0]
        if found.start() <= offset <= found.end() and not _NEEDS_NO_QUOTES.fullmatch(name) and not name.isdigit():
            told = f"If that is one name, it stands in double quotes: {as_name(name)}"
            return f"{_as_text(name)} {told}" if name == text.strip() else told
    return ""


def of_call(text: str, offset: int) -> str:
    """The same for a call of a function that there is not, when a blank stands before the bracket."""
    found = next((one for one in _CALLED.finditer(text) if one.start() <= offset < one.end()), None)
    return f"If that is one name, it stands in double quotes: {as_name(found[0])}" if found else ""


def _around(text: str, offset: int) -> str:
    return next((one[0] for one in _WORD.finditer(text) if one.start() <= offset < one.end()), "")


def needs_quotes(name: str) -> bool:
    """Whether JMESPath takes the name of a field in double quotes only."""
    return not _NEEDS_NO_QUOTES.fullmatch(name)


def as_name(word: str) -> str:
    """How the name of a field is written with its quotes, as JMESPath and in JSON."""
    return f'"{shown(word, 60)}"; in JSON: \\"{shown(word, 60)}\\".'


def _as_text(text: str) -> str:
    return f"If the text itself is meant, write it in single quotes: '{shown(text, 60)}'."
