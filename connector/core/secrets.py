"""Secrets: a text that never shows itself, and the redactor that takes known secrets out of any other text."""

from __future__ import annotations

import base64
import logging
import threading
from urllib.parse import quote, quote_plus

MASK = "***"


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


class Redactor:
    """Replaces every known secret, also in its URL-, base64- and JSON-encoded forms, by ``***``."""

    def __init__(self) -> None:
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        """Remember a secret. Texts under 4 characters are not: they would mask ordinary words."""
        if len(text) < 4:
            return
        with self._lock:
            forms = set(self._forms) | _forms(text)
            self._forms = tuple(sorted(forms, key=len, reverse=True))

    def add_pair(self, user: str, password: str) -> None:
        """Remember ``user:password`` as HTTP Basic writes it."""
        self.add(f"{user}:{password}")

    def clean(self, text: str) -> str:
        """The text with every known secret masked."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text


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


def _forms(text: str) -> set[str]:
    raw = text.encode("utf-8", "surrogatepass")
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    ascii_json = "".join(c if ord(c) < 128 else f"\\u{ord(c):04x}" for c in escaped)
    forms = {text, text.strip(), escaped, ascii_json, escaped.replace("/", "\\/"), raw.hex()}
    forms |= {quote(raw, safe=""), quote(raw), quote_plus(raw)}
    forms |= {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    forms |= {line for line in text.splitlines() if len(line.strip()) >= 8}
    return {form for form in forms if len(form) >= 4}
