"""Files of this machine that a declaration names: whether they are there now. They may come later, so it is a warning.

Only a file outside of the project is an error: no run would ever read it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from connector.config.declaration import Declaration
from connector.config.project import Project
from connector.config.references import filled, inside
from connector.core.jsonio import shown
from connector.core.nearest import did_you_mean
from connector.core.problem import Finding

_PATTERN = re.compile(r"[*?]|\[.+\]")
_AT_MOST = 3
_LATER = "Put it there before the first run, or correct the name"


def check_files(project: Project, env: Mapping[str, str]) -> Iterator[tuple[Declaration, Finding]]:
    """Files that are not there, are folders or patterns, or cannot be read; of unset variables nothing is said."""
    for declaration in (*project.incomings.values(), *project.clients.values()):
        if declaration.shown in project.unsound or not isinstance(declaration.data, dict):
            continue
        for pointer, text in _named(declaration):
            if any(one.value(env, project.root) is None for one in inside(text)):
                continue
            path = project.root / filled(text, env, project.root)
            if "\\" in text and not path.exists():
                better = shown(re.sub(r"\\+", "/", text), 60)
                message = f"the file {shown(text, 60)} is not there: a backslash parts no folders"
                yield declaration, Finding(pointer, "CFG147", message, f"Write it with /: {better}.", "warning")
                continue
            said = _outside(path, project.root) if declaration.family != "client" else None
            said = said or amiss(path, project.root) or _absolute(text, path, project.root, declaration)
            if said is not None:
                message, hint, severity = said
                what = f"the file {shown(text, 60)} {message}"  # as written: a variable's value may be a secret
                yield declaration, Finding(pointer, "CFG147", what, hint, severity)


def _named(declaration: Declaration) -> Iterator[tuple[str, str]]:
    """Pointer and text of every file that a declaration names."""
    data = declaration.data
    keys = {"incoming": "path" if data.get("type") == "file" else "", "client": "ca_file"}
    key = keys.get(declaration.family, "")
    if isinstance(data.get(key), str) and data[key]:
        yield f"/{key}", data[key]


def _outside(path: Path, root: Path) -> tuple[str, str, str] | None:
    if path.resolve().is_relative_to(root.resolve()):
        return None
    return "lies outside the project", "Put it, or a copy of it, below the project's folder.", "error"


def _absolute(text: str, path: Path, root: Path, declaration: Declaration) -> tuple[str, str, str] | None:
    """A file of the project that is named by where the project happens to be; by a variable it may be on purpose."""
    if declaration.family == "client" or not Path(text).is_absolute():
        return None
    inner = path.resolve().relative_to(root.resolve()).as_posix()
    hint = f"Write it relative to the project: {shown(inner, 60)}."
    return "is named by an absolute path, which leads nowhere on another machine", hint, "warning"


def amiss(path: Path, root: Path) -> tuple[str, str, str] | None:
    """Message, hint and severity; None when the file is there and may be read."""
    if path.is_file():
        if os.access(path, os.R_OK):
            return None
        return "cannot be read by this user", "Correct its permissions.", "warning"
    if path.is_dir():
        files = sorted(one.name for one in path.iterdir() if one.is_file())
        named = f"Name one of its files: {', '.join(files[:_AT_MOST])}{' …' if len(files) > _AT_MOST else ''}."
        return "is a folder" + ("" if files else " without files"), named if files else "Name a file.", "warning"
    if _PATTERN.search(path.name):
        found = len(list(path.parent.glob(path.name))) if path.parent.is_dir() else 0
        many = f"{found} match" if found else "nothing matches"
        return "is taken as a name, not as a pattern", f"Name one file; {many} it now.", "warning"
    return "is not there", f"{_near(path, root)}{_LATER}: it is looked for in {_where(path, root)}.", "warning"


def _near(path: Path, root: Path) -> str:
    """A file beside it that is named almost so."""
    if not path.parent.is_dir() or not path.resolve().is_relative_to(root.resolve()):
        return ""
    return did_you_mean(path.name, [one.name for one in path.parent.iterdir() if one.is_file()])


def _where(path: Path, root: Path) -> str:
    inner = path.parent.is_relative_to(root) and path.parent.relative_to(root).as_posix()
    if not inner or inner == ".":
        return "the project's folder" if inner else "that folder"
    return f"{inner}/ of the project" + ("" if path.parent.is_dir() else ", which is not there either")
