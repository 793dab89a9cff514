"""Secrets written out where the schema cannot mark them: in headers, parameters and bodies, told by their names."""

from __future__ import annotations

from collections.abc import Iterator

from connector.config.pointer import below
from connector.config.references import inside
from connector.config.secrecy import is_secret_parameter
from connector.core.jsonio import Json
from connector.core.problem import Finding
from connector.core.secrets import is_ordinary

_SENT = ("headers", "query", "body")
_CONTENT = ("payload", "find")
"""Below these, names are those of the target, not of a request."""
_HINT = 'Write "${NAME}" for it, in a header also "Bearer ${NAME}", and set NAME in the environment.'
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
        elif name not in _CONTENT:
            yield from written_secrets(value, place, sent=sent or name in _SENT)


def _severity(value: Json) -> str:
    """Empty for what is no secret: null and flags, a reference, what a run fills in."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    references = inside(text)
    if not text or _FILLED_IN in text or (references and not any(one.default for one in references)):
        return ""
    return "warning" if is_ordinary(text) else "error"
