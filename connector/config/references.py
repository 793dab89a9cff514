"""How ``${NAME}`` is written in a declaration, and what it stands for. Knows no types and no schemas.

``${NAME}``, ``${NAME:-default}``, ``${file:/run/secrets/x}``; ``$${`` is the literal ``${``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from connector.config.pointer import below
from connector.core.jsonio import Json

PATTERN: Final = r"\$\{(?:file:[^}]+|[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?)\}"
"""Exactly one reference, for the schemas that editors use."""

_REFERENCE = re.compile(r"\$\{(?:file:(?P<file>[^}]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?)\}")
_TOKEN = re.compile(rf"(?P<escaped>\$\$\{{)|{_REFERENCE.pattern}|(?P<malformed>\$\{{)")
_NAME = r"[A-Z][A-Z0-9_]{2,}"
_BARE = re.compile(
    rf"(?P<written>\$(?P<shell>{_NAME})|\$?\{{\{{\s*(?P<braces>{_NAME})\s*\}}\}}|%(?P<windows>{_NAME})%)(?:/.*)?"
)


class Reference(Struct, frozen=True):
    """One reference.

    Attributes:
        name: of the variable; empty for a file.
        file: the file's name; relative ones start at the project's folder.
        default: what holds when the variable is not set or empty; None: it must be set.
    """

    name: str
    file: str
    default: str | None

    def __str__(self) -> str:
        return f"${{file:{self.file}}}" if self.file else f"${{{self.name}}}"

    def value(self, env: Mapping[str, str], root: Path) -> str | None:
        """What it stands for now; None when there is nothing."""
        if self.file:
            return _content(root / self.file)
        if env.get(self.name):
            return env[self.name]
        named = env.get(f"{self.name}_FILE")
        return _content(Path(named)) if named else self.default

    def lack(self, env: Mapping[str, str], root: Path) -> tuple[str, str]:
        """Why there is no value, and what to do.

        Args:
            env: the environment.
            root: the project's folder: a ``.env`` there is not read unasked, but may be what was meant.
        """
        if self.file:
            return f"the file {self.file} is missing, empty or not readable", "Put the value in it, and nothing else."
        if env.get(f"{self.name}_FILE"):
            return (
                f"the file that {self.name}_FILE names is missing, empty or not readable",
                "Correct the one or the other.",
            )
        state = "empty" if self.name in env else "not set"
        if self.name not in env and self.name in _names_in(root / ".env"):
            beside = "It is in .env: pass --env-file .env."
            if not _names_in(root / ".env", with_value=True) >= {self.name}:
                beside = "It is in .env, but empty there: fill it in, and pass --env-file .env."
            return f"the variable {self.name} is {state}", beside
        if state == "empty":
            return f"the variable {self.name} is empty", f"Give it a value: export {self.name}=..., or in the env file."
        in_file = _names_in(root / ".env") - env.keys()
        near = _alike(self.name, {*(one for one in env if env[one]), *in_file})
        where = " of .env (pass --env-file .env)" if near in in_file else ""
        hint = f"Did you mean {near}{where}? Else " if near else ""
        hint += f"export {self.name}=..., or put {self.name}=... in a file and pass it as --env-file."
        return f"the variable {self.name} is {state}", hint


def whole(text: Json) -> Reference | None:
    """The reference that a text consists of, if it is exactly one."""
    found = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
    return None if found is None else _reference(found)


def inside(text: Json) -> list[Reference]:
    """All references in a text."""
    if not isinstance(text, str) or "${" not in text:
        return []
    return [_reference(found) for found in _TOKEN.finditer(text) if found["name"] or found["file"]]


def malformed(text: str) -> list[int]:
    """Where in a text a ``${`` begins that is neither a reference nor escaped."""
    return [found.start() for found in _TOKEN.finditer(text) if found["malformed"]] if "${" in text else []


def bare(text: str) -> tuple[str, str]:
    """How a reference such as others use is written, and its name: ``$NAME``, ``{{NAME}}``, ``%NAME%``; else empty."""
    found = _BARE.fullmatch(text)
    return (found["written"], found["shell"] or found["braces"] or found["windows"]) if found else ("", "")


def filled(text: str, env: Mapping[str, str], root: Path) -> str:
    """The text with every reference replaced and ``$${`` read as ``${``; what has no value becomes nothing."""

    def replace(found: re.Match[str]) -> str:
        if found["name"] or found["file"]:
            return _reference(found).value(env, root) or ""
        return "${"

    return _TOKEN.sub(replace, text)


def texts(data: Json, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every text value of a declaration, with its pointer."""
    if isinstance(data, str):
        yield pointer, data
    else:
        for part, value in _members(data):
            yield from texts(value, below(pointer, part))


def keys(data: Json, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a declaration, with the pointer of its value."""
    for part, value in _members(data):
        place = below(pointer, part)
        if isinstance(part, str):
            yield place, part
        yield from keys(value, place)


def references(data: Json) -> Iterator[tuple[str, Reference]]:
    """Every reference in the values of a declaration, with the pointer of the text that holds it."""
    for pointer, text in texts(data):
        yield from ((pointer, one) for one in inside(text))


def _names_in(path: Path, *, with_value: bool = False) -> set[str]:
    """The variables of an env file, all or those that are not empty."""
    pairs = [line.partition("=") for line in (_content(path) or "").splitlines() if "=" in line]
    filled_in = [name for name, _, value in pairs if not with_value or value.strip().strip("'\"")]
    return {name.removeprefix("export ").strip() for name in filled_in}


def _alike(name: str, known: Iterable[str]) -> str:
    """The variable that is named almost so, in small letters, or with a word more or less in between; else empty."""
    upper = {one.upper(): one for one in sorted(known)}
    near = difflib.get_close_matches(name.upper(), upper, 1, cutoff=0.8)
    if near:
        return upper[near[0]]
    words = name.upper().split("_")
    for one, found in upper.items():
        others = one.split("_")
        ends = (words[0], words[-1]) == (others[0], others[-1]) and len(others) > 1 < len(words)
        if ends and (set(words) <= set(others) or set(others) <= set(words)):
            return found
    return ""


def _members(data: Json) -> Iterable[tuple[str | int, Json]]:
    if isinstance(data, dict):
        return data.items()
    return enumerate(data) if isinstance(data, list) else ()


def _reference(found: re.Match[str]) -> Reference:
    return Reference(found["name"] or "", found["file"] or "", found["default"])


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig").removesuffix("\n") or None
    except (OSError, UnicodeDecodeError):
        return None
