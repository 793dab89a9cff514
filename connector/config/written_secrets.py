"""Secrets written out where the schema cannot mark them: in headers, query, body and payload, told by their names."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.pointer import below
from connector.config.references import inside
from connector.config.secrecy import is_password, is_secret_parameter
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.secrets import is_ordinary

_SENT = ("headers", "query", "body")
_CONTENT = ("payload", "find")
"""Below these, names are those of the target, not of a request; of them, only a password is told."""
_HINT = 'Write "${NAME}" for it, in a header also "Bearer ${NAME}", and set NAME in the environment.'
LITERAL_HINT = 'Declare "password": "${NAME}" in the outgoing and set NAME in the environment; or {"generate": true}.'
_FILLED_IN = "{cursor}"


def written_secrets(data: Json, pointer: str = "", *, sent: bool = False) -> Iterator[Finding]:
    """Literals under names that stand for secrets; a short word, which may be none, is a warning.

    Args:
        data: a declaration, or what is below the pointer.
        pointer: where it is.
        sent: whether that is inside of headers, query parameters or a body.
    """
    for name, value in data.items() if isinstance(data, dict) else ():
        place = below(pointer, name)
        if sent and is_secret_parameter(name):
            severities = {_severity(one) for one in (value if isinstance(value, list) else [value])} - {""}
            if severities:
                message = f"'{name}' is a secret by its name: it must come from outside, never stand in a file"
                yield Finding(place, "CFG116", message, _HINT, min(severities))
        elif name == "payload":
            yield from _passwords(value, place, ())
        elif name not in _CONTENT:
            yield from written_secrets(value, place, sent=sent or name in _SENT)


def literal_password(pointer: str, hint: str, offset: int | None = None) -> Finding:
    """The finding for a password that stands in a file."""
    message = "a password must come from outside, never stand in a file"
    return Finding(pointer, "CFG116", message, hint, offset=offset)


def _passwords(data: Json, pointer: str, way: tuple[str, ...]) -> Iterator[Finding]:
    """Those of a payload; a password may be a short word too, so there is no doubt as with a header."""
    for name, value in data.items() if isinstance(data, dict) else ():
        place, here = below(pointer, name), (*way, name)
        if not is_password(here):
            yield from _passwords(value, place, here)
        elif _severity(value):
            yield literal_password(place, LITERAL_HINT)
        elif isinstance(value, dict):  # {"value": "…"}, which is no form of it, and a secret all the same
            told = [inner for inner, one in value.items() if inner != "generate" and _severity(one)]
            yield from (literal_password(below(place, inner) + "#", LITERAL_HINT) for inner in told)


def _severity(value: Json) -> str:
    """Empty for what is no secret: null and flags, a reference, what a run fills in."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    references = inside(text)
    if not text or _FILLED_IN in text or (references and not any(one.default for one in references)):
        return ""
    return "warning" if is_ordinary(text) else "error"
