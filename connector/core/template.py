"""``{name}`` placeholders in paths, and the encoding that keeps a value one path segment whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

from connector.core.errors import RecordError
from connector.core.jsonio import Json, shown, type_name

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@cache
def placeholders(template: str) -> tuple[str, ...]:
    """The names in order of appearance. Templates come from declarations: there are not many."""
    return tuple(_PLACEHOLDER.findall(template))


def fill_path(template: str, values: Mapping[str, Json], *, multi: frozenset[str] = frozenset()) -> str:
    """The path with every placeholder replaced by its encoded value.

    Args:
        template: e.g. ``/content/objects/{contentId}``.
        values: text or whole numbers by name.
        multi: names whose value is a path of several segments (``1/2/54``): each segment is checked and encoded.

    Raises:
        RecordError: a value is missing, empty, ``.`` or ``..``, or of a wrong type.
    """

    def replace(found: re.Match[str]) -> str:
        name = found[1]
        if values.get(name) is None:
            raise RecordError(
                f"the path parameter '{name}' of {template} has no value", hint=f"Give it in path.{name}."
            )
        text = _path_text(name, values[name])
        parts = text.strip("/").split("/") if name in multi else [text]
        return "/".join(segment(part, name) for part in parts)

    return _PLACEHOLDER.sub(replace, template)


def segment(text: str, name: str = "path") -> str:
    """One percent-encoded path segment.

    Raises:
        RecordError: empty, ``.``, ``..`` (encoded or not), or with characters no path may hold.
    """
    plain = text.replace("%2e", ".").replace("%2E", ".")
    if plain in ("", ".", ".."):
        raise RecordError(
            f"the path value {shown(text)!r} of '{name}' would lead to another path", hint="Use a real id."
        )
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise RecordError(f"the path value of '{name}' holds a control character", hint="Clean it in the mapping.")
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise RecordError(
            f"the path value of '{name}' holds a lone surrogate", hint="Clean it in the mapping."
        ) from None


def _path_text(name: str, value: Json) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RecordError(
            f"the path value of '{name}' is of type {type_name(value)}", hint="Give a text or a whole number."
        )
    return str(value)
