"""Secrets: a text that never shows itself, and the redactor that takes known secrets out of any other text."""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""Texts with fewer characters are not masked at all: they stand in every other word."""
LONG = 8
"""Texts from here on are masked wherever they stand, ordinary or not."""
NAMING = ("action", "entity", "operation", "type", "route", "client", "incoming", "outgoing", "transformer", "state")
"""Members of JSON whose value is a name that a declaration or this program gave, never a credential."""

_PERCENT = re.compile("%[0-9A-F]{2}")
_BEFORE = r"(?:(?<!\w)(?<!\w[./-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
_AFTER = r"(?!\w|[./-]\w)"
_NAMED = rf'(?P<named>"(?:{"|".join(NAMING)})":\s*")?'


class Secret:
    """A text whose repr and str are ``***``; only ``reveal`` gives it out. Making one registers it for redaction."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        redactor.add(text)

    def reveal(self) -> str:
        """The text itself: for the wire only."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


def is_ordinary(text: str) -> bool:
    """Whether a text may as well be a part of a name: short, letters only, and cased as words are."""
    cased = text in (text.lower(), text.upper(), text.capitalize())
    return SHORTEST <= len(text) < LONG and text.isalpha() and cased


class Redactor:
    """Replaces every known secret, also in its URL-, base64-, hex-, JSON- and HTML-encoded forms, by ``***``.

    A secret that is an ordinary word is left alone inside of longer names (``content_type.publish_draft``): there it is
    no secret, and a mask in a name that everybody knows would tell it. Its encoded forms are masked like any other.
    """

    def __init__(self) -> None:
        self._forms: tuple[str, ...] = ()
        self._words: dict[str, re.Pattern[str]] = {}
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Remember a secret. Texts under 4 characters are not: they would mask ordinary words."""
        if len(text) < SHORTEST:
            return
        with self._lock:
            forms = _forms(text)
            words = {word: _by_itself(word) for word in (text, text.strip()) if is_ordinary(word)}
            self._words = {**self._words, **words}
            self._forms = tuple(sorted({*self._forms, *(forms - words.keys())}, key=len, reverse=True))

    def add_pair(self, user: str, password: str) -> None:
        """Remember ``user:password`` as HTTP Basic writes it."""
        self.add(f"{user}:{password}")

    def clean(self, text: str) -> str:
        """The text with every known secret masked."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        for word, pattern in self._words.items():
            if word in text:
                text = pattern.sub(_masked, text)
        return text

    def clean_json(self, value: Any) -> Any:
        """The same in every text of a JSON value, keys included."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self.clean_json(one) for one in value]
        if isinstance(value, dict):
            return {self.clean(key): self._member(key, one) for key, one in value.items()}
        return value

    def _member(self, key: str, value: Any) -> Any:
        return value if key in NAMING and isinstance(value, str) and value in self._words else self.clean_json(value)


redactor = Redactor()
"""The process's one list of known secrets."""


class RedactingFilter(logging.Filter):
    """Masks secrets in log records, arguments and tracebacks included. Attach to handlers, not loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always lets it pass."""
        record.msg = redactor.clean(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = redactor.clean(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


def _by_itself(word: str) -> re.Pattern[str]:
    """Where a word stands by itself: letters, digits and ``_`` do not touch it, nor ``. / -`` with such behind them.

    The last letter of an escape, percent-encoded or with a backslash, counts as none.
    """
    return re.compile(rf"{_NAMED}{_BEFORE}{re.escape(word)}{_AFTER}")


def _masked(found: re.Match[str]) -> str:
    """A name stays; whatever else is a whole value, a word of a sentence or a part of an address does not."""
    named = found["named"] or ""
    return found[0] if named and found.string.startswith('"', found.end()) else named + MASK


def _forms(text: str) -> set[str]:
    """The ways in which servers, proxies and libraries write a text; each line of a longer one counts by itself."""
    whole = {text, text.strip()} | {line.strip() for line in text.splitlines() if len(line.strip()) >= 8}
    forms = {form for one in whole for form in (one, *_escaped(one), *_encoded(one))}
    return {form for form in forms if len(form) >= 4}


def _escaped(text: str) -> Iterator[str]:
    """As JSON (with and without non-ASCII characters and slashes escaped, as PHP does) and as HTML."""
    for ascii_only in (False, True):
        form = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield from (form, form.replace("/", "\\/"))
    marked = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield from (marked, marked.replace('"', "&quot;"))
    for apostrophe in ("&#x27;", "&#039;", "&#39;", "&apos;"):
        yield marked.replace('"', "&quot;").replace("'", apostrophe)


def _encoded(text: str) -> Iterator[str]:
    """For URLs, in base64 and in hex."""
    raw = text.encode("utf-8", "surrogatepass")
    for form in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield from (form, _PERCENT.sub(lambda found: found[0].lower(), form))
    yield from (raw.hex(), raw.hex().upper())
    codes = [base64.b64encode(raw).decode().rstrip("=")]
    if len(raw) >= 5:  # and in base64 of a longer text: the characters that come of this one alone, wherever it begins
        ends = [(offset, 8 * (offset + len(raw)) // 6) for offset in range(3)]
        codes += [base64.b64encode(b"\0" * at + raw).decode()[(0, 2, 3)[at] : end] for at, end in ends]
    for code in codes:
        yield from (code, code.replace("+", "-").replace("/", "_"), code.replace("/", "\\/"))
