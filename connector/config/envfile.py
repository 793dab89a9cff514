"""``--env-file``: lines of NAME=value, comments with #; anything cleverer is refused with its line."""

from __future__ import annotations

import re
from pathlib import Path

from connector.core.errors import ConfigError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file.

    Raises:
        ConfigError: it cannot be read, or a line is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the env file {path} cannot be read ({type(error).__name__})") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        matched = _LINE.fullmatch(plain)
        if matched is None:
            raise ConfigError(f"{path}:{number}: not NAME=value", hint="One variable a line; comments begin with #.")
        found[matched[1]] = _unquoted(matched[2].strip(), path, number)
    return found


def _unquoted(value: str, path: Path, number: int) -> str:
    for quote in ("'", '"'):
        if value.startswith(quote):
            if len(value) < 2 or not value.endswith(quote):
                raise ConfigError(f"{path}:{number}: the quote is not closed", hint="Values are on one line.")
            return value[1:-1]
    return value
