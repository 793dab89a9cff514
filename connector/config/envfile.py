"""``--env-file``: lines of NAME=value, comments with #; anything cleverer is refused with its line.

Shells, Docker and the dotenv libraries read quotes, ``$``, backslashes and trailing comments each in their own way:
what they would read differently is not read here at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from connector.core.errors import ConfigError

_LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_PLAIN = re.compile(r"""[^\s'"\\$`#][^\s'"\\$`]*|""")
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"([^"\\$`]*)"')


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file.

    Raises:
        ConfigError: it cannot be read, or a line is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the env file {path} cannot be read ({type(error).__name__})") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        name, value = _pair(plain, f"{path}:{number}")
        if name in found:
            raise ConfigError(f"{path}:{number}: {name} is there twice", hint="Remove one of the lines.")
        found[name] = value
    return found


def _pair(line: str, place: str) -> tuple[str, str]:
    """Name and value of a line. Errors never quote the value."""
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise ConfigError(f"{place}: not NAME=value", hint="One variable a line; comments are lines that begin with #.")
    name, value = matched[1], matched[2]
    for form in (_SINGLE, _DOUBLE):
        quoted = form.fullmatch(value)
        if quoted is not None:
            return name, quoted[1]
    if _PLAIN.fullmatch(value):
        return name, value
    if value[0] in "'\"" and (len(value) < 2 or value[-1] != value[0]):
        raise ConfigError(
            f"{place}: the quote of {name} is not closed", hint="Values are on one line, without comment."
        )
    hint = f"Put the value in single quotes: {name}='...'; comments have lines of their own."
    raise ConfigError(f"{place}: the value of {name} would be read differently by other programs", hint=hint)
