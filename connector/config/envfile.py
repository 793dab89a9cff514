"""``--env-file``: lines of NAME=value, comments with #; anything cleverer is refused with its line.

Shells, Docker and the dotenv libraries read quotes, ``$``, backslashes and trailing comments each in their own way:
what they would read differently is not read here at all.
"""

from __future__ import annotations

import re
from pathlib import Path

from connector.core.errors import ConfigError
from connector.core.nearest import did_you_mean

_LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_PLAIN = re.compile(r"""[^\s'"\\$`#][^\s'"\\$`]*|""")
_SINGLE = re.compile(r"'([^']*)'")
_DOUBLE = re.compile(r'"([^"\\$`]*)"')
_BLANKS = re.compile(r"(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]+=|[A-Za-z_][A-Za-z0-9_]*[ \t]*:")
_SPACED = "Write = right after the name, without blanks around it."
_PLAIN_LINE = "One variable a line; comments are lines that begin with #."


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file.

    Raises:
        ConfigError: it cannot be read, or a line is not understood.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        hint = _beside(path) if isinstance(error, OSError) else "Save it as UTF-8."
        raise ConfigError(f"the env file {path} cannot be read: {reason}", hint=hint) from None
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


def _beside(path: Path) -> str:
    """The file of its folder that was most likely meant."""
    known = [one.name for one in path.parent.iterdir() if one.is_file()] if path.parent.is_dir() else []
    return did_you_mean(path.name, known).strip() or "Check its name, and who may read it."


def _pair(line: str, place: str) -> tuple[str, str]:
    """Name and value of a line. Errors never quote the value."""
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise ConfigError(f"{place}: not NAME=value", hint=_SPACED if _BLANKS.match(line) else _PLAIN_LINE)
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
